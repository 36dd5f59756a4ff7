namespace Kinetra.Build.Core;

/// <summary>
/// Every code that a warning or an error of this product may carry. Each has a page,
/// <c>docs/diagnostics/{code}.md</c>; a test holds the two together. A code is never reused.
/// Next free: KIN0006, KIN1009, KIN2016, KIN3010, KIN4013, KIN5015, KIN6012, KIN9010.
/// </summary>
public static class DiagnosticCodes
{
    // 0xxx: SDK and environment

    /// <summary>A property or parameter has a value that cannot be parsed.</summary>
    public const string InvalidValue = "KIN0001";

    /// <summary>A task runs in a project that does not import the SDK's targets.</summary>
    public const string SdkNotImported = "KIN0002";

    /// <summary>The variable that is to hold a key holds none that can be used.</summary>
    public const string UnusableKey = "KIN0003";

    /// <summary>A variable that is to be kept secret has a name that MSBuild writes to every binlog with its value.</summary>
    public const string LoggedVariable = "KIN0004";

    /// <summary>A property that was given to the build looks like one of ours and is not.</summary>
    public const string UnknownProperty = "KIN0005";

    // 1xxx: writing files

    /// <summary>Not exactly one of <c>Content</c>, <c>Lines</c> and <c>Source</c> was given.</summary>
    public const string AmbiguousContent = "KIN1001";

    /// <summary>The path cannot be a file: a directory, a device, an empty or reserved name.</summary>
    public const string UnusablePath = "KIN1002";

    /// <summary>The file could not be written; what was there before is unchanged.</summary>
    public const string WriteFailed = "KIN1003";

    /// <summary>The file was replaced, but the directory could not be flushed: a power cut may undo it.</summary>
    public const string DurabilityUnknown = "KIN1004";

    /// <summary>The text cannot be written in the encoding asked for.</summary>
    public const string InvalidEncoding = "KIN1005";

    /// <summary>The file named by <c>Source</c> cannot be read.</summary>
    public const string SourceUnreadable = "KIN1006";

    /// <summary>The file that was replaced has further names (hard links), which keep the old content.</summary>
    public const string HardLinks = "KIN1007";

    /// <summary>A file that may hold credentials lies in a git work tree, and git does not ignore it.</summary>
    public const string NotIgnoredByGit = "KIN1008";

    // 2xxx: checksums and credentials

    /// <summary>The file to be verified does not exist.</summary>
    public const string FileMissing = "KIN2001";

    /// <summary>The content is not the one that was recorded or expected.</summary>
    public const string ChecksumMismatch = "KIN2002";

    /// <summary>There is no recorded checksum to compare with.</summary>
    public const string NoBaseline = "KIN2003";

    /// <summary>The checksum record is damaged.</summary>
    public const string CorruptChecksum = "KIN2004";

    /// <summary>The expected checksum is not 64 hexadecimal digits.</summary>
    public const string InvalidChecksum = "KIN2005";

    /// <summary>A changed file was restored from its backup.</summary>
    public const string RestoredFromBackup = "KIN2006";

    /// <summary>A file cannot be read, or keeps changing while it is read.</summary>
    public const string FileUnreadable = "KIN2007";

    /// <summary>A required credential is not set.</summary>
    public const string CredentialMissing = "KIN2010";

    /// <summary>A required credential still has a placeholder for a value.</summary>
    public const string CredentialPlaceholder = "KIN2011";

    /// <summary>A line of an environment file is not <c>NAME=value</c>.</summary>
    public const string MalformedEnvironmentFile = "KIN2012";

    /// <summary>The environment file does not exist.</summary>
    public const string EnvironmentFileMissing = "KIN2013";

    /// <summary>A checksum record is not signed with the key.</summary>
    public const string UnsignedChecksum = "KIN2014";

    /// <summary>A file was backed up whose content is not the recorded one.</summary>
    public const string BackedUpMismatch = "KIN2015";

    // 3xxx: backups

    /// <summary>The file to be backed up does not exist or is not a regular file.</summary>
    public const string NothingToBackUp = "KIN3001";

    /// <summary>The backup could not be made.</summary>
    public const string BackupFailed = "KIN3002";

    /// <summary>There is no backup to restore.</summary>
    public const string NoBackup = "KIN3003";

    /// <summary>A backup is damaged.</summary>
    public const string CorruptBackup = "KIN3004";

    /// <summary>The file given is not a recorded backup of the file to be restored.</summary>
    public const string ForeignBackup = "KIN3005";

    /// <summary>The manifest of a backup folder is damaged.</summary>
    public const string CorruptManifest = "KIN3006";

    /// <summary>An encrypted backup was made with another key.</summary>
    public const string WrongKey = "KIN3007";

    /// <summary>A backup is encrypted, but no key is named.</summary>
    public const string KeyNeeded = "KIN3008";

    /// <summary>An expired backup cannot be removed.</summary>
    public const string ExpiredNotRemoved = "KIN3009";

    // 4xxx: steps

    /// <summary>A step failed after its last attempt.</summary>
    public const string StepFailed = "KIN4001";

    /// <summary>The parameters of a step do not go together.</summary>
    public const string InvalidStep = "KIN4002";

    /// <summary>The program of a step could not be started.</summary>
    public const string CannotStart = "KIN4003";

    /// <summary>The working directory of a step does not exist.</summary>
    public const string WorkingDirectoryMissing = "KIN4004";

    /// <summary>The last attempt of a step took longer than its time-out.</summary>
    public const string StepTimedOut = "KIN4005";

    /// <summary>A step was interrupted: Ctrl-C, or a signal to the build.</summary>
    public const string StepInterrupted = "KIN4006";

    /// <summary>A declared input of a step does not exist.</summary>
    public const string InputMissing = "KIN4007";

    /// <summary>A step succeeded, but a declared output does not exist.</summary>
    public const string OutputMissing = "KIN4008";

    /// <summary>A step succeeded, but an input changed while it ran, so that resuming runs it again.</summary>
    public const string InputChanged = "KIN4009";

    /// <summary>A step took far longer than it usually does: a warning.</summary>
    public const string StepSlow = "KIN4010";

    /// <summary>The engine could not begin to build what a step consists of: a project or a target does not exist, or the project cannot be read.</summary>
    public const string NothingToBuild = "KIN4011";

    /// <summary>Values that a step's output wants to have masked are too many or too long, and are not: a warning.</summary>
    public const string ValueNotMasked = "KIN4012";

    // 5xxx: workflow

    /// <summary>The run has already ended, so that a further step cannot start.</summary>
    public const string RunEnded = "KIN5001";

    /// <summary>The workflow failed though <c>ContinueOnError</c> let the build go on.</summary>
    public const string WorkflowFailed = "KIN5002";

    /// <summary>There is nothing to run: <c>KinetraTargets</c> is empty.</summary>
    public const string NothingToRun = "KIN5003";

    /// <summary>The build was told to stop while no step ran.</summary>
    public const string WorkflowInterrupted = "KIN5004";

    /// <summary>The workflow is already being run by another process.</summary>
    public const string WorkflowBusy = "KIN5005";

    /// <summary>Two steps of a workflow have one name.</summary>
    public const string DuplicateStep = "KIN5006";

    /// <summary>A step depends on one that is not there, or is in a pool that is not.</summary>
    public const string UnknownDependency = "KIN5007";

    /// <summary>Steps wait for each other in a circle.</summary>
    public const string DependencyCycle = "KIN5008";

    /// <summary>Two steps declare the same output.</summary>
    public const string OutputConflict = "KIN5009";

    /// <summary>The user asked for a step that is not there, or for none at all.</summary>
    public const string UnknownSelection = "KIN5010";

    /// <summary>The steps of a workflow, or its pools, do not go together.</summary>
    public const string InvalidGraph = "KIN5011";

    /// <summary>The cache of steps' outputs cannot be read or written; steps run as if there were none.</summary>
    public const string CacheUnusable = "KIN5012";

    /// <summary>A step has metadata that mean nothing, but look like some that do.</summary>
    public const string MisspeltMetadata = "KIN5013";

    /// <summary>With <c>-question</c>: something would be run.</summary>
    public const string NotUpToDate = "KIN5014";

    // 6xxx: the tool kinetra

    /// <summary>The command line cannot be understood.</summary>
    public const string WrongUsage = "KIN6001";

    /// <summary>There is no state directory, or no run in it.</summary>
    public const string NoRuns = "KIN6002";

    /// <summary>There is no project to ask, or more than one.</summary>
    public const string NoProject = "KIN6003";

    /// <summary>There is no such run.</summary>
    public const string UnknownRun = "KIN6004";

    /// <summary>The run has no such step.</summary>
    public const string UnknownStep = "KIN6005";

    /// <summary>The log or report that is asked for is not there.</summary>
    public const string OutputGone = "KIN6006";

    /// <summary>The project cannot be evaluated, or does not use the SDK.</summary>
    public const string ProjectUnusable = "KIN6007";

    /// <summary><c>dotnet</c> cannot be started.</summary>
    public const string DotNetMissing = "KIN6008";

    /// <summary>A binlog cannot be read, or there is no run in it.</summary>
    public const string NoSummaryInBinlog = "KIN6009";

    /// <summary>The name or the value of a variable cannot stand in an environment file.</summary>
    public const string UnusableVariable = "KIN6010";

    /// <summary>There is nobody to ask: the value is not given, and there is no terminal.</summary>
    public const string NoTerminal = "KIN6011";

    // 9xxx: state

    /// <summary>The state or log directory cannot be written.</summary>
    public const string StateUnwritable = "KIN9001";

    /// <summary>A state file is damaged.</summary>
    public const string CorruptState = "KIN9002";

    /// <summary>The state directory belongs to somebody else and others may write to it.</summary>
    public const string UnsafeStateDirectory = "KIN9003";

    /// <summary>The logs of an old run cannot be removed.</summary>
    public const string LogNotRemoved = "KIN9004";

    /// <summary>The report of a run could not be written.</summary>
    public const string ReportNotWritten = "KIN9005";

    /// <summary>The spans of a run were not sent: a warning.</summary>
    public const string TraceNotSent = "KIN9006";

    /// <summary>The JUnit report of a run cannot be written: a warning.</summary>
    public const string JUnitUnwritable = "KIN9007";

    /// <summary>The summary of a run for the CI service cannot be written: a warning.</summary>
    public const string SummaryUnwritable = "KIN9008";

    /// <summary>A variable of OpenTelemetry is not understood: a warning.</summary>
    public const string TraceSettings = "KIN9009";
}
