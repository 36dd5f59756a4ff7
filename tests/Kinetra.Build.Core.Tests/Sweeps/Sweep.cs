using System.Collections.Concurrent;
using System.Text;
using Kinetra.Build.Testing;
using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>Tries many cases, as many at a time as there are processors, and reports how many of how many passed.</summary>
internal static class Sweep
{
    /// <summary>Whether everything is tried (<c>KINETRA_FULL=1</c>, tests/full.sh) or a sample that fits into every test run.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("KINETRA_FULL") == "1";

    /// <summary>The verbs of all operations, for theories.</summary>
    public static TheoryData<string> Operations => [.. Operation.All.Select(operation => operation.Verb)];

    /// <summary>Tries each case; fails with the list of those that did not pass.</summary>
    /// <param name="title">What is swept, such as <c>kill write</c>.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="name">What to call one.</param>
    /// <param name="attempt">Tries one, and returns what is wrong.</param>
    public static void Run<T>(string title, IReadOnlyList<T> cases, Func<T, string> name, Func<T, IReadOnlyList<string>> attempt)
    {
        IReadOnlyList<string> problems = Problems(cases, name, attempt, out int passed);
        Report(title, $"{passed} of {cases.Count}", problems);
        Assert.NotEmpty(cases);
        Assert.True(problems.Count == 0, $"{title}: {passed} of {cases.Count}\n{string.Join('\n', problems)}");
    }

    /// <summary>Tries each case and returns what is wrong.</summary>
    public static IReadOnlyList<string> Problems<T>(IReadOnlyList<T> cases, Func<T, string> name, Func<T, IReadOnlyList<string>> attempt, out int passed)
    {
        ConcurrentBag<(int Index, string Text)> problems = [];
        int good = 0;
        Parallel.For(0, cases.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
        {
            IReadOnlyList<string> found;
            try
            {
                found = attempt(cases[index]);
            }
            catch (Exception error) when (error is InvalidOperationException or IOException or UnauthorizedAccessException or KinetraException)
            {
                found = [error.Message];
            }

            if (found.Count == 0)
            {
                Interlocked.Increment(ref good);
            }

            foreach (string problem in found)
            {
                problems.Add((index, $"  {name(cases[index])}: {problem}"));
            }
        });
        passed = good;
        return [.. problems.OrderBy(problem => problem.Index).Select(problem => problem.Text)];
    }

    /// <summary>Prints a result, and keeps it in <c>artifacts/torture/</c>, from where it can be quoted.</summary>
    /// <param name="title">What was tried.</param>
    /// <param name="result">How it went, in one line.</param>
    /// <param name="problems">The lines below it.</param>
    public static void Report(string title, string result, IReadOnlyList<string>? problems = null)
    {
        string line = $"{title}: {result}{(IsFull ? "" : " (short form)")}";
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        string directory = Directory.CreateDirectory(Repository.PathTo("artifacts", "torture")).FullName;
        File.WriteAllText(Path.Combine(directory, $"{title.Replace(' ', '-')}.txt"), string.Concat((problems ?? []).Prepend(line).Select(text => text + "\n")), new UTF8Encoding(false));
    }
}

/// <summary>The sweeps keep both processors busy, and would make other tests wait: they run by themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SweepCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Sweeps";
}
