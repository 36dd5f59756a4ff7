using System.Globalization;

namespace Kinetra.Build.Tasks;

/// <summary>Reads how many of something a user wants: a whole number of 1 or more.</summary>
internal static class CountText
{
    /// <summary>Reads a number.</summary>
    /// <param name="text">The text, white space around it allowed.</param>
    /// <param name="count">The number.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, out int count) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;
}
