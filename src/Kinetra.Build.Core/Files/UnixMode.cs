namespace Kinetra.Build.Core.Files;

/// <summary>Permissions as users write them: three or four octal digits, such as <c>0600</c> or <c>644</c>.</summary>
public static class UnixMode
{
    /// <summary>Read and write for the owner alone: what secrets, state and backups get.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A directory for the owner alone.</summary>
    public const UnixFileMode PrivateDirectory = Private | UnixFileMode.UserExecute;

    /// <summary>Reads a mode, or fails with an error that names where it came from.</summary>
    /// <param name="name">The parameter, such as <c>UnixMode</c>.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static UnixFileMode Parse(string name, string text)
    {
        string digits = text.Trim();
        if (digits.Length is < 3 or > 4 || digits.Any(c => c is < '0' or > '7'))
        {
            throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not a file mode. Write three or four octal digits, such as 0600.");
        }

        return (UnixFileMode)Convert.ToInt32(digits, 8);
    }

    /// <summary>Writes a mode as four octal digits.</summary>
    /// <param name="mode">The mode.</param>
    public static string Format(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
