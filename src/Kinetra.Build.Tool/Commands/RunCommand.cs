using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class RunCommand { public static Command Create() => new("run"); }
