using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class EnvCommand { public static Command Create() => new("env"); }
