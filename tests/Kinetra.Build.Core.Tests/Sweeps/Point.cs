namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// One call of an operation at which something is done to it. The calls of the runtime before it can be one more or one less
/// from run to run, so a point knows which of the operation's own calls it is, and a run that hit another one is repeated.
/// </summary>
/// <param name="Call">The call, as the first run made it.</param>
/// <param name="Index">The how many-th call of that name in the workspace it is, from 1.</param>
/// <param name="Text">The call in words that are the same in every run.</param>
internal sealed record Point(SystemCall Call, int Index, string Text)
{
    // Which thread loads a library, and so opens it, is a matter of chance each time.
    private const int Tries = 30;

    /// <summary>Runs the operation and does something to this call.</summary>
    /// <param name="operation">The victim's verb.</param>
    /// <param name="template">What it begins with; each try gets a copy.</param>
    /// <param name="what">What to do, as strace has it: <c>signal=KILL</c>, <c>error=EIO</c>.</param>
    /// <param name="alsoLog">Whether to log all file calls.</param>
    /// <returns>The workspace afterwards, and the run, whose log proves that it was this call.</returns>
    /// <exception cref="InvalidOperationException">The call was not hit.</exception>
    public (Workspace Workspace, TracedRun Run) Hit(string operation, Workspace template, string what, bool alsoLog = false)
    {
        int when = Call.Ordinal;
        TracedRun? run = null;
        for (int attempt = 1; attempt <= Tries; attempt++)
        {
            Workspace workspace = template.Copy();
            run = Strace.Run(operation, workspace.Root, $"{Call.Name}:{what}:when={when}", alsoLog);
            SystemCall[] own = [.. run.In(workspace.Root).Where(call => call.Name == Call.Name)];
            int hit = Array.FindIndex(own, call => call.Injected || (what == "signal=KILL" && call.Result == "?"));
            if (hit + 1 == Index && own[hit].Describe(workspace.Root) == Text)
            {
                return (workspace, run);
            }

            // Where the call was reached, its number in that run is known; where not, the runtime's calls differ by a few: 1 more, 1
            // less, 2 more and so on.
            int offset = ((attempt % 10) + 1) / 2;
            when = own.Length >= Index ? own[Index - 1].Ordinal : Math.Max(1, Call.Ordinal + (attempt % 2 == 1 ? offset : -offset));

            workspace.Dispose();
        }

        throw new InvalidOperationException($"not hit in {Tries} tries; the last run ended with exit code {run?.ExitCode}");
    }
}
