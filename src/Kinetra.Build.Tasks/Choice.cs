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
        // Not the generic methods of Enum, which are compiled anew for each enumeration.
        string[] words = Enum.GetNames(typeof(T));
        string? word = Array.Find(words, known => known.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
        return word is null
            ? throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not known. Write {string.Join(" or ", words)}.")
            : (T)Enum.Parse(typeof(T), word);
    }
}
