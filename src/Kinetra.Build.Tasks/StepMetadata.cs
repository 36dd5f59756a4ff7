using System.Collections;
using Kinetra.Build.Core;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>
/// The names of the metadata of <c>KinetraStep</c> items. Users may have others of their own; what looks like a slip of the keyboard, or is what other tools call it, is
/// remembered.
/// </summary>
internal sealed class StepMetadata
{
    /// <summary>The names that mean something.</summary>
    public static readonly string[] Names =
    [
        "Command", "Arguments", "Projects", "Targets", "Properties", "WorkingDirectory", "Environment", "EnvironmentFile", "SecretVariables", "Inputs", "Outputs", "Tools",
        "Salt", "Critical", "MaxAttempts", "RetryDelay", "MaxRetryDelay", "RetryExitCodes", "NoRetryExitCodes", "Timeout", "Suggestion", "DependsOn", "Cache", "Priority",
        "ExpectedDuration", "Always", "Pool",
    ];

    // Whether each name that was met is known: the same ones come with every step.
    private readonly Dictionary<string, bool> _met = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _misspelt = [];
    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>For each name that means nothing but looks like one that does, or says the same elsewhere, a sentence that says so.</summary>
    public IReadOnlyList<string> Misspelt => _misspelt;

    /// <summary>What means something of the metadata of an item, by name, as far as it was given; still escaped.</summary>
    /// <param name="item">The item.</param>
    /// <returns>To be used before the next item is looked at.</returns>
    public Dictionary<string, string> Of(ITaskItem item)
    {
        _given.Clear();
        foreach (DictionaryEntry metadata in ((ITaskItem2)item).CloneCustomMetadataEscaped())
        {
            if (IsKnown((string)metadata.Key, item.ItemSpec) && metadata.Value is string { Length: > 0 } value)
            {
                _given[(string)metadata.Key] = value;
            }
        }

        return _given;
    }

    private bool IsKnown(string name, string step)
    {
        if (!_met.TryGetValue(name, out bool isKnown))
        {
            isKnown = Array.Exists(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
            _met.Add(name, isKnown);
            if (!isKnown && (Habit(name) ?? NearestName.Find(name, Names)) is { } meant)
            {
                _misspelt.Add($"Step \"{step}\" has the metadata {name}, which means nothing to KinetraStep. Did you mean {meant}? If it is your own, give it another name, or write <NoWarn>$(NoWarn);{DiagnosticCodes.MisspeltMetadata}</NoWarn>.");
            }
        }

        return isKnown;
    }

    // What Exec and the tools that people come from call it: a retry that is silently not there costs more than a warning.
    private static string? Habit(string name) => name.ToUpperInvariant() switch
    {
        "MAXRETRIES" or "RETRIES" or "RETRYCOUNT" => "MaxAttempts (the first attempt counts)",
        "CONTINUEONERROR" or "IGNOREEXITCODE" or "ALLOWFAILURE" or "OPTIONAL" => "Critical=\"false\"",
        "DEPENDSONTARGETS" or "AFTERTARGETS" or "NEEDS" or "REQUIRES" => "DependsOn",
        "CWD" => "WorkingDirectory",
        "ENVIRONMENTVARIABLES" => "Environment",
        "CMD" or "EXEC" => "Command",
        _ => null,
    };
}
