using System.Globalization;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// Notices that the clock of this machine was set, and lets what waits wait as long as it had to: what was due in five
/// seconds is due in five seconds, whatever the hour is now. For a database in a file; on a server the server's clock
/// counts (<see cref="DatabaseTime"/>).
/// </summary>
public sealed class ClockWatch(Database database, NoticeBoard notices, SteadyTime time, ILogger<ClockWatch> log)
{
    // A second or two is put right daily on many machines, and nobody needs to know.
    static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(5);

    // What waits longer for its first attempt waits for an hour of the day, and that is told by the clock as it is.
    static readonly TimeSpan LongestPatience = TimeSpan.FromMinutes(10);

    // What lies ahead, or would as the clock is now.
    static readonly (string Table, string Column)[] Ahead =
    [
        ("delivery", "verify_at"), ("delivery", "lease_until"), ("channel", "next_at"), ("allowance", "resets_at"),
        ("notice", "at"), ("untold", "at"), ("telling", "next_at"), ("notifier", "next_at"), ("source", "last_good_at"), ("source", "last_error_at"), ("submission", "due_at"), ("reach", "next_at"),
    ];

    // Since when something is the case that must not be the case for too long.
    static readonly (string Table, string Column)[] Since = [("delivery", "unknown_since"), ("alert", "absent_since"), ("source", "failing_since"), ("notifier", "renewed_at")];

    // When we did what is looked up by its time. Too early costs a longer reading; too late overlooks it.
    static readonly (string Table, string Column)[] Done = [("delivery", "intent_at"), ("delivery", "published_at")];

    /// <summary>Before the first claim of a process: the clock may have been set back since the last one ended.</summary>
    public async Task StartAsync()
    {
        var written = await database.ReadAsync(session => session.FirstOrDefaultAsync<DateTimeOffset?>(
            "select at from (select last_good_at as at from source union all select last_error_at from source) as seen where at is not null order by at desc limit 1")).ConfigureAwait(false);
        if (time.GetUtcNow() - written is { } step && step < -WorthTelling)
            await database.WriteAsync(async session =>
            {
                await MoveAsync(session, written!.Value, step).ConfigureAwait(false);
                await TellAsync(session, written.Value, step).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }

    /// <summary>One look. True when the clock had been set and everything goes by the new time from now on.</summary>
    public async Task<bool> LookAsync()
    {
        if (time.IsTrusted)
        {
            time.Follow();
            return false;
        }

        var (before, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        try
        {
            // In the transaction, so that nobody writes the old time behind it or the new time before it.
            await database.WriteAsync(async session =>
            {
                var (at, step) = (time.GetUtcNow(), -time.Offset);
                await MoveAsync(session, at, step).ConfigureAwait(false);
                time.Follow();
                await TellAsync(session, at, step).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch when (time.IsTrusted)
        {
            time.Set(before, timestamp);
            throw;
        }

        return true;
    }

    static async Task MoveAsync(Session session, DateTimeOffset before, TimeSpan step)
    {
        var earlier = step < TimeSpan.Zero ? before + step : before;
        await AddAsync("delivery", "due_at", "due_at > @earlier and (attempts > 0 or due_at <= @soon)").ConfigureAwait(false);
        foreach (var (table, column) in Ahead)
            await AddAsync(table, column, $"{column} > @earlier").ConfigureAwait(false);
        foreach (var (table, column) in Since)
            await AddAsync(table, column, $"{column} is not null").ConfigureAwait(false);
        foreach (var (table, column) in step < TimeSpan.Zero ? Done : [])
            await AddAsync(table, column, $"({column} > @earlier or {column} is not null and state in ('Sending', 'Unknown', 'Held'))").ConfigureAwait(false);

        // Moments stand here as text of fixed width (Timestamps).
        Task<int> AddAsync(string table, string column, string where) => session.ExecuteAsync(
            $"update {table} set {column} = strftime('%Y-%m-%dT%H:%M:%f', {column}, @by) || '0000Z' where {where}",
            new { earlier, soon = before + LongestPatience, by = string.Create(CultureInfo.InvariantCulture, $"{step.TotalSeconds:+0.000;-0.000} seconds") });
    }

    async Task TellAsync(Session session, DateTimeOffset before, TimeSpan step)
    {
        log.LogWarning("The clock of this machine was set by {Step}; what waits was moved along", step);
        if (step.Duration() > WorthTelling)
            await notices.TellAsync(session, $"clock:{before.ToUnixTimeSeconds()}",
                $"De klok van deze machine is {(step < TimeSpan.Zero ? "achteruit" : "vooruit")} gezet, van {Said(before)} naar {Said(before + step)}. Het programma gaat gewoon door. Kijk of de klok nu goed staat en zichzelf gelijkzet (NTP).").ConfigureAwait(false);

        static string Said(DateTimeOffset at) => DutchTime.Of(at).ToString("dd-MM-yyyy HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
