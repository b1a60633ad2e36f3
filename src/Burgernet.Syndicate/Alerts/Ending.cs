using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// How an alert ends: its source says so, a person says so, its time is over, or its source has forgotten it. What waits
/// is cancelled, what must not be seen any more comes down, and where somebody said that it is over, readers are told.
/// </summary>
public sealed class Ending(Database database, NoticeBoard notices, Outbox outbox, Wording wording, IntakeOptions options, TimeProvider time)
{
    // A source that has dropped an alert for this long without a closing is not going to close it.
    static readonly TimeSpan Silence = TimeSpan.FromMinutes(30);

    // The name and picture of a person who is looked for stay up no longer than this without news.
    static readonly TimeSpan LongestWithoutNews = TimeSpan.FromHours(24);

    const string NoLongerCurrent = "Deze oproep is niet meer actueel.";

    // An open alert that a good answer does not show, and one that it shows again.
    const string NoteAbsent = """
        update alert set absent_since = @now where source = @source and phase in ('Opened', 'Updated') and absent_since is null and id in @ids
        """;

    const string NotePresent = """
        update alert set absent_since = null where source = @source and absent_since is not null and id in @ids
        """;

    /// <summary>When what is public of an alert comes down by itself; null: never.</summary>
    internal DateTimeOffset? EndOf(AlertEntry entry, DateTimeOffset lastNews, DateTimeOffset? expires) =>
        expires ?? (IsSensitive(entry) ? lastNews + (options.NotAfter[entry.Kind] > LongestWithoutNews ? options.NotAfter[entry.Kind] : LongestWithoutNews) : null);

    /// <summary>Whoever was looked for has a right not to be found for ever: these posts come down when it is over.</summary>
    internal static bool IsSensitive(AlertEntry entry) =>
        entry.Kind is AlertKind.AmberAlert or AlertKind.VermistKindAlert || entry.Category is AlertCategory.MissingPerson || entry.Photo;

    /// <summary>
    /// Makes public that an alert is over. What was withdrawn comes down wherever that can be; of the rest, what names or
    /// shows a person, unless the channel's <c>atClose</c> says otherwise.
    /// </summary>
    /// <param name="closed">The alert as it is now, closed or withdrawn, with its new revision.</param>
    /// <param name="words">What the source says at its end; may be empty.</param>
    internal async Task<IntakeResult> CloseAsync(Session session, AlertEntry closed, string words)
    {
        await Outbox.LockAlertAsync(session, closed.Id).ConfigureAwait(false);
        await StopAsync(session, closed, "de oproep was voorbij voordat dit uitging").ConfigureAwait(false);
        var channels = await Outbox.ChannelsOfAsync(session, closed.Id).ConfigureAwait(false);
        if (channels.Count == 0)
            return new IntakeResult(IntakeOutcome.Stored, closed.Id, "de oproep ging nergens heen");

        var reference = await Reference.DrawAsync(session, closed, DeliveryOperation.Close).ConfigureAwait(false);
        var posts = await ComposeAsync(session, closed, channels, words, reference).ConfigureAwait(false);
        await outbox.EnqueueClosingAsync(session, new FollowUp(closed.Id, reference, closed.Revision, [.. posts.Select(post =>
        {
            var (channel, means) = (options.Channels[post.Key], Means(post.Key, closed));
            return new FollowingPost(post.Key, post.Value, InPlace: means is AtClose.Edit, Standalone: means is AtClose.Delete && !channel.ThreadSurvives);
        })])).ConfigureAwait(false);

        await TakeDownAsync(session, closed, [.. channels.Where(c => Means(c, closed) is AtClose.Delete)], words).ConfigureAwait(false);
        return new IntakeResult(IntakeOutcome.Accepted, closed.Id);
    }

    /// <summary>
    /// Notes what a good answer of a source that lists what is open shows, and ends what it has not shown for half an
    /// hour: names and pictures come down, nothing is posted, a person is told.
    /// </summary>
    /// <param name="shown">The source's ids in the answer; null: it said that nothing changed.</param>
    internal async Task NoteShownAsync(Session session, string source, IReadOnlySet<string>? shown)
    {
        var now = time.GetUtcNow();
        var known = await session.QueryAsync<(string Id, string SourceId, DateTimeOffset? AbsentSince)>(
            "select id, source_id, absent_since from alert where source = @source and (phase in ('Opened', 'Updated') or absent_since is not null)", new { source }).ConfigureAwait(false);
        if (shown is not null)
        {
            var absent = known.Where(a => a.AbsentSince is null && !shown.Contains(a.SourceId)).Select(a => a.Id).ToList();
            var present = known.Where(a => a.AbsentSince is not null && shown.Contains(a.SourceId)).Select(a => a.Id).ToList();
            if (absent.Count > 0)
                await session.ExecuteAsync(NoteAbsent, new { now, source, ids = absent }).ConfigureAwait(false);
            if (present.Count > 0)
                await session.ExecuteAsync(NotePresent, new { source, ids = present }).ConfigureAwait(false);
        }

        foreach (var alert in known.Where(a => a.AbsentSince <= now - Silence && shown?.Contains(a.SourceId) is not true))
            if (await AlertLog.FindAsync(session, alert.Id).ConfigureAwait(false) is { IsOpen: true } silent)
                await VanishAsync(session, silent, AlertPhase.Silent, $"silent:{silent.Id}",
                    $"De oproep {silent.SourceId} van bron {source} is al een half uur niet meer te zien, zonder slotbericht. Wat een naam of foto toont is weggehaald; er is niets over geplaatst. Vraag na of hij voorbij is en gebruik dan 'close {silent.Id} --by NAAM'.").ConfigureAwait(false);
    }

    /// <summary>Ends what is over by its own clock.</summary>
    /// <returns>How many alerts ended.</returns>
    public async Task<int> EndOverdueAsync()
    {
        if (time is SteadyTime { MayEnd: false })
            return 0;
        const string Overdue = "select id from alert where phase in ('Opened', 'Updated') and ends_at <= @now";
        var overdue = await database.ReadAsync(session => session.QueryAsync<string>(Overdue, new { now = time.GetUtcNow() })).ConfigureAwait(false);
        foreach (var id in overdue)
        {
            await database.WriteAsync(async session =>
            {
                await session.LockAsync(Intake.Lock).ConfigureAwait(false);
                if (await AlertLog.FindAsync(session, id).ConfigureAwait(false) is { IsOpen: true } old)
                    await VanishAsync(session, old, AlertPhase.Expired, $"ended:{id}",
                        $"De oproep {old.SourceId} van bron {old.Source} is over zijn tijd zonder slotbericht. Wat een naam of foto toont is weggehaald; er is niets over geplaatst. Vraag na of hij voorbij is; met 'close {id} --by NAAM' horen ook de lezers het.").ConfigureAwait(false);
            }).ConfigureAwait(false);
            outbox.Wake();
        }

        return overdue.Count;
    }

    /// <summary>A person ends an alert, or withdraws it: then all of it comes down.</summary>
    internal async Task<Refusal?> EndByHandAsync(Session session, string alertId, bool withdraw)
    {
        await session.LockAsync(Intake.Lock).ConfigureAwait(false);
        if (await AlertLog.FindAsync(session, alertId).ConfigureAwait(false) is not { } known)
            return new Refusal($"er is geen bericht {alertId}; 'alerts' toont ze", Unknown: true);
        if (known.TwinId is { } twin && (await Outbox.ChannelsOfAsync(session, known.Id).ConfigureAwait(false)).Count == 0)
            return new Refusal($"dit bericht bevestigt alleen {twin}; gebruik dat nummer");
        if (known.Phase is AlertPhase.Withdrawn || !withdraw && known.Phase is AlertPhase.Closed)
            return new Refusal($"het bericht is al {(known.Phase is AlertPhase.Closed ? "afgesloten" : "ingetrokken")}");

        var wasClosed = known.Phase is AlertPhase.Closed;
        var ended = known with
        {
            Phase = withdraw ? AlertPhase.Withdrawn : AlertPhase.Closed, ClosedAt = known.ClosedAt ?? time.GetUtcNow(), Revision = known.Revision + 1,
        };
        await AlertLog.ChangeAsync(session, ended).ConfigureAwait(false);
        if (!wasClosed)
        {
            await CloseAsync(session, ended, "").ConfigureAwait(false);
            return null;
        }

        // That it is over has been said; what is left goes.
        await Outbox.LockAlertAsync(session, ended.Id).ConfigureAwait(false);
        await TakeDownAsync(session, ended, [.. (await Outbox.ChannelsOfAsync(session, ended.Id).ConfigureAwait(false)).Where(c => Means(c, ended) is AtClose.Delete)], "").ConfigureAwait(false);
        return null;
    }

    async Task VanishAsync(Session session, AlertEntry entry, AlertPhase phase, string cause, string notice)
    {
        var ended = entry with { Phase = phase, Revision = entry.Revision + 1 };
        await AlertLog.ChangeAsync(session, ended).ConfigureAwait(false);
        await Outbox.LockAlertAsync(session, ended.Id).ConfigureAwait(false);
        await StopAsync(session, ended, "de oproep is voorbij").ConfigureAwait(false);
        var channels = await Outbox.ChannelsOfAsync(session, ended.Id).ConfigureAwait(false);
        if (channels.Count == 0)
            return;
        if (IsSensitive(ended))
            await TakeDownAsync(session, ended, [.. channels.Where(c => Means(c, ended) is AtClose.Delete)], words: null).ConfigureAwait(false);
        await notices.TellAsync(session, cause, notice, ended.Id).ConfigureAwait(false);
    }

    static async Task StopAsync(Session session, AlertEntry ended, string reason)
    {
        await Outbox.CancelWaitingAsync(session, ended.Id, reason).ConfigureAwait(false);
        await NoticeBoard.WithdrawAsync(session, Intake.MirrorCause(ended.Id)).ConfigureAwait(false);
    }

    // The words stand in where a network refuses to delete. They have a code of their own, so that no post is taken for another.
    async Task TakeDownAsync(Session session, AlertEntry ended, IReadOnlyList<string> channels, string? words)
    {
        if (channels.Count == 0)
            return;
        var reference = await Reference.DrawAsync(session, ended, DeliveryOperation.Takedown).ConfigureAwait(false);
        var posts = words is null
            ? channels.ToDictionary(c => c, _ => $"{NoLongerCurrent} Ref. {reference}")
            : await ComposeAsync(session, ended, channels, words, reference).ConfigureAwait(false);
        await outbox.EnqueueTakedownAsync(session, new FollowUp(ended.Id, reference, ended.Revision,
            [.. channels.Select(c => new FollowingPost(c, posts.GetValueOrDefault(c) ?? $"{NoLongerCurrent} Ref. {reference}"))])).ConfigureAwait(false);
    }

    Task<Dictionary<string, string>> ComposeAsync(Session session, AlertEntry closed, IReadOnlyList<string> channels, string words, string reference) =>
        wording.ComposeAsync(session, closed, channels, wording.Words.Closing(closed, words, reference));

    AtClose Means(string name, AlertEntry entry)
    {
        if (!options.Channels.TryGetValue(name, out var channel))
            return AtClose.Keep;
        var wanted = entry.Phase is AlertPhase.Withdrawn ? AtClose.Delete
            : channel.AtClose ?? (IsSensitive(entry) ? AtClose.Delete : channel.UpdatesInPlace ? AtClose.Edit : AtClose.Keep);
        return wanted switch
        {
            AtClose.Delete when !channel.Deletes => channel.Edits ? AtClose.Edit : AtClose.Keep,
            AtClose.Edit when !channel.Edits => AtClose.Keep,
            _ => wanted,
        };
    }
}
