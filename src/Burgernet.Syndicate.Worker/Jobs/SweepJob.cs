using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Deliveries;
using Quartz;

namespace Burgernet.Syndicate.Worker.Jobs;

/// <summary>Asks whether the accounts still take us, and compares what they show with what we know. Reading twice does no harm.</summary>
[DisallowConcurrentExecution]
sealed class SweepJob(IEnumerable<Reconciler> reconcilers, AccessWatch access, AlertLog alerts, ILogger<SweepJob> log) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>What waits goes out first.</summary>
    public static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await alerts.ForgetReceiptsAsync();
        await access.LookAsync(cancellationToken);
        foreach (var reconciler in reconcilers)
        {
            try
            {
                await reconciler.SweepAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                log.LogError(exception, "Channel {Channel} could not be compared with what we know", reconciler.Channel);
            }
        }
    }
}
