using Burgernet.Syndicate.Reach;
using Quartz;

namespace Burgernet.Syndicate.Worker.Jobs;

/// <summary>Asks the networks how posts do, those whose moment has come. Asking twice does no harm.</summary>
[DisallowConcurrentExecution]
sealed class HarvestReachJob(ReachHarvester harvester) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await harvester.HarvestAsync(cancellationToken);
}
