using Steps;
using Steps.Verbs;

const string usage = """
    usage: dotnet steps.dll <verb> [--option value]...
      download  --source <folder|file.csv|file:URL|http(s):URL> [--out data/raw] [--timeout 60]
      convert   [--in data/raw] [--out data/standard]
      fill      [--in data/standard] [--out data/filled] [--holiday-days 5] [--max-fill 10]
      integrity [--data data]
      prepare   [--data data] [--out data/prepared] [--train 0.8] [--gap 0]
      explore   [--in data/prepared] [--out data/results] [--cost 1]
    """;

var verb = args.Length > 0 ? args[0] : "";
var rest = args.AsSpan(Math.Min(1, args.Length));
try
{
    switch (verb)
    {
        case "download": Download.Run(new Options(rest, "source", "out", "timeout")); break;
        case "convert": ConvertRaw.Run(new Options(rest, "in", "out")); break;
        case "fill": Fill.Run(new Options(rest, "in", "out", "holiday-days", "max-fill")); break;
        case "integrity": Integrity.Run(new Options(rest, "data")); break;
        case "prepare": Prepare.Run(new Options(rest, "data", "out", "train", "gap")); break;
        case "explore": Explore.Run(new Options(rest, "in", "out", "cost")); break;
        case "help" or "--help" or "-h": Console.WriteLine(usage); break;
        default: throw new StepFailure(ExitCodes.Usage, verb.Length == 0 ? "no verb" : $"unknown verb '{verb}'");
    }
    return ExitCodes.Ok;
}
catch (StepFailure failure)
{
    foreach (var file in failure.Problems.GroupBy(p => p.Origin))
        Problem.Print(Console.Error, [.. file]);
    if (failure.ExitCode == ExitCodes.Usage)
        Console.Error.WriteLine(usage);
    return Fail(failure.Message, failure.ExitCode);
}
// The messages of these exceptions name the path.
catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
{
    return Fail(e.Message, ExitCodes.NoInput);
}
catch (UnauthorizedAccessException e)
{
    return Fail(e.Message, ExitCodes.NoPermission);
}
catch (IOException e)
{
    return Fail(e.Message, ExitCodes.IoError);
}

static int Fail(string message, int exitCode)
{
    Console.Error.WriteLine($"error: {message}");
    return exitCode;
}
