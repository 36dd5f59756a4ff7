using Kinetra.Build.Core;

namespace Kinetra.Build.Tasks;

/// <summary>Reads parameters that take one of a few words.</summary>
internal static class Choice
{
    /// <summary>The choice that a word stands for; case does not matter.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>, with the words that there are.</exception>
    public static T Parse<T>(string name, string text)
        where T : struct, Enum
    {
        string? word = Enum.GetNames<T>().FirstOrDefault(known => known.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
        return word is null
            ? throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not known. Write {string.Join(" or ", Enum.GetNames<T>())}.")
            : Enum.Parse<T>(word);
    }
}
