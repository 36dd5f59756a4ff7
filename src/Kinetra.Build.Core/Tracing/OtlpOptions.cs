using System.Globalization;

namespace Kinetra.Build.Core.Tracing;

/// <summary>
/// Where and how spans are sent, by the environment variables that OpenTelemetry's specification gives names to ("OpenTelemetry Protocol Exporter", "General SDK Configuration"). Those
/// with <c>TRACES</c> in their name go before those without.
/// </summary>
public sealed class OtlpOptions
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string TracesPrefix = "OTEL_EXPORTER_OTLP_TRACES_";
    private const string DefaultService = "kinetra";
    private const string ServiceName = "service.name";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private readonly List<string> _problems = [];

    private OtlpOptions(Uri endpoint) => Endpoint = endpoint;

    /// <summary>The address that spans are posted to.</summary>
    public Uri Endpoint { get; }

    /// <summary>Whether they are sent as JSON rather than in protobuf's binary form.</summary>
    public bool IsJson { get; private set; }

    /// <summary>Whether they are compressed (gzip).</summary>
    public bool IsCompressed { get; private set; }

    /// <summary>Headers of each request. They may hold secrets, and are shown nowhere.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; private set; } = [];

    /// <summary>How long a request may take.</summary>
    public TimeSpan Timeout { get; private set; } = DefaultTimeout;

    /// <summary>What the spans are said to come from.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Resource { get; private set; } = [];

    /// <summary>Variables whose value was not understood, and is ignored: a sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">Gives the value of a variable; null if it is not set.</param>
    /// <param name="refused">Why nothing is sent though an endpoint is given; null if something is, or if nobody wants it.</param>
    /// <returns>Null if nothing is to be sent, as no endpoint is given or it is switched off.</returns>
    public static OtlpOptions? Read(Func<string, string?> variable, out string? refused)
    {
        refused = null;
        string? traces = Value(variable, TracesPrefix + "ENDPOINT");
        string? all = traces is null ? Value(variable, Prefix + "ENDPOINT") : null;
        if ((traces ?? all) is not { } text)
        {
            return null;
        }

        bool isOff = "true".Equals(Value(variable, "OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase);
        string? exporters = Value(variable, "OTEL_TRACES_EXPORTER");
        if (isOff || (exporters is not null && !exporters.Split(',', StringSplitOptions.TrimEntries).Contains("otlp", StringComparer.OrdinalIgnoreCase)))
        {
            return null;
        }

        string name = (traces is null ? Prefix : TracesPrefix) + "ENDPOINT";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            refused = $"{name} is not an http or https address, such as http://localhost:4318";
            return null;
        }

        OtlpOptions options = new(traces is null ? Below(endpoint, "v1/traces") : endpoint);
        string? protocol = Value(variable, TracesPrefix + "PROTOCOL") ?? Value(variable, Prefix + "PROTOCOL");
        if (protocol is "grpc")
        {
            refused = $"{Prefix}PROTOCOL is grpc, which is not supported; http/protobuf (often at port 4318) and http/json are";
            return null;
        }

        options.IsJson = protocol is "http/json";
        options.Check(protocol is null or "http/json" or "http/protobuf", Prefix + "PROTOCOL", "http/protobuf or http/json");
        string? compression = Value(variable, TracesPrefix + "COMPRESSION") ?? Value(variable, Prefix + "COMPRESSION");
        options.IsCompressed = compression is "gzip";
        options.Check(compression is null or "gzip" or "none", Prefix + "COMPRESSION", "gzip or none");
        options.Headers = options.Pairs(Prefix + "HEADERS", Value(variable, TracesPrefix + "HEADERS") ?? Value(variable, Prefix + "HEADERS"));
        if ((Value(variable, TracesPrefix + "TIMEOUT") ?? Value(variable, Prefix + "TIMEOUT")) is { } timeout)
        {
            bool isNumber = int.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds > 0;
            options.Timeout = isNumber ? TimeSpan.FromMilliseconds(milliseconds) : DefaultTimeout;
            options.Check(isNumber, Prefix + "TIMEOUT", "a number of milliseconds");
        }

        options.Resource = options.ReadResource(variable);
        return options;
    }

    private List<KeyValuePair<string, object>> ReadResource(Func<string, string?> variable)
    {
        List<KeyValuePair<string, object>> resource = [];
        string? service = Value(variable, "OTEL_SERVICE_NAME");
        foreach ((string name, string value) in Pairs("OTEL_RESOURCE_ATTRIBUTES", Value(variable, "OTEL_RESOURCE_ATTRIBUTES")))
        {
            if (name == ServiceName)
            {
                service ??= value;
            }
            else
            {
                resource.Add(new(name, value));
            }
        }

        resource.Insert(0, new(ServiceName, service ?? DefaultService));
        return resource;
    }

    // As in W3C Baggage: name=value, separated by commas, percent signs before what means something else.
    private List<KeyValuePair<string, string>> Pairs(string name, string? text)
    {
        List<KeyValuePair<string, string>> pairs = [];
        foreach (string pair in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=');
            if (equals <= 0)
            {
                Check(false, name, "a list such as name=value,other=value");
                continue;
            }

            pairs.Add(new(Uri.UnescapeDataString(pair[..equals].Trim()), Uri.UnescapeDataString(pair[(equals + 1)..].Trim())));
        }

        return pairs;
    }

    // Without the value, which may be a secret.
    private void Check(bool isRight, string name, string what)
    {
        if (!isRight)
        {
            _problems.Add($"{name} is not {what}; it is ignored");
        }
    }

    private static Uri Below(Uri endpoint, string path)
    {
        UriBuilder below = new(endpoint);
        below.Path = below.Path.TrimEnd('/') + "/" + path;
        return below.Uri;
    }

    // The specification has an empty value mean that the variable is not set.
    private static string? Value(Func<string, string?> variable, string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
