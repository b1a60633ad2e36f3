using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Reports;

/// <summary>Which reports were mailed, so that each comes once, also after a restart.</summary>
public sealed class ReportMailLog(Database database, NoticeBoard notices, TimeProvider time)
{
    public async Task<bool> IsMailedAsync(ReportPeriod period) =>
        await database.ReadAsync(session => session.FirstOrDefaultAsync<string>("select period from report_mail where period = @key", new { key = KeyOf(period) })).ConfigureAwait(false) is not null;

    public Task NoteMailedAsync(ReportPeriod period) => database.WriteAsync(async session =>
    {
        await session.ExecuteAsync("insert into report_mail (period, mailed_at) values (@key, @now) on conflict do nothing", new { key = KeyOf(period), now = time.GetUtcNow() }).ConfigureAwait(false);
        await NoticeBoard.WithdrawAsync(session, $"report:{KeyOf(period)}").ConfigureAwait(false);
    });

    /// <summary>Tells a person, once per report.</summary>
    public Task NoteFailureAsync(ReportPeriod period) => database.WriteAsync(session => notices.TellAsync(
        session, $"report:{KeyOf(period)}", $"Het rapport over {period} kon niet worden gemaild; het wordt vanzelf opnieuw geprobeerd. Kijk intussen op /bereik."));

    static string KeyOf(ReportPeriod period) => $"{ReportPeriod.Written(period.From)}/{ReportPeriod.Written(period.To)}";
}
