using Kinetra.Build.Benchmarks;

switch (args)
{
    case ["startup", .. var rest]:
        StartUp.Run(rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 15);
        return 0;

    default:
        Console.Error.WriteLine("usage: dotnet run --project tests/Kinetra.Build.Benchmarks -c Release -- startup [rounds]");
        return 64;
}
