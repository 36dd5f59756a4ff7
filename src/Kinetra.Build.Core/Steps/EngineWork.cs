using System.Runtime.ExceptionServices;
using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Steps;

/// <summary>
/// The work of a step for the engine. The step has a thread of its own like any other; only its attempts are made on the thread that runs the graph,
/// and by one step at a time. A step that waits for its next attempt lets others have their turn.
/// </summary>
/// <param name="work">The work.</param>
/// <param name="turn">One of the steps for the engine has it.</param>
/// <param name="onEngineThread">Has something done on the thread that runs the graph.</param>
/// <param name="isToStop">Whether the step is to stop, which the token of an attempt may tell only a moment later.</param>
internal sealed class EngineWork(IStepWork work, SemaphoreSlim turn, Action<Action> onEngineThread, Func<bool> isToStop) : IStepWork
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int Withdrawn = 2;

    private bool _hasTurn;

    /// <inheritdoc/>
    public ITools Tools => work.Tools;

    /// <inheritdoc/>
    public StepIdentity Identify(int occurrence) => work.Identify(occurrence);

    /// <inheritdoc/>
    public string Mask(string text) => work.Mask(text);

    /// <summary>Waits for the step's turn. Those before it end, if the build is to stop, so nothing else ends this.</summary>
    public void TakeTurn()
    {
        turn.Wait();
        _hasTurn = true;
    }

    /// <summary>Lets another step have its turn, if this one has it.</summary>
    public void GiveTurn()
    {
        if (_hasTurn)
        {
            _hasTurn = false;
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public AttemptResult Run(Attempt attempt)
    {
        AttemptResult? result = null;
        ExceptionDispatchInfo? thrown = null;
        int state = Waiting;

        // Not disposed of: the thread that sets it may still be about to return from that.
        ManualResetEventSlim over = new();
        onEngineThread(() =>
        {
            if (!isToStop() && Interlocked.CompareExchange(ref state, Begun, Waiting) == Waiting)
            {
                try
                {
                    result = work.Run(attempt);
                }
                catch (Exception error)
                {
                    thrown = ExceptionDispatchInfo.Capture(error);
                }

                over.Set();
            }
        });

        // Once it has begun it ends by itself. Before that nobody may ever begin it: after a bug that thread is gone.
        using (attempt.Cancellation.Register(() =>
        {
            if (Interlocked.CompareExchange(ref state, Withdrawn, Waiting) == Waiting)
            {
                over.Set();
            }
        }))
        {
            over.Wait(CancellationToken.None);
        }

        thrown?.Throw();
        return result ?? throw new OperationCanceledException(attempt.Cancellation);
    }
}
