using Kinetra.Build.Core.Files;

namespace Kinetra.Build.Core.Fingerprints;

/// <summary>The digests of many files.</summary>
internal static class FileDigests
{
    // Below this a second thread costs more than it saves.
    private const int Many = 32;
    private const int Threads = 2;

    /// <summary>Computes them, in the order of the files. What is no regular file, or is gone, is left out.</summary>
    /// <exception cref="KinetraException"><see cref="DiagnosticCodes.FileUnreadable"/>: of the first file, in their order, that cannot be read.</exception>
    public static IEnumerable<(FilePath File, string Sha256)> Compute(IReadOnlyList<FilePath> files, DigestCache digests)
    {
        string?[] found = new string?[files.Count];
        KinetraException?[] errors = new KinetraException?[files.Count];
        if (files.Count >= Many)
        {
            Parallel.For(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = Threads }, One);
        }
        else
        {
            for (int i = 0; i < files.Count; i++)
            {
                One(i);
            }
        }

        for (int i = 0; i < files.Count; i++)
        {
            if (errors[i] is { } error)
            {
                throw error;
            }

            if (found[i] is { } sha256)
            {
                yield return (files[i], sha256);
            }
        }

        void One(int i)
        {
            try
            {
                found[i] = digests.Find(files[i]);
            }
            catch (KinetraException error)
            {
                errors[i] = error;
            }
        }
    }
}
