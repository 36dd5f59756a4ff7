namespace Steps;

/// <summary>Exit codes of every verb, as BSD's <c>sysexits.h</c> names them, so that a workflow can tell what is worth a retry.</summary>
static class ExitCodes
{
    /// <summary>All done.</summary>
    public const int Ok = 0;

    /// <summary>EX_USAGE: unknown verb or option, or an option value out of range.</summary>
    public const int Usage = 64;

    /// <summary>EX_DATAERR: the data is wrong; a retry would read the same data.</summary>
    public const int DataError = 65;

    /// <summary>EX_NOINPUT: the source or an input folder does not exist or holds no series.</summary>
    public const int NoInput = 66;

    /// <summary>EX_IOERR: the disk or file system failed.</summary>
    public const int IoError = 74;

    /// <summary>EX_TEMPFAIL: a server or the way to it failed; the only code worth a retry.</summary>
    public const int TemporaryFailure = 75;

    /// <summary>EX_NOPERM: not allowed to read or write; a retry would not be allowed either.</summary>
    public const int NoPermission = 77;
}
