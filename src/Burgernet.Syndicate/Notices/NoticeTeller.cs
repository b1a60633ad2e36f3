using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Notices;

/// <summary>
/// Brings the notices to people in one way: by mail, or by webhook. A topic is told at most once an hour; what comes
/// within the hour is told together when it is over. What could not be handed over is tried again. A telling whose worker
/// died in the middle of it is told again, with the same id: told twice is better than not told.
/// </summary>
public sealed class NoticeTeller(Database database, NoticeBoard notices, INotifier notifier, TimeProvider time, ILogger<NoticeTeller> log)
{
    static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    // What goes wrong at twelve groups at once belongs in one mail, not one in this and eleven in that of the next hour.
    static readonly TimeSpan Gathering = TimeSpan.FromSeconds(3);

    // Longer than a notifier may take.
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    static readonly TimeSpan Renewal = TimeSpan.FromMinutes(1);

    // A server that restarts is not worth a notice.
    const int FailuresToTell = 3;

    // Who must decide on more than this needs a list, not a letter.
    const int MostWords = 5;

    const int MostParameters = 500;

    // A clock that was ahead and was put right must not silence a topic for as long: what lies much further ahead than the
    // pause is due. Much, because the clocks of two workers differ a little.
    const string AnyDue = """
        select u.topic from untold u left join telling t on t.notifier = u.notifier and t.topic = u.topic
        where u.notifier = @name and (t.next_at is null or t.next_at <= @now or t.next_at > @farthest)
        group by u.topic, t.next_at having min(u.at) <= @ripe order by coalesce(t.next_at, min(u.at)), u.topic limit 1
        """;

    const string Renew = """
        insert into notifier (name, renewed_at, attempts) values (@name, @now, 0)
        on conflict (name) do update set renewed_at = @now
        """;

    const string Claim = """
        insert into telling (notifier, topic, next_at) values (@name, @topic, @until)
        on conflict (notifier, topic) do update set next_at = @until
        """;

    // What was told long ago and has nothing new is like what was never told.
    const string Forget = """
        delete from telling where notifier = @name and next_at <= @yesterday
            and not exists (select 1 from untold u where u.notifier = telling.notifier and u.topic = telling.topic)
        """;

    string Unreachable => $"unreachable:{notifier.Name}";

    /// <summary>From now on notices are kept for this notifier; what was on the board before is history.</summary>
    public Task StartAsync() => database.WriteAsync(session => session.ExecuteAsync(Renew, new { name = notifier.Name, now = time.GetUtcNow() }));

    /// <summary>Tells what is due, until nothing is or until it cannot be handed over.</summary>
    /// <returns>How many topics were told.</returns>
    public async Task<int> TellDueAsync(CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(IsRenewalDueAsync).ConfigureAwait(false))
            await StartAsync().ConfigureAwait(false);

        var told = 0;
        while (!cancellationToken.IsCancellationRequested && await ClaimAsync().ConfigureAwait(false) is { } claimed)
        {
            // A telling that is on its way is waited for: broken off, it would be told twice.
            var failure = await HandOverAsync(claimed.Telling).ConfigureAwait(false);
            await (failure is null ? TookAsync(claimed) : FailedAsync(claimed, failure)).ConfigureAwait(false);
            if (failure is not null)
                return told;
            told++;
        }

        return told;
    }

    async Task<string?> HandOverAsync(Telling telling)
    {
        try
        {
            return await notifier.HandOverAsync(telling).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            log.LogError(exception, "Notifier {Notifier} threw on {Cause}", notifier.Name, telling.Cause);
            return $"het ging onverwacht mis ({exception.GetType().Name})";
        }
    }

    // ---- what is due

    async Task<bool> IsRenewalDueAsync(Session session) =>
        await session.FirstOrDefaultAsync<string>("select name from notifier where name = @name and renewed_at > @recently and renewed_at <= @now",
            new { name = notifier.Name, recently = time.GetUtcNow() - Renewal, now = time.GetUtcNow() }).ConfigureAwait(false) is null;

    async Task<string?> DueAsync(Session session)
    {
        var now = time.GetUtcNow();
        var state = await StateAsync(session).ConfigureAwait(false);
        if (state?.NextAt > now && state.NextAt <= now + Pause)
            return null;
        return await session.FirstOrDefaultAsync<string>(AnyDue, new { name = notifier.Name, now, ripe = now - Gathering, farthest = now + 2 * Pause }).ConfigureAwait(false);
    }

    Task<State?> StateAsync(Session session) => session.FirstOrDefaultAsync<State>("select attempts, next_at from notifier where name = @name", new { name = notifier.Name });

    async Task<Claimed?> ClaimAsync()
    {
        // Looked at before the write lock is asked for: most looks find nothing.
        if (await database.ReadAsync(DueAsync).ConfigureAwait(false) is null)
            return null;

        return await database.WriteAsync(async session =>
        {
            await session.LockAsync($"telling/{notifier.Name}").ConfigureAwait(false);
            if (await DueAsync(session).ConfigureAwait(false) is not { } topic)
                return null;
            var now = time.GetUtcNow();
            var of = new { name = notifier.Name, topic, now, until = now + Lease };
            var before = await session.FirstOrDefaultAsync<DateTimeOffset?>("select told_at from telling where notifier = @name and topic = @topic and told_at is not null", of).ConfigureAwait(false);
            await session.ExecuteAsync(Claim, of).ConfigureAwait(false);
            var owed = await session.QueryAsync<Owed>("select cause, at from untold where notifier = @name and topic = @topic and at <= @now order by at, cause", of).ConfigureAwait(false);
            var first = await session.QueryAsync<Notice>("select cause, at, alert_id, channel, text from notice where cause in @causes order by at, cause", new { causes = owed.Take(MostWords).Select(o => o.Cause).ToArray() }).ConfigureAwait(false);
            return new Claimed(owed, of.until, new Telling
            {
                Id = IdOf(topic, owed), Cause = topic, Subject = Topics.Headline(topic, first[0].AlertId), Channel = first[0].Channel, AlertId = first[0].AlertId,
                Text = Words([.. first.Select(n => n.Text)], owed.Count, before), At = now,
            });
        }).ConfigureAwait(false);
    }

    // ---- what came of it

    Task TookAsync(Claimed claimed) => database.WriteAsync(async session =>
    {
        await session.LockAsync($"telling/{notifier.Name}").ConfigureAwait(false);
        var now = time.GetUtcNow();
        var of = new { name = notifier.Name, topic = claimed.Telling.Cause, now, next = now + Pause, yesterday = now.AddDays(-1) };
        // What was withdrawn and came back in the meantime is something else.
        foreach (var causes in claimed.Owed.Select(o => o.Cause).Chunk(MostParameters))
            await session.ExecuteAsync("delete from untold where notifier = @name and cause in @causes and at <= @at", new { of.name, causes, at = claimed.Telling.At }).ConfigureAwait(false);
        await session.ExecuteAsync("update telling set next_at = @next, told_at = @now where notifier = @name and topic = @topic", of).ConfigureAwait(false);
        await session.ExecuteAsync("update notifier set attempts = 0, next_at = null where name = @name", of).ConfigureAwait(false);
        await session.ExecuteAsync(Forget, of).ConfigureAwait(false);
        await NoticeBoard.WithdrawAsync(session, Unreachable).ConfigureAwait(false);
        log.LogInformation("Told by {Notifier}: {Cause}, {Count} notice(s)", notifier.Name, claimed.Telling.Cause, claimed.Owed.Count);
    });

    Task FailedAsync(Claimed claimed, string reason) => database.WriteAsync(async session =>
    {
        await session.LockAsync($"telling/{notifier.Name}").ConfigureAwait(false);
        var attempts = (await StateAsync(session).ConfigureAwait(false))?.Attempts + 1 ?? 1;
        var next = time.GetUtcNow() + Backoff.After(attempts, Random.Shared.NextDouble());
        var of = new { name = notifier.Name, topic = claimed.Telling.Cause, attempts, next, until = claimed.Until };
        // Who was the trouble cannot be known: everything waits, and then another topic is tried first.
        await session.ExecuteAsync("update notifier set attempts = @attempts, next_at = @next where name = @name", of).ConfigureAwait(false);
        await session.ExecuteAsync("update telling set next_at = @next where notifier = @name and topic = @topic and next_at = @until", of).ConfigureAwait(false);
        log.LogWarning("Could not tell {Cause} by {Notifier}, attempt {Attempt}: {Reason}; again at {Next:u}", claimed.Telling.Cause, notifier.Name, attempts, reason, next);
        if (attempts >= FailuresToTell)
            await notices.TellAsync(session, Unreachable,
                $"Meldingen per {notifier.Name} komen niet aan: {reason}. Kijk naar notify in syndicate.json. Het programma blijft het proberen; lees tot die tijd de overzichtspagina.", notBy: notifier.Name).ConfigureAwait(false);
    });

    // ---- words

    static string Words(IReadOnlyList<string> texts, int count, DateTimeOffset? before)
    {
        IEnumerable<string> paragraphs = texts;
        if (before is { } told)
            paragraphs = paragraphs.Prepend($"Sinds de vorige melding hierover ({Clock(told)}) nog {count} van zulke meldingen:");
        if (count > texts.Count)
            paragraphs = paragraphs.Append($"En nog {count - texts.Count} van zulke meldingen. De overzichtspagina toont waar ze over gaan; de opdracht 'deliveries' ook.");
        return string.Join("\n\n", paragraphs);
    }

    static string Clock(DateTimeOffset moment) => DutchTime.Of(moment).ToString("d MMMM H.mm 'uur'", CultureInfo.GetCultureInfo("nl-NL"));

    static string IdOf(string topic, IReadOnlyList<Owed> owed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(topic));
        foreach (var one in owed)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n{one.Cause} {one.At.ToUnixTimeMilliseconds()}")));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    sealed record Claimed(IReadOnlyList<Owed> Owed, DateTimeOffset Until, Telling Telling);

    sealed record Owed
    {
        public required string Cause { get; init; }
        public required DateTimeOffset At { get; init; }
    }

    sealed record State
    {
        public required int Attempts { get; init; }
        public DateTimeOffset? NextAt { get; init; }
    }
}
