using Polly;
using Polly.Retry;

namespace Kinetra.Build.Core.Retry;

/// <summary>Tries something until it succeeds, may not be retried, or the attempts are used up. The pauses are Polly's.</summary>
/// <typeparam name="T">The result of an attempt.</typeparam>
public sealed class RetryLoop<T>
{
    private readonly RetryPolicy _policy;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;

    /// <summary>Prepares the loop.</summary>
    /// <param name="policy">How often, and with which pauses.</param>
    /// <param name="time">The clock that pauses are measured by.</param>
    /// <param name="random">Numbers from 0 up to 1, for the jitter.</param>
    public RetryLoop(RetryPolicy policy, TimeProvider time, Func<double> random) =>
        (_policy, _time, _random) = (policy, time, random);

    /// <summary>Runs the loop on the calling thread.</summary>
    /// <param name="attempt">Makes an attempt; gets its number, from 1.</param>
    /// <param name="shouldRetry">Whether a result calls for a further attempt.</param>
    /// <param name="onPause">Told before each pause: the result, the number of the failed attempt, the pause.</param>
    /// <param name="cancellation">Ends a pause.</param>
    /// <returns>The last result.</returns>
    /// <exception cref="OperationCanceledException">Cancelled during a pause.</exception>
    public T Run(Func<int, T> attempt, Func<T, bool> shouldRetry, Action<T, int, TimeSpan> onPause, CancellationToken cancellation)
    {
        T first = attempt(1);
        if (_policy.MaxAttempts == 1 || !shouldRetry(first))
        {
            return first;
        }

        // Polly's first use costs tens of milliseconds, so it comes in only now; it is handed the result that is there already.
        int number = 0;
        return Build(shouldRetry, onPause).Execute(_ => ++number == 1 ? first : attempt(number), cancellation);
    }

    private ResiliencePipeline<T> Build(Func<T, bool> shouldRetry, Action<T, int, TimeSpan> onPause) =>
        new ResiliencePipelineBuilder<T> { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions<T>
            {
                MaxRetryAttempts = _policy.MaxAttempts - 1,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is null && shouldRetry(arguments.Outcome.Result!)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(_policy.PauseAfter(arguments.AttemptNumber + 1, _random())),
                OnRetry = arguments =>
                {
                    onPause(arguments.Outcome.Result!, arguments.AttemptNumber + 1, arguments.RetryDelay);
                    return default;
                },
            })
            .Build();
}
