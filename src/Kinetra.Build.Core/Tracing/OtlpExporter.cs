using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Kinetra.Build.Core.Tracing;

/// <summary>
/// Sends spans that have ended, some together, in a thread of its own: whoever adds one never waits. What could not be sent is tried again with the next ones. Safe for several threads.
/// </summary>
internal sealed class OtlpExporter
{
    /// <summary>More spans are not kept; those that come later are dropped.</summary>
    public const int MaximumSpans = 50_000;

    private const int BatchSize = 512;
    private const int LastTries = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly object _gate = new();
    private readonly OtlpOptions _options;
    private readonly string _version;
    private readonly Queue<Span> _waiting = new();
    private readonly CancellationTokenSource _end = new();
    private Thread? _thread;
    private bool _isEnding;
    private HttpClient? _client;
    private int _lost;
    private string? _problem;
    private bool _mayPass;

    /// <summary>Prepares to send.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="version">The version of this product.</param>
    public OtlpExporter(OtlpOptions options, string version) => (_options, _version) = (options, version);

    /// <summary>Adds a span to those that are to be sent.</summary>
    public void Add(Span span)
    {
        lock (_gate)
        {
            if (_waiting.Count >= MaximumSpans)
            {
                _lost++;
                return;
            }

            _waiting.Enqueue(span);
            if (_thread is null)
            {
                _thread = new Thread(Work) { IsBackground = true, Name = "kinetra traces" };
                _thread.Start();
            }
        }
    }

    /// <summary>Sends what is left, and ends.</summary>
    /// <param name="limit">How long this may take.</param>
    /// <returns>How many spans were not sent, and why; null if all were.</returns>
    public (int Spans, string Why)? Finish(TimeSpan limit)
    {
        Thread? thread;
        lock (_gate)
        {
            _isEnding = true;
            thread = _thread;
            Monitor.PulseAll(_gate);
        }

        bool ended = thread?.Join(limit) ?? true;
        if (ended)
        {
            _client?.Dispose();
        }
        else
        {
            // It hears of it when it can; nobody waits any longer.
            _end.Cancel();
        }

        lock (_gate)
        {
            int left = _lost + _waiting.Count;
            return left == 0 ? null : (left, _problem ?? (ended ? "too many at a time" : $"no answer within {Duration.Format(limit)}"));
        }
    }

    private void Work()
    {
        while (true)
        {
            bool isEnding;
            lock (_gate)
            {
                if (!_isEnding)
                {
                    Monitor.Wait(_gate, Interval);
                }

                isEnding = _isEnding;
            }

            // At the end what may pass is tried again soon, but not for long: the build waits.
            for (int tries = 1; !SendWaiting() && isEnding && tries < LastTries; tries++)
            {
                if (_end.Token.WaitHandle.WaitOne(RetryPause * tries))
                {
                    return;
                }
            }

            if (isEnding)
            {
                return;
            }
        }
    }

    // False if some are left.
    private bool SendWaiting()
    {
        while (true)
        {
            Span[] spans;
            lock (_gate)
            {
                spans = [.. _waiting.Take(BatchSize)];
            }

            if (spans.Length == 0)
            {
                return true;
            }

            string? problem = Send(new SpanBatch(_options.Resource, _version, spans));
            lock (_gate)
            {
                _problem = problem ?? _problem;
                if (problem is not null && _mayPass)
                {
                    return false;
                }

                // What was refused would be refused again.
                _lost += problem is null ? 0 : spans.Length;
                for (int i = 0; i < spans.Length; i++)
                {
                    _waiting.Dequeue();
                }
            }
        }
    }

    private string? Send(SpanBatch batch)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, _options.Endpoint) { Content = ContentOf(batch) };
            foreach ((string name, string value) in _options.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            limit.CancelAfter(_options.Timeout);
            using HttpResponseMessage response = Client().Send(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            _mayPass = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
            return response.IsSuccessStatusCode ? null : $"HTTP status {(int)response.StatusCode} ({response.StatusCode})";
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidOperationException or NotSupportedException)
        {
            _mayPass = true;
            return error.InnerException?.Message ?? error.Message;
        }
        catch (OperationCanceledException)
        {
            _mayPass = true;
            return "no answer in time";
        }
    }

    private ByteArrayContent ContentOf(SpanBatch batch)
    {
        byte[] bytes = _options.IsJson ? OtlpJson.Encode(batch) : OtlpProtobuf.Encode(batch);
        if (_options.IsCompressed)
        {
            using MemoryStream compressed = new();
            using (GZipStream gzip = new(compressed, CompressionLevel.Fastest))
            {
                gzip.Write(bytes);
            }

            bytes = compressed.ToArray();
        }

        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(_options.IsJson ? "application/json" : "application/x-protobuf");
        if (_options.IsCompressed)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    // Made here, so that nothing of it is loaded before there is something to send. Neither redirected, as headers may be secrets, nor a part of a trace itself.
    private HttpClient Client() => _client ??= new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ActivityHeadersPropagator = null })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { { "User-Agent", "Kinetra.Build/" + _version } },
    };
}
