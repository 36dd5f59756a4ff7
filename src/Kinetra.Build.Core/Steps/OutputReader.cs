using System.Globalization;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// Understands what a step's output tells whoever runs it: operations (<c>::group::NAME</c>, <c>##[group]NAME</c>), progress
/// (<c>##vso[task.setprogress value=75;]</c>) and problems (<c>::warning file=…::text</c>, <c>##vso[task.logissue …]text</c>,
/// <c>file(line,column): error CODE: text</c>). All that it keeps is bounded. Not safe for several threads at a time.
/// </summary>
internal sealed class OutputReader
{
    /// <summary>More operations of an attempt are not kept.</summary>
    public const int MaximumOperations = 1_000;

    /// <summary>More problems of each kind are only counted.</summary>
    public const int MaximumProblems = 200;

    private const int LongestName = 200;

    private readonly FilePath _directory;
    private readonly TimeProvider _time;
    private readonly Func<string, string> _mask;
    private readonly Action<int>? _progress;
    private readonly long _begun;

    // Made when there is something to keep: of most steps there is nothing.
    private List<StepOperation>? _operations;
    private List<Problem>? _problems;
    private HashSet<Problem>? _known;
    private int[]? _count;
    private (string Name, long Start)? _open;
    private int? _percent;
    private int _leftOut;
    private string? _resume;

    /// <summary>Prepares to read what an attempt prints that begins now.</summary>
    /// <param name="directory">What the files of problems are relative to: the step's working directory.</param>
    /// <param name="time">The clock for operations.</param>
    /// <param name="mask">Masks secrets: a value may be hidden in an escape of the form, and appear when that is read.</param>
    /// <param name="progress">Gets the progress in percent when it grows; null if nobody listens.</param>
    public OutputReader(FilePath directory, TimeProvider time, Func<string, string> mask, Action<int>? progress) =>
        (_directory, _time, _mask, _progress, _begun) = (directory, time, mask, progress, time.GetTimestamp());

    /// <summary>Whether a line may tell something, from its bytes: cheap, so that most lines need not even be decoded.</summary>
    /// <param name="line">The line, colours and all.</param>
    public static bool MayMatter(ReadOnlySpan<byte> line) =>
        line.Contains((byte)':')
            ? line.IndexOf("::"u8) >= 0 || line.IndexOf("##"u8) >= 0
                || line.IndexOf("rror"u8) >= 0 || line.IndexOf("arning"u8) >= 0 || line.IndexOf("RROR"u8) >= 0 || line.IndexOf("ARNING"u8) >= 0
            : line.IndexOf("##"u8) >= 0;

    /// <summary>Reads the next line.</summary>
    /// <param name="line">The line as it is shown.</param>
    public void Read(string line)
    {
        if (OutputCommand.Parse(line) is { } command)
        {
            Obey(command);
        }
        else if (_resume is null && CanonicalProblem.Parse(line) is { } problem)
        {
            Keep(problem);
        }
    }

    /// <summary>What was read; an operation that is still open ends now.</summary>
    /// <param name="masksRefused">How many values the output wanted to have masked that are not.</param>
    public AttemptOutput Complete(int masksRefused = 0)
    {
        EndOperation();
        if (masksRefused > 0)
        {
            (_problems ??= []).Add(new Problem(ProblemKind.Warning, $"{(masksRefused == 1 ? "1 value of ::add-mask:: is" : $"{masksRefused} values of ::add-mask:: are")} not masked: at most {AddedMasks.MaximumCount} values are, and {AddedMasks.MaximumLength / 1024} KiB. Name the variables in SecretVariables.") { Code = DiagnosticCodes.ValueNotMasked });
        }

        return _operations is null && _percent is null && _problems is null
            ? AttemptOutput.None
            : new AttemptOutput(_operations ?? [], _percent, _problems ?? [], _leftOut);
    }

    private void Obey(OutputCommand command)
    {
        // A program that prints what others wrote can switch commands off with a word of its own, and on again with that.
        if (_resume is not null)
        {
            _resume = command.Name == _resume ? null : _resume;
            return;
        }

        switch (command.Name)
        {
            case "group":
                BeginOperation(command.Data);
                break;
            case "endgroup":
                EndOperation();
                break;
            case "error" or "warning" or "notice" when !command.IsFormat:
                KeepFromGitHub(command);
                break;
            case "task.logissue":
                KeepFromAzure(command);
                break;
            case "task.setprogress":
                Advance(command["value"]);
                break;
            case "stop-commands" when command.Data.Trim().Length > 0:
                _resume = command.Data.Trim().ToLowerInvariant();
                break;
        }
    }

    private void BeginOperation(string name)
    {
        EndOperation();
        string line = OneLine(_mask(name)).Trim();
        _open = (line.Length == 0 ? "(unnamed)" : Cut(line), _time.GetTimestamp());
    }

    private void EndOperation()
    {
        if (_open is { } open && (_operations ??= []).Count < MaximumOperations)
        {
            _operations.Add(new StepOperation(open.Name, _time.GetElapsedTime(open.Start)) { Start = StateFile.Rounded(_time.GetElapsedTime(_begun, open.Start)) });
        }

        _open = null;
    }

    private void Advance(string? value)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent <= 100 && percent > (_percent ?? -1))
        {
            _percent = percent;
            _progress?.Invoke(percent);
        }
    }

    private void KeepFromGitHub(OutputCommand command)
    {
        ProblemKind kind = command.Name switch
        {
            "error" => ProblemKind.Error,
            "warning" => ProblemKind.Warning,
            _ => ProblemKind.Message,
        };
        string text = command["title"] is { } title ? $"{title}: {command.Data}" : command.Data;
        Keep(new Problem(kind, text.Trim())
        {
            File = command["file"],
            Place = new ProblemPlace(Number(command["line"]), Number(command["col"]), Number(command["endLine"]), Number(command["endColumn"])),
        });
    }

    private void KeepFromAzure(OutputCommand command)
    {
        if (command["type"]?.ToLowerInvariant() is "error" or "warning")
        {
            bool isError = command["type"]!.Equals("error", StringComparison.OrdinalIgnoreCase);
            Keep(new Problem(isError ? ProblemKind.Error : ProblemKind.Warning, command.Data.Trim())
            {
                File = command["sourcepath"],
                Place = new ProblemPlace(Number(command["linenumber"]), Number(command["columnnumber"])),
                Code = command["code"],
            });
        }
    }

    // Once each: a build prints its problems again in its summary.
    private void Keep(Problem problem)
    {
        Problem masked = problem with
        {
            Text = _mask(problem.Text).ReplaceLineEndings("\n"),
            File = problem.File is null ? null : Locate(OneLine(_mask(problem.File))),
            Code = problem.Code is { } code && !code.AsSpan().ContainsAny(" \t\r\n:") ? _mask(code) : null,
        };
        _known ??= [];
        if (_known.Contains(masked))
        {
            return;
        }

        _count ??= new int[3];
        if (_count[(int)masked.Kind]++ >= MaximumProblems)
        {
            _leftOut++;
            return;
        }

        _known.Add(masked);
        (_problems ??= []).Add(masked);
    }

    // A tool's name, as in "CSC : error CS5001: …", is no path.
    private string Locate(string file)
    {
        bool isRooted = Path.IsPathRooted(file) || (file.Length > 1 && char.IsAsciiLetter(file[0]) && file[1] == ':') || file.Contains("://", StringComparison.Ordinal);
        return isRooted || _directory.Display is "." or "" || !file.AsSpan().ContainsAny("./\\") ? file : Path.Join(_directory.Display, file);
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Cut(string name) => name.Length <= LongestName ? name : name[..(char.IsHighSurrogate(name[LongestName - 1]) ? LongestName - 1 : LongestName)] + " …";
}
