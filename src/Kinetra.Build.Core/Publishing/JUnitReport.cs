using System.Globalization;
using System.Text;
using System.Xml;
using Kinetra.Build.Core.Files;
using Kinetra.Build.Core.Runs;

namespace Kinetra.Build.Core.Publishing;

/// <summary>
/// A run as JUnit XML, which CI servers and editors show as test results: the workflow is a suite, each step a case. The form is the part that
/// Jenkins' schema (<c>junit-10.xsd</c> of its xUnit plugin) and that of Ant's JUnit tasks (<c>JUnit.xsd</c> of Windy Road) have in common.
/// </summary>
public static class JUnitReport
{
    private static readonly XmlWriterSettings Readable = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>Writes the report of a run, atomically. Missing directories are created.</summary>
    /// <param name="file">Where.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.JUnitUnwritable"/>: a warning, as the run itself is not touched.</exception>
    public static void Write(FilePath file, PublishedRun run)
    {
        try
        {
            AtomicFile.Write(file, Format(run), durable: false);
        }
        catch (KinetraException error)
        {
            throw new KinetraException(DiagnosticCodes.JUnitUnwritable, $"The JUnit report {file} (KinetraJUnit) cannot be written: {error.Message} The run itself is not affected.", error);
        }
    }

    /// <summary>The report of a run.</summary>
    /// <param name="run">The run.</param>
    public static byte[] Format(PublishedRun run)
    {
        // What went wrong outside of the steps is a case too, or the report would say that all is well.
        bool isFailedOutside = run.Status != RunStatus.Completed && !run.Steps.Any(step => step is { IsCritical: true, Status: StepStatus.Failed or StepStatus.Interrupted });
        using MemoryStream content = new();
        using (XmlWriter xml = XmlWriter.Create(content, Readable))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            Attribute(xml, "package", run.Workflow);
            Attribute(xml, "id", "0");
            Attribute(xml, "name", run.Workflow);
            Attribute(xml, "timestamp", run.StartTime.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
            Attribute(xml, "hostname", Environment.MachineName is { Length: > 0 } host ? host : "localhost");
            Attribute(xml, "tests", Number(run.Steps.Count + (isFailedOutside ? 1 : 0)));
            Attribute(xml, "failures", Number(run.Steps.Count(step => step.Status == StepStatus.Failed)));
            Attribute(xml, "errors", Number(run.Steps.Count(step => step.Status == StepStatus.Interrupted) + (isFailedOutside ? 1 : 0)));
            Attribute(xml, "skipped", Number(run.Steps.Count(step => step.Status == StepStatus.Skipped)));
            Attribute(xml, "time", Seconds(run.Duration));
            WriteProperties(xml, run);
            foreach (PublishedStep step in run.Steps)
            {
                WriteStep(xml, run, step);
            }

            if (isFailedOutside)
            {
                WriteCase(xml, run, $"(workflow {run.Workflow})", TimeSpan.Zero);
                WriteProblem(xml, "error", run.Status.Word(), run.Error ?? $"The run was {run.Status.Word()}.", run.Error);
                xml.WriteEndElement();
            }

            xml.WriteStartElement("system-out");
            xml.WriteString(Valid(string.Concat(run.Steps.Select(Line))));
            xml.WriteEndElement();
            xml.WriteStartElement("system-err");
            xml.WriteString(Valid(run.Error ?? ""));
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        content.WriteByte((byte)'\n');
        return content.ToArray();
    }

    private static void WriteProperties(XmlWriter xml, PublishedRun run)
    {
        xml.WriteStartElement("properties");
        Property(xml, "workflow_id", run.Id);
        Property(xml, "status", run.Status.Word());
        if (run.ContinuesId is not null)
        {
            Property(xml, "continues", run.ContinuesId);
        }

        xml.WriteEndElement();
    }

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        Attribute(xml, "name", name);
        Attribute(xml, "value", value);
        xml.WriteEndElement();
    }

    private static void WriteStep(XmlWriter xml, PublishedRun run, PublishedStep step)
    {
        WriteCase(xml, run, step.Label, step.Duration);
        switch (step.Status)
        {
            case StepStatus.Failed:
                WriteProblem(xml, "failure", step.Status.Word(), step.FirstLine, step.Error);
                break;
            case StepStatus.Interrupted:
                WriteProblem(xml, "error", step.Status.Word(), step.FirstLine ?? "It was interrupted.", step.Error);
                break;
            case StepStatus.Skipped:
                xml.WriteStartElement("skipped");
                Attribute(xml, "message", step.Reason ?? "");
                xml.WriteEndElement();
                break;
        }

        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, PublishedRun run, string name, TimeSpan duration)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "name", name);
        Attribute(xml, "classname", run.Workflow);
        Attribute(xml, "time", Seconds(duration));
    }

    private static void WriteProblem(XmlWriter xml, string element, string type, string? message, string? text)
    {
        xml.WriteStartElement(element);
        Attribute(xml, "message", message ?? "");
        Attribute(xml, "type", type);
        xml.WriteString(Valid(text ?? ""));
        xml.WriteEndElement();
    }

    private static string Line(PublishedStep step)
    {
        string attempts = step.Attempts > 1 ? $" (attempt {step.Attempts})" : "";
        string log = step.LogFile is null || !step.WasRun ? "" : $"; log: {step.LogFile}";
        return step.WasRun
            ? $"{step.Label}: {step.Status.Word()} in {Duration.Format(step.Duration)}{attempts}{log}\n"
            : $"{step.Label}: {step.Status.Word()}, not run: {step.Reason}\n";
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Valid(value));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // Three places at most, and no thousands: what both schemas allow.
    private static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    // XML 1.0 has no place for most control characters, not even escaped.
    private static string Valid(string text)
    {
        StringBuilder? valid = null;
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]);
            if (isPair || XmlConvert.IsXmlChar(text[i]))
            {
                valid?.Append(text, i, isPair ? 2 : 1);
                i += isPair ? 1 : 0;
            }
            else
            {
                valid ??= new StringBuilder(text, 0, i, text.Length);
                valid.Append('\uFFFD');
            }
        }

        return valid?.ToString() ?? text;
    }
}
