using Kinetra.Build.Core.Tracing;
using Xunit;

namespace Kinetra.Build.Core.Tests.Tracing;

public sealed class OtlpOptionsTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Fact]
    public void Without_an_endpoint_two_variables_are_looked_at_and_no_more()
    {
        List<string> asked = [];
        Assert.Null(OtlpOptions.Read(
            name =>
            {
                asked.Add(name);
                return null;
            },
            out string? refused));
        Assert.Null(refused);
        Assert.Equal(["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", Endpoint], asked);
    }

    [Theory]
    [InlineData("http://h:4318", "http://h:4318/v1/traces")]
    [InlineData("https://h/base/", "https://h/base/v1/traces")]
    [InlineData("http://h:4318/?token=1", "http://h:4318/v1/traces?token=1")]
    public void The_path_is_added_to_the_common_endpoint(string endpoint, string expected) =>
        Assert.Equal(expected, Read((Endpoint, endpoint))!.Endpoint.AbsoluteUri);

    [Fact]
    public void That_of_traces_is_taken_as_it_is_and_goes_first() =>
        Assert.Equal("http://t/x", Read((Endpoint, "http://h"), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://t/x"))!.Endpoint.AbsoluteUri);

    [Fact]
    public void Defaults_are_those_of_the_specification()
    {
        OtlpOptions options = Read((Endpoint, "http://h"))!;
        Assert.Equal((false, false, TimeSpan.FromSeconds(10), 0), (options.IsJson, options.IsCompressed, options.Timeout, options.Headers.Count));
        Assert.Equal([new("service.name", "kinetra")], options.Resource);
        Assert.Empty(options.Problems);
    }

    [Fact]
    public void Lists_are_unescaped_and_the_name_of_the_service_goes_first()
    {
        OtlpOptions options = Read((Endpoint, "http://h"), ("OTEL_EXPORTER_OTLP_HEADERS", "a=b%20c, d = e=f ,,"), ("OTEL_RESOURCE_ATTRIBUTES", "x=%C3%BC,service.name=other"), ("OTEL_SERVICE_NAME", "mine"))!;
        Assert.Equal([new("a", "b c"), new("d", "e=f")], options.Headers);
        Assert.Equal([new("service.name", "mine"), new("x", "ü")], options.Resource);
        Assert.Equal([new("service.name", "other"), new("x", "ü")], Read((Endpoint, "http://h"), ("OTEL_RESOURCE_ATTRIBUTES", "x=%C3%BC,service.name=other"))!.Resource);
    }

    [Theory]
    [InlineData("PROTOCOL", "http/json", true)]
    [InlineData("TRACES_PROTOCOL", "http/json", true)]
    [InlineData("PROTOCOL", "http/protobuf", false)]
    public void The_protocol_is_as_given(string name, string value, bool isJson) => Assert.Equal(isJson, Read((Endpoint, "http://h"), ("OTEL_EXPORTER_OTLP_" + name, value))!.IsJson);

    [Theory]
    [InlineData("TIMEOUT", "2500", 2.5)]
    [InlineData("TRACES_TIMEOUT", "100", 0.1)]
    public void The_time_out_is_in_milliseconds(string name, string value, double seconds) => Assert.Equal(seconds, Read((Endpoint, "http://h"), ("OTEL_EXPORTER_OTLP_" + name, value))!.Timeout.TotalSeconds);

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "smoke signals")]
    [InlineData("OTEL_EXPORTER_OTLP_COMPRESSION", "brotli")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "-1")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "0")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "secret")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "=x")]
    public void What_is_not_understood_is_named_and_ignored(string name, string value)
    {
        OtlpOptions options = Read((Endpoint, "http://h"), (name, value))!;
        string problem = Assert.Single(options.Problems);
        Assert.StartsWith(name, problem);
        Assert.DoesNotContain(value, problem);
        Assert.Equal((false, false, TimeSpan.FromSeconds(10), 0), (options.IsJson, options.IsCompressed, options.Timeout, options.Headers.Count));
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "True", false)]
    [InlineData("OTEL_TRACES_EXPORTER", "none", false)]
    [InlineData("OTEL_TRACES_EXPORTER", "console, otlp", true)]
    [InlineData("OTEL_SDK_DISABLED", "1", true)]
    public void It_can_be_switched_off(string name, string value, bool isOn) => Assert.Equal(isOn, Read((Endpoint, "http://h"), (name, value)) is not null);

    [Theory]
    [InlineData("localhost:4318", null)]
    [InlineData("ftp://h", null)]
    [InlineData("4318", null)]
    [InlineData("http://h", "grpc")]
    public void Without_a_usable_address_or_protocol_nothing_is_sent_and_why(string endpoint, string? protocol)
    {
        Assert.Null(OtlpOptions.Read(name => name switch { Endpoint => endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL" => protocol, _ => null }, out string? refused));
        Assert.StartsWith("OTEL_EXPORTER_OTLP_", refused);
    }

    private static OtlpOptions? Read(params (string Name, string Value)[] variables) =>
        OtlpOptions.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value, out _);
}
