using System.Globalization;

namespace Kinetra.Build.Core.Tests;

/// <summary>How many cases a test with random input tries.</summary>
internal static class PropertyCases
{
    /// <summary>Sequences against a model; <c>KINETRA_PROPERTY_CASES</c> sets the number.</summary>
    public static long Sequences => Number("KINETRA_PROPERTY_CASES", 200);

    /// <summary>Damaged input for a reader; <c>KINETRA_FUZZ_CASES</c> sets the number.</summary>
    public static long Fuzz => Number("KINETRA_FUZZ_CASES", 10_000);

    /// <summary>Damaged input in files, which take a thousand times as long as the rest.</summary>
    public static long FileFuzz => Math.Max(500, Fuzz / 1000);

    private static long Number(string name, long standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : standard;
}
