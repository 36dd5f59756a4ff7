using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>The secrets of a step: those that are known before it runs, and those that its output adds with <c>::add-mask::</c>. Bounded.</summary>
internal sealed class AddedMasks
{
    /// <summary>More values are not added.</summary>
    public const int MaximumCount = 100;

    /// <summary>Nor more characters in all: each takes some KiB of the table that finds it.</summary>
    public const int MaximumLength = 16 * 1024;

    private readonly HashSet<string> _values;
    private int _count;
    private int _length;

    /// <summary>Starts with those that are known.</summary>
    public AddedMasks(IReadOnlyCollection<string> values)
    {
        _values = [.. values];
        Patterns = _values.Count == 0 ? SecretPatterns.None : new SecretPatterns(_values);
    }

    /// <summary>What is masked now.</summary>
    public SecretPatterns Patterns { get; private set; }

    /// <summary>How many were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Masks a value from now on.</summary>
    /// <param name="value">The value as UTF-8, with the escapes of workflow commands.</param>
    public void Add(ReadOnlySpan<byte> value)
    {
        string text = Encoding.UTF8.GetString(value).Trim()
            .Replace("%0D", "\r", StringComparison.Ordinal).Replace("%0A", "\n", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
        if (text.Length < SecretMasker.MinimumLength || _values.Contains(text))
        {
            return;
        }

        if (_count == MaximumCount || _length + text.Length > MaximumLength)
        {
            Refused++;
            return;
        }

        _values.Add(text);
        (_count, _length) = (_count + 1, _length + text.Length);
        Patterns = new SecretPatterns(_values);
    }
}
