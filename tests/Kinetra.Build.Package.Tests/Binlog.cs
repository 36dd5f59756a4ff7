using Microsoft.Build.Framework;
using Microsoft.Build.Logging.StructuredLogger;

namespace Kinetra.Build.Package.Tests;

/// <summary>Reads binlogs as Structured Log Viewer does.</summary>
internal static class Binlog
{
    /// <summary>The tree of a binlog.</summary>
    public static Microsoft.Build.Logging.StructuredLogger.Build Read(string file) => BinaryLog.ReadBuild(file);

    /// <summary>Every text in a binlog: events with their properties, and the files embedded in it.</summary>
    public static string Text(string file)
    {
        System.Text.StringBuilder text = new();
        foreach (var record in new BinLogReader().ReadRecords(file))
        {
            text.AppendLine(record.Args?.Message);
            if (record.Args is BuildStartedEventArgs { BuildEnvironment: { } environment })
            {
                text.AppendJoin('\n', environment.Select(variable => $"{variable.Key}={variable.Value}")).AppendLine();
            }

            if (record.Args is TaskParameterEventArgs { Items: { } items })
            {
                foreach (ITaskItem item in items)
                {
                    text.AppendLine(item.ItemSpec);
                }
            }
        }

        foreach (ArchiveFile source in Read(file).SourceFiles ?? [])
        {
            text.AppendLine(source.Text);
        }

        return text.ToString();
    }
}
