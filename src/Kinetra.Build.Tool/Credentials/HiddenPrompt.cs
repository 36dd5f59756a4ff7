using Kinetra.Build.Core;
using Spectre.Console;

namespace Kinetra.Build.Tool.Credentials;

/// <summary>Asks for a value without showing it.</summary>
internal static class HiddenPrompt
{
    /// <summary>The value: what is typed, or, where stdin is no terminal, what comes from there without its last line end.</summary>
    /// <param name="name">The variable.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.NoTerminal"/>: there is no value.</exception>
    public static string Ask(string name)
    {
        string value = Console.IsInputRedirected ? WithoutLineEnd(Console.In.ReadToEnd()) : Typed(name);
        return value.Length > 0
            ? value
            : throw new KinetraException(DiagnosticCodes.NoTerminal, Console.IsInputRedirected
                ? $"There is no value for {name}: stdin is empty, and no terminal to ask at. Pipe the value to the command, or run it at a terminal."
                : $"No value was given for {name}; nothing was changed.");
    }

    private static string WithoutLineEnd(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    // On stderr, so that stdout can be redirected.
    private static string Typed(string name)
    {
        // Turns the terminal's echo off. The first key that is asked for would do so too, but what is typed or pasted as soon as the question is there may come before that.
        _ = Console.KeyAvailable;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error), Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false }, Interactive = InteractionSupport.Yes });
        return console.Prompt(new TextPrompt<string>($"Value of {Markup.Escape(name)} (it is not shown):").Secret(null).AllowEmpty());
    }
}
