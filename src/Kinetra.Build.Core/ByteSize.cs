using System.Globalization;

namespace Kinetra.Build.Core;

/// <summary>Amounts of data as users write them: <c>5GB</c>, <c>500 MB</c>, <c>1.5TB</c>, <c>1048576</c> (bytes). A kilobyte has 1,024 bytes, and so on.</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    /// <summary>Reads an amount, or fails with an error that names where it came from.</summary>
    /// <param name="name">The property or parameter.</param>
    /// <param name="text">Its value.</param>
    /// <returns>The amount in bytes, 1 or more.</returns>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.InvalidValue"/>.</exception>
    public static long Parse(string name, string text)
    {
        string trimmed = text.Trim();
        int digits = 0;
        while (digits < trimmed.Length && (char.IsAsciiDigit(trimmed[digits]) || trimmed[digits] == '.'))
        {
            digits++;
        }

        string unit = trimmed[digits..].Trim();
        int power = unit.Length == 0 ? 0 : Array.FindIndex(Units, known => known.Equals(unit, StringComparison.OrdinalIgnoreCase));
        bool isNumber = double.TryParse(trimmed[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        double bytes = number * Math.Pow(1024, power);
        return isNumber && power >= 0 && bytes is >= 1 and < 1e18
            ? (long)bytes
            : throw new KinetraException(DiagnosticCodes.InvalidValue, $"{name}: \"{text}\" is not an amount of data. Write 5GB, 500MB, or a number of bytes from 1 on.{(bytes == 0 && isNumber ? " For no cache at all set KinetraCacheDirectory to nothing." : "")}");
    }

    /// <summary>Writes an amount for people: <c>512 B</c>, <c>1.4 MB</c>, <c>23 GB</c>.</summary>
    /// <param name="bytes">The amount.</param>
    public static string Format(long bytes)
    {
        double amount = bytes;
        int unit = 0;
        for (; amount >= 999.5 && unit < Units.Length - 1; unit++)
        {
            amount /= 1024;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || amount >= 9.95 ? Math.Round(amount) : Math.Round(amount, 1))} {Units[unit]}");
    }
}
