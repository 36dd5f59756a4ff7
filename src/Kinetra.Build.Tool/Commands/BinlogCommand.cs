using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class BinlogCommand { public static Command Create() => new("binlog"); }
