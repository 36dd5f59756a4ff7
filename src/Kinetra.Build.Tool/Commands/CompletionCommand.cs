using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class CompletionCommand { public static Command Create() => new("completion"); }
