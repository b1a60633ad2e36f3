using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Worker.Services;
using Quartz;

namespace Burgernet.Syndicate.Worker.Jobs;

/// <summary>
/// Mails the newest report that is due, once. It looks often and sends seldom, so that a report whose hour passed while the
/// program or the mail server was down still comes.
/// </summary>
[DisallowConcurrentExecution]
sealed class ReportJob(LiveConfiguration live, ReportSetup reports, ReportPost post, TimeProvider time, ILoggerFactory logs) : IJob
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var options = live.Current.Options;
        if (options.Reports is not { Schedule: { } schedule, MailTo: var to } || options.Notify.Mail is not { } mail)
            return;
        var period = schedule.Due(time.GetUtcNow());
        var mailer = new ReportMailer(mail with { To = to }, options.Reports.Site, logs);
        if (await post.MailAsync(period, async () => mailer.Compose(await reports.Query.ReportAsync(period, area: null)), mailer.SendAsync))
            logs.CreateLogger<ReportJob>().LogInformation("The report of {From} to {To} was mailed to {Count} address(es)", ReportPeriod.Written(period.From), ReportPeriod.Written(period.To), to.Count);
    }
}
