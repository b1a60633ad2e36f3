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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(dispatchers.Select(d => DispatchAsync(d, stoppingToken)).Append(ExpireAsync(stoppingToken)));

    async Task DispatchAsync(Dispatcher dispatcher, CancellationToken stopping)
    {
        using var wake = new SemaphoreSlim(0);
        outbox.Changed += Wake;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                if (!await OnceAsync(() => dispatcher.DispatchDueAsync(stopping), stopping))
                    await wake.WaitAsync(Look, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.LogDebug("Channel {Channel} stops", dispatcher.Channel);
        }
        finally
        {
            outbox.Changed -= Wake;
        }

        // One call too many costs one look; none too few.
        void Wake()
        {
            if (wake.CurrentCount == 0)
                wake.Release();
        }
    }

    async Task ExpireAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Look, time);
        do
        {
            await OnceAsync(outbox.ExpireAsync, stopping);
            LastRound = time.GetUtcNow();
        }
        while (!stopping.IsCancellationRequested && await TickAsync(timer, stopping));
    }

    static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
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
}
