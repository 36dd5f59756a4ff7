using System.CommandLine;
using System.Text.Json.Nodes;
using Kinetra.Build.Core;
using Kinetra.Build.Core.Backups;
using Kinetra.Build.Core.Credentials;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Tool.CommandLine;
using Kinetra.Build.Tool.Credentials;
using Kinetra.Build.Tool.Output;
using Kinetra.Build.Tool.Projects;

namespace Kinetra.Build.Tool.Commands;

/// <summary><c>kinetra env</c>: sets, shows and checks the variables of the project's environment file.</summary>
internal static class EnvCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("env", "The variables of the project's environment file.") { CreateSet(), CreateGet(), CreateCheck() };

    private static Option<string?> File() => new("--file") { Description = "The environment file. Default: KinetraEnvironmentFile, else .env beside the project.", HelpName = "FILE" };

    private static Command CreateSet()
    {
        Argument<string> name = new("name") { Description = "The variable." };
        Option<string?> file = File(), project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("set", "Ask for the value of a variable, without showing it, and write it. Where stdin is no terminal the value is read from there.") { name, file, project, properties, json };
        command.SetAction(parsed =>
        {
            string variable = NameOf(parsed.GetValue(name)!);
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(parsed.GetValue(project)), parsed.GetValue(properties) ?? []);
            FilePath target = FileOf(evaluated, parsed.GetValue(file));
            string value = HiddenPrompt.Ask(variable);
            if (!EnvironmentFileEdit.CanHold(value))
            {
                throw new KinetraException(DiagnosticCodes.UnusableVariable, $"The value of {variable} has a NUL or a carriage return, which an environment file cannot hold. Store it encoded, in base64 for example.");
            }

            // Before the file is there, so that no commit can come in between.
            GitIgnoreResult ignored = evaluated.GitIgnore.Add(target);
            bool isNew = false;
            WriteResult result = evaluated.Files.Update(
                target,
                () =>
                {
                    string old = System.IO.File.Exists(target.Full) ? System.IO.File.ReadAllText(target.Full) : "";
                    isNew = !EnvironmentFile.Parse(target, old).ContainsKey(variable);
                    return FileContent.Text(EnvironmentFileEdit.Set(old, variable, value), "utf-8");
                },
                new WriteOptions(evaluated.EnableBackups, evaluated.EnableChecksums, Mode: UnixMode.Private));
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["file"] = target.Display, ["name"] = variable, ["added"] = isNew, ["backup"] = result.Backup?.Path });
            }
            else
            {
                Screen.Line($"{variable} {(isNew ? "added to" : "changed in")} {target}.{(result.Backup is { } backup ? $" What that held before is in {backup.Path}." : "")}");
                if (ignored.Note is { } note)
                {
                    Screen.Line(note);
                }
            }

            foreach (KinetraException warning in new[] { ignored.Warning, result.Backup?.Problem, HardLinkWarning.Of(target.Display, "written", result.OtherNames) }.OfType<KinetraException>())
            {
                Messages.Warning(warning);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command CreateGet()
    {
        Argument<string> name = new("name") { Description = "The variable." };
        Option<string?> file = File(), project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("get", "Print the value of a variable, as it stands in the file.") { name, file, project, properties, json };
        command.SetAction(parsed =>
        {
            string variable = NameOf(parsed.GetValue(name)!);
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(parsed.GetValue(project)), parsed.GetValue(properties) ?? []);
            FilePath target = FileOf(evaluated, parsed.GetValue(file));
            IReadOnlyDictionary<string, string> variables = EnvironmentFile.Read(target);
            if (!variables.TryGetValue(variable, out string? value))
            {
                Messages.Error(new KinetraException(DiagnosticCodes.CredentialMissing, $"{variable} is not set in {target}.{NearestName.Hint(variable, variables.Keys)}"));
                return ExitCodes.Failed;
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["file"] = target.Display, ["name"] = variable, ["value"] = value });
            }
            else
            {
                Console.Out.WriteLine(value);
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command CreateCheck()
    {
        Argument<string[]> names = new("names") { Description = "Variables that must be set. Default: those in the file must be no placeholders.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> file = File(), project = CommonOptions.Project();
        Option<string[]> properties = CommonOptions.Properties();
        Option<bool> json = CommonOptions.Json();
        Command command = new("check", "Check that variables are set and no placeholders, and that the file is private, unchanged and ignored by git.") { names, file, project, properties, json };
        command.SetAction(parsed =>
        {
            string[] required = [.. (parsed.GetValue(names) ?? []).Select(NameOf)];
            EvaluatedProject evaluated = EvaluatedProject.Read(ProjectFinder.Find(parsed.GetValue(project)), parsed.GetValue(properties) ?? []);
            FilePath target = FileOf(evaluated, parsed.GetValue(file));
            IReadOnlyList<Finding> findings = EnvironmentCheck.Run(evaluated, target, required);
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(new JsonObject { ["file"] = target.Display, ["ok"] = findings.All(finding => finding.Kind != FindingKind.Error), ["checks"] = Finding.ToJson(findings) });
            }
            else
            {
                Finding.Print(findings);
            }

            return findings.Any(finding => finding.Kind == FindingKind.Error) ? ExitCodes.Failed : ExitCodes.Fine;
        });
        return command;
    }

    private static FilePath FileOf(EvaluatedProject project, string? given) =>
        given is not null ? PathDisplay.Given(given) : project.Resolve(project.EnvironmentFile.Length > 0 ? project.EnvironmentFile : ".env");

    private static string NameOf(string name)
    {
        if (EnvironmentFileEdit.IsName(name))
        {
            return name;
        }

        // It may be a secret that was meant for somewhere else.
        int equals = name.IndexOf('=');
        string hint = equals > 0 && EnvironmentFileEdit.IsName(name[..equals]) ? $" Give the name alone: kinetra env set {name[..equals]} asks for the value, so that it does not stay in the history of the shell." : "";
        throw new KinetraException(DiagnosticCodes.UnusableVariable, $"{(equals > 0 ? "What is given" : $"\"{name}\"")} is not the name of a variable: letters, digits and _ only, no digit first.{hint}");
    }
}
