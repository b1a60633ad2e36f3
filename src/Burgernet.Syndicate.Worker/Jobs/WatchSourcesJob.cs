using Burgernet.Syndicate.Alerts;
using Quartz;

namespace Burgernet.Syndicate.Worker.Jobs;

/// <summary>Looks whether every source still answers. Looking twice does no harm.</summary>
[DisallowConcurrentExecution]
sealed class WatchSourcesJob(SourceWatch watch) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await watch.LookAsync();
}
