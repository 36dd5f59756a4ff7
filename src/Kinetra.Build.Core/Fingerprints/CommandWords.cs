using System.Text;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>
/// The words of a shell line that may be names of files: split at blanks, quotes and operators, also within quotes (<c>sh -c "python3 a.py"</c>). Nothing is
/// expanded. It need not be exact: what is no file is no harm.
/// </summary>
internal sealed class CommandWords
{
    private const string Operators = ";|&()<>`";

    private readonly List<string> _words = [];
    private readonly List<string> _targets = [];
    private readonly StringBuilder _word = new();
    private bool _isTarget;

    private CommandWords()
    {
    }

    /// <summary>The words, without those that output is redirected to.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The words behind <c>&gt;</c>, <c>&gt;&gt;</c>, <c>2&gt;</c> and <c>&amp;&gt;</c>.</summary>
    public IReadOnlyList<string> RedirectionTargets => _targets;

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    public static CommandWords Split(string line)
    {
        CommandWords words = new();
        words.Read(line);
        return words;
    }

    private void Read(string line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c is '\'' or '"')
            {
                i = ReadQuoted(line, i);
            }
            else if (c == '\\' && !OperatingSystem.IsWindows() && i + 1 < line.Length)
            {
                _word.Append(line[++i]);
            }
            else if (char.IsWhiteSpace(c) || Operators.Contains(c))
            {
                End();

                // The next word is written to: "> a", ">a", ">| a", ">& a"; not beyond the line or another operator.
                bool goesOn = c is ' ' or '\t' || (c is '|' or '&' && i > 0 && line[i - 1] == '>');
                _isTarget = c == '>' || (_isTarget && goesOn);
            }
            else
            {
                _word.Append(c);
            }
        }

        End();
        _isTarget = false;
    }

    private int ReadQuoted(string line, int start)
    {
        char quote = line[start];
        int begin = _word.Length;
        int i = start + 1;
        for (; i < line.Length && line[i] != quote; i++)
        {
            if (quote == '"' && line[i] == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\\' or '$' or '`' && !OperatingSystem.IsWindows())
            {
                i++;
            }

            _word.Append(line[i]);
        }

        string inner = _word.ToString(begin, _word.Length - begin);
        if (!_isTarget && inner.Any(c => char.IsWhiteSpace(c) || Operators.Contains(c) || c is '\'' or '"'))
        {
            CommandWords nested = Split(inner);
            _words.AddRange(nested._words);
            _targets.AddRange(nested._targets);
        }

        return i;
    }

    private void End()
    {
        if (_word.Length == 0)
        {
            return;
        }

        (_isTarget ? _targets : _words).Add(_word.ToString());
        _word.Clear();
        _isTarget = false;
    }
}
