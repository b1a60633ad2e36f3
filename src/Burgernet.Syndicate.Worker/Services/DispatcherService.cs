using Burgernet.Syndicate.Deliveries;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>
/// Runs the dispatchers: one loop each, woken by the intake, and otherwise looking once a second for what has become
/// due in the meantime.
/// </summary>
sealed class DispatcherService(Outbox outbox, IEnumerable<Dispatcher> dispatchers, TimeProvider time, ILogger<DispatcherService> log) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>When the loops last went round (UTC); a service that stands still is not alive.</summary>
    public DateTimeOffset LastRound { get; private set; } = time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var parked = await outbox.ParkInterruptedAsync();
        if (parked > 0)
            log.LogWarning("{Count} deliveries were under way when the program last ended; they are parked as unknown", parked);

        await Task.WhenAll(dispatchers.Select(d => LoopAsync(d, stoppingToken)).Append(ExpireAsync(stoppingToken)));
    }

    async Task LoopAsync(Dispatcher dispatcher, CancellationToken stopping)
    {
        using var wake = new SemaphoreSlim(0, 1);
        outbox.Changed += Wake;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                if (!await OnceAsync(() => dispatcher.DispatchDueAsync(stopping), stopping))
                    await WaitAsync(wake, stopping);
            }
        }
        finally
        {
            outbox.Changed -= Wake;
        }

        void Wake()
        {
            // Full means that it is awake already.
            if (wake.CurrentCount == 0)
                try { wake.Release(); } catch (SemaphoreFullException) { }
        }
    }

    async Task ExpireAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await OnceAsync(outbox.ExpireAsync, stopping);
            LastRound = time.GetUtcNow();
            await Task.Delay(Look, time, stopping).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    // Whatever goes wrong in one round (a full disk, a locked file), the next round tries again: a loop that died
    // would be a channel that silently posts nothing.
    async Task<bool> OnceAsync(Func<Task<int>> round, CancellationToken stopping)
    {
        try
        {
            return await round() > 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            log.LogError(exception, "A round of the dispatcher failed; trying again");
            return false;
        }
    }

    static async Task WaitAsync(SemaphoreSlim wake, CancellationToken stopping)
    {
        try
        {
            await wake.WaitAsync(Look, stopping);
        }
        catch (OperationCanceledException)
        {
        }
    }
}
