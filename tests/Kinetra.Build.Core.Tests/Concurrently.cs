using System.Collections.Concurrent;

namespace Kinetra.Build.Core.Tests;

/// <summary>Runs something on several threads that begin at the same time, and throws what any of them throws.</summary>
internal static class Concurrently
{
    public static void Run(int threads, Action<int> action)
    {
        using Barrier start = new(threads);
        ConcurrentQueue<Exception> errors = [];
        Thread[] all =
        [
            .. Enumerable.Range(0, threads).Select(number => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    action(number);
                }
                catch (Exception error)
                {
                    errors.Enqueue(error);
                }
            })),
        ];
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        if (!errors.IsEmpty)
        {
            throw new AggregateException(errors);
        }
    }
}
