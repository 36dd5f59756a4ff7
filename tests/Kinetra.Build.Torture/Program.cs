using Kinetra.Build.Core;
using Kinetra.Build.Core.Processes;
using Kinetra.Build.Torture;

// The victim of the tests in Kinetra.Build.Core.Tests/Sweeps: does one thing to one project folder, so that they can kill it,
// make its system calls fail and look at what is left. It runs on the main thread, as strace counts calls per thread.
//
//   Kinetra.Build.Torture OPERATION FOLDER            one of Operation.All, once
//   Kinetra.Build.Torture hammer FOLDER NAME SECONDS  writes versions of a file as fast as it can
//   Kinetra.Build.Torture cache-hammer FOLDER NUMBER COUNT
//                                                     restores or stores so many steps in a cache, and trims it
//   Kinetra.Build.Torture cache-cost FOLDER STEPS     stores and restores so many steps, and prints what that has cost
//   Kinetra.Build.Torture watch FOLDER SECONDS        reads it as fast as it can
//   Kinetra.Build.Torture cost FOLDER STEPS           records so many steps, and prints what that has cost
//   Kinetra.Build.Torture end-leftovers MARK          ends the processes that carry a mark
//   Kinetra.Build.Torture run|run-unknown|storm FOLDER MARK SHELL PATH GRACE_MS LINE|COUNT
//                                                     runs programs under a watchdog until it is killed
//
// It prints one line, "ok" with counts or "CODE: message", and exits with 0; 1 for a coded error; 70 for any other.
try
{
    switch (args)
    {
        case ["hammer", var folder, var name, var seconds]:
            Console.WriteLine(Hammer.Run(folder, name, Seconds(seconds)));
            return 0;
        case ["cache-hammer", var folder, var worker, var count]:
            Console.WriteLine(CacheHammer.Run(folder, int.Parse(worker), int.Parse(count)));
            return 0;
        case ["cache-cost", var folder, var steps]:
            Console.WriteLine(CacheHammer.Cost(folder, int.Parse(steps)));
            return 0;
        case ["watch", var folder, var seconds]:
            Console.WriteLine(Watch.Run(folder, Seconds(seconds)));
            return 0;
        case ["cost", var folder, var steps]:
            foreach (string line in Cost.Run(folder, int.Parse(steps)))
            {
                Console.WriteLine(line);
            }

            return 0;
        case ["end-leftovers", var mark]:
            Console.WriteLine($"ok {ProcessTree.EndLeftovers([mark], TimeSpan.FromSeconds(2), TimeProvider.System)}");
            return 0;
        case [var verb, var folder, var prefix, var shell, var path, var grace, var line]:
            Supervised build = new(folder, prefix, shell, path, TimeSpan.FromMilliseconds(int.Parse(grace)));
            switch (verb)
            {
                case "run":
                    build.Run(line);
                    break;
                case "run-unknown":
                    build.RunUnknown(line);
                    break;
                case "storm":
                    build.Storm(int.Parse(line));
                    break;
            }

            return 0;
        case [var verb, var folder]:
            Operation.Named(verb).Run(new Scene(folder));
            Console.WriteLine("ok");
            return 0;
        default:
            throw new ArgumentException("Name an operation and a folder.");
    }
}
catch (KinetraException error)
{
    Console.WriteLine($"{error.Code}: {error.Message}");
    return 1;
}
#pragma warning disable CA1031 // The last line of defence: a bug must show as 70, not as a core dump.
catch (Exception error)
{
    Console.WriteLine(error);
    return 70;
}

static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(int.Parse(text));
