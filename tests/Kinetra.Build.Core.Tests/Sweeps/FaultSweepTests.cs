using Kinetra.Build.Torture;
using Xunit;

namespace Kinetra.Build.Core.Tests.Sweeps;

/// <summary>
/// Makes each system call of each operation fail once. Short writes are not among the faults: strace can only claim that fewer
/// bytes were written, and a program that goes on behind them then leaves a hole for which it is not to blame; a real short
/// write is that of a full disk (<see cref="FullDiskTests"/>).
/// </summary>
[Collection(SweepCollection.Name)]
public sealed class FaultSweepTests
{
    private static readonly string[] Usual = ["ENOSPC", "EIO", "EACCES", "EINTR", "EXDEV"];
    private static readonly string[] Rare = ["EDQUOT", "EROFS", "EMFILE", "EPERM"];

    [Theory]
    [MemberData(nameof(Sweep.Operations), MemberType = typeof(Sweep))]
    public void A_call_that_fails_is_a_coded_error_that_tells_the_truth_or_is_overcome(string verb)
    {
        Strace.Require();
        Operation operation = Operation.Named(verb);
        using Workspace template = Workspace.For(operation);
        IReadOnlyList<Point> points = Recording.Of(operation).Points();
        Fault[] faults = Sweep.IsFull
            ? [.. points.SelectMany(point => Usual.Concat(Rare).Select(error => new Fault(point, error)))]
            : Sample(points);
        Sweep.Run($"fault {verb}", faults, fault => fault.ToString(), fault => fault.Try(operation, template));
    }

    // Every other call that changes something and every twelfth of the rest, the error another one each time.
    private static Fault[] Sample(IReadOnlyList<Point> points) =>
    [
        .. points.Where(point => point.Call.Changes).Where((_, index) => index % 2 == 0)
            .Concat(points.Where(point => !point.Call.Changes).Where((_, index) => index % 12 == 0))
            .Select((point, index) => new Fault(point, Usual[index % Usual.Length])),
    ];
}
