using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class PlanCommand { public static Command Create() => new("plan"); }
