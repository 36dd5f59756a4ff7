using Xunit;

namespace Kinetra.Build.Tasks.Tests.Changes;

/// <summary>The kinds of change, in the order of the table in docs/step-cache.md.</summary>
internal static class StepChanges
{
    private const string Unchanged = "nothing that it declares has changed since run RUN";
    private const string FromCache = "restored from the cache as in run RUN";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<StepChange> All { get; } = [.. Inputs(), .. Outputs(), .. Cache(), .. Work(), .. Environment(), .. Surroundings(), .. Past()];

    private static IEnumerable<StepChange> Inputs() =>
    [
        new("nothing", Verdict.DoesNotRun, [Unchanged], _ => { }),
        new("content of an input", Verdict.Runs, ["input in/a.txt changed"], scene => scene.Write("in/a.txt", "A\n")),
        new("input added", Verdict.Runs, ["input in/c.txt added"], scene => scene.Write("in/c.txt", "c\n")),
        new("input removed", Verdict.Runs, ["input in/b.txt is gone"], scene => scene.Delete("in/b.txt")),
        new("input renamed", Verdict.Runs, ["input in/b.txt is gone", "input in/c.txt added"], scene => scene.Rename("in/b.txt", "in/c.txt")),
        new("input touched only", Verdict.DoesNotRun, [Unchanged], scene => scene.Touch("in/a.txt")),
        new("input written anew with the same content", Verdict.DoesNotRun, [Unchanged], scene =>
        {
            scene.Delete("in/a.txt");
            scene.Write("in/a.txt", "a\n");
        }),
        new("mode of an input", Verdict.DoesNotRun, [Unchanged], scene => scene.MakeProgram("in/a.txt")),
        new("`Inputs` written otherwise, for the same files", Verdict.DoesNotRun, [Unchanged], scene => scene.Step["Inputs"] = "in/b.txt;in/a.txt"),
        new("file that it reads and nobody declares", Verdict.DoesNotRun, [Unchanged], scene => scene.Write(ChangeScene.Undeclared, "2\n")) { Setup = scene => scene.KnownUndeclared = "1" },
    ];

    private static IEnumerable<StepChange> Outputs() =>
    [
        new("output deleted", Verdict.IsRestored, [FromCache, "output out/all.txt is gone"], scene => scene.Delete("out/all.txt")),
        new("output edited", Verdict.IsRestored, [FromCache, "output out/all.txt changed"], scene => scene.Write("out/all.txt", "edited")),
        new("output touched only", Verdict.DoesNotRun, [Unchanged], scene => scene.Touch("out/all.txt")),
        new("mode of an output", Verdict.DoesNotRun, [Unchanged], scene => scene.MakeProgram("out/all.txt")),
        new("file added that matches `Outputs`", Verdict.DoesNotRun, [Unchanged], scene => scene.Write("out/words-more.txt", "more"))
        {
            After = scene => Assert.Equal("more", scene.Read("out/words-more.txt")),
        },
        new("file that it had made of other inputs", Verdict.IsRestored, [FromCache, "output out/all.txt changed, and 1 more"], scene =>
        {
            scene.Write("in/c.txt", "c\n");
            scene.BuildWell();
            Assert.Equal("c\n", scene.Read("out/c.txt"));
            scene.Delete("in/c.txt");
        })
        {
            Setup = CopyInputs,
            After = scene => Assert.False(File.Exists(scene["out/c.txt"])),
        },
        new("such a file, edited since", Verdict.IsRestored, [FromCache, "output out/all.txt changed"], scene =>
        {
            scene.Write("in/c.txt", "c\n");
            scene.BuildWell();
            scene.Delete("in/c.txt");
            scene.Write("out/c.txt", "mine");
        })
        {
            Setup = CopyInputs,
            After = scene => Assert.Equal("mine", scene.Read("out/c.txt")),
        },
        new("file edited that is an input and an output", Verdict.Runs, ["output data/a.txt changed, and it is an input too"], scene => scene.Write("data/a.txt", "mine\n"))
        {
            Setup = ChangeInPlace,
            After = scene => Assert.Equal("mine\n", scene.Read("data/a.txt")),
        },
        new("file added that is an input and an output", Verdict.Runs, ["input data/b.txt added"], scene => scene.Write("data/b.txt", "b\n"))
        {
            Setup = ChangeInPlace,
            After = scene => Assert.Equal("b\n", scene.Read("data/b.txt")),
        },
        new("file deleted that is an input and an output", Verdict.Runs, ["output data/b.txt is gone, and it is an input too"], scene => scene.Delete("data/b.txt"))
        {
            Setup = scene =>
            {
                ChangeInPlace(scene);
                scene.Write("data/b.txt", "b\n");
            },
            After = scene => Assert.False(File.Exists(scene["data/b.txt"])),
        },
        new("symbolic link among the outputs that leads elsewhere", Verdict.Runs, ["output out/now changed, and a symbolic link leads elsewhere"], scene =>
        {
            File.Delete(scene["out/now"]);
            File.CreateSymbolicLink(scene["out/now"], "../kept/2");
        })
        {
            Setup = scene =>
            {
                scene.Write("kept/1", "first");
                scene.Write("kept/2", "second");
                Append(scene, "ln -sfn ../kept/1 out/now");
                scene.Step["Outputs"] += ";out/now";
            },
            After = scene => Assert.Equal(("second", "first"), (scene.Read("kept/2"), scene.Read("out/now"))),
        },
        new("all outputs deleted, and their directory", Verdict.IsRestored, [FromCache, "output out/all.txt is gone", "1 more"], scene => scene.DeleteDirectory("out")),
        new("`Outputs` written otherwise, for the same files", Verdict.Runs, ["outputs changed: out/all.txt;out/words*.txt → out/*.txt"], scene => scene.Step["Outputs"] = "out/*.txt"),
    ];

    private static IEnumerable<StepChange> Cache() =>
    [
        new("cache deleted", Verdict.Runs, ["the cache does not have it"], scene => scene.DeleteDirectory(scene.CacheDirectory)),
        new("cache and an output deleted", Verdict.Runs, ["the cache does not have it"], scene =>
        {
            scene.DeleteDirectory(scene.CacheDirectory);
            scene.Delete("out/all.txt");
        }),
        new("output deleted, its content in the cache damaged", Verdict.Runs, ["output out/all.txt is gone", "the cache does not have all of it any more"], scene =>
        {
            scene.Delete("out/all.txt");
            Damage(scene.Cached("objects"));
        })
        {
            // A plan does not read contents.
            Foreseen = "does not run",
        },
        new("output deleted, its content in the cache as well", Verdict.Runs, ["output out/all.txt is gone", "the cache does not have all of it any more"], scene =>
        {
            scene.Delete("out/all.txt");
            Directory.Delete(Path.Combine(scene[scene.CacheDirectory], "objects"), recursive: true);
        }),
        new("entry in the cache damaged", Verdict.Runs, ["the cache does not have it"], scene => Damage(scene.Cached("steps"))),
        new("state directory deleted", Verdict.DoesNotRun, [Unchanged], scene => scene.DeleteDirectory(".workflow_state")),
        new("`KinetraCacheDirectory` set to nothing", Verdict.Runs, ["a run from the start"], scene => scene.CommandLine["KinetraCacheDirectory"] = "") { Settles = false },
        new("`Cache=\"false\"`", Verdict.Runs, ["it does not use the cache"], scene => scene.Step["Cache"] = "false") { Settles = false },
        new("`Rebuild`", Verdict.Runs, ["a run from the start"], scene => scene.Target = "Rebuild") { Settles = false },
        new("no `Inputs`", Verdict.Runs, ["it does not declare both inputs and outputs", "always runs"], _ => { }) { Setup = scene => scene.Step.Remove("Inputs"), Settles = false },
        new("no `Outputs`", Verdict.Runs, ["it does not declare both inputs and outputs", "always runs"], _ => { }) { Setup = scene => scene.Step.Remove("Outputs"), Settles = false },
    ];

    private static IEnumerable<StepChange> Work() =>
    [
        new("`Command`", Verdict.Runs, ["command changed: sh steps/make.sh one two → sh steps/make.sh one three"], scene =>
        {
            scene.Step["Command"] = "sh steps/make.sh one three";
            scene.Words = "one three slow";
        }),
        new("order of `Arguments`", Verdict.Runs, ["command changed: sh steps/make.sh one two → sh steps/make.sh two one"], scene =>
        {
            scene.Step["Arguments"] = "sh;steps/make.sh;two;one";
            scene.Words = "two one slow";
        })
        {
            Setup = UseArguments,
        },
        new("`Command` written as `Arguments`", Verdict.Runs, ["command changed"], UseArguments),
        new("script that the command names", Verdict.Runs, ["script steps/make.sh changed"], scene => scene.Write("steps/make.sh", scene.Read("steps/make.sh") + "\n# changed\n")),
        new("`WorkingDirectory`", Verdict.Runs, ["working directory changed: . → other"], scene => scene.Step["WorkingDirectory"] = "other"),
        new("program in `Tools`", Verdict.Runs, ["tool ./tool changed"], scene => scene.Write("tool", "2"))
        {
            Setup = scene =>
            {
                scene.Write("tool", "1");
                scene.MakeProgram("tool");
                scene.Step["Tools"] = "./tool";
            },
        },
        new("what a command line in `Tools` prints", Verdict.Runs, ["tool cat version.txt changed: 1.0 → 2.0"], scene => scene.Write("version.txt", "2.0\n"))
        {
            Setup = scene =>
            {
                scene.Write("version.txt", "1.0\n");
                scene.Step["Tools"] = "cat version.txt";
            },
        },
        new("`Salt`", Verdict.Runs, ["salt changed: 1 → 2"], scene => scene.Step["Salt"] = "2") { Setup = scene => scene.Step["Salt"] = "1" },
    ];

    private static IEnumerable<StepChange> Environment() =>
    [
        new("value of a variable in `Environment`", Verdict.Runs, ["variable MODE changed: slow → fast"], scene =>
        {
            scene.Step["Environment"] = "MODE=fast";
            scene.Words = "one two fast";
        }),
        new("variable added to `Environment`", Verdict.Runs, ["variable MORE added"], scene => scene.Step["Environment"] = "MODE=slow;MORE=1"),
        new("variable removed from `Environment`", Verdict.Runs, ["variable MODE is gone"], scene =>
        {
            scene.Step.Remove("Environment");
            scene.Words = "one two ";
        }),
        new("other variable of the build's environment", Verdict.DoesNotRun, [Unchanged], scene => scene.SetVariable("KINETRA_CHANGE_OTHER", "2")) { Setup = scene => scene.SetVariable("KINETRA_CHANGE_OTHER", "1") },
        new("value of a variable in `SecretVariables`", Verdict.Runs, ["secret KINETRA_CHANGE_TOKEN changed"], scene => scene.SetVariable("KINETRA_CHANGE_TOKEN", "change-token-two-8842"))
        {
            Setup = scene =>
            {
                scene.SetVariable("KINETRA_CHANGE_TOKEN", "change-token-one-7731");
                scene.Step["SecretVariables"] = "KINETRA_CHANGE_TOKEN";
            },
            After = scene => AssertNowhere(scene, "change-token"),
        },
        new("value of a variable in `KinetraSecretVariables` only", Verdict.DoesNotRun, [Unchanged], scene => scene.SetVariable("KINETRA_CHANGE_MASKED", "change-masked-two-8842"))
        {
            Setup = scene =>
            {
                scene.SetVariable("KINETRA_CHANGE_MASKED", "change-masked-one-7731");
                scene.Properties["KinetraSecretVariables"] = "KINETRA_CHANGE_MASKED";
            },
            After = scene => AssertNowhere(scene, "change-masked"),
        },
        new("content of the `EnvironmentFile`", Verdict.Runs, ["secret SETTING changed"], scene =>
        {
            scene.Write("step.env", "SETTING=change-setting-two-8842\n");
            Accept(scene, "step.env");
        })
        {
            Setup = scene =>
            {
                scene.Write("step.env", "SETTING=change-setting-one-7731\n");
                scene.Step["EnvironmentFile"] = "step.env";
            },
            After = scene => AssertNowhere(scene, "change-setting"),
        },
    ];

    private static IEnumerable<StepChange> Surroundings() =>
    [
        new("policy of the step", Verdict.DoesNotRun, [Unchanged], scene =>
        {
            foreach ((string name, string value) in Policy)
            {
                scene.Step[name] = value;
            }

            scene.More = "<KinetraPool Include=\"one\" Limit=\"1\" />";
        }),
        new("settings of the run", Verdict.DoesNotRun, [Unchanged], scene =>
        {
            foreach ((string name, string value) in Settings)
            {
                scene.Properties[name] = value;
            }
        }),
        new("`DependsOn`", Verdict.DoesNotRun, [Unchanged], scene => scene.Step["DependsOn"] = "other") { Setup = scene => scene.More = Other, Foreseen = "perhaps runs" },
        new("another step added", Verdict.DoesNotRun, [Unchanged], scene => scene.More = Other),
        new("a step before it ran again and made the same", Verdict.DoesNotRun, [Unchanged], scene => scene.Write("source.txt", "first\nSECOND\n"))
        {
            Setup = Upstream,
            Foreseen = "perhaps runs",
            After = scene => Assert.Equal((1, "completed"), (scene.Ran("up"), scene.Status("up"))),
        },
        new("a step before it ran again and made something else", Verdict.Runs, ["input in/up.txt changed"], scene => scene.Write("source.txt", "FIRST\nsecond\n"))
        {
            Setup = Upstream,
            Foreseen = "perhaps runs",
            After = scene => Assert.Equal((1, "completed"), (scene.Ran("up"), scene.Status("up"))),
        },
        new("name of the step", Verdict.Runs, ["it has not succeeded before"], scene => scene.Name = "other name"),
        new("name of the workflow", Verdict.Runs, ["it has not succeeded before"], scene => scene.Properties["KinetraWorkflow"] = "other"),
        new("name of the project's file", Verdict.Runs, ["of project changed: ../master.proj → ../other.proj"], scene => scene.File = "other.proj") { Setup = scene => scene.Properties["KinetraWorkflow"] = "same" },
        new("project moved to another folder", Verdict.DoesNotRun, [Unchanged], scene => scene.Move("moved")),
        new("another checkout with the same `KinetraCacheDirectory`", Verdict.IsRestored, [FromCache, "output out/all.txt is gone", "1 more"], scene => scene.CheckOut("checkout"))
        {
            Setup = scene =>
            {
                scene.CacheDirectory = scene.Beside("cache");
                scene.Properties["KinetraCacheDirectory"] = scene.CacheDirectory;
            },
        },
    ];

    private static IEnumerable<StepChange> Past() =>
    [
        new("back to what it was two runs ago", Verdict.IsRestored, [FromCache, "output out/all.txt changed"], scene =>
        {
            scene.Write("in/a.txt", "A\n");
            scene.BuildWell();
            Assert.Equal(1, scene.Ran());
            scene.Write("in/a.txt", "a\n");
        }),
        new("its last run failed", Verdict.Runs, ["input in/a.txt changed"], scene =>
        {
            scene.Write("in/a.txt", "A\n");
            Fail(scene);
        }),
        new("its only run failed", Verdict.Runs, ["it has not succeeded before"], scene =>
        {
            scene.DeleteDirectory(".workflow_state");
            scene.DeleteDirectory(scene.CacheDirectory);
            Fail(scene);
        }),
        new("its last run failed, and what it declares is again as it was before", Verdict.DoesNotRun, [Unchanged], scene =>
        {
            scene.Write("in/a.txt", "A\n");
            Fail(scene);
            scene.Write("in/a.txt", "a\n");
        }),
        new("an input changed while it ran", Verdict.Runs, ["input in/a.txt changed"], Disturb),
        new("an input changed while it ran, and is again as it was before", Verdict.Runs, ["what it reads changed while it ran in run"], scene =>
        {
            Disturb(scene);
            scene.Write("in/a.txt", "A\n");
        }),
    ];

    private static (string, string)[] Policy =>
    [
        ("MaxAttempts", "7"), ("RetryDelay", "1s"), ("MaxRetryDelay", "2s"), ("RetryExitCodes", "75"), ("NoRetryExitCodes", "2"), ("Timeout", "10m"), ("Critical", "false"),
        ("Suggestion", "Look here."), ("Priority", "5"), ("Pool", "one"), ("ExpectedDuration", "5s"),
    ];

    private static (string, string)[] Settings =>
    [
        ("KinetraMaxParallel", "1"), ("KinetraOnFailure", "Cancel"), ("KinetraKeepGoing", "true"), ("KinetraCacheSize", "1GB"), ("KinetraGracePeriod", "1s"), ("KinetraLogKeep", "5"),
        ("KinetraLogDirectory", "elsewhere/logs"), ("KinetraBackupDirectory", "elsewhere/backups"), ("KinetraDebug", "true"), ("Configuration", "Release"), ("Version", "2.0.0"),
    ];

    private static string Other => ChangeScene.StepXml("other", new Dictionary<string, string> { ["Command"] = "true" });

    private static void CopyInputs(ChangeScene scene)
    {
        Append(scene, "cp in/*.txt out");
        scene.Step["Outputs"] = "out/";
    }

    private static void ChangeInPlace(ChangeScene scene)
    {
        scene.Write("data/a.txt", "a   b\n");
        Append(scene, "for file in data/*; do sed -i 's/  */ /g' $file; done");
        scene.Step["Inputs"] += ";data/*.txt";
        scene.Step["Outputs"] += ";data/";
    }

    private static void Append(ChangeScene scene, string line) => scene.Write("steps/make.sh", $"{scene.Read("steps/make.sh")}\n{line}\n");

    private static void UseArguments(ChangeScene scene)
    {
        scene.Step.Remove("Command");
        scene.Step["Arguments"] = "sh;steps/make.sh;one;two";
    }

    /// <summary>Adds a step that makes an input of the other one, of the first line of its own.</summary>
    public static void Upstream(ChangeScene scene)
    {
        scene.Write("source.txt", "first\nsecond\n");
        scene.Write("steps/up.sh", "echo up >> ran.txt\nhead -n 1 source.txt > in/up.txt\n");
        scene.More = ChangeScene.StepXml("up", new Dictionary<string, string> { ["Command"] = "sh steps/up.sh", ["Inputs"] = "source.txt", ["Outputs"] = "in/up.txt" });
        scene.Step["DependsOn"] = "up";
    }

    private static void Fail(ChangeScene scene)
    {
        scene.Write("fail", "");
        scene.Build();
        Assert.Equal((false, "failed"), (scene.Result.Succeeded, scene.Status()));
        scene.Delete("fail");
    }

    private static void Disturb(ChangeScene scene)
    {
        scene.Write("in/a.txt", "A\n");
        scene.Write("disturb", "");
        scene.BuildWell();
        Assert.Equal("KIN4009", Assert.Single(scene.Result.Warnings).Code);
        scene.Delete("disturb");
    }

    private static void Accept(ChangeScene scene, string file) =>
        Assert.True(Engine.Build(scene[scene.File], "KinetraAcceptFile", ("KinetraFile", file)).Succeeded);

    // As long as it was, so that only its content tells.
    private static void Damage(IReadOnlyList<string> files)
    {
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            byte[] content = File.ReadAllBytes(file);
            content[^1] ^= 1;
            File.Delete(file);
            File.WriteAllBytes(file, content);
        }
    }

    private static void AssertNowhere(ChangeScene scene, string secret)
    {
        string[] files = [.. scene.WrittenFiles()];
        Assert.Contains(files, file => File.ReadAllText(file).Contains("token", StringComparison.Ordinal));
        Assert.All(files, file => Assert.DoesNotContain(secret, File.ReadAllText(file)));
        Assert.All(scene.Result.Messages, message => Assert.DoesNotContain(secret, message.Message));
    }
}
