using Spectre.Console;

namespace Kinetra.Build.Tool.Output;

/// <summary>Where people read: a terminal with colours, or plain text where output is redirected or <c>NO_COLOR</c> is set.</summary>
internal static class Screen
{
    // Redirected lines are not broken: whoever reads them has a program for that.
    private const int Unlimited = 10_000;

    private static readonly Lazy<IAnsiConsole> Console = new(Create);

    /// <summary>The console.</summary>
    public static IAnsiConsole Out => Console.Value;

    /// <summary>Whether a person looks at it.</summary>
    public static bool IsTerminal => !System.Console.IsOutputRedirected;

    /// <summary>A table without lines, as wide as its content.</summary>
    /// <param name="headers">The headers of its columns; those that end in <c>&gt;</c> are aligned to the right.</param>
    public static Table Table(params string[] headers)
    {
        Table table = new() { Border = TableBorder.None, ShowHeaders = headers.Any(header => header.Length > 0) };
        foreach (string header in headers)
        {
            bool isRight = header.EndsWith('>');
            table.AddColumn(new TableColumn(new Text(header.TrimEnd('>'), new Style(decoration: Decoration.Bold))) { Padding = new Padding(0, 0, 2, 0), Alignment = isRight ? Justify.Right : Justify.Left, NoWrap = isRight });
        }

        return table;
    }

    /// <summary>A cell that is shown as it is, without escape sequences and markup.</summary>
    public static Text Cell(string text, Style? style = null) => new(SafeText.Lines(text), style);

    /// <summary>Writes a line.</summary>
    public static void Line(string text, Style? style = null)
    {
        Out.Write(new Text(SafeText.Lines(text), style));
        Out.WriteLine();
    }

    private static IAnsiConsole Create()
    {
        bool isPlain = System.Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = System.Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(System.Console.IsOutputRedirected ? new TrimmingWriter(System.Console.Out) : System.Console.Out),

            // They would colour the logs of CI systems, redirected or not.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (System.Console.IsOutputRedirected)
        {
            console.Profile.Width = Unlimited;
        }

        return console;
    }
}
