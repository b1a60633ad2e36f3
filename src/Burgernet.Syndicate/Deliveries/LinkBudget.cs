using System.Globalization;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// Keeps what a network asks for links within bounds: a post beyond the budget of the calendar month goes out all the
/// same, with its links spelled out. Posts are counted in the database, under the lock of the intake, so that neither a
/// restart nor another worker starts anew.
/// </summary>
public sealed class LinkBudget(NoticeBoard notices, TimeProvider time)
{
    // What never went out, or never will, costs nothing; nor does what a silent channel only records.
    const string Count = """
        select count(*) from post p join reference r on r.code = p.reference
        join delivery d on d.alert_id = r.alert_id and d.channel = p.channel and d.reference = p.reference
        where p.channel = @channel and p.has_link and p.created_at >= @from and d.operation <> 'Takedown'
            and d.state not in ('Failed', 'Expired', 'Cancelled', 'Superseded') and not (d.operation = 'Create' and d.state = 'Planned')
        """;

    /// <summary>Whether the network would make a link of a part of it.</summary>
    internal static bool IsLinked(string text) => LinkFinder.Find(text).Count > 0;

    /// <summary>
    /// Whether another post with a link may go out on this channel this month. The last one that may, and the first that
    /// may not, tell a person; once a month, and never where none may.
    /// </summary>
    internal async Task<bool> HasRoomAsync(Session session, string channel, LinkLimit limit)
    {
        var month = DutchTime.Of(time.GetUtcNow());
        var first = new DateTime(month.Year, month.Month, 1);
        var from = new DateTimeOffset(first, DutchTime.Zone.GetUtcOffset(first));
        var used = await session.FirstOrDefaultAsync<int>(Count, new { channel, from }).ConfigureAwait(false);
        if (limit.Posts > 0 && used + 1 >= limit.Posts)
        {
            await notices.TellAsync(session, string.Create(CultureInfo.InvariantCulture, $"links:{channel}:{from:yyyy-MM}"),
                string.Create(CultureInfo.GetCultureInfo("nl-NL"), $"Kanaal {channel}: de {limit.Posts} berichten met een link voor deze maand zijn op (ongeveer $ {limit.Posts * limit.Price:0.00}). Tot {first.AddMonths(1):d MMMM} gaan berichten zonder link uit; het adres staat er dan in woorden. Is dat te weinig, verhoog dan linkBudget in syndicate.json."), channel: channel).ConfigureAwait(false);
        }

        return used < limit.Posts;
    }
}
