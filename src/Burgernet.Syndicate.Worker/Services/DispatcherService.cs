using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Quartz;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>
/// Runs the loops that send, that look after what was sent, that end what is over, and that tell people. Sending is woken by the intake;
/// everything else looks once a second.
/// </summary>
sealed class DispatcherService(
    Outbox outbox, LiveConfiguration live, IEnumerable<Dispatcher> dispatchers, IEnumerable<Reconciler> reconcilers, IEnumerable<NoticeTeller> tellers, TimeProvider time,
    ILogger<DispatcherService> log, DatabaseTime? shared = null, ClockWatch? clock = null, ISchedulerFactory? schedules = null) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ClockLook = TimeSpan.FromSeconds(10);

    long _lastRound = time.GetTimestamp();

    /// <summary>How long ago the loops last went round; a service that stands still is not alive.</summary>
    public TimeSpan SinceLastRound => time.GetElapsedTime(Volatile.Read(ref _lastRound));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
    [
        .. dispatchers.Select(d => DispatchAsync(d, stoppingToken)),
        .. reconcilers.Select(r => RepeatAsync(() => r.ReconcileDueAsync(stoppingToken), stoppingToken)),
        .. tellers.Select(t => RepeatAsync(() => t.TellDueAsync(stoppingToken), stoppingToken)),
        RepeatAsync(EndAsync, stoppingToken),
        shared is not null ? RepeatAsync(() => CompareClocksAsync(shared), stoppingToken, ClockLook) : Task.CompletedTask,
        clock is not null ? RepeatAsync(() => WatchClockAsync(clock, stoppingToken), stoppingToken) : Task.CompletedTask,
    ]);

    async Task DispatchAsync(Dispatcher dispatcher, CancellationToken stopping)
    {
        outbox.Changed += dispatcher.Wake;
        while (!stopping.IsCancellationRequested)
        {
            if (!await OnceAsync(() => dispatcher.DispatchDueAsync(stopping), stopping))
                await dispatcher.WaitAsync(stopping);
        }

        outbox.Changed -= dispatcher.Wake;
        log.LogDebug("Channel {Channel} stops", dispatcher.Channel);
    }

    async Task<int> EndAsync()
    {
        var ended = await outbox.ExpireAsync() + await live.Current.Ending.EndOverdueAsync();
        Volatile.Write(ref _lastRound, time.GetTimestamp());
        return ended;
    }

    async Task<int> CompareClocksAsync(DatabaseTime shared)
    {
        await shared.CompareAsync();
        if (!shared.IsTrusted)
            log.LogError("The clock of this machine is {Offset} off the database's: nothing is claimed here until it is put right", shared.Offset);
        return 0;
    }

    async Task<int> WatchClockAsync(ClockWatch watch, CancellationToken stopping)
    {
        if (!await watch.LookAsync() || schedules is null)
            return 0;

        // Its triggers know the moment of their next fire, which may be an hour away now.
        var scheduler = await schedules.GetScheduler(stopping);
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup(), stopping))
            if (await scheduler.GetTrigger(key, stopping) is { } trigger)
                await scheduler.RescheduleJob(key, trigger.GetTriggerBuilder().StartAt(time.GetUtcNow()).Build(), stopping);
        return 0;
    }

    async Task RepeatAsync(Func<Task<int>> round, CancellationToken stopping, TimeSpan? every = null)
    {
        using var timer = new PeriodicTimer(every ?? Look, time);
        do
        {
            await OnceAsync(round, stopping);
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
            log.LogError(exception, "A round failed; trying again");
            return false;
        }
    }
}
