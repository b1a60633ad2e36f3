using System.Diagnostics;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>Waits for something that another process does, with a bound.</summary>
static class Eventually
{
    // Wide: a busy machine is no failure, and nobody waits it out but a test that fails.
    static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>The first value that satisfies; fails with the last one seen.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> look, Func<T, bool> satisfied, TimeSpan? within = null, Func<T, string>? describe = null)
    {
        var watch = Stopwatch.StartNew();
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var seen = await look();
            if (satisfied(seen))
                return seen;
            if (watch.Elapsed > (within ?? Bound))
                throw new TimeoutException($"not so within {(within ?? Bound).TotalSeconds} s; last seen: {describe?.Invoke(seen) ?? seen?.ToString()}");
            await pulse.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
