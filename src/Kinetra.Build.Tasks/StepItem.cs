using System.Globalization;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Graphs;
using Microsoft.Build.Framework;

namespace Kinetra.Build.Tasks;

/// <summary>A <c>KinetraStep</c> item: a step, and its place in the graph.</summary>
/// <param name="Input">The step.</param>
/// <param name="Node">Its place.</param>
/// <param name="ExpectedDuration">How long the user expects it to take; null if that was not said.</param>
internal sealed record StepItem(StepInput Input, GraphStep Node, TimeSpan? ExpectedDuration)
{
    /// <summary>Reads an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="names">Knows the names of metadata.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static StepItem Read(ITaskItem item, StepMetadata names)
    {
        Values values = new(item.ItemSpec, names.Of(item));
        StepInput input = new()
        {
            Name = item.ItemSpec,
            Command = values.Text("Command"),
            Arguments = values.List("Arguments"),
            Projects = values.List("Projects"),
            Targets = values.List("Targets"),
            Properties = values.List("Properties"),
            WorkingDirectory = values.Text("WorkingDirectory"),
            Environment = values.List("Environment"),
            EnvironmentFile = values.Text("EnvironmentFile"),
            SecretVariables = values.List("SecretVariables"),
            Inputs = values.List("Inputs"),
            Outputs = values.List("Outputs"),
            Tools = values.List("Tools"),
            Salt = values.Text("Salt"),
            Critical = values.Flag("Critical", true),
            Cache = values.Flag("Cache", true),
            MaxAttempts = values.Text("MaxAttempts"),
            RetryDelay = values.Text("RetryDelay"),
            MaxRetryDelay = values.Text("MaxRetryDelay"),
            RetryExitCodes = values.List("RetryExitCodes"),
            NoRetryExitCodes = values.List("NoRetryExitCodes"),
            Timeout = values.Text("Timeout"),
            Suggestion = values.Text("Suggestion"),
        };
        GraphStep node = new(item.ItemSpec)
        {
            DependsOn = values.List("DependsOn") ?? [],
            Inputs = input.Inputs ?? [],
            Outputs = input.Outputs ?? [],
            IsCritical = input.Critical,
            Always = values.Flag("Always", false),
            Priority = values.Number("Priority"),
            Pool = values.Text("Pool"),
        };
        TimeSpan? expected = values.Text("ExpectedDuration") is { } text ? Duration.Parse($"ExpectedDuration of step \"{item.ItemSpec}\"", text) : null;
        return new StepItem(input, node, expected);
    }

    private readonly struct Values(string step, Dictionary<string, string> given)
    {
        public string? Text(string name) => given.TryGetValue(name, out string? value) ? Escaping.Unescape(value) : null;

        // The engine splits lists before it takes escapes away, so that %3B can stand for a semicolon in an entry.
        public string[]? List(string name)
        {
            if (!given.TryGetValue(name, out string? value))
            {
                return null;
            }

            string[] entries = value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            for (int i = 0; i < entries.Length; i++)
            {
                entries[i] = Escaping.Unescape(entries[i]);
            }

            return entries.Length == 0 ? null : entries;
        }

        public bool Flag(string name, bool standard) => Text(name)?.Trim().ToLowerInvariant() switch
        {
            null => standard,
            "true" => true,
            "false" => false,
            _ => throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name} of step \"{step}\": \"{Text(name)}\" is neither true nor false."),
        };

        public int Number(string name) =>
            Text(name) is not { } text ? 0
            : int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number
            : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name} of step \"{step}\": \"{text}\" is not a whole number. Steps with a higher one go first; the default is 0.");
    }
}
