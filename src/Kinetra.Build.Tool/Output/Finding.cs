using System.Text.Json.Nodes;
using Spectre.Console;

namespace Kinetra.Build.Tool.Output;

/// <summary>How bad a finding is.</summary>
internal enum FindingKind
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>It works, but should be looked at.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Error,
}

/// <summary>What a check has found.</summary>
/// <param name="Name">What was looked at, in a word or two.</param>
/// <param name="Kind">How bad it is.</param>
/// <param name="Message">What was found, and what to do about it.</param>
/// <param name="Code">The diagnostic code; null if there is none.</param>
internal sealed record Finding(string Name, FindingKind Kind, string Message, string? Code = null)
{
    /// <summary>All of them as JSON.</summary>
    public static JsonArray ToJson(IEnumerable<Finding> findings) => JsonOutput.Array(findings.Select(finding => new JsonObject
    {
        ["name"] = finding.Name,
        ["status"] = finding.Kind.ToString().ToLowerInvariant(),
        ["code"] = finding.Code,
        ["message"] = finding.Message,
    }));

    /// <summary>Prints them, a row each.</summary>
    public static void Print(IEnumerable<Finding> findings)
    {
        Table table = Screen.Table("", "", "");
        foreach (Finding finding in findings)
        {
            (string sign, Style style) = finding.Kind switch
            {
                FindingKind.Ok => ("✓", new Style(Color.Green)),
                FindingKind.Warning => ("!", new Style(Color.Yellow)),
                _ => ("✗", new Style(Color.Red)),
            };
            string code = finding.Code is null ? "" : finding.Code + ": ";
            table.AddRow(Screen.Cell(sign, style), Screen.Cell(finding.Name), Screen.Cell(code + finding.Message.ReplaceLineEndings(" ")));
        }

        Screen.Out.Write(table);
    }
}
