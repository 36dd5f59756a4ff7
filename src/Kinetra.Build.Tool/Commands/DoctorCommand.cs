using System.CommandLine;
namespace Kinetra.Build.Tool.Commands;
internal static class DoctorCommand { public static Command Create() => new("doctor"); }
