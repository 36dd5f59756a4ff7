using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class CompareCommand { public static Command Create() => new("compare"); }
