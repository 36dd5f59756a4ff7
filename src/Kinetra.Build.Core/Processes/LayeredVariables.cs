using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Kinetra.Build.Core.Processes;

/// <summary>
/// Environment variables of two layers: what all steps of a build have, and what one of them has besides or instead. The lower layer is
/// shared, not copied, for ten thousand steps.
/// </summary>
internal sealed class LayeredVariables : IReadOnlyDictionary<string, string>
{
    private readonly Dictionary<string, string> _own;

    /// <summary>Puts a layer over variables.</summary>
    /// <param name="variables">The variables below, which must not change any more. May be layered themselves.</param>
    /// <param name="room">How many will be set.</param>
    public LayeredVariables(IReadOnlyDictionary<string, string> variables, int room)
    {
        if (variables is LayeredVariables layered)
        {
            (Shared, _own) = (layered.Shared, new Dictionary<string, string>(layered._own.Count + room, layered._own.Comparer));
            foreach ((string name, string value) in layered._own)
            {
                _own.Add(name, value);
            }
        }
        else
        {
            Shared = variables as Dictionary<string, string> ?? new Dictionary<string, string>(variables, VariableNames.Comparer);
            _own = new Dictionary<string, string>(room, Shared.Comparer);
        }
    }

    /// <summary>What is below.</summary>
    public Dictionary<string, string> Shared { get; }

    /// <summary>What is above.</summary>
    public IReadOnlyDictionary<string, string> Own => _own;

    public int Count
    {
        get
        {
            int count = Shared.Count;
            foreach (string name in _own.Keys)
            {
                count += Shared.ContainsKey(name) ? 0 : 1;
            }

            return count;
        }
    }

    public IEnumerable<string> Keys => this.Select(variable => variable.Key);

    public IEnumerable<string> Values => this.Select(variable => variable.Value);

    public string this[string key]
    {
        get => _own.TryGetValue(key, out string? value) ? value : Shared[key];
        set => _own[key] = value;
    }

    public bool ContainsKey(string key) => _own.ContainsKey(key) || Shared.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _own.TryGetValue(key, out value) || Shared.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Shared.Where(variable => !_own.ContainsKey(variable.Key)).Concat(_own).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
