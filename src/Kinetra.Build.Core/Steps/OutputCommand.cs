using System.Text;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// A line of output that is meant for whoever runs the step, in one of two forms, white space before it ignored:
/// <c>::name key=value,key=value::data</c> (GitHub Actions, docs.github.com "Workflow commands", with the escapes of actions/toolkit
/// <c>command.ts</c>) and <c>##vso[area.action key=value;key=value]data</c> or <c>##[name]data</c> (learn.microsoft.com "Logging
/// commands", with the escapes of microsoft/azure-pipelines-agent <c>Command.cs</c>).
/// </summary>
/// <param name="Name">Its name in lower case: <c>group</c>, <c>warning</c>, <c>task.setprogress</c> …</param>
/// <param name="Data">What stands behind it, unescaped.</param>
/// <param name="IsFormat">Whether it is Azure's <c>##[name]</c>, which but for groups only colours a line.</param>
internal sealed record OutputCommand(string Name, string Data, bool IsFormat)
{
    private static readonly (string Escape, char Value)[] GitHubData = [("%25", '%'), ("%0D", '\r'), ("%0A", '\n')];
    private static readonly (string Escape, char Value)[] GitHubProperty = [.. GitHubData, ("%3A", ':'), ("%2C", ',')];
    private static readonly (string Escape, char Value)[] Azure = [("%AZP25", '%'), ("%0D", '\r'), ("%0A", '\n'), ("%3B", ';'), ("%5D", ']')];

    private readonly Dictionary<string, string> _properties = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of a property, unescaped; null if it has none or an empty one.</summary>
    /// <param name="name">Its name, in any case.</param>
    public string? this[string name] => _properties.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>Reads a line.</summary>
    /// <returns>Null for a line that is no command.</returns>
    public static OutputCommand? Parse(string line)
    {
        ReadOnlySpan<char> text = line.AsSpan().TrimStart();
        if (text.StartsWith("::"))
        {
            int end = text[2..].IndexOf("::");
            return end < 0 ? null : Create(text.Slice(2, end), text[(end + 4)..], ',', GitHubProperty, GitHubData, isFormat: false);
        }

        bool isAction = text.StartsWith("##vso[");
        if (isAction || text.StartsWith("##["))
        {
            ReadOnlySpan<char> rest = text[(text.IndexOf('[') + 1)..];
            int end = rest.IndexOf(']');
            return end < 0 ? null : Create(rest[..end], rest[(end + 1)..], ';', Azure, isAction ? Azure : [], isFormat: !isAction);
        }

        return null;
    }

    private static OutputCommand? Create(ReadOnlySpan<char> head, ReadOnlySpan<char> data, char separator, (string, char)[] propertyEscapes, (string, char)[] dataEscapes, bool isFormat)
    {
        int space = head.IndexOf(' ');
        ReadOnlySpan<char> name = space < 0 ? head : head[..space];
        if (name.IsEmpty)
        {
            return null;
        }

        OutputCommand command = new(name.ToString().ToLowerInvariant(), Unescape(data, dataEscapes), isFormat);
        ReadOnlySpan<char> properties = space < 0 ? [] : head[(space + 1)..];
        foreach (Range range in properties.Split(separator))
        {
            ReadOnlySpan<char> pair = properties[range];
            int equals = pair.IndexOf('=');
            if (equals > 0)
            {
                command._properties[pair[..equals].Trim().ToString()] = Unescape(pair[(equals + 1)..], propertyEscapes).Trim();
            }
        }

        return command;
    }

    // In one pass: "%250A" is the text "%0A".
    private static string Unescape(ReadOnlySpan<char> text, (string Escape, char Value)[] escapes)
    {
        if (escapes.Length == 0 || !text.Contains('%'))
        {
            return text.ToString();
        }

        StringBuilder plain = new(text.Length);
        while (!text.IsEmpty)
        {
            int length = 1;
            char value = text[0];
            foreach ((string escape, char meant) in escapes)
            {
                if (text.StartsWith(escape))
                {
                    (length, value) = (escape.Length, meant);
                    break;
                }
            }

            plain.Append(value);
            text = text[length..];
        }

        return plain.ToString();
    }
}
