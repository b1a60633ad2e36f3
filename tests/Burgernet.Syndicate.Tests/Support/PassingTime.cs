using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Support;

static class PassingTime
{
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>Moves the clock on until something is done: who waits for it may begin to do so after the clock was moved first.</summary>
    /// <param name="step">By how much at a time.</param>
    /// <param name="when">Whether it may be moved already.</param>
    public static async Task PassUntilAsync(this FakeTimeProvider time, Task done, TimeSpan step, Func<bool>? when = null)
    {
        var started = Stopwatch.StartNew();
        while (!done.IsCompleted)
        {
            Assert.True(started.Elapsed < Longest, "it was not done within three minutes, however far the clock was moved");
            if (when?.Invoke() ?? true)
                time.Advance(step);
            await Task.Yield();
        }

        await done;
    }
}
