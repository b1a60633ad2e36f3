using Burgernet.Syndicate.Alerts;
using Quartz;

namespace Burgernet.Syndicate.Worker.Jobs;

/// <summary>Asks one source for what is new. Quartz says when; two looks at one source never overlap.</summary>
[DisallowConcurrentExecution]
sealed class PollSourceJob(IEnumerable<SourcePoller> pollers, TimeProvider time) : IJob
{
    public const string SourceKey = "source";

    static readonly TimeSpan LongestJitter = TimeSpan.FromSeconds(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var name = context.MergedJobDataMap.GetString(SourceKey);
        if (pollers.FirstOrDefault(p => p.Name == name) is not { } poller)
        {
            // It stood in a configuration of before; schedules outlive a restart where workers share them.
            await context.Scheduler.DeleteJob(context.JobDetail.Key, cancellationToken);
            return;
        }

        // Many installations that started on the minute must not ask on the minute.
        var jitter = TimeSpan.FromTicks(Math.Min(LongestJitter.Ticks, poller.Interval.Ticks / 10)) * Random.Shared.NextDouble();
        await Task.Delay(jitter, time, cancellationToken);
        await poller.PollAsync(cancellationToken);
    }
}
