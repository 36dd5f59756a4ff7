using System.Globalization;
using Kinetra.Build.Benchmarks;

const string Usage = "usage: dotnet run --project tests/Kinetra.Build.Benchmarks -c Release -- startup|writes|hashes|backups|steps|graphs|all [rounds] [rounds of 10,000 steps] [folder]";

string? verb = args.FirstOrDefault();
bool counted = int.TryParse(args.ElementAtOrDefault(1), NumberStyles.None, CultureInfo.InvariantCulture, out int rounds);
rounds = counted ? rounds : 15;
bool largeCounted = int.TryParse(args.ElementAtOrDefault(2), NumberStyles.None, CultureInfo.InvariantCulture, out int largeRounds) && counted;
largeRounds = largeCounted ? largeRounds : 3;
string[] rest = [.. args.Skip(1 + (counted ? 1 : 0) + (largeCounted ? 1 : 0))];
string folder = rest.FirstOrDefault() ?? Directory.GetCurrentDirectory();
Dictionary<string, Action> benchmarks = new()
{
    ["startup"] = () => StartUp.Run(rounds),
    ["writes"] = () => Writes.Run(rounds, folder),
    ["hashes"] = () => Hashes.Run(rounds, folder),
    ["backups"] = () => Backups.Run(rounds, folder),
    ["steps"] = () => Steps.Run(rounds, largeRounds, folder),
    ["graphs"] = () => Graphs.Run(rounds, folder),
    ["stepcost"] = () => StepCost.Run(rounds, folder),
};
Action[] chosen = verb == "all" ? [.. benchmarks.Values] : benchmarks.TryGetValue(verb ?? "", out Action? one) ? [one] : [];
if (chosen.Length == 0 || rounds < 1 || largeRounds < 1 || rest.Length > 1 || !Directory.Exists(folder))
{
    Console.Error.WriteLine(Usage);
    return 64;
}

Console.WriteLine(Machine.Describe(folder));
try
{
    Array.ForEach(chosen, benchmark => benchmark());
    return 0;
}
catch (InvalidOperationException error)
{
    // No disk, no room, a peer that fails: the message says it all.
    Console.Error.WriteLine(error.Message);
    return 1;
}
