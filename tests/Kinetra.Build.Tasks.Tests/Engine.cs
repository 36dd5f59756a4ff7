using System.Runtime.CompilerServices;
using Kinetra.Build.Testing;
using Microsoft.Build.Evaluation;
using Microsoft.Build.Execution;
using Microsoft.Build.Framework;
using Microsoft.Build.Locator;

namespace Kinetra.Build.Tasks.Tests;

/// <summary>Builds projects in this process with the SDK's own engine, as an editor or a build server does.</summary>
internal static class Engine
{
    // Before any type of Microsoft.Build is touched, or the wrong assembly is looked for.
    [ModuleInitializer]
    internal static void Register() => MSBuildLocator.RegisterDefaults();

    /// <summary>Builds the master.proj of a folder.</summary>
    public static EngineResult Build(WorkflowProject project, string target = "Build") => Build(project.Folder["master.proj"], target);

    /// <summary>Builds a project with global properties.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static EngineResult Build(string file, string target, params (string Name, string Value)[] properties)
    {
        using ProjectCollection collection = new();
        EventCollector collector = new();
        using BuildManager manager = new();
        BuildParameters parameters = new(collection) { Loggers = [collector], EnableNodeReuse = false, ShutdownInProcNodeOnBuildFinish = true };
        BuildRequestData request = new(file, properties.ToDictionary(property => property.Name, property => (string?)property.Value), null, [target], null);
        Microsoft.Build.Execution.BuildResult result = manager.Build(parameters, request);
        return new EngineResult(result.OverallResult == BuildResultCode.Success, collector.Errors, collector.Warnings, collector.Messages);
    }

    private sealed class EventCollector : ILogger
    {
        public List<BuildErrorEventArgs> Errors { get; } = [];

        public List<BuildWarningEventArgs> Warnings { get; } = [];

        public List<BuildMessageEventArgs> Messages { get; } = [];

        public LoggerVerbosity Verbosity { get; set; } = LoggerVerbosity.Diagnostic;

        public string? Parameters { get; set; }

        public void Initialize(IEventSource eventSource)
        {
            eventSource.ErrorRaised += (_, error) => Errors.Add(error);
            eventSource.WarningRaised += (_, warning) => Warnings.Add(warning);
            eventSource.MessageRaised += (_, message) => Messages.Add(message);
        }

        public void Shutdown()
        {
        }
    }
}

/// <summary>What a build in this process did.</summary>
internal sealed record EngineResult(bool Succeeded, IReadOnlyList<BuildErrorEventArgs> Errors, IReadOnlyList<BuildWarningEventArgs> Warnings, IReadOnlyList<BuildMessageEventArgs> Messages);
