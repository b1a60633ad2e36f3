using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// The posts that are owed, each to one target. What stands here survives any crash; <see cref="AttemptLog"/> tells
/// what became of it.
/// </summary>
public sealed class Outbox(Database database, NoticeBoard notices, TimeProvider time)
{
    // A take-down before everything: what must not be seen any more is worse than what is not seen yet. People who
    // still look for someone who was found come before those who do not look yet.
    const int TakedownPriority = -1;
    const int ClosePriority = 0;

    // The opening at the same target is what a later post edits or answers.
    internal const string Columns = """
        d.id, d.alert_id, d.reference, d.channel, d.target, d.address, d.operation, d.revision, d.state, d.standalone, d.in_place, d.attempts,
        d.created_at, d.due_at, d.not_after, d.intent_at, d.published_at, d.verified_at, d.verify_at, d.post_id, d.url, d.error, d.reason,
        d.unknown_since, d.absent_reads, d.says_duplicate, p.text, p.photo_url, p.photo_alt, a.issued_at, o.post_id as opening_post_id, o.url as opening_url, o.published_at as opening_at
        """;

    internal const string From = """
        from delivery d join post p on p.reference = d.reference and p.channel = d.channel join alert a on a.id = d.alert_id
        left join delivery o on d.operation <> 'Create' and o.alert_id = d.alert_id and o.channel = d.channel and o.target = d.target and o.operation = 'Create'
        """;

    const string InsertPost = """
        insert into post (reference, channel, text, photo_url, photo_alt, has_link, created_at) values (@reference, @channel, @text, @photoUrl, @photoAlt, @hasLink, @now)
        """;

    const string InsertCreates = """
        insert into delivery (id, alert_id, reference, channel, target, address, operation, revision, state, priority, position,
            standalone, attempts, created_at, due_at, not_after, reason)
        select e.value ->> 'id', @alertId, @reference, e.value ->> 'channel', e.value ->> 'target', e.value ->> 'address', 'Create', @revision,
            e.value ->> 'state', @priority, cast(e.value ->> 'position' as integer), false, 0, @now, @dueAt, @notAfter, e.value ->> 'reason'
        from each(@rows) e
        """;

    // What follows an opening goes where the opening went, was sent or may still be going, also where it was taken down
    // since: whoever read it must hear that it is over. It waits for what is unsettled there. A closing and a take-down do not wait for each other.
    const string InsertFollowUp = """
        insert into delivery (id, alert_id, reference, channel, target, address, operation, revision, state, priority, position,
            standalone, in_place, attempts, created_at, due_at, not_after)
        select @reference || '-' || (@first + row_number() over (order by c.position)), c.alert_id, @reference, c.channel, c.target, c.address,
            @operation, @revision,
            case when exists (select 1 from delivery o where o.alert_id = c.alert_id and o.channel = c.channel and o.target = c.target
                and o.operation in ('Create', 'Update') and o.state in ('Planned', 'Pending', 'Sending', 'Unknown', 'Held')) then 'Planned' else 'Pending' end,
            @priority, c.position, @standalone, @inPlace, 0, @now, @now, @notAfter
        from delivery c
        where c.alert_id = @alertId and c.operation = 'Create' and c.channel = @channel
            and c.state in ('Planned', 'Pending', 'Sending', 'Unknown', 'Held', 'Published', 'Gone')
        """;

    const string SettleWaiting = """
        update delivery set state = @state, error = @reason where alert_id = @alertId and operation in @operations and state in ('Planned', 'Pending')
        """;

    // What was never published cannot be updated, closed or taken down.
    const string DropFollowUps = """
        update delivery set state = 'Cancelled', error = 'de oproep is hier niet geplaatst'
        where alert_id = @alertId and channel = @channel and target = @target and state in ('Planned', 'Pending') and operation <> 'Create'
        """;

    const string Promote = """
        update delivery set state = 'Pending', due_at = @now
        where alert_id = @alertId and channel = @channel and target = @target and state = 'Planned'
            and revision = (select min(n.revision) from delivery n where n.alert_id = @alertId and n.channel = @channel and n.target = @target and n.state = 'Planned')
            and not exists (select 1 from delivery o where o.alert_id = @alertId and o.channel = @channel and o.target = @target
                and o.operation in ('Create', 'Update') and o.state in ('Pending', 'Sending', 'Unknown', 'Held'))
        """;

    const string Late = """
        from delivery where state in ('Pending', 'Planned') and not_after <= @now
        """;

    // Ten thousand in one statement are as quick and leave a mountain of memory.
    const int RowsAtOnce = 500;

    static readonly TimeSpan TakedownIsLate = TimeSpan.FromMinutes(5);

    /// <summary>Raised after a commit that put work in the outbox.</summary>
    public event Action? Changed;

    /// <summary>Tells the dispatcher to look; call it after the commit.</summary>
    internal void Wake() => Changed?.Invoke();

    /// <summary>
    /// What becomes of an alert and what becomes of its deliveries must not pass each other by: whoever changes either
    /// takes this lock first.
    /// </summary>
    internal static Task LockAlertAsync(Session session, string alertId) => session.LockAsync($"alert/{alertId}");

    /// <summary>Puts an opening in the outbox, one delivery per route, in the order of the routes.</summary>
    /// <param name="session">The transaction of the intake.</param>
    /// <param name="opening">What it belongs to.</param>
    /// <param name="posts">The words by channel, with the photo where it goes along.</param>
    /// <param name="routes">Where they go, and when.</param>
    /// <param name="silent">Channels that only record (<c>publish: false</c>).</param>
    internal async Task EnqueueOpeningAsync(Session session, Opening opening, IReadOnlyDictionary<string, OpeningPost> posts, IReadOnlyList<PlannedRoute> routes, IReadOnlySet<string> silent)
    {
        var now = time.GetUtcNow();
        foreach (var (channel, post) in posts)
            await AddPostAsync(session, opening.Reference, channel, post.Text, now, post.Photo).ConfigureAwait(false);
        foreach (var due in routes.Select((planned, position) => (planned.Route, planned.DueAt, position)).GroupBy(r => r.DueAt).SelectMany(same => same.Chunk(RowsAtOnce)))
        {
            await session.ExecuteAsync(InsertCreates, new
            {
                alertId = opening.AlertId, reference = opening.Reference, revision = opening.Revision, priority = PriorityOf(opening.Kind), now, dueAt = due[0].DueAt, notAfter = opening.NotAfter,
                rows = Session.Rows(due.Select(row => new
                {
                    Id = $"{opening.Reference}-{row.position + 1}", row.Route.Channel, row.Route.Target, row.Route.Address, Position = row.position, row.Route.Reason,
                    State = (silent.Contains(row.Route.Channel) ? DeliveryState.Planned : DeliveryState.Pending).ToString(),
                })),
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Puts an update in the outbox for every target of the opening; updates that still wait make room.</summary>
    internal async Task EnqueueUpdateAsync(Session session, FollowUp update, AlertKind kind, DateTimeOffset notAfter)
    {
        await SettleWaitingAsync(session, update.AlertId, DeliveryState.Superseded, "een nieuwere aanvulling kwam ervoor in de plaats", DeliveryOperation.Update).ConfigureAwait(false);
        await FollowUpAsync(session, update, DeliveryOperation.Update, PriorityOf(kind), notAfter).ConfigureAwait(false);
    }

    /// <summary>Puts the closing in the outbox for every target that has, or may have, the opening. It never expires.</summary>
    internal Task EnqueueClosingAsync(Session session, FollowUp closing) =>
        FollowUpAsync(session, closing, DeliveryOperation.Close, ClosePriority, notAfter: null);

    /// <summary>Everything of the alert at every target that has, or may have, it must come down. It never expires.</summary>
    internal Task EnqueueTakedownAsync(Session session, FollowUp takedown) =>
        FollowUpAsync(session, takedown, DeliveryOperation.Takedown, TakedownPriority, notAfter: null);

    /// <summary>Nothing of this alert that has not left yet will leave.</summary>
    internal static Task CancelWaitingAsync(Session session, string alertId, string reason) =>
        SettleWaitingAsync(session, alertId, DeliveryState.Cancelled, reason, DeliveryOperation.Create, DeliveryOperation.Update);

    /// <summary>The channels that have, had, or may get, something of this alert.</summary>
    internal static Task<IReadOnlyList<string>> ChannelsOfAsync(Session session, string alertId) =>
        session.QueryAsync<string>("""
            select distinct channel from delivery where alert_id = @alertId and operation = 'Create'
                and state in ('Planned', 'Pending', 'Sending', 'Unknown', 'Held', 'Published', 'Gone') order by channel
            """, new { alertId });

    /// <summary>How many deliveries stand where, by channel.</summary>
    public Task<IReadOnlyList<(string Channel, string State, long Count)>> CountsAsync() =>
        database.ReadAsync(session => session.QueryAsync<(string Channel, string State, long Count)>("select channel, state, count(*) from delivery group by channel, state order by channel, state"));

    /// <summary>By channel, when what is not urgent may follow the last of its kind.</summary>
    internal static async Task<IReadOnlyDictionary<string, DateTimeOffset>> NextTurnsAsync(Session session, DateTimeOffset now, TimeSpan apart)
    {
        var last = await session.QueryAsync<(string Channel, DateTimeOffset DueAt)>("""
            select d.channel, d.due_at from alert a join delivery d on d.alert_id = a.id where a.kind = 'Burgernetmail' and a.not_after > @now and d.operation = 'Create'
                and d.state in ('Pending', 'Sending', 'Unknown', 'Published') and d.waits_for is null and d.due_at > @since
            """, new { now, since = now - apart }).ConfigureAwait(false);
        return last.GroupBy(d => d.Channel).ToDictionary(c => c.Key, c => c.Max(d => d.DueAt) + apart);
    }

    /// <summary>Whether anything of this alert went out, or may have.</summary>
    internal static async Task<bool> MayBeOutAsync(Session session, string alertId) =>
        await session.FirstOrDefaultAsync<string>("select id from delivery where alert_id = @alertId and state in ('Sending', 'Unknown', 'Held', 'Published') limit 1", new { alertId })
            .ConfigureAwait(false) is not null;

    /// <summary>Lets go what waited for a delivery that is settled now, or drops what can never follow it.</summary>
    internal static async Task LetGoAsync(Session session, Delivery delivery, DeliveryState state, DateTimeOffset now)
    {
        var of = new { alertId = delivery.AlertId, channel = delivery.Channel, target = delivery.Target, now };
        if (delivery.Operation is DeliveryOperation.Create && state is DeliveryState.Failed or DeliveryState.Cancelled or DeliveryState.Expired)
            await session.ExecuteAsync(DropFollowUps, of).ConfigureAwait(false);
        else if (state is not (DeliveryState.Pending or DeliveryState.Unknown or DeliveryState.Held))
            await session.ExecuteAsync(Promote, of).ConfigureAwait(false);
    }

    /// <summary>Ends what could not go out in its time, and tells of what should be down by now and is not.</summary>
    /// <returns>How many deliveries expired.</returns>
    public async Task<int> ExpireAsync()
    {
        var now = time.GetUtcNow();
        var (late, up) = await database.ReadAsync(async s => (
            await s.QueryAsync<string>($"select distinct alert_id {Late}", new { now }).ConfigureAwait(false),
            await StillUpAsync(s, now).ConfigureAwait(false))).ConfigureAwait(false);

        var expired = 0;
        foreach (var alertId in time is SteadyTime { MayEnd: false } ? [] : late)
            expired += await database.WriteAsync(session => ExpireAsync(session, alertId, now)).ConfigureAwait(false);
        if (up.Count > 0)
        {
            await database.WriteAsync(async session =>
            {
                foreach (var delivery in up)
                    await notices.TellAsync(session, TakedownCause(delivery),
                        $"Van {delivery.Reference} op {delivery.Channel} is nog niet bewezen dat het weg is{(delivery.Error is null ? "" : $" ({delivery.Error})")}. Het programma blijft het proberen; haal het zo nodig met de hand weg.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }

        return expired;
    }

    async Task<int> ExpireAsync(Session session, string alertId, DateTimeOffset now)
    {
        await LockAlertAsync(session, alertId).ConfigureAwait(false);
        var late = await session.QueryAsync<Delivery>($"select {Columns} {From} where d.alert_id = @alertId and d.state in ('Pending', 'Planned') and d.not_after <= @now", new { alertId, now }).ConfigureAwait(false);
        foreach (var delivery in late)
        {
            await session.ExecuteAsync("update delivery set state = 'Expired', error = coalesce(error, 'de tijd was om voordat het uit kon gaan') where id = @id and state = @state", new { id = delivery.Id, state = delivery.State.ToString() }).ConfigureAwait(false);
            await LetGoAsync(session, delivery, DeliveryState.Expired, now).ConfigureAwait(false);
            if (delivery.State is DeliveryState.Pending)
                await notices.TellAsync(session, $"expired:{delivery.Channel}:{delivery.Reference}",
                    $"Bericht {delivery.Reference} kon niet op tijd op {delivery.Channel} worden geplaatst en is vervallen. Plaats het zo nodig met de hand.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
        }

        return late.Count;
    }

    // One per reference and channel is enough for the person who is told.
    static async Task<IReadOnlyList<Delivery>> StillUpAsync(Session session, DateTimeOffset now) =>
        [.. (await session.QueryAsync<Delivery>($"""
            select {Columns} {From} where d.operation = 'Takedown' and d.state in ('Planned', 'Pending', 'Sending') and d.created_at <= @late
                and not exists (select 1 from notice n where n.cause = 'takedown:' || d.channel || ':' || d.reference)
            """, new { late = now - TakedownIsLate }).ConfigureAwait(false)).DistinctBy(TakedownCause)];

    internal static string TakedownCause(Delivery delivery) => $"takedown:{delivery.Channel}:{delivery.Reference}";

    /// <summary>The deliveries of these alerts in the order they were made.</summary>
    public Task<IReadOnlyList<Delivery>> OfAlertsAsync(IEnumerable<string> alertIds) =>
        database.ReadAsync(session => session.QueryAsync<Delivery>($"select {Columns} {From} where d.alert_id in @alertIds order by d.revision, d.position, d.id", new { alertIds = alertIds.ToArray() }));

    /// <summary>The newest deliveries first.</summary>
    public Task<IReadOnlyList<Delivery>> NewestAsync(int limit) =>
        database.ReadAsync(session => session.QueryAsync<Delivery>($"select {Columns} {From} order by d.created_at desc, d.position desc, d.id desc limit @limit", new { limit }));

    /// <summary>How the channels are doing.</summary>
    public Task<IReadOnlyList<ChannelHealth>> ChannelsAsync() =>
        database.ReadAsync(session => session.QueryAsync<ChannelHealth>("""
            select n.name, (select count(*) from delivery d where d.channel = n.name and d.state = 'Pending') as waiting,
                c.next_at, c.stopped_at, c.stopped_reason, c.paused_at, c.paused_by, c.listing_lag
            from (select name from channel union select distinct channel from delivery where state = 'Pending') n left join channel c on c.name = n.name
            """));

    async Task FollowUpAsync(Session session, FollowUp followUp, DeliveryOperation operation, int priority, DateTimeOffset? notAfter)
    {
        await LockAlertAsync(session, followUp.AlertId).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var first = 0;
        foreach (var post in followUp.Posts)
        {
            await AddPostAsync(session, followUp.Reference, post.Channel, post.Text, now).ConfigureAwait(false);
            first += await session.ExecuteAsync(InsertFollowUp, new
            {
                first, alertId = followUp.AlertId, reference = followUp.Reference, revision = followUp.Revision, operation = operation.ToString(), priority,
                channel = post.Channel, standalone = post.Standalone, inPlace = post.InPlace, now, notAfter,
            }).ConfigureAwait(false);
        }
    }

    static Task<int> AddPostAsync(Session session, string reference, string channel, string text, DateTimeOffset now, AlertPhoto? photo = null) =>
        session.ExecuteAsync(InsertPost, new { reference, channel, text, photoUrl = photo?.Url, photoAlt = photo?.AltText, hasLink = LinkBudget.IsLinked(text), now });

    static Task<int> SettleWaitingAsync(Session session, string alertId, DeliveryState state, string reason, params DeliveryOperation[] operations) =>
        session.ExecuteAsync(SettleWaiting, new { alertId, state = state.ToString(), reason, operations = operations.Select(o => o.ToString()).ToArray() });

    static int PriorityOf(AlertKind kind) => kind switch
    {
        AlertKind.AmberAlert => 1,
        AlertKind.VermistKindAlert => 2,
        AlertKind.Actie => 3,
        _ => 4,
    };
}

/// <summary>What an opening brings to the outbox.</summary>
sealed record Opening(string AlertId, AlertKind Kind, string Reference, int Revision, DateTimeOffset NotAfter);

/// <summary>What an opening shows on one channel.</summary>
/// <param name="Photo">Goes along, with words that say what it shows; null where none does.</param>
sealed record OpeningPost(string Text, AlertPhoto? Photo);

/// <summary>What follows an opening: an update, a closing or a take-down.</summary>
sealed record FollowUp(string AlertId, string Reference, int Revision, IReadOnlyList<FollowingPost> Posts);

/// <summary>The words of a follow-up on one channel. Those of a take-down stand in where deletion is refused.</summary>
/// <param name="InPlace">They take the place of the opening's.</param>
/// <param name="Standalone">They do not answer the opening, because that will be gone.</param>
sealed record FollowingPost(string Channel, string Text, bool InPlace = false, bool Standalone = false);

/// <summary>How a channel is doing.</summary>
public sealed record ChannelHealth
{
    public required string Name { get; init; }

    /// <summary>How many deliveries wait to go out.</summary>
    public required int Waiting { get; init; }

    /// <summary>Nothing goes out before this.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }
    public string? StoppedReason { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public string? PausedBy { get; init; }

    /// <summary>The longest that a new post took to show in the account's own posts, in milliseconds.</summary>
    public int? ListingLag { get; init; }

    /// <summary>A quiet time shorter than this can double a post; null as long as nothing was measured.</summary>
    public TimeSpan? QuietFloor => TimeSpan.FromMilliseconds(3) * ListingLag;
}
