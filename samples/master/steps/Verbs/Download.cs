using Steps.Files;
using Steps.Series;
using Steps.Sources;

namespace Steps.Verbs;

/// <summary>
/// <c>download</c>: source → data/raw. All files are read and validated in memory first; unless every one is good, nothing in
/// data/raw changes. Files of data/raw that the source no longer has are removed last.
/// </summary>
static class Download
{
    public static void Run(Options options)
    {
        var source = options.Text("source");
        var output = options.Text("out", "data/raw");
        var timeout = TimeSpan.FromSeconds(options.Number("timeout", 60, 0.1, 86400));

        var files = Read(source, timeout);
        Validate(files);

        AtomicFile.WriteAll(output, [.. files.Select(f => new OutputFile(f.Name, f.Content))]);
        foreach (var name in AtomicFile.RemoveOthers(output, [.. files.Select(f => f.Name)]))
            Console.WriteLine($"{name}: removed, the source no longer has it");
        Console.WriteLine($"download: {files.Count} series -> {output}");
    }

    static List<RawFile> Read(string source, TimeSpan timeout)
    {
        var isUrl = Uri.TryCreate(source, UriKind.Absolute, out var url);
        if (isUrl && source.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            return LocalSource.Read(url!.LocalPath);
        if (!isUrl || (url!.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return LocalSource.Read(source);
        using var http = new HttpSource(url, timeout);
        return http.Read();
    }

    static void Validate(List<RawFile> files)
    {
        var problems = new List<Problem>();
        var onlyCutOffTransfers = true;
        foreach (var file in files)
        {
            var export = new Mt5Export(file.Origin, file.Content, file.Url);
            problems.AddRange(export.Problems);
            if (export.Problems.Count == 0)
                Console.WriteLine($"{file.Name}: {export.Count} bars");
            else
                onlyCutOffTransfers &= file.Url is not null && export.IsCutOff;
        }
        if (problems.Count == 0)
            return;
        throw onlyCutOffTransfers
            ? new StepFailure(ExitCodes.TemporaryFailure, "the transfer was cut off; nothing was replaced", problems)
            : new StepFailure(ExitCodes.DataError, "the source has broken lines; nothing was replaced", problems);
    }
}
