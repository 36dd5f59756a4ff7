using System.Text.RegularExpressions;

namespace Kinetra.Build.Core.Steps;

/// <summary>What to do about failures that programs of every kind report in the same few words.</summary>
internal static partial class OutputHints
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // The first that fits counts, so the particular ones stand before the general ones.
    private static readonly (Func<Regex> Words, string Hint)[] Hints =
    [
        (NoSpace, "The disk is full, or out of inodes (df -h, df -i): make room, or point the step at another disk."),
        (ReadOnly, "That file system cannot be written: let the step write elsewhere, or mount it writable."),
        (NoMemory, "The memory is used up: let the step need less (smaller batches, fewer at a time), or give it more (container limit, --max-old-space-size, -Xmx)."),
        (TooManyFiles, "The limit of open files is reached: raise it (ulimit -n), or let the step close what it no longer needs."),
        (AddressInUse, "Another program has that port, perhaps one that an earlier run left behind: find it (ss -ltnp), or use another port."),
        (NoName, "The name of the server could not be resolved: check its spelling, the DNS, and whether this machine is online."),
        (Refused, "Nothing listens there: check host and port, and whether the server is up; if it is still starting, raise MaxAttempts or RetryDelay."),
        (Certificate, "The server's certificate is not trusted: check the clock and the installed certificates (ca-certificates), and the company's proxy."),
        (TooManyRequests, "The server asks for fewer requests: raise RetryDelay and MaxRetryDelay, or ask it less often."),
        (Unauthorized, "The credentials were not accepted: check that the token is set, passed on to this step, and not expired."),
        (Forbidden, "The credentials are valid, but not for this: check what the token or the account is allowed to do."),
        (NetworkTimeout, "The server did not answer in time: check network, proxy and firewall; for passing trouble raise MaxAttempts or RetryDelay."),
        (NoPythonModule, "A Python module is missing: install it (pip install -r requirements.txt), into the environment whose python this step runs."),
        (NoNodeModule, "A Node module is missing: install the packages first (npm ci)."),
        (NoSdk, "The .NET SDK that is asked for is not installed: install it, or change the version in global.json (dotnet --list-sdks shows what is there)."),
        (NoPermission, "The user of this build may not do that: check owner and mode (ls -l), also of the directory."),
        (NoFile, "A file is missing: check its path, which is relative to WorkingDirectory, and that the step that makes it has run."),
    ];

    /// <summary>A hint for the last line that one is known for.</summary>
    /// <param name="tail">The last lines of output.</param>
    /// <returns>Null if there is none.</returns>
    public static string? For(IReadOnlyList<string> tail) =>
        tail.Reverse()
            .Select(line => Hints.FirstOrDefault(hint => hint.Words().IsMatch(line)).Hint)
            .FirstOrDefault(hint => hint is not null);

    [GeneratedRegex(@"no space left on device|\bENOSPC\b|not enough space on the disk|disk quota exceeded|\bEDQUOT\b", Options)]
    private static partial Regex NoSpace();

    [GeneratedRegex(@"read-only file system|\bEROFS\b", Options)]
    private static partial Regex ReadOnly();

    [GeneratedRegex(@"out of memory|OutOfMemory(Error|Exception)|\bMemoryError\b|cannot allocate memory|std::bad_alloc|\bENOMEM\b", Options)]
    private static partial Regex NoMemory();

    [GeneratedRegex(@"too many open files|\bEMFILE\b", Options)]
    private static partial Regex TooManyFiles();

    [GeneratedRegex(@"address already in use|\bEADDRINUSE\b|only one usage of each socket address", Options)]
    private static partial Regex AddressInUse();

    [GeneratedRegex(@"could not resolve (host|proxy)|name or service not known|temporary failure in name resolution|no such host is known|nodename nor servname|\bENOTFOUND\b|\bEAI_AGAIN\b|unable to resolve host", Options)]
    private static partial Regex NoName();

    [GeneratedRegex(@"connection refused|\bECONNREFUSED\b|actively refused", Options)]
    private static partial Regex Refused();

    [GeneratedRegex(@"certificate (verify failed|has expired|problem|is not trusted)|CERTIFICATE_VERIFY_FAILED|self[- ]signed certificate|remote certificate is invalid|unable to get local issuer|x509: certificate", Options)]
    private static partial Regex Certificate();

    [GeneratedRegex(@"too many requests|rate limit|\b(HTTP(/[\d.]+)?|status|code|error)\b\D{0,12}\b429\b", Options)]
    private static partial Regex TooManyRequests();

    [GeneratedRegex(@"\b401\b.{0,3}Unauthorized|authentication failed|could not read Username|\b(HTTP(/[\d.]+)?|status|code|error)\b\D{0,12}\b401\b", Options)]
    private static partial Regex Unauthorized();

    [GeneratedRegex(@"\b403\b.{0,3}Forbidden|\b(HTTP(/[\d.]+)?|status|code|error)\b\D{0,12}\b403\b", Options)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"connection timed out|\bETIMEDOUT\b|operation timed out|read timed out|network is unreachable|no route to host", Options)]
    private static partial Regex NetworkTimeout();

    [GeneratedRegex(@"ModuleNotFoundError|ImportError: No module named", Options)]
    private static partial Regex NoPythonModule();

    [GeneratedRegex(@"Cannot find (module|package) '|\bERR_MODULE_NOT_FOUND\b", Options)]
    private static partial Regex NoNodeModule();

    [GeneratedRegex(@"No \.NET SDKs were found|compatible \.NET SDK was not found|\bNETSDK1045\b|requested SDK version", Options)]
    private static partial Regex NoSdk();

    [GeneratedRegex(@"permission denied|\bEACCES\b|operation not permitted|\bEPERM\b|access (to the path .{0,300})?is denied|UnauthorizedAccessException", Options)]
    private static partial Regex NoPermission();

    [GeneratedRegex(@"no such file or directory|FileNotFound(Error|Exception)|DirectoryNotFoundException|\bENOENT\b|could not find (file|a part of the path)|cannot find the (file|path)", Options)]
    private static partial Regex NoFile();
}
