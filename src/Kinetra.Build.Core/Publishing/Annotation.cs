namespace Kinetra.Build.Core.Publishing;

/// <summary>An error or a warning as a service shows it beside the build. Secrets are masked in it.</summary>
/// <param name="IsError">Whether it is an error; otherwise it is a warning.</param>
/// <param name="Text">What it says; it may have several lines.</param>
public sealed record Annotation(bool IsError, string Text)
{
    /// <summary>Its code, such as <c>KIN4001</c>; null for none.</summary>
    public string? Code { get; init; }

    /// <summary>The file that it is about, as the service finds it; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Where in the file: first line, column, last line, column, from 1; 0 stands for none.</summary>
    public (int Line, int Column, int EndLine, int EndColumn) Place { get; init; }

    /// <summary>The line by which a service is told.</summary>
    /// <param name="service">The service.</param>
    /// <returns>Null if there is no service.</returns>
    public string? LineFor(CiService service) => service switch
    {
        CiService.GitHub => GitHubCommand.Annotate(this),
        CiService.AzurePipelines => AzureCommand.LogIssue(this),
        CiService.TeamCity => TeamCityMessage.Report(this),
        _ => null,
    };
}
