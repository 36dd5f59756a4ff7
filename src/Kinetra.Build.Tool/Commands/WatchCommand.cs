using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class WatchCommand { public static Command Create() => new("watch"); }
