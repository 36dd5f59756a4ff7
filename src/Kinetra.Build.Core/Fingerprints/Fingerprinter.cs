using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>Computes the fingerprint of a step. Cheap to make; what is expensive is in the <see cref="DigestCache"/>.</summary>
/// <param name="digests">Where the digests of files come from.</param>
/// <param name="key">Hashes secrets.</param>
/// <param name="mask">Replaces secrets in a text that is going to be kept or shown.</param>
/// <param name="tools">Finds and asks tools; null if no step declares any.</param>
/// <param name="shared">What the steps of a run have in common; null for a step alone.</param>
public sealed class Fingerprinter(DigestCache digests, FingerprintKey key, Func<string, string> mask, ITools? tools = null, SharedComponents? shared = null)
{
    // A text is kept to be shown; its hash is over the whole of it.
    private const int LongestText = 2000;

    private static readonly string ThisPlatform =
        $"{(OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private readonly SharedComponents _shared = shared ?? new SharedComponents();
    private CommandFiles? _commandFiles;

    /// <summary>What a fingerprint says of the machine.</summary>
    internal string Platform { get; init; } = ThisPlatform;

    /// <summary>Computes the fingerprint of a step as it is now.</summary>
    /// <param name="identity">The step.</param>
    /// <exception cref="KinetraException">
    /// <see cref="DiagnosticCodes.InputMissing"/>: a declared input without wildcards does not exist; <see cref="DiagnosticCodes.FileUnreadable"/>: a file or directory cannot be read, or
    /// keeps changing; <see cref="DiagnosticCodes.UnusablePath"/>: a pattern is empty, or names a device; with secrets also as the key's file says.
    /// </exception>
    public Fingerprint Compute(StepIdentity identity)
    {
        List<Component> components = [];
        AddIdentity(components, identity);
        AddWork(components, identity.Work);
        AddEnvironment(components, identity);
        AddTools(components, identity.Tools);
        AddConsumed(components, identity.Consumed);
        AddFiles(components, identity, missing: pattern => throw Missing(identity, pattern));
        return Fingerprint.Of(components);
    }

    /// <summary>What became of the files of a step, to be asked after the step.</summary>
    /// <param name="then">The fingerprint before the step.</param>
    /// <param name="identity">The step.</param>
    /// <returns>
    /// Written: the files that the command names and that came into being since, relative to the project, with <c>/</c>. Most likely the step made them, without declaring them as outputs
    /// (<c>curl -o data/raw.csv …</c>). Given as <see cref="StepIdentity.Written"/> the next time, they do not count as added scripts. Those that were given so now, and that the command
    /// still names, are among them. Changed: the labels, such as <c>input data/raw.csv</c>, of the files whose content is not what it was, but for scripts that are new.
    /// </returns>
    /// <exception cref="KinetraException">As for <see cref="Compute"/>, but a missing input is a change.</exception>
    public (IReadOnlyList<string> Written, IReadOnlyList<string> Changed) FilesSince(Fingerprint then, StepIdentity identity)
    {
        FilePath[] named = FilesOfCommand(identity).Find([], Outputs(identity));
        List<Component> before = FilesOf(then);

        // A step without files is not to wait for the rest.
        return identity.Inputs.Count == 0 && before.Count == 0 && named.Length == 0 ? ([], []) : (Written(then, identity, named), Changed(before, identity));
    }

    private static KinetraException Missing(StepIdentity identity, string pattern) =>
        new(DiagnosticCodes.InputMissing, $"The input {pattern} of the step \"{identity.Step}\" does not exist. Check the path, which is relative to the project; let the step that makes it come before this one; or take it out of Inputs.");

    // Asked before the step and behind it.
    private CommandFiles FilesOfCommand(StepIdentity identity) =>
        _commandFiles is { } known && known.IsOf(identity) ? known : _commandFiles = CommandFiles.Of(identity);

    private static FilePattern[] Outputs(StepIdentity identity) => FilePattern.ParseAll(identity.ProjectDirectory, identity.Outputs);

    private static string ScriptKind(StepIdentity identity) => identity.Work.Kind == WorkKind.Projects ? ComponentLabel.Project : ComponentLabel.Script;

    private static string Cut(string text) =>
        text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText), "…");

    private static List<Component> FilesOf(Fingerprint fingerprint)
    {
        List<Component> files = [];
        foreach (Component component in fingerprint.Components)
        {
            if (ComponentLabel.IsFile(component.Label))
            {
                files.Add(component);
            }
        }

        return files;
    }

    private List<string> Written(Fingerprint then, StepIdentity identity, FilePath[] named)
    {
        HashSet<string> before = [.. then.Components.Select(component => component.Label)];
        List<string> written = [];
        foreach (FilePath file in named)
        {
            if (!before.Contains(Label(ScriptKind(identity), file.Display)) && !before.Contains(Label(ComponentLabel.Input, file.Display)))
            {
                written.Add(file.Display);
            }
        }

        written.Sort(StringComparer.Ordinal);
        return written;
    }

    private List<string> Changed(List<Component> before, StepIdentity identity)
    {
        List<Component> now = [];
        AddFiles(now, identity, missing: null);
        List<string> changed = [];
        foreach ((Component? old, Component? present) in FingerprintDiff.Changes(Fingerprint.Of(before), Fingerprint.Of(now)))
        {
            if (old is not null || !ComponentLabel.IsOf(present!.Label, ComponentLabel.Script))
            {
                changed.Add((old ?? present)!.Label);
            }
        }

        return changed;
    }

    private void AddIdentity(List<Component> components, StepIdentity identity)
    {
        components.Add(SharedText("workflow", identity.Workflow));
        components.Add(Text("step", identity.Step));
        if (identity.Project.Length > 0)
        {
            components.Add(SharedText("of project", identity.Project));
        }

        if (identity.Occurrence != 1)
        {
            components.Add(Text("occurrence", identity.Occurrence.ToString(CultureInfo.InvariantCulture)));
        }

        components.Add(SharedText("platform", Platform));
        components.Add(SharedText("working directory", ProjectPath.Name(identity.ProjectDirectory, identity.WorkingDirectory.Full, identity.WorkingDirectory.Display)));
        if (identity.Salt.Length > 0)
        {
            components.Add(SharedText("salt", identity.Salt));
        }

        if (identity.Outputs.Count > 0)
        {
            string[] outputs = [.. identity.Outputs.Distinct().Order(StringComparer.Ordinal)];
            components.Add(Texts("outputs", outputs, string.Join(';', outputs)));
        }
    }

    private void AddWork(List<Component> components, StepWork work)
    {
        switch (work.Kind)
        {
            case WorkKind.Command:
                components.Add(Text("command", work.Texts[0]));
                break;
            case WorkKind.Arguments:
                // Not to be mistaken for a line of the same words.
                components.Add(Texts("command", ["arguments", .. work.Texts], string.Join(' ', work.Texts.Select(Quote))));
                break;
            default:
                components.Add(Texts(ComponentLabel.Projects, work.Texts, string.Join(';', work.Texts)));
                components.Add(Texts("targets", work.Targets, string.Join(';', work.Targets)));
                components.Add(Texts("properties", work.Properties, string.Join(';', work.Properties)));
                break;
        }
    }

    private static string Quote(string argument) => argument.Length == 0 || argument.Any(char.IsWhiteSpace) ? $"'{argument}'" : argument;

    private void AddEnvironment(List<Component> components, StepIdentity identity)
    {
        foreach ((string name, string value) in identity.Variables)
        {
            // One that is declared both ways is a secret.
            if (!identity.Secrets.ContainsKey(name) && !IsOfTrace(name))
            {
                components.Add(Texts("variable", name, [value], value));
            }
        }

        foreach ((string name, string value) in identity.Secrets)
        {
            if (IsOfTrace(name))
            {
                continue;
            }

            components.Add(new Component(Label(ComponentLabel.Secret, name), key.Hash(TextHash.Frame(["secret", name, value])), Text: null));
        }
    }

    // What W3C Trace Context tells a step is another one in each run, whoever gives it.
    private static bool IsOfTrace(string name) => name is "TRACEPARENT" or "TRACESTATE" or "BAGGAGE";

    private void AddTools(List<Component> components, IReadOnlyList<string> declared)
    {
        if (declared.Count == 0)
        {
            return;
        }

        ITools asked = tools ?? throw new InvalidOperationException("A step declares tools, but there is nobody to find them.");
        foreach (string tool in declared.Distinct())
        {
            if (tool.Any(char.IsWhiteSpace))
            {
                // The first line usually has the version, and is enough to be shown.
                string? output = asked.Ask(tool);
                components.Add(Texts(ComponentLabel.Tool, tool, output is null ? [] : [output], output?.TrimStart().Split('\n')[0].TrimEnd() ?? "no answer"));
            }
            else
            {
                string? digest = asked.Find(tool) is { } path ? digests.Find(new FilePath(path, tool)) : null;
                components.Add(new Component(Label(ComponentLabel.Tool, tool), digest ?? TextHash.Of("no such tool"), Text: null));
            }
        }
    }

    private void AddConsumed(List<Component> components, IReadOnlyList<ConsumedOutputs> consumed)
    {
        foreach (ConsumedOutputs made in consumed)
        {
            string[] texts = new string[2 * made.Outputs.Count];
            for (int i = 0; i < made.Outputs.Count; i++)
            {
                (texts[2 * i], texts[(2 * i) + 1]) = (made.Outputs[i].Path, made.Outputs[i].Sha256);
            }

            components.Add(new Component(Label(ComponentLabel.OutputsOf, made.Step), TextHash.Of(texts), Text: null));
        }
    }

    private void AddFiles(List<Component> components, StepIdentity identity, Action<string>? missing)
    {
        FilePattern[] outputs = Outputs(identity);
        FilePath[] inputs = FileSet.Expand(identity.ProjectDirectory, identity.Inputs, identity.OwnDirectories, missing);
        if (outputs.Length > 0 && inputs.Length > 0)
        {
            inputs = [.. inputs.Where(input => !outputs.Any(output => output.Matches(input.Full)))];
        }

        HashSet<string> seen = [];
        if (inputs.Length > 0)
        {
            foreach ((FilePath file, string sha256) in FileDigests.Compute(inputs, digests))
            {
                seen.Add(file.Full);
                components.Add(new Component(Label(ComponentLabel.Input, file.Display), sha256, Text: null));
            }
        }

        string kind = ScriptKind(identity);
        foreach (FilePath file in FilesOfCommand(identity).Find(identity.Written, outputs))
        {
            if (!seen.Contains(file.Full) && ScriptDigest(file) is { } hash)
            {
                components.Add(new Component(Label(kind, file.Display), hash, Text: null));
            }
        }
    }

    // The user did not say that this is an input. That it cannot be read (a program with rights to run it only) may not fail the
    // step, but a change of it is to be seen: here alone a time counts.
    private string? ScriptDigest(FilePath file)
    {
        try
        {
            return digests.Find(file);
        }
        catch (KinetraException error) when (error.Code == DiagnosticCodes.FileUnreadable)
        {
            return TargetFile.Status(file) is { } status ? TextHash.Of("unreadable", string.Create(CultureInfo.InvariantCulture, $"{status.Inode} {status.Size} {status.Modified} {status.Changed}")) : null;
        }
    }

    private Component SharedText(string label, string text) => IsPlain(text) ? _shared.Of(label, text) : Text(label, text);

    private Component Text(string label, string text) => Texts(label, [text], text);

    private Component Texts(string kind, string name, IReadOnlyList<string> texts, string shown) => Texts(Label(kind, name), texts, shown);

    private Component Texts(string label, IReadOnlyList<string> texts, string shown)
    {
        if (texts.Count == 1 && ReferenceEquals(texts[0], shown) && IsPlain(shown))
        {
            return Component.Plain(label, shown);
        }

        string masked = mask(shown);
        bool hasSecret = masked != shown;
        for (int i = 0; i < texts.Count && !hasSecret; i++)
        {
            hasSecret = !ReferenceEquals(texts[i], shown) && mask(texts[i]) != texts[i];
        }

        // The plain hash of a text with a secret in it could be tried out.
        return new Component(label, hasSecret ? key.Hash(TextHash.Frame(["text", .. texts])) : TextHash.Of(texts), Cut(WellFormed(masked)));
    }

    // Short, and kept as it is: without a secret, and JSON can hold it.
    private bool IsPlain(string text) => text.Length <= LongestText && ReferenceEquals(WellFormed(text), text) && mask(text) == text;

    private string Label(string kind, string name) => WellFormed(mask($"{kind} {name}"));

    // JSON has no half surrogate pairs, which names of files on Windows may have.
    private static string WellFormed(string text) => HasSurrogates(text) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    private static bool HasSurrogates(string text)
    {
        foreach (char one in text)
        {
            if (char.IsSurrogate(one))
            {
                return true;
            }
        }

        return false;
    }
}
