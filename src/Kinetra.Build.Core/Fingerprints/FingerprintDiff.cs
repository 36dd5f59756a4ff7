namespace Kinetra.Build.Core.Fingerprints;

/// <summary>Says what is different between two fingerprints of a step, for "why did it run".</summary>
public static class FingerprintDiff
{
    private const int Shown = 3;
    private const int LongText = 60;
    private const int Context = 20;

    /// <summary>What changed from one fingerprint to the other.</summary>
    /// <param name="then">The recorded one.</param>
    /// <param name="now">The present one.</param>
    /// <returns>
    /// Null if they are equal; else up to three changes, such as <c>command changed: a → b; input data/raw.csv changed; input x is gone; and 5 more</c>.
    /// </returns>
    public static string? Describe(Fingerprint then, Fingerprint now)
    {
        if (then.Equals(now))
        {
            return null;
        }

        if (then.Components.Count == 0)
        {
            return "what it was made of was recorded in a way that this release does not know";
        }

        List<string> shown = [];
        int count = 0;
        foreach ((Component? old, Component? present) in Changes(then, now))
        {
            if (count++ < Shown)
            {
                shown.Add(Describe(old, present));
            }
        }

        if (count > Shown)
        {
            shown.Add($"and {count - Shown} more");
        }

        return string.Join("; ", shown);
    }

    /// <summary>The components that differ, in the order of their labels: changed, gone (no second) and added ones (no first).</summary>
    internal static IEnumerable<(Component? Then, Component? Now)> Changes(Fingerprint then, Fingerprint now)
    {
        int i = 0;
        int j = 0;
        while (i < then.Components.Count || j < now.Components.Count)
        {
            Component? old = i < then.Components.Count ? then.Components[i] : null;
            Component? present = j < now.Components.Count ? now.Components[j] : null;
            int order = old is null ? 1 : present is null ? -1 : string.CompareOrdinal(old.Label, present.Label);
            if (order == 0 && !old!.HasValueOf(present!))
            {
                yield return (old, present);
            }
            else if (order != 0)
            {
                yield return order < 0 ? (old, null) : (null, present);
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
    }

    private static string Describe(Component? then, Component? now)
    {
        if (then is null)
        {
            return $"{now!.Label} added";
        }

        if (now is null)
        {
            return $"{then.Label} is gone";
        }

        // The values may look the same where a secret in them, or what was cut off, is different.
        return then.Text is null || now.Text is null || then.Text == now.Text
            ? $"{then.Label} changed"
            : $"{then.Label} changed: {Around(then.Text, now.Text)} → {Around(now.Text, then.Text)}";
    }

    // A long text is shown from shortly before the place where it begins to differ.
    private static string Around(string text, string other)
    {
        int start = 0;
        if (Math.Max(text.Length, other.Length) > LongText)
        {
            start = Math.Max(text.AsSpan().CommonPrefixLength(other) - Context, 0);
        }

        int end = Math.Min(start + LongText, text.Length);

        // Not in the middle of a character of two.
        start -= start > 0 && start < text.Length && char.IsLowSurrogate(text[start]) ? 1 : 0;
        end -= end < text.Length && char.IsLowSurrogate(text[end]) ? 1 : 0;
        string part = $"{(start > 0 ? "…" : "")}{text[start..end]}{(end < text.Length ? "…" : "")}";
        return part.Length == 0 ? "\"\"" : OneLine(part);
    }

    private static string OneLine(string text) =>
        string.Create(text.Length, text, (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
            {
                line[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
}
