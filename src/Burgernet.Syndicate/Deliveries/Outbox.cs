using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// The posts that are owed, each to one target. What stands here survives any crash; a delivery is claimed with its
/// intent on disk before a byte leaves, so that after a crash we know which ones may be out there.
/// </summary>
public sealed class Outbox(Database database, NoticeBoard notices, TimeProvider time)
{
    // How long an account that refuses us is left alone before one delivery tries it again.
    static readonly TimeSpan StoppedPause = TimeSpan.FromMinutes(1);

    // People who still look for someone who was found come before those who do not look yet.
    const int ClosePriority = 0;

    // The opening at the same target is what a later post edits or answers.
    const string Columns = """
        d.id, d.alert_id, d.reference, d.channel, d.target, d.address, d.operation, d.revision, d.state, d.standalone, d.attempts,
        d.created_at, d.due_at, d.not_after, d.intent_at, d.published_at, d.verified_at, d.post_id, d.url, d.error, p.text,
        (select o.post_id from delivery o where o.alert_id = d.alert_id and o.channel = d.channel and o.target = d.target
            and o.operation = 'Create') as opening_post_id,
        (select o.url from delivery o where o.alert_id = d.alert_id and o.channel = d.channel and o.target = d.target
            and o.operation = 'Create') as opening_url
        """;

    const string From = "from delivery d join post p on p.reference = d.reference and p.channel = d.channel";

    const string InsertPost = """
        insert into post (reference, channel, text, created_at) values (@reference, @channel, @text, @now)
        """;

    const string InsertCreate = """
        insert into delivery (id, alert_id, reference, channel, target, address, operation, revision, state, priority, position,
            standalone, attempts, created_at, due_at, not_after)
        values (@id, @alertId, @reference, @channel, @target, @address, 'Create', @revision, @state, @priority, @position,
            false, 0, @now, @dueAt, @notAfter)
        """;

    // An update or closing goes where the opening went, was sent or may still be going; it waits for what is unsettled there.
    const string InsertFollowUp = """
        insert into delivery (id, alert_id, reference, channel, target, address, operation, revision, state, priority, position,
            standalone, attempts, created_at, due_at, not_after)
        select @reference || '-' || row_number() over (order by c.channel, c.position), c.alert_id, @reference, c.channel, c.target, c.address,
            @operation, @revision,
            case when exists (select 1 from delivery o where o.alert_id = c.alert_id and o.channel = c.channel and o.target = c.target
                and o.state in ('Planned', 'Pending', 'Sending', 'Unknown', 'Held')) then 'Planned' else 'Pending' end,
            @priority, c.position, false, 0, @now, @now, @notAfter
        from delivery c
        where c.alert_id = @alertId and c.operation = 'Create' and c.channel in @channels
            and c.state in ('Planned', 'Pending', 'Sending', 'Unknown', 'Held', 'Published')
        """;

    const string SettleWaiting = """
        update delivery set state = @state, error = @reason where alert_id = @alertId and operation in @operations and state in ('Planned', 'Pending')
        """;

    const string SelectDue = $"""
        select {Columns} {From}
        where d.state = 'Pending' and d.channel = @channel and d.due_at <= @now and (d.not_after is null or d.not_after > @now)
            and not exists (select 1 from delivery s where s.channel = d.channel and s.target = d.target and s.state = 'Sending')
        order by d.priority, d.due_at, d.position, d.id limit @limit
        """;

    // The state stands in the where so that nobody else's claim can be taken over.
    const string Claim = """
        update delivery set state = 'Sending', attempts = attempts + 1, intent_at = @now where id in @ids and state = 'Pending'
        """;

    const string Settle = """
        update delivery set state = @state, due_at = coalesce(@dueAt, due_at), published_at = @publishedAt, post_id = @postId, url = @url,
            error = @error, standalone = @standalone
        where id = @id and state = 'Sending'
        """;

    // What was never published cannot be updated or closed.
    const string DropFollowUps = """
        update delivery set state = 'Cancelled', error = 'the opening was not published here'
        where alert_id = @alertId and channel = @channel and target = @target and state in ('Planned', 'Pending') and operation <> 'Create'
        """;

    const string Promote = """
        update delivery set state = 'Pending', due_at = @now
        where alert_id = @alertId and channel = @channel and target = @target and state = 'Planned'
            and revision = (select min(n.revision) from delivery n where n.alert_id = @alertId and n.channel = @channel and n.target = @target and n.state = 'Planned')
            and not exists (select 1 from delivery o where o.alert_id = @alertId and o.channel = @channel and o.target = @target
                and o.state in ('Pending', 'Sending', 'Unknown', 'Held'))
        """;

    const string KeepChannelAway = """
        insert into channel (name, next_at) values (@channel, @until)
        on conflict (name) do update set next_at = case when channel.next_at > @until then channel.next_at else @until end
        """;

    const string StopChannel = """
        insert into channel (name, next_at, stopped_at, stopped_reason) values (@channel, @until, @now, @reason)
        on conflict (name) do update set next_at = @until, stopped_at = coalesce(channel.stopped_at, @now), stopped_reason = @reason
        """;

    /// <summary>Raised after a commit that put work in the outbox.</summary>
    public event Action? Changed;

    /// <summary>Tells the dispatcher to look; call it after the commit.</summary>
    internal void Wake() => Changed?.Invoke();

    /// <summary>Puts an opening in the outbox, one delivery per route, in the order of the routes.</summary>
    /// <param name="session">The transaction of the intake.</param>
    /// <param name="opening">What it belongs to.</param>
    /// <param name="posts">The words by channel.</param>
    /// <param name="routes">Where they go.</param>
    /// <param name="silent">Channels that only record (<c>publish: false</c>).</param>
    internal async Task EnqueueOpeningAsync(Session session, Opening opening, IReadOnlyDictionary<string, string> posts, IReadOnlyList<Route> routes, IReadOnlySet<string> silent)
    {
        var now = time.GetUtcNow();
        await AddPostsAsync(session, opening.Reference, posts, now).ConfigureAwait(false);
        foreach (var (position, route) in routes.Index())
        {
            await session.ExecuteAsync(InsertCreate, new
            {
                id = $"{opening.Reference}-{position + 1}", alertId = opening.AlertId, reference = opening.Reference, channel = route.Channel,
                target = route.Target, address = route.Address, revision = opening.Revision,
                state = (silent.Contains(route.Channel) ? DeliveryState.Planned : DeliveryState.Pending).ToString(),
                priority = PriorityOf(opening.Kind), position, now, dueAt = opening.DueAt, notAfter = opening.NotAfter,
            }).ConfigureAwait(false);
        }
    }

    /// <summary>Puts an update in the outbox for every target of the opening; updates that still wait make room.</summary>
    internal async Task EnqueueUpdateAsync(Session session, string alertId, AlertKind kind, string reference, int revision, IReadOnlyDictionary<string, string> posts, DateTimeOffset notAfter)
    {
        await SettleWaitingAsync(session, alertId, DeliveryState.Superseded, "a newer update took its place", DeliveryOperation.Update).ConfigureAwait(false);
        await FollowUpAsync(session, alertId, reference, revision, DeliveryOperation.Update, PriorityOf(kind), posts, notAfter).ConfigureAwait(false);
    }

    /// <summary>Puts the closing in the outbox for every target that has, or may have, the opening. It never expires.</summary>
    internal Task EnqueueClosingAsync(Session session, string alertId, string reference, int revision, IReadOnlyDictionary<string, string> posts) =>
        FollowUpAsync(session, alertId, reference, revision, DeliveryOperation.Close, ClosePriority, posts, notAfter: null);

    /// <summary>Nothing of this alert that has not left yet will leave.</summary>
    internal static Task CancelWaitingAsync(Session session, string alertId, string reason) =>
        SettleWaitingAsync(session, alertId, DeliveryState.Cancelled, reason, DeliveryOperation.Create, DeliveryOperation.Update);

    /// <summary>The channels that have, or may get, something of this alert.</summary>
    internal static Task<IReadOnlyList<string>> ChannelsOfAsync(Session session, string alertId) =>
        session.QueryAsync<string>("""
            select distinct channel from delivery where alert_id = @alertId and operation = 'Create'
                and state in ('Planned', 'Pending', 'Sending', 'Unknown', 'Held', 'Published')
            """, new { alertId });

    /// <summary>Whether anything of this alert went out, or may have.</summary>
    internal static async Task<bool> MayBeOutAsync(Session session, string alertId) =>
        await session.FirstOrDefaultAsync<string>("select id from delivery where alert_id = @alertId and state in ('Sending', 'Unknown', 'Held', 'Published') limit 1", new { alertId })
            .ConfigureAwait(false) is not null;

    /// <summary>
    /// Takes what is due, most urgent first, at most one per target, and commits the intent to send each. A paced
    /// channel gives one at a time and then rests.
    /// </summary>
    public async Task<IReadOnlyList<Delivery>> ClaimDueAsync(string channel, int room, Pacing pacing, CancellationToken cancellationToken = default)
    {
        // Looked at before the write lock is asked for: most looks find nothing.
        if (!await database.ReadAsync(AnyDueAsync).ConfigureAwait(false))
            return [];
        if (pacing.Max > TimeSpan.Zero)
            room = 1;

        return await database.WriteAsync<IReadOnlyList<Delivery>>(async session =>
        {
            var now = time.GetUtcNow();
            // Somewhat more than there is room for, because several may be for one target.
            var due = await session.QueryAsync<Delivery>(SelectDue, new { channel, now, limit = room * 4 }).ConfigureAwait(false);
            var claimed = due.DistinctBy(d => d.Target).Take(room).ToList();
            if (claimed.Count == 0)
                return [];

            await session.ExecuteAsync(Claim, new { ids = claimed.Select(d => d.Id), now }).ConfigureAwait(false);
            if (pacing.Max > TimeSpan.Zero)
                await session.ExecuteAsync(KeepChannelAway, new { channel, until = now + Between(pacing) }).ConfigureAwait(false);
            return [.. claimed.Select(d => d with { State = DeliveryState.Sending, Attempts = d.Attempts + 1, IntentAt = now })];
        }, cancellationToken).ConfigureAwait(false);

        async Task<bool> AnyDueAsync(Session session) => await session.FirstOrDefaultAsync<string>("""
            select id from delivery where state = 'Pending' and channel = @channel and due_at <= @now
                and not exists (select 1 from channel where name = @channel and next_at > @now) limit 1
            """, new { channel, now = time.GetUtcNow() }).ConfigureAwait(false) is not null;
    }

    /// <summary>Writes down what came of an attempt, and lets go what waited for it.</summary>
    public Task RecordAsync(Delivery delivery, PublishResult result) => database.WriteAsync(async session =>
    {
        var now = time.GetUtcNow();
        var state = result switch
        {
            PublishResult.Published => DeliveryState.Published,
            PublishResult.Ambiguous => DeliveryState.Unknown,
            PublishResult.Rejected => DeliveryState.Failed,
            // Nothing opens after its alert has ended, not even what was on its way when that happened.
            _ when delivery.Operation is not DeliveryOperation.Close && !await IsOpenAsync(session, delivery.AlertId).ConfigureAwait(false) => DeliveryState.Cancelled,
            _ => DeliveryState.Pending,
        };

        var published = result as PublishResult.Published;
        var notSent = result as PublishResult.NotSent;
        var settled = await session.ExecuteAsync(Settle, new
        {
            id = delivery.Id, state = state.ToString(), publishedAt = published is null ? (DateTimeOffset?)null : now, postId = published?.PostId, url = published?.Url,
            error = ReasonOf(result), standalone = delivery.Standalone || notSent?.ReplyRefused == true,
            dueAt = notSent is null ? (DateTimeOffset?)null : now + (notSent.ReplyRefused ? TimeSpan.Zero : notSent.RetryAfter ?? Backoff.After(delivery.Attempts, Random.Shared.NextDouble())),
        }).ConfigureAwait(false);
        if (settled == 0)
            return;

        switch (result)
        {
            case PublishResult.Published:
                await session.ExecuteAsync("update channel set stopped_at = null, stopped_reason = null where name = @channel and stopped_at is not null", new { channel = delivery.Channel }).ConfigureAwait(false);
                await NoticeBoard.WithdrawAsync(session, $"stopped:{delivery.Channel}").ConfigureAwait(false);
                break;

            case PublishResult.NotSent { WholeChannel: true, RetryAfter: { } pause }:
                await session.ExecuteAsync(KeepChannelAway, new { channel = delivery.Channel, until = now + pause }).ConfigureAwait(false);
                break;

            case PublishResult.Stopped stopped:
                await session.ExecuteAsync(StopChannel, new { channel = delivery.Channel, now, until = now + StoppedPause, reason = stopped.Reason }).ConfigureAwait(false);
                await notices.TellAsync(session, $"stopped:{delivery.Channel}",
                    $"Kanaal {delivery.Channel} staat stil: {stopped.Reason}. Herstel het account of het token; berichten wachten tot hun uiterste tijd en gaan dan vanzelf verder.", channel: delivery.Channel).ConfigureAwait(false);
                break;

            case PublishResult.Rejected rejected:
                await notices.TellAsync(session, $"failed:{delivery.Channel}:{delivery.Reference}",
                    $"{delivery.Channel} weigerde bericht {delivery.Reference}: {rejected.Reason}. Plaats het zo nodig met de hand.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
                break;

            case PublishResult.Ambiguous ambiguous:
                await notices.TellAsync(session, $"unknown:{delivery.Channel}:{delivery.Reference}",
                    $"Onbekend of {delivery.Reference} op {delivery.Channel} staat ({ambiguous.Reason}). Het wordt niet opnieuw verstuurd; kijk op het kanaal zelf.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
                break;
        }

        await LetGoAsync(session, delivery.AlertId, delivery.Channel, delivery.Target, delivery.Operation, state).ConfigureAwait(false);
    });

    /// <summary>Ends what could not go out in its time.</summary>
    public async Task<int> ExpireAsync()
    {
        var now = time.GetUtcNow();
        const string Late = "from delivery where state in ('Pending', 'Planned') and not_after <= @now";
        var any = await database.ReadAsync(s => s.FirstOrDefaultAsync<string>($"select id {Late} limit 1", new { now })).ConfigureAwait(false);
        if (any is null)
            return 0;

        return await database.WriteAsync(async session =>
        {
            var late = await session.QueryAsync<Late>($"select id, alert_id, channel, target, operation, state, reference {Late}", new { now }).ConfigureAwait(false);
            foreach (var delivery in late)
            {
                await session.ExecuteAsync("update delivery set state = 'Expired', error = coalesce(error, 'its time passed before it could go out') where id = @id", new { id = delivery.Id }).ConfigureAwait(false);
                await LetGoAsync(session, delivery.AlertId, delivery.Channel, delivery.Target, delivery.Operation, DeliveryState.Expired).ConfigureAwait(false);
                if (delivery.State is DeliveryState.Pending)
                    await notices.TellAsync(session, $"expired:{delivery.Channel}:{delivery.Reference}",
                        $"Bericht {delivery.Reference} kon niet op tijd op {delivery.Channel} worden geplaatst en is vervallen.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
            }

            return late.Count;
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// To be called once, before the first claim, by the only process that sends: whatever was under way when the last
    /// one died may be out there, so it is parked and not sent again.
    /// </summary>
    public Task<int> ParkInterruptedAsync() => database.WriteAsync(async session =>
    {
        var interrupted = await session.QueryAsync<Late>("select id, alert_id, channel, target, operation, state, reference from delivery where state = 'Sending'").ConfigureAwait(false);
        foreach (var delivery in interrupted)
        {
            await session.ExecuteAsync("update delivery set state = 'Unknown', error = 'the program ended while this was under way' where id = @id and state = 'Sending'", new { id = delivery.Id }).ConfigureAwait(false);
            await notices.TellAsync(session, $"unknown:{delivery.Channel}:{delivery.Reference}",
                $"Onbekend of {delivery.Reference} op {delivery.Channel} staat: het programma stopte tijdens het versturen. Het wordt niet opnieuw verstuurd; kijk op het kanaal zelf.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
        }

        // A new start is the usual answer to a renewed token: try at once.
        await session.ExecuteAsync("update channel set next_at = null where stopped_at is not null").ConfigureAwait(false);
        return interrupted.Count;
    });

    /// <summary>The deliveries of these alerts in the order they were made.</summary>
    public Task<IReadOnlyList<Delivery>> OfAlertsAsync(IEnumerable<string> alertIds) =>
        database.ReadAsync(session => session.QueryAsync<Delivery>($"select {Columns} {From} where d.alert_id in @alertIds order by d.revision, d.position, d.id", new { alertIds }));

    /// <summary>The newest deliveries first.</summary>
    public Task<IReadOnlyList<Delivery>> NewestAsync(int limit) =>
        database.ReadAsync(session => session.QueryAsync<Delivery>($"select {Columns} {From} order by d.created_at desc, d.position desc limit @limit", new { limit }));

    /// <summary>How the channels are doing.</summary>
    public Task<IReadOnlyList<ChannelHealth>> ChannelsAsync() =>
        database.ReadAsync(session => session.QueryAsync<ChannelHealth>("""
            select n.name, (select count(*) from delivery d where d.channel = n.name and d.state = 'Pending') as waiting, c.next_at, c.stopped_at, c.stopped_reason
            from (select name from channel union select distinct channel from delivery where state = 'Pending') n left join channel c on c.name = n.name
            """));

    async Task FollowUpAsync(Session session, string alertId, string reference, int revision, DeliveryOperation operation, int priority, IReadOnlyDictionary<string, string> posts, DateTimeOffset? notAfter)
    {
        var now = time.GetUtcNow();
        await AddPostsAsync(session, reference, posts, now).ConfigureAwait(false);
        await session.ExecuteAsync(InsertFollowUp, new
        {
            alertId, reference, revision, operation = operation.ToString(), priority, channels = posts.Keys, now, notAfter,
        }).ConfigureAwait(false);
    }

    static async Task AddPostsAsync(Session session, string reference, IReadOnlyDictionary<string, string> posts, DateTimeOffset now)
    {
        foreach (var (channel, text) in posts)
            await session.ExecuteAsync(InsertPost, new { reference, channel, text, now }).ConfigureAwait(false);
    }

    static Task<int> SettleWaitingAsync(Session session, string alertId, DeliveryState state, string reason, params DeliveryOperation[] operations) =>
        session.ExecuteAsync(SettleWaiting, new { alertId, state = state.ToString(), reason, operations = operations.Select(o => o.ToString()) });

    async Task LetGoAsync(Session session, string alertId, string channel, string target, DeliveryOperation operation, DeliveryState state)
    {
        var of = new { alertId, channel, target, now = time.GetUtcNow() };
        if (operation is DeliveryOperation.Create && state is DeliveryState.Failed or DeliveryState.Cancelled or DeliveryState.Expired)
            await session.ExecuteAsync(DropFollowUps, of).ConfigureAwait(false);
        else if (state is not (DeliveryState.Pending or DeliveryState.Unknown))
            await session.ExecuteAsync(Promote, of).ConfigureAwait(false);
    }

    static async Task<bool> IsOpenAsync(Session session, string alertId) =>
        await session.FirstOrDefaultAsync<string>("select id from alert where id = @alertId and phase in ('Opened', 'Updated')", new { alertId }).ConfigureAwait(false) is not null;

    static string? ReasonOf(PublishResult result) => result switch
    {
        PublishResult.NotSent r => r.Reason,
        PublishResult.Rejected r => r.Reason,
        PublishResult.Ambiguous r => r.Reason,
        PublishResult.Stopped r => r.Reason,
        _ => null,
    };

    static TimeSpan Between(Pacing pacing) => pacing.Min + (pacing.Max - pacing.Min) * Random.Shared.NextDouble();

    static int PriorityOf(AlertKind kind) => kind switch
    {
        AlertKind.AmberAlert => 1,
        AlertKind.VermistKindAlert => 2,
        AlertKind.Actie => 3,
        _ => 4,
    };

    sealed record Late
    {
        public required string Id { get; init; }
        public required string AlertId { get; init; }
        public required string Channel { get; init; }
        public required string Target { get; init; }
        public required DeliveryOperation Operation { get; init; }
        public required DeliveryState State { get; init; }
        public required string Reference { get; init; }
    }
}

/// <summary>What an opening brings to the outbox.</summary>
sealed record Opening(string AlertId, AlertKind Kind, string Reference, int Revision, DateTimeOffset DueAt, DateTimeOffset NotAfter);

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
}
