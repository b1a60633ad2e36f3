using Burgernet.Syndicate.Alerts;
using Quartz;

namespace Burgernet.Syndicate.Worker.Jobs;

/// <summary>Posts what nobody stopped in time, reminds of what waits, gives up what nobody agreed to, and lets go what made room for an actie. Looking twice does no harm.</summary>
[DisallowConcurrentExecution]
sealed class SubmissionJob(SubmissionDesk desk, RightOfWay rightOfWay) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        await desk.LookAsync();
        await rightOfWay.LookAsync();
    }
}
