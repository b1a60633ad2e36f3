using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Reports;

/// <summary>
/// Sees to it that a report is mailed once, also after a restart and with several workers. That it is being sent is written down
/// before it is sent: what cannot be written down is not sent, and what may have gone out is not sent again but told to a person.
/// </summary>
public sealed class ReportPost(Database database, NoticeBoard notices, TimeProvider time, ILogger<ReportPost> log)
{
    /// <summary>Longer than a mail server may take; who has not said by then how it went does not know any more.</summary>
    public static readonly TimeSpan LongestAttempt = TimeSpan.FromMinutes(10);

    const string Sending = "Sending";
    const string Mailed = "Mailed";
    const string Unknown = "Unknown";

    const string Begin = "insert into report_mail (period, at, state) values (@key, @now, @state) on conflict do nothing";
    const string Change = "update report_mail set state = @state, at = @now where period = @key";

    /// <summary>Mails the report of a period, unless it was mailed or may have been. Whatever goes wrong is told to a person, once per report.</summary>
    /// <param name="make">Makes the mail; nothing of it leaves yet.</param>
    /// <param name="handOver">Hands it over: null when it was taken, otherwise why not.</param>
    /// <returns>It was mailed now.</returns>
    public async Task<bool> MailAsync<T>(ReportPeriod period, Func<Task<T>> make, Func<T, Task<string?>> handOver)
    {
        if (await database.ReadAsync(session => session.FirstOrDefaultAsync<Attempt>("select at, state from report_mail where period = @key", new { key = KeyOf(period) })).ConfigureAwait(false) is { } earlier)
        {
            if (earlier.State == Sending && earlier.At <= time.GetUtcNow() - LongestAttempt)
                await GiveUpAsync(period).ConfigureAwait(false);
            return false;
        }

        T mail;
        try
        {
            mail = await make().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError(exception, "The report of {Period} could not be made", KeyOf(period));
            await database.WriteAsync(session => TellFailureAsync(session, period, "kon niet worden gemaakt")).ConfigureAwait(false);
            return false;
        }

        // Another worker may have begun meanwhile.
        if (await database.WriteAsync(session => session.ExecuteAsync(Begin, Row(period, Sending))).ConfigureAwait(false) == 0)
            return false;
        if (await handOver(mail).ConfigureAwait(false) is { } failure)
        {
            log.LogError("The report of {Period} could not be mailed: {Reason}", KeyOf(period), failure);
            await database.WriteAsync(async session =>
            {
                await session.ExecuteAsync("delete from report_mail where period = @key", new { key = KeyOf(period) }).ConfigureAwait(false);
                await TellFailureAsync(session, period, "kon niet worden gemaild").ConfigureAwait(false);
            }).ConfigureAwait(false);
            return false;
        }

        await database.WriteAsync(async session =>
        {
            await session.ExecuteAsync(Change, Row(period, Mailed)).ConfigureAwait(false);
            await NoticeBoard.WithdrawAsync(session, CauseOf(period)).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return true;
    }

    Task GiveUpAsync(ReportPeriod period) => database.WriteAsync(async session =>
    {
        await session.ExecuteAsync(Change, Row(period, Unknown)).ConfigureAwait(false);
        // It takes the place of what was told of earlier attempts.
        await NoticeBoard.WithdrawAsync(session, CauseOf(period)).ConfigureAwait(false);
        await notices.TellAsync(session, CauseOf(period),
            $"Het is niet bekend of het rapport over {period} is gemaild: het programma stopte tijdens het versturen. Het wordt niet nog eens verstuurd. Kijk of het is aangekomen; zo niet, haal het dan op bij /bereik en mail het zelf.").ConfigureAwait(false);
    });

    Task TellFailureAsync(Session session, ReportPeriod period, string what) =>
        notices.TellAsync(session, CauseOf(period), $"Het rapport over {period} {what}; het wordt vanzelf opnieuw geprobeerd. Kijk intussen op /bereik.");

    object Row(ReportPeriod period, string state) => new { key = KeyOf(period), now = time.GetUtcNow(), state };

    static string CauseOf(ReportPeriod period) => $"report:{KeyOf(period)}";

    static string KeyOf(ReportPeriod period) => $"{ReportPeriod.Written(period.From)}/{ReportPeriod.Written(period.To)}";

    sealed record Attempt
    {
        public required DateTimeOffset At { get; init; }
        public required string State { get; init; }
    }
}
