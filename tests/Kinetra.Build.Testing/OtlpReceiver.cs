using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Kinetra.Build.Testing;

/// <summary>A small HTTP server that takes spans as OTLP, in JSON or in protobuf's binary form, and keeps them.</summary>
public sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<ReceivedRequest> _requests = [];
    private readonly Func<int, (int Status, TimeSpan Delay)> _answer;
    private readonly Task _serving;

    /// <summary>Starts it at a free port.</summary>
    /// <param name="answer">The answer to each request, by its number from 1, and how long it takes; null for 200 at once.</param>
    public OtlpReceiver(Func<int, (int Status, TimeSpan Delay)>? answer = null)
    {
        _answer = answer ?? (_ => (200, TimeSpan.Zero));
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    /// <summary>Its address, without a path.</summary>
    public string Address { get; }

    /// <summary>What came, in its order.</summary>
    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>All spans that came and were answered with 200.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. Requests.Where(request => request.Status == 200).SelectMany(request => request.Spans)];

    /// <summary>Stops it.</summary>
    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private void Serve()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = _listener.GetContext();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }

            using MemoryStream body = new();
            Stream stream = context.Request.Headers["Content-Encoding"] == "gzip" ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress) : context.Request.InputStream;
            stream.CopyTo(body);
            int number;
            lock (_requests)
            {
                number = _requests.Count + 1;
            }

            (int status, TimeSpan delay) = _answer(number);
            bool isJson = context.Request.ContentType == "application/json";
            lock (_requests)
            {
                _requests.Add(new ReceivedRequest(
                    context.Request.HttpMethod,
                    context.Request.Url!.AbsolutePath,
                    context.Request.ContentType ?? "",
                    context.Request.Headers.AllKeys.ToDictionary(name => name!.ToLowerInvariant(), name => context.Request.Headers[name]!),
                    status,
                    body.ToArray(),
                    isJson ? Json(body.ToArray()) : Protobuf(body.ToArray())));
            }

            Thread.Sleep(delay);
            try
            {
                context.Response.StatusCode = status;
                context.Response.Close();
            }
            catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Who has sent it does not wait any longer.
            }
        }
    }

    private static List<ReceivedSpan> Json(byte[] body)
    {
        List<ReceivedSpan> spans = [];
        using JsonDocument json = JsonDocument.Parse(body);
        foreach (JsonElement resourceSpans in json.RootElement.GetProperty("resourceSpans").EnumerateArray())
        {
            Dictionary<string, object> resource = Attributes(resourceSpans.GetProperty("resource"));
            foreach (JsonElement scopeSpans in resourceSpans.GetProperty("scopeSpans").EnumerateArray())
            {
                JsonElement scope = scopeSpans.GetProperty("scope");
                foreach (JsonElement span in scopeSpans.GetProperty("spans").EnumerateArray())
                {
                    JsonElement status = span.GetProperty("status");
                    spans.Add(new ReceivedSpan(
                        span.GetProperty("traceId").GetString()!,
                        span.GetProperty("spanId").GetString()!,
                        Text(span, "parentSpanId"),
                        span.GetProperty("name").GetString()!,
                        span.GetProperty("kind").GetInt32(),
                        long.Parse(span.GetProperty("startTimeUnixNano").GetString()!, CultureInfo.InvariantCulture),
                        long.Parse(span.GetProperty("endTimeUnixNano").GetString()!, CultureInfo.InvariantCulture),
                        status.TryGetProperty("code", out JsonElement code) ? code.GetInt32() : 0,
                        Text(status, "message"),
                        Text(span, "traceState"),
                        Attributes(span),
                        resource,
                        $"{scope.GetProperty("name").GetString()} {scope.GetProperty("version").GetString()}"));
                }
            }
        }

        return spans;
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement text) ? text.GetString()! : "";

    private static Dictionary<string, object> Attributes(JsonElement of) => of.GetProperty("attributes").EnumerateArray().ToDictionary(
        attribute => attribute.GetProperty("key").GetString()!,
        attribute =>
        {
            JsonProperty value = attribute.GetProperty("value").EnumerateObject().Single();
            return value.Name switch
            {
                "stringValue" => value.Value.GetString()!,
                "boolValue" => value.Value.GetBoolean(),
                "intValue" => long.Parse(value.Value.GetString()!, CultureInfo.InvariantCulture),
                "doubleValue" => (object)value.Value.GetDouble(),
                _ => throw new InvalidDataException(value.Name),
            };
        });

    // By the numbers of fields in opentelemetry-proto; one that is not known is an error here.
    private static List<ReceivedSpan> Protobuf(byte[] body)
    {
        List<ReceivedSpan> spans = [];
        foreach (byte[] resourceSpans in Fields(body).Where(field => field.Number == 1).Select(field => field.Bytes))
        {
            Dictionary<string, object> resource = [];
            foreach ((int number, byte[] bytes, _) in Fields(resourceSpans))
            {
                if (number == 1)
                {
                    resource = AttributesOf(bytes, 1);
                    continue;
                }

                Assert(number == 2, "resource spans", number);
                string scope = "";
                foreach ((int inner, byte[] content, _) in Fields(bytes))
                {
                    Assert(inner is 1 or 2, "scope spans", inner);
                    if (inner == 1)
                    {
                        scope = string.Join(' ', Fields(content).Select(field => Encoding.UTF8.GetString(field.Bytes)));
                    }
                    else
                    {
                        spans.Add(SpanOf(content, resource, scope));
                    }
                }
            }
        }

        return spans;
    }

    private static ReceivedSpan SpanOf(byte[] bytes, Dictionary<string, object> resource, string scope)
    {
        ReceivedSpan span = new("", "", "", "", 0, 0, 0, 0, "", "", AttributesOf(bytes, 9), resource, scope);
        foreach ((int number, byte[] content, ulong value) in Fields(bytes))
        {
            span = number switch
            {
                1 => span with { TraceId = Convert.ToHexStringLower(content) },
                2 => span with { SpanId = Convert.ToHexStringLower(content) },
                3 => span with { State = Encoding.UTF8.GetString(content) },
                4 => span with { ParentId = Convert.ToHexStringLower(content) },
                5 => span with { Name = Encoding.UTF8.GetString(content) },
                6 => span with { Kind = (int)value },
                7 => span with { Start = (long)value },
                8 => span with { End = (long)value },
                9 or 16 => span,
                15 => Fields(content).Aggregate(span, (current, field) => field.Number == 3 ? current with { Status = (int)field.Value } : current with { Message = Encoding.UTF8.GetString(field.Bytes) }),
                _ => throw new InvalidDataException($"span field {number}"),
            };
        }

        return span;
    }

    private static Dictionary<string, object> AttributesOf(byte[] bytes, int field) => Fields(bytes).Where(some => some.Number == field).Select(some => Fields(some.Bytes).ToArray()).ToDictionary(
        pair => Encoding.UTF8.GetString(pair.Single(part => part.Number == 1).Bytes),
        pair =>
        {
            (int number, byte[] content, ulong value) = Fields(pair.Single(part => part.Number == 2).Bytes).Single();
            return number switch
            {
                1 => Encoding.UTF8.GetString(content),
                2 => value == 1,
                3 => (long)value,
                4 => (object)BitConverter.UInt64BitsToDouble(value),
                _ => throw new InvalidDataException($"value field {number}"),
            };
        });

    private static IEnumerable<(int Number, byte[] Bytes, ulong Value)> Fields(byte[] message)
    {
        int place = 0;
        while (place < message.Length)
        {
            ulong tag = Varint(message, ref place);
            (int number, int type) = ((int)(tag >> 3), (int)(tag & 7));
            byte[] bytes = [];
            ulong value = 0;
            switch (type)
            {
                case 0:
                    value = Varint(message, ref place);
                    break;
                case 1:
                    value = BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(place));
                    place += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref place);
                    bytes = message[place..(place + length)];
                    place += length;
                    break;
                case 5:
                    value = BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(place));
                    place += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {type}");
            }

            yield return (number, bytes, value);
        }
    }

    private static ulong Varint(byte[] message, ref int place)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[place++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static void Assert(bool isRight, string what, int number)
    {
        if (!isRight)
        {
            throw new InvalidDataException($"{what}: field {number}");
        }
    }
}

/// <summary>A request that came.</summary>
/// <param name="Method">How.</param>
/// <param name="Path">Where.</param>
/// <param name="ContentType">In which form.</param>
/// <param name="Headers">Its headers, names in lower case.</param>
/// <param name="Status">What it was answered with.</param>
/// <param name="Body">Its content, not compressed any more.</param>
/// <param name="Spans">The spans in it.</param>
public sealed record ReceivedRequest(string Method, string Path, string ContentType, IReadOnlyDictionary<string, string> Headers, int Status, byte[] Body, IReadOnlyList<ReceivedSpan> Spans);

/// <summary>A span that came; what it does not have is empty or 0.</summary>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="SpanId">16 hexadecimal digits.</param>
/// <param name="ParentId">Its parent.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">1 internal, 2 server.</param>
/// <param name="Start">Nanoseconds since 1970.</param>
/// <param name="End">Likewise.</param>
/// <param name="Status">0 unset, 1 ok, 2 error.</param>
/// <param name="Message">What failed.</param>
/// <param name="State">The trace state.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Resource">Those of its resource.</param>
/// <param name="Scope">Name and version of its scope.</param>
public sealed record ReceivedSpan(
    string TraceId,
    string SpanId,
    string ParentId,
    string Name,
    int Kind,
    long Start,
    long End,
    int Status,
    string Message,
    string State,
    IReadOnlyDictionary<string, object> Attributes,
    IReadOnlyDictionary<string, object> Resource,
    string Scope)
{
    /// <summary>How long it took, in seconds.</summary>
    public double Seconds => (End - Start) / 1e9;
}
