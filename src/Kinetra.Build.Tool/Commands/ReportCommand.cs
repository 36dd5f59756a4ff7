using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class ReportCommand { public static Command Create() => new("report"); }
