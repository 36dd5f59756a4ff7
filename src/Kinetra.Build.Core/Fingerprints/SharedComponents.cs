using System.Collections.Concurrent;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>Components that most steps of a run have in common, such as the workflow's name: kept once. Safe for several threads.</summary>
public sealed class SharedComponents
{
    private readonly ConcurrentDictionary<string, Component> _last = new();

    /// <summary>The component for a text that holds no secret.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="text">The text.</param>
    internal Component Of(string label, string text)
    {
        if (_last.TryGetValue(label, out Component? known) && known.Text == text)
        {
            return known;
        }

        Component component = Component.Plain(label, text).Kept();
        _last[label] = component;
        return component;
    }
}
