using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Steps.Sources;

/// <summary>
/// One CSV file at a URL that ends in <c>.csv</c>, or a folder at any other URL, whose <c>index.txt</c> names one file a line.
/// </summary>
sealed class HttpSource : IDisposable
{
    const string TokenVariable = "METAAPI_TOKEN";

    readonly HttpClient _client;
    readonly Uri _source;

    /// <param name="source">The http or https URL.</param>
    /// <param name="timeout">Time for each file, from the request to the last byte.</param>
    public HttpSource(Uri source, TimeSpan timeout)
    {
        if (source.UserInfo.Length > 0)
            throw new StepFailure(ExitCodes.Usage, $"the source URL has credentials in it, which logs would show; set {TokenVariable} instead");
        _source = source;
        _client = new HttpClient { Timeout = timeout };
        if (Environment.GetEnvironmentVariable(TokenVariable) is not { Length: > 0 } token)
            return;
        if (source.Scheme != Uri.UriSchemeHttps && !source.IsLoopback)
        {
            Console.WriteLine($"{TokenVariable} is not sent: {source.Host} is not reached by https");
            return;
        }
        // .NET drops the Authorization header of a request at the first redirect, so no other host gets to see the token.
        _client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.TryParse($"Bearer {token}", out var header)
            ? header
            : throw new StepFailure(ExitCodes.Usage, $"{TokenVariable} holds characters that no HTTP header may have");
    }

    /// <summary>Downloads everything into memory.</summary>
    public List<RawFile> Read()
    {
        if (_source.AbsolutePath.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            var name = Uri.UnescapeDataString(_source.Segments[^1]);
            return FileName.IsSafe(name)
                ? [ReadFile(name, _source)]
                : throw new StepFailure(ExitCodes.Usage, $"'{name}' is no file name for data/raw");
        }
        return [.. Names().Select(name => ReadFile(name, InFolder(Uri.EscapeDataString(name))))];
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    List<string> Names()
    {
        var url = InFolder("index.txt");
        var text = Encoding.UTF8.GetString(Get(url));
        // A list cut off at the end of a line cannot be told from a short one; one cut off within a line can.
        if (text.Length > 0 && text[^1] != '\n')
            throw new StepFailure(ExitCodes.TemporaryFailure, $"{Shown(url)} is cut off: its last line has no line end");
        var names = new List<string>();
        foreach (var (line, index) in text.Split('\n').Select((line, index) => (line.TrimEnd('\r'), index)))
        {
            if (line.Length == 0)
                continue;
            if (!FileName.IsSafe(line) || names.Contains(line, StringComparer.OrdinalIgnoreCase))
                throw new StepFailure(ExitCodes.DataError, $"the list of files at {Shown(url)} is not usable",
                    [new Problem("index.txt", index + 1, 1, "MT5004", "not the plain name of a .csv file, or named twice") { Note = Shown(url) }]);
            names.Add(line);
        }
        return names.Count > 0 ? names : throw new StepFailure(ExitCodes.NoInput, $"{Shown(url)} names no file");
    }

    RawFile ReadFile(string name, Uri url) => new(name, Get(url), name, Shown(url));

    Uri InFolder(string escapedName) => new UriBuilder(_source) { Path = _source.AbsolutePath.TrimEnd('/') + "/" + escapedName }.Uri;

    byte[] Get(Uri url)
    {
        try
        {
            // Reads the whole body; a body shorter than Content-Length, or one that ends in the middle of a chunk, throws.
            using var response = _client.GetAsync(url).GetAwaiter().GetResult();
            if (response.IsSuccessStatusCode)
                return response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
            var exitCode = response.StatusCode switch
            {
                HttpStatusCode.NotFound or HttpStatusCode.Gone => ExitCodes.NoInput,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCodes.NoPermission,
                _ => ExitCodes.TemporaryFailure,
            };
            var hint = exitCode == ExitCodes.NoPermission ? $"; is {TokenVariable} set and valid?" : "";
            throw new StepFailure(exitCode, $"{Shown(url)} answered {(int)response.StatusCode} {response.StatusCode}{hint}");
        }
        catch (HttpRequestException e)
        {
            throw new StepFailure(ExitCodes.TemporaryFailure, $"{Shown(url)}: {Innermost(e).Message}");
        }
        catch (TaskCanceledException)
        {
            throw new StepFailure(ExitCodes.TemporaryFailure, $"{Shown(url)} did not answer completely within {_client.Timeout.TotalSeconds} s");
        }
    }

    /// <summary>The URL for messages: without the query, which may hold a key.</summary>
    static string Shown(Uri url) => url.GetLeftPart(UriPartial.Path);

    static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
