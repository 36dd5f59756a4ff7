using System.Globalization;
using Tool;

// Numbers and dates are the same wherever it runs.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    switch (args)
    {
        case ["check", var history, var output]: return Verbs.Check(history, output);
        case ["fetch", var history, var year, var output]: Verbs.Fetch(history, int.Parse(year), output); return 0;
        case ["returns", var bars, var output]: Verbs.Returns(bars, output); return 0;
        case ["statistics", var returns, var output]: Verbs.Statistics(returns, output); return 0;
        case ["drawdown", var bars, var output]: Verbs.Drawdown(bars, output); return 0;
        case ["season", var folder, var month, var output]: Verbs.Season(folder, int.Parse(month), output); return 0;
        case ["report", var folder, var output]: Report.Write(folder, output); return 0;
        case ["tidy", var folder]: Files.Tidy(folder); return 0;
        default:
            Console.Error.WriteLine("usage: dotnet tool.dll check|fetch|returns|statistics|drawdown|season|report|tidy ...");
            return 64;
    }
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    return 65;
}
catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
{
    Console.Error.WriteLine(e.Message);
    return 66;
}
catch (IOException e)
{
    Console.Error.WriteLine(e.Message);
    return 74;
}
