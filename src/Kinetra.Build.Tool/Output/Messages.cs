using Kinetra.Build.Core;

namespace Kinetra.Build.Tool.Output;

/// <summary>Errors and warnings, a line each, on stderr.</summary>
internal static class Messages
{
    /// <summary>An error.</summary>
    public static void Error(KinetraException error) => Write("error", error);

    /// <summary>A warning.</summary>
    public static void Warning(KinetraException warning) => Write("warning", warning);

    /// <summary>A note.</summary>
    public static void Note(string text) => Console.Error.WriteLine(SafeText.Line(text));

    private static void Write(string kind, KinetraException error) =>
        Console.Error.WriteLine($"kinetra: {kind} {error.Code}: {SafeText.Line(error.Message)}");
}
