using System.Text.Json;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Fingerprints;
using Kinetra.Build.Core.Steps;
using Xunit;

namespace Kinetra.Build.Core.Tests.Fingerprints;

public sealed class FingerprinterTests : IDisposable
{
    private readonly StepScene _scene = new();

    // What is changed, and what the next build says; null if the step is still the same.
    private static readonly Dictionary<string, (Func<StepScene, StepIdentity, StepIdentity> Change, string? Expected)> Changes = new()
    {
        ["nothing"] = ((scene, step) => step, null),
        ["input content"] = (Files(scene => scene.Write("data/raw.csv", "1;3")), "input data/raw.csv changed"),
        ["input content, other size"] = (Files(scene => scene.Write("data/raw.csv", "1")), "input data/raw.csv changed"),
        ["input emptied"] = (Files(scene => scene.Write("data/raw.csv", "")), "input data/raw.csv changed"),
        ["input touched"] = (Files(scene => File.SetLastWriteTimeUtc(scene.Project.Folder["data/raw.csv"], DateTime.UnixEpoch)), null),
        ["input rewritten"] = (Files(scene => scene.Write("data/raw.csv", "1;2")), null),
        ["input added"] = (Files(scene => scene.Write("data/x.csv", "")), "input data/x.csv added"),
        ["input removed"] = (Files(scene => scene.Remove("data/raw.csv")), "input data/raw.csv is gone"),
        ["input renamed"] = (Files(scene => File.Move(scene.Project.Folder["data/raw.csv"], scene.Project.Folder["data/new.csv"])), "input data/new.csv added; input data/raw.csv is gone"),
        ["inputs swapped"] = (Files(scene =>
        {
            scene.Write("data/raw.csv", "3");
            scene.Write("data/deep/more.csv", "1;2");
        }), "input data/deep/more.csv changed; input data/raw.csv changed"),
        ["input moved into another directory"] = (Files(scene => File.Move(scene.Project.Folder["data/deep/more.csv"], scene.Project.Folder["data/more.csv"])), "input data/deep/more.csv is gone; input data/more.csv added"),
        ["empty directory added"] = (Files(scene => Directory.CreateDirectory(scene.Project.Folder["data/empty"])), null),
        ["our temporary file"] = (Files(scene => scene.Write($"data/.kinetra-{Guid.NewGuid():N}.tmp", "half")), null),
        ["five inputs added"] = (Files(scene => Array.ForEach(["a", "b", "c", "d", "e"], name => scene.Write($"data/{name}", ""))), "input data/a added; input data/b added; input data/c added; and 2 more"),
        ["same inputs by another pattern"] = (Step(step => step with { Inputs = ["data/**/*.csv", "./data//raw.csv"] }), null),
        ["one pattern less"] = (Step(step => step with { Inputs = ["data/*.csv"] }), "input data/deep/more.csv is gone"),
        ["unrelated file"] = (Files(scene => scene.Write("README", "new")), null),
        ["command"] = (Step(step => step with { Work = StepWork.Command("sh steps/a.sh --config=config.json --fast > out.csv") }), "command changed: sh steps/a.sh --config=config.json > out.csv → sh steps/a.sh --config=config.json --fast > out.csv"),
        ["blanks in the command"] = (Step(step => step with { Work = StepWork.Command("sh  steps/a.sh --config=config.json > out.csv") }), "command changed: sh steps/a.sh --config=config.json > out.csv → sh  steps/a.sh --config=config.json > out.csv"),
        ["another script"] = (Step(step => step with { Work = StepWork.Command("sh steps/b.sh --config=config.json > out.csv") }), "command changed: sh steps/a.sh --config=config.json > out.csv → sh steps/b.sh --config=config.json > out.csv; script steps/a.sh is gone; script steps/b.sh added"),
        ["script content"] = (Files(scene => scene.Write("steps/a.sh", "echo A")), "script steps/a.sh changed"),
        ["script touched"] = (Files(scene => File.SetLastWriteTimeUtc(scene.Project.Folder["steps/a.sh"], DateTime.UnixEpoch)), null),
        ["script removed"] = (Files(scene => scene.Remove("steps/a.sh")), "script steps/a.sh is gone"),
        ["file behind ="] = (Files(scene => scene.Write("config.json", "[]")), "script config.json changed"),
        ["a script that is not named"] = (Files(scene => scene.Write("steps/b.sh", "echo B")), null),
        ["redirection target and output made"] = (Files(scene => scene.Write("out.csv", "result")), null),
        ["redirection target that is no output"] = ((scene, step) =>
        {
            scene.Write("out.csv", "result");
            return step with { Outputs = [] };
        }, "outputs is gone"),
        ["variable"] = (Step(step => step with { Variables = Map("MODE", "slow") }), "variable MODE changed: fast → slow"),
        ["variable emptied"] = (Step(step => step with { Variables = Map("MODE", "") }), "variable MODE changed: fast → \"\""),
        ["variable added"] = (Step(step => step with { Variables = new Dictionary<string, string> { ["MODE"] = "fast", ["A"] = "1" } }), "variable A added"),
        ["variable removed"] = (Step(step => step with { Variables = Map() }), "variable MODE is gone"),
        ["variable renamed"] = (Step(step => step with { Variables = Map("MODUS", "fast") }), "variable MODE is gone; variable MODUS added"),
        ["secret"] = (Step(step => step with { Secrets = Map("TOKEN", "correct horse") }), "secret TOKEN changed"),
        ["secret not set any more"] = (Step(step => step with { Secrets = Map() }), "secret TOKEN is gone"),
        ["secret renamed"] = (Step(step => step with { Secrets = Map("PASSWORD", "hunter2hunter2") }), "secret PASSWORD added; secret TOKEN is gone"),
        ["output pattern"] = (Step(step => step with { Outputs = ["out.csv", "log/*"] }), "outputs changed: out.csv → log/*;out.csv"),
        ["output twice"] = (Step(step => step with { Outputs = ["out.csv", "out.csv"] }), null),
        ["tool content"] = (Files(scene => scene.Write("bin/gcc", "new compiler")), "tool gcc changed"),
        ["tool removed"] = (Files(scene => scene.Remove("bin/gcc")), "tool gcc changed"),
        ["tool output"] = (Files(scene => scene.Toolbox.Answer = "10.0.101\nmore\n"), "tool dotnet --version changed: 10.0.100 → 10.0.101"),
        ["tool cannot be asked"] = (Files(scene => scene.Toolbox.Answer = null), "tool dotnet --version changed: 10.0.100 → no answer"),
        ["tool added"] = (Step(step => step with { Tools = ["gcc", "dotnet --version", "ld"] }), "tool ld added"),
        ["salt"] = (Step(step => step with { Salt = "2" }), "salt changed: 1 → 2"),
        ["no salt"] = (Step(step => step with { Salt = "" }), "salt is gone"),
        ["platform"] = (Files(scene => scene.Platform = "linux-arm64"), "platform changed: linux-x64 → linux-arm64"),
        ["workflow"] = (Step(step => step with { Workflow = "other" }), "workflow changed: master → other"),
        ["step"] = (Step(step => step with { Step = "Load" }), "step changed: Prepare → Load"),
        ["occurrence"] = (Step(step => step with { Occurrence = 2 }), "occurrence added"),
        ["working directory"] = (Step(step => step with { WorkingDirectory = FilePath.Resolve(step.ProjectDirectory, "data") }), "script config.json is gone; script steps/a.sh is gone; working directory changed: . → data"),
        ["argv of the same words"] = (Step(step => step with { Work = StepWork.Arguments(["sh", "steps/a.sh", "--config=config.json", ">", "out.csv"]) }), "command changed"),
        ["known to be written"] = (Step(step => step with { Written = ["config.json"] }), "script config.json is gone"),
        ["own directory inside the inputs"] = ((scene, step) =>
        {
            scene.Write("data/state/journal", "x");
            return step with { OwnDirectories = [scene.Project.Folder["data/state"]] };
        }, null),
    };

    public static TheoryData<string> Names => [.. Changes.Keys];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_change_is_named_and_no_change_is_none(string name)
    {
        Fingerprint then = _scene.Take();
        StepIdentity step = Changes[name].Change(_scene, _scene.Step);
        Fingerprint now = _scene.Take(step);
        Assert.Equal(Changes[name].Expected, FingerprintDiff.Describe(then, now));
        Assert.Equal(Changes[name].Expected is null, then.Hash == now.Hash);
    }

    [Fact]
    public void The_components_are_all_that_makes_the_step()
    {
        Assert.Equal(
            [
                "command", "input data/deep/more.csv", "input data/raw.csv", "outputs", "platform", "salt", "script config.json", "script steps/a.sh", "secret TOKEN", "step",
                "tool dotnet --version", "tool gcc", "variable MODE", "workflow", "working directory",
            ],
            _scene.Take().Components.Select(component => component.Label));
    }

    [Fact]
    public void Policy_has_no_place_in_the_type()
    {
        string[] policy = ["Attempts", "Delay", "Retry", "Timeout", "Critical", "Priority", "Parallel", "Log", "Version", "RunId", "Host", "User"];
        Assert.DoesNotContain(typeof(StepIdentity).GetProperties(), property => policy.Any(word => property.Name.Contains(word, StringComparison.Ordinal)));
        Assert.DoesNotContain(typeof(StepIdentity).GetProperties(), property => property.PropertyType == typeof(StepDefinition));
    }

    [Fact]
    public void A_project_that_was_moved_is_the_same()
    {
        using StepScene moved = new();
        StepIdentity here = _scene.Step with { Inputs = ["data", _scene.Project.Folder["config.json"]], WorkingDirectory = _scene.Project.Path("data") };
        StepIdentity there = moved.Step with { Inputs = ["data", moved.Project.Folder["config.json"]], WorkingDirectory = new FilePath(moved.Project.Folder["data"], moved.Project.Folder["data"]) };
        _scene.Take();
        Directory.CreateDirectory(moved.StateDirectory.Full);
        File.Copy(_scene.Project.Folder[".workflow_state/fingerprint.key"], moved.Project.Folder[".workflow_state/fingerprint.key"]);
        Assert.Null(FingerprintDiff.Describe(_scene.Take(here), moved.Take(there)));
    }

    [Fact]
    public void A_secret_is_nowhere()
    {
        const string Secret = "hunter2hunter2";
        StepIdentity step = _scene.Step with
        {
            Work = StepWork.Command($"curl -u me:{Secret} host"),
            Variables = new Dictionary<string, string> { ["URL"] = $"https://me:{Secret}@host", ["TOKEN"] = Secret },
            Tools = [$"curl -u {Secret} --version"],
            Salt = Secret,
        };
        Fingerprint print = _scene.Take(step);
        string json = Json(print);
        Assert.DoesNotContain(Secret, json);
        Assert.Contains("curl -u me:*** host", json);
        Assert.Contains("tool curl -u *** --version", json);
        Assert.DoesNotContain("variable TOKEN", json);

        // Nor a hash that could be tried out: with the same words and another key, each is another.
        using StepScene elsewhere = new();
        Fingerprint other = elsewhere.Take(step with { ProjectDirectory = elsewhere.Project.Folder.Root, WorkingDirectory = elsewhere.Step.WorkingDirectory });
        Assert.Equal(
            ["command", "salt", "secret TOKEN", "variable URL"],
            FingerprintDiff.Changes(print, other).Select(change => change.Then!.Label));
    }

    [Fact]
    public void A_command_that_differs_in_its_secret_only_has_changed_without_telling()
    {
        StepIdentity One(string secret) => _scene.Step with { Work = StepWork.Command($"curl -u {secret}"), Secrets = Map("TOKEN", secret) };
        Assert.Equal("command changed; secret TOKEN changed", FingerprintDiff.Describe(_scene.Take(One("correct horse")), _scene.Take(One("battery staple"))));
    }

    [Fact]
    public void Two_secrets_of_the_same_value_do_not_show_it()
    {
        Fingerprint print = _scene.Take(_scene.Step with { Secrets = new Dictionary<string, string> { ["A"] = "same secret", ["B"] = "same secret" } });
        Assert.Equal(2, print.Components.Where(component => component.Label.StartsWith("secret ", StringComparison.Ordinal)).Select(component => component.Hash).Distinct().Count());
    }

    [Fact]
    public void An_input_that_is_also_an_output_is_none()
    {
        _scene.Write("data/result/out.csv", "1");
        StepIdentity step = _scene.Step with { Outputs = ["data/result"] };
        Fingerprint then = _scene.Take(step);
        _scene.Write("data/result/out.csv", "2");
        _scene.Write("data/result/new.csv", "2");
        Assert.Null(FingerprintDiff.Describe(then, _scene.Take(step)));
        Assert.Empty(_scene.Fingerprinter(step).FilesSince(then, step).Changed);
    }

    [Fact]
    public void A_missing_input_is_an_error_that_names_it()
    {
        KinetraException error = Assert.Throws<KinetraException>(() => _scene.Take(_scene.Step with { Inputs = ["data", "data/none.csv"] }));
        Assert.Equal(DiagnosticCodes.InputMissing, error.Code);
        Assert.Contains("data/none.csv", error.Message);
        Assert.Contains("Prepare", error.Message);
    }

    [Fact]
    public void A_pattern_may_match_nothing() => Assert.NotNull(_scene.Take(_scene.Step with { Inputs = ["data/*.none", "none/**"] }));

    [Fact]
    public void An_unreadable_input_is_an_error()
    {
        Unreadable.File(_scene.Project.Folder["data/raw.csv"]);
        KinetraException error = Assert.Throws<KinetraException>(() => _scene.Take());
        Assert.Equal(DiagnosticCodes.FileUnreadable, error.Code);
        Assert.Contains("data/raw.csv", error.Message);
    }

    [Fact]
    public void An_unreadable_script_is_told_by_its_version()
    {
        Unreadable.File(_scene.Project.Folder["steps/a.sh"]);
        Fingerprint then = _scene.Take();
        Assert.Null(FingerprintDiff.Describe(then, _scene.Take()));
        Unreadable.File(_scene.Project.Folder["steps/a.sh"], "1");
        Assert.Equal("script steps/a.sh changed", FingerprintDiff.Describe(then, _scene.Take()));
    }

    [Fact]
    public void Arguments_are_taken_as_they_are()
    {
        _scene.Write("my script.py", "1");
        StepIdentity One(params string[] arguments) => _scene.Step with { Work = StepWork.Arguments(arguments) };
        Fingerprint then = _scene.Take(One("python3", "my script.py", "--config=config.json", ">", "steps/b.sh", "-", "a b"));
        Assert.Equal(["script config.json", "script my script.py", "script steps/b.sh"], Scripts(then));
        Assert.Equal("python3 'my script.py' --config=config.json > steps/b.sh - 'a b'", then.Components.Single(component => component.Label == "command").Text);
        Assert.StartsWith("command changed: ", FingerprintDiff.Describe(then, _scene.Take(One("python3", "my script.py", "--config=config.json", ">", "steps/b.sh", "-", "a", "b"))));
    }

    [Fact]
    public void Projects_are_known_by_path_content_targets_and_properties()
    {
        _scene.Write("App.csproj", "<Project />");
        StepIdentity One(string target, string property) => _scene.Step with { Work = StepWork.Projects(["App.csproj"], ["Restore", target], [property]) };
        Fingerprint then = _scene.Take(One("Build", "Configuration=Debug"));
        Assert.Equal("properties changed: Configuration=Debug → Configuration=Release; targets changed: Restore;Build → Restore;Pack", FingerprintDiff.Describe(then, _scene.Take(One("Pack", "Configuration=Release"))));
        _scene.Write("App.csproj", "<Project></Project>");
        Assert.Equal("project App.csproj changed", FingerprintDiff.Describe(then, _scene.Take(One("Build", "Configuration=Debug"))));
    }

    [Fact]
    public void What_a_command_redirects_to_is_no_script_though_it_reads_that_too()
    {
        StepIdentity step = _scene.Step with { Work = StepWork.Command("sh steps/a.sh >> work.txt 2> err.txt && cat work.txt ./err.txt") };
        Fingerprint then = _scene.Take(step);
        _scene.Write("work.txt", "1");
        _scene.Write("err.txt", "1");
        Assert.Null(FingerprintDiff.Describe(then, _scene.Take(step)));
        Assert.Empty(_scene.Fingerprinter(step).FilesSince(then, step).Written);
    }

    [Fact]
    public void What_a_command_names_outside_the_project_is_no_script()
    {
        using StepScene other = new();
        StepIdentity step = _scene.Step with { Work = StepWork.Command($"cat {other.Project.Folder["config.json"]} {_scene.Project.Folder["config.json"]} .workflow_state/fingerprint.key"), OwnDirectories = [_scene.StateDirectory.Full] };
        _scene.Take();
        Assert.Equal(["script config.json"], Scripts(_scene.Take(step)));
    }

    [Fact]
    public void Directories_pipes_and_endless_names_in_a_command_are_no_scripts()
    {
        Platform.RequireUnix();
        Platform.MakeFifo(_scene.Project.Folder["pipe"]);
        StepIdentity step = _scene.Step with { Work = StepWork.Command($"cat data . .. / pipe {new string('x', 300)} {new string('y', 5000)} http://host/x \0 =") };
        Assert.Empty(Scripts(_scene.Take(step)));
    }

    [Fact]
    public void After_the_step_what_changed_meanwhile_is_told()
    {
        StepIdentity step = _scene.Step;
        Fingerprint then = _scene.Take();
        Fingerprinter prints = _scene.Fingerprinter(step);
        Assert.Empty(prints.FilesSince(then, step).Changed);
        Assert.Empty(prints.FilesSince(then, step).Written);
        _scene.Write("data/raw.csv", "9");
        _scene.Write("data/new.csv", "9");
        _scene.Remove("data/deep/more.csv");
        _scene.Write("steps/a.sh", "9");
        Assert.Equal(["input data/deep/more.csv", "input data/new.csv", "input data/raw.csv", "script steps/a.sh"], prints.FilesSince(then, step).Changed);
    }

    [Fact]
    public void An_input_that_the_step_removed_is_a_change_and_no_error()
    {
        StepIdentity step = _scene.Step with { Inputs = ["data/raw.csv"] };
        Fingerprint then = _scene.Take(step);
        _scene.Remove("data/raw.csv");
        Assert.Equal(["input data/raw.csv"], _scene.Fingerprinter(step).FilesSince(then, step).Changed);
    }

    [Fact]
    public void A_file_that_the_command_names_and_makes_is_no_script_the_next_time()
    {
        StepIdentity step = _scene.Step with { Work = StepWork.Command("curl -o data/fetched.csv http://host/x"), Inputs = [], Outputs = [] };
        Fingerprint then = _scene.Take(step);
        _scene.Write("data/fetched.csv", "1");
        Fingerprinter prints = _scene.Fingerprinter(step);
        Assert.Empty(prints.FilesSince(then, step).Changed);
        IReadOnlyList<string> written = prints.FilesSince(then, step).Written;
        Assert.Equal(["data/fetched.csv"], written);
        Assert.Equal("script data/fetched.csv added", FingerprintDiff.Describe(then, _scene.Take(step)));

        StepIdentity next = step with { Written = written };
        Assert.Null(FingerprintDiff.Describe(then, _scene.Take(next)));
        _scene.Write("data/fetched.csv", "2");
        Assert.Null(FingerprintDiff.Describe(then, _scene.Take(next)));
        Assert.Equal(written, prints.FilesSince(_scene.Take(next), next).Written);

        // What is not named any more is forgotten.
        Assert.Empty(prints.FilesSince(then, next with { Work = StepWork.Command("true") }).Written);
    }

    [Fact]
    public void An_input_that_the_command_names_is_not_taken_for_written()
    {
        StepIdentity step = _scene.Step with { Work = StepWork.Command("sort data/raw.csv") };
        Fingerprint then = _scene.Take(step);
        Assert.Empty(Scripts(then));
        Assert.Empty(_scene.Fingerprinter(step).FilesSince(then, step).Written);
    }

    [Fact]
    public void What_steps_have_in_common_is_kept_once_and_changes_no_fingerprint()
    {
        using DigestCache digests = new(null, _scene.Project.Time);
        SharedComponents shared = new();
        Fingerprint Take(StepIdentity step, string secret, SharedComponents? common) => new Fingerprinter(
            digests,
            FingerprintKey.In(_scene.StateDirectory),
            text => text.Replace(secret, "***", StringComparison.Ordinal),
            _scene.Toolbox,
            common).Compute(step);

        // The second one has a workflow that looks, masked, like that of the third.
        StepIdentity[] steps = [_scene.Step, _scene.Step with { Workflow = "pass word" }, _scene.Step with { Workflow = "pass ***" }, _scene.Step with { Step = "other" }];
        string[] secrets = ["none", "word", "none", "none"];
        Fingerprint[] alone = [.. steps.Zip(secrets, (step, secret) => Take(step, secret, null))];
        Fingerprint[] together = [.. steps.Zip(secrets, (step, secret) => Take(step, secret, shared))];
        Assert.Equal(alone.Select(print => print.Hash), together.Select(print => print.Hash));
        Assert.NotEqual(together[1].Hash, together[2].Hash);
        Assert.Equal(alone.Select(Json), together.Select(Json));
        Assert.Same(Platform(together[0]), Platform(together[3]));

        static Component Platform(Fingerprint print) => print.Components.Single(component => component.Label == "platform");
        static string Json(Fingerprint print)
        {
            using MemoryStream text = new();
            using (Utf8JsonWriter json = new(text, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                print.Write(json);
            }

            return System.Text.Encoding.UTF8.GetString(text.ToArray());
        }
    }

    [Fact]
    public void Where_nothing_is_declared_nothing_is_created()
    {
        StepIdentity step = new()
        {
            Workflow = "master",
            Step = "Prepare",
            Work = StepWork.Command("true"),
            ProjectDirectory = _scene.Project.Folder.Root,
            WorkingDirectory = new FilePath(_scene.Project.Folder.Root, "."),
        };
        using DigestCache digests = new(_scene.StateDirectory.Combine("master.digests"), TimeProvider.System);
        Fingerprint print = new Fingerprinter(digests, FingerprintKey.In(_scene.StateDirectory), text => text).Compute(step);
        Assert.Equal(["command", "platform", "step", "workflow", "working directory"], print.Components.Select(component => component.Label));
        Assert.False(Directory.Exists(_scene.StateDirectory.Full));
    }

    [Fact]
    public void Many_inputs_come_in_their_order_and_the_first_error_wins()
    {
        for (int i = 0; i < 100; i++)
        {
            _scene.Write($"many/{i:d3}", i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        StepIdentity step = _scene.Step with { Inputs = ["many"] };
        Fingerprint print = _scene.Take(step);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"input many/{i:d3}"), print.Components.Select(component => component.Label).Where(label => label.StartsWith("input ", StringComparison.Ordinal)));
        Assert.Equal(TestProject.Sha256("42"), print.Components.Single(component => component.Label == "input many/042").Hash);

        Unreadable.File(_scene.Project.Folder["many/007"]);
        Unreadable.File(_scene.Project.Folder["many/093"]);
        Assert.Contains("many/007", Assert.Throws<KinetraException>(() => _scene.Take(step)).Message);
    }

    private static Func<StepScene, StepIdentity, StepIdentity> Files(Action<StepScene> change) => (scene, step) =>
    {
        change(scene);
        return step;
    };

    private static Func<StepScene, StepIdentity, StepIdentity> Step(Func<StepIdentity, StepIdentity> change) => (_, step) => change(step);

    private static Dictionary<string, string> Map(params string[] pair) => pair.Length == 0 ? [] : new() { [pair[0]] = pair[1] };

    private static IEnumerable<string> Scripts(Fingerprint print) =>
        print.Components.Select(component => component.Label).Where(label => label.StartsWith("script ", StringComparison.Ordinal));

    private static string Json(Fingerprint print)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            print.Write(json);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
