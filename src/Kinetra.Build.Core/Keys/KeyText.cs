using System.Text;

namespace Kinetra.Build.Core.Keys;

/// <summary>What the text of an environment variable says of a key. No error shows the text.</summary>
/// <param name="Secret">The 32 bytes, or the passphrase in UTF-8.</param>
/// <param name="IsPassphrase">Which of the two.</param>
internal readonly record struct KeyText(byte[] Secret, bool IsPassphrase)
{
    private const string PassphrasePrefix = "passphrase:";
    private const int MinPassphrase = 16;

    // Ends with the command, so that it can be copied.
    private const string NewKey = "32 random bytes in base64, which are 44 characters; make one with: openssl rand -base64 32";

    /// <summary>Reads the value of a variable.</summary>
    /// <param name="setting">The property that names the variable.</param>
    /// <param name="variable">The name of the variable.</param>
    /// <param name="value">Its value; null if it is not set.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.UnusableKey"/>.</exception>
    public static KeyText Read(string setting, string variable, string? value)
    {
        RefuseName(setting, variable);

        // A value that was read from a file, as by a secret store, often ends with a line end that nobody meant.
        string text = (value ?? "").TrimEnd('\r', '\n');
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Refuse(setting, variable, value is null ? "is not set" : "is empty");
        }

        KeyText key = text.StartsWith(PassphrasePrefix, StringComparison.Ordinal)
            ? new KeyText(ReadPassphrase(setting, variable, text[PassphrasePrefix.Length..]), true)
            : new KeyText(ReadBytes(setting, variable, text.Trim()), false);
        return key.Secret.AsSpan().ContainsAnyExcept(key.Secret[0]) ? key : throw Refuse(setting, variable, "holds the same byte over and over, which is no secret");
    }

    /// <summary>The error for a value that is no key.</summary>
    /// <param name="setting">The property that names the variable.</param>
    /// <param name="variable">The name of the variable.</param>
    /// <param name="what">What is wrong with it; the variable is the subject.</param>
    public static KinetraException Refuse(string setting, string variable, string what) =>
        new(DiagnosticCodes.UnusableKey, $"{setting}: the environment variable {variable} {what}. Set it to the key in use; a new one is {NewKey}");

    /// <summary>No member is shown.</summary>
    public override string ToString() => nameof(KeyText);

    private static void RefuseName(string setting, string variable)
    {
        // Whoever writes the key itself where its variable's name belongs should not see it in the log as well. Neither
        // base64 of 32 bytes, which ends with =, nor "passphrase:" can be a name.
        bool isName = variable.Length > 0 && !char.IsAsciiDigit(variable[0]) && variable.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (!isName)
        {
            throw new KinetraException(DiagnosticCodes.UnusableKey, $"{setting} is not the name of an environment variable (letters, digits and _ only, no digit first); its value is not shown. Name the variable that holds the key, such as {Example(setting)}. If the key itself stands there, replace it (openssl rand -base64 32): logs show properties.");
        }

        if (LoggedVariables.PrefixOf(variable) is { } logged)
        {
            throw new KinetraException(DiagnosticCodes.UnusableKey, $"{setting}: the environment variable {variable} cannot hold a key: every binlog has the variables that begin with {logged}. Name another one, with a new key: {NewKey}");
        }
    }

    // KINETRA_BACKUP_KEY for KinetraBackupKeyVariable, as in the documentation.
    private static string Example(string setting) =>
        string.Concat(setting.Replace("Variable", "", StringComparison.Ordinal).Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    private static byte[] ReadBytes(string setting, string variable, string text)
    {
        byte[] bytes = new byte[SecretKey.Size];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
        {
            // Base64 of the wrong length is worth a message of its own: the cure is another number, not another program.
            byte[] longer = new byte[text.Length];
            string what = Convert.TryFromBase64String(text, longer, out length) ? Length(length) : $"is neither base64 nor does it begin with \"{PassphrasePrefix}\"";
            throw Refuse(setting, variable, what);
        }

        return length == SecretKey.Size ? bytes : throw Refuse(setting, variable, Length(length));
    }

    private static string Length(int bytes) => $"holds {bytes} bytes in base64 instead of {SecretKey.Size}";

    private static byte[] ReadPassphrase(string setting, string variable, string text)
    {
        int characters = text.EnumerateRunes().Count();
        if (characters < MinPassphrase)
        {
            throw Refuse(setting, variable, $"holds a passphrase of {characters} characters; {MinPassphrase} or more are needed");
        }

        // What was no UTF-8 in the environment comes as U+FFFD, and with it different passphrases as the same one.
        return text.EnumerateRunes().Contains(Rune.ReplacementChar)
            ? throw Refuse(setting, variable, "holds a passphrase that is not UTF-8")
            : Encoding.UTF8.GetBytes(text);
    }
}
