using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Deliveries;

/// <summary>
/// Claims and what came of them. A delivery is claimed with its intent on disk before a byte leaves, so that after a
/// crash we know which ones may be out there; the number of its attempts is the fencing token, so that whoever comes
/// back late with an older number changes nothing; and what an attempt told is kept for ever, whoever reports it.
/// </summary>
public sealed class AttemptLog(Database database, NoticeBoard notices, TimeProvider time)
{
    // How long an account that refuses us is left alone before one delivery tries it again.
    static readonly TimeSpan StoppedPause = TimeSpan.FromMinutes(1);

    // A photo of a child must not wait for a back-off made for platforms in trouble.
    static readonly TimeSpan LongestTakedownPause = TimeSpan.FromMinutes(1);

    // What still cannot be decided is looked for again, in case the platform can be read once more.
    static readonly TimeSpan HeldLook = TimeSpan.FromMinutes(5);

    // Two readings of one window that differ by less are of the same window.
    static readonly TimeSpan WindowSlack = TimeSpan.FromSeconds(5);

    static readonly TimeSpan HoldAmberAlert = TimeSpan.FromMinutes(10);
    static readonly TimeSpan HoldOthers = TimeSpan.FromMinutes(30);

    const int MostUncertain = 3;
    const int MostAtOnce = 100;

    // Take-downs pass a person's pause: what is paused is speaking.
    const string AnyDue = """
        select id from delivery where state = 'Pending' and channel = @channel and due_at <= @now and waits_for is null
            and (operation = 'Takedown' or not exists (select 1 from channel where name = @channel and paused_at is not null))
            and not exists (select 1 from channel where name = @channel and next_at > @now) limit 1
        """;

    const string SelectDue = """
        select d.id, d.target, d.operation, d.in_place from delivery d
        where d.state = 'Pending' and d.channel = @channel and d.due_at <= @now and d.waits_for is null and (d.not_after is null or d.not_after > @now)
            and case when d.operation = 'Takedown' then @deletes when d.in_place then @edits else @publishes end
            and not exists (select 1 from delivery s where s.channel = d.channel and s.target = d.target and s.state = 'Sending')
        order by d.priority, d.due_at, d.position, d.id limit @limit
        """;

    const string SelectGate = """
        select c.next_at, c.stopped_at, c.paused_at, (select count(*) from delivery d where d.channel = @channel and d.state = 'Sending') as under_way
        from (select 1 as one) always left join channel c on c.name = @channel
        """;

    // The state stands in the where so that nobody else's claim can be taken over.
    const string Claim = """
        update delivery set state = 'Sending', attempts = attempts + 1, intent_at = @now, lease_owner = @owner, lease_until = @until
        from each(@rows) e where delivery.id = e.value ->> 'id' and delivery.state = 'Pending' returning delivery.id
        """;

    const string SelectClaimed = $"""
        select {Outbox.Columns} {Outbox.From} where d.id in (select e.value ->> 'id' from each(@rows) e) order by d.priority, d.due_at, d.position, d.id
        """;

    // "where true": else SQLite takes the conflict clause for a part of a join.
    const string InsertAttempts = """
        insert into attempt (delivery_id, number, owner, at, outcome, reason, post_id, url)
        select e.value ->> 'id', cast(e.value ->> 'number' as integer), @owner, @now, e.value ->> 'outcome', e.value ->> 'reason', e.value ->> 'postId', e.value ->> 'url'
        from each(@rows) e where true on conflict do nothing
        """;

    // Proof of what an attempt did counts as long as no later attempt was made, in doubt or held as well.
    const string SettlePublished = """
        update delivery set state = 'Published', published_at = @now, post_id = coalesce(e.value ->> 'postId', post_id), url = coalesce(e.value ->> 'url', url),
            photo_ids = coalesce(e.value ->> 'photoIds', photo_ids), verify_at = case when in_place then null else @verifyAt end,
            error = null, unknown_since = null, absent_reads = 0, says_duplicate = false, lease_owner = null, lease_until = null
        from each(@rows) e
        where delivery.id = e.value ->> 'id' and delivery.attempts = cast(e.value ->> 'number' as integer) and delivery.state in ('Sending', 'Unknown', 'Held')
        returning delivery.id
        """;

    const string SelectFollowed = """
        select distinct e.value ->> 'id' from each(@rows) e join delivery d on d.id = e.value ->> 'id'
        join delivery f on f.alert_id = d.alert_id and f.channel = d.channel and f.target = d.target and f.state = 'Planned'
        """;

    const string Settle = """
        update delivery set state = @state, due_at = coalesce(@dueAt, due_at), published_at = coalesce(@publishedAt, published_at), error = @error,
            standalone = @standalone, unknown_since = @unknownSince, absent_reads = 0, says_duplicate = @saysDuplicate, verify_at = null,
            lease_owner = null, lease_until = null
        where id = @id and attempts = @attempts and state in @from
        """;

    const string TakenDown = """
        update delivery set state = 'Gone', verify_at = null
        where alert_id = @alertId and channel = @channel and target = @target and operation in ('Create', 'Update') and state = 'Published'
        """;

    const string TakeDownAgain = """
        update delivery set state = 'Pending', due_at = @now, error = null
        where alert_id = @alertId and channel = @channel and target = @target and operation = 'Takedown' and state in ('Gone', 'Cancelled', 'Planned')
        """;

    const string Decide = """
        update delivery set state = @state, due_at = @dueAt, absent_reads = @absentReads, error = @error, post_id = coalesce(@postId, post_id),
            url = coalesce(@url, url), published_at = coalesce(@publishedAt, published_at), verified_at = coalesce(@verifiedAt, verified_at)
        where id = @id and state = @before and attempts = @attempts and absent_reads = @readsBefore
        """;

    const string KeepChannelAway = """
        insert into channel (name, next_at) values (@channel, @until)
        on conflict (name) do update set next_at = case when channel.next_at > @until then channel.next_at else @until end
        """;

    const string StopChannel = """
        insert into channel (name, next_at, stopped_at, stopped_reason) values (@channel, @until, @now, @reason)
        on conflict (name) do update set next_at = @until, stopped_at = coalesce(channel.stopped_at, @now), stopped_reason = @reason
        """;

    // Answers overtake each other: within one window the lowest figure is the latest.
    const string KeepAllowance = """
        insert into allowance (channel, kind, remaining, resets_at) values (@channel, @kind, @remaining, @resetsAt)
        on conflict (channel, kind) do update set resets_at = @resetsAt,
            remaining = case when allowance.resets_at >= @sameWindow and allowance.remaining < @remaining then allowance.remaining else @remaining end
        """;

    /// <summary>Who claims here; it tells apart the workers on one database.</summary>
    public string Owner { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}"[..Math.Min(64, Environment.MachineName.Length + 20)];

    /// <summary>There may be something to claim. Asked before the write lock is: most looks find nothing.</summary>
    public Task<bool> AnyDueAsync(ChannelOptions channel) => database.ReadAsync(async session =>
        await session.FirstOrDefaultAsync<string>(AnyDue, new { channel = channel.Name, now = time.GetUtcNow() }).ConfigureAwait(false) is not null);

    /// <summary>
    /// Writes down what came of earlier claims and takes what is due now, most urgent first, at most one per target and
    /// no more than the channel takes at once over all workers; one commit for both. A paced channel gives one at a time
    /// and then rests.
    /// </summary>
    /// <param name="channel">Its limits.</param>
    /// <param name="done">What was claimed before and has come to an end.</param>
    /// <param name="room">At most so many are claimed; zero: only write down.</param>
    public async Task<IReadOnlyList<Delivery>> ExchangeAsync(ChannelOptions channel, IReadOnlyList<Attempt> done, int room, CancellationToken cancellationToken = default)
    {
        // Who tells another time than the others would break their leases; and what time it is must be clear.
        if (time is SteadyTime { IsTrusted: false })
            room = 0;
        if (done.Count == 0 && room == 0)
            return [];

        return await database.WriteAsync<IReadOnlyList<Delivery>>(async session =>
        {
            await LockChannelAsync(session, channel.Name).ConfigureAwait(false);
            await RecordAsync(session, channel, done).ConfigureAwait(false);
            return room > 0 ? await ClaimAsync(session, channel, room).ConfigureAwait(false) : [];
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Until the end of this transaction nobody claims anything of this channel.</summary>
    internal static Task LockChannelAsync(Session session, string channel) => session.LockAsync($"channel/{channel}");

    async Task<IReadOnlyList<Delivery>> ClaimAsync(Session session, ChannelOptions channel, int room)
    {
        var now = time.GetUtcNow();
        var paced = channel.Pacing.Max > TimeSpan.Zero;
        var gate = (await session.FirstOrDefaultAsync<Gate>(SelectGate, new { channel = channel.Name }).ConfigureAwait(false))!;
        // An account that stood still is tried by one delivery, not by all that wait for it.
        room = Math.Min(room, Math.Min(channel.MaxInFlight - gate.UnderWay, paced || gate.StoppedAt is not null ? 1 : int.MaxValue));
        if (room <= 0 || gate.NextAt > now)
            return [];

        var left = (await session.QueryAsync<(string Kind, int Remaining)>("select kind, remaining from allowance where channel = @name and resets_at > @now", new { name = channel.Name, now }).ConfigureAwait(false))
            .ToDictionary(a => a.Kind, a => a.Remaining);
        int Left(string kind) => left.GetValueOrDefault(kind, int.MaxValue);
        var speaks = gate.PausedAt is null;
        // Somewhat more than there is room for, because several may be for one target.
        var due = await session.QueryAsync<Due>(SelectDue, new
        {
            channel = channel.Name, now, limit = room * 2, publishes = speaks && Left(Kinds.Publish) > 0, edits = speaks && Left(Kinds.Edit) > 0, deletes = Left(Kinds.Delete) > 0,
        }).ConfigureAwait(false);
        var taken = new Dictionary<string, int>();
        var claimed = due.DistinctBy(d => d.Target).Where(d => (taken[d.Kind] = taken.GetValueOrDefault(d.Kind) + 1) <= Left(d.Kind)).Take(room).ToList();
        if (claimed.Count == 0)
            return [];

        // What was cancelled in the meantime is not ours.
        var ours = (await session.QueryAsync<string>(Claim, new { rows = Session.Rows(claimed), now, owner = Owner, until = now + channel.Lease }).ConfigureAwait(false)).ToHashSet();
        claimed.RemoveAll(d => !ours.Contains(d.Id));
        foreach (var kind in left.Keys)
            await session.ExecuteAsync("update allowance set remaining = remaining - @count where channel = @name and kind = @kind", new { count = claimed.Count(d => d.Kind == kind), name = channel.Name, kind }).ConfigureAwait(false);
        if (paced)
            await session.ExecuteAsync(KeepChannelAway, new { channel = channel.Name, until = now + Between(channel.Pacing) }).ConfigureAwait(false);
        return await session.QueryAsync<Delivery>(SelectClaimed, new { rows = Session.Rows(claimed) }).ConfigureAwait(false);
    }

    // ---- what came of it

    async Task RecordAsync(Session session, ChannelOptions channel, IReadOnlyList<Attempt> done)
    {
        if (done.Count == 0)
            return;
        var now = time.GetUtcNow();
        foreach (var alertId in done.Select(a => a.Delivery.AlertId).Distinct().Order(StringComparer.Ordinal))
            await Outbox.LockAlertAsync(session, alertId).ConfigureAwait(false);
        await session.ExecuteAsync(InsertAttempts, new { rows = Session.Rows(done.Select(OutcomeOf)), owner = Owner, now }).ConfigureAwait(false);
        await PublishedAsync(session, [.. done.Where(IsPlainPost)], now).ConfigureAwait(false);
        foreach (var attempt in done.Where(a => !IsPlainPost(a)))
            await RecordAsync(session, channel, attempt, now).ConfigureAwait(false);

        var said = done.Where(a => a.Result.Allowance is not null).GroupBy(a => KindOf(a.Delivery));
        foreach (var kind in said)
            await KeepAllowanceAsync(session, channel.Name, kind.Key, kind.Select(a => a.Result.Allowance!).OrderByDescending(a => a.ResetsIn).ThenBy(a => a.Remaining).First(), now).ConfigureAwait(false);
        if (done.Any(a => a.Result is PublishResult.Published)
            && await session.ExecuteAsync("update channel set stopped_at = null, stopped_reason = null where name = @name and stopped_at is not null", new { name = channel.Name }).ConfigureAwait(false) > 0)
            await NoticeBoard.WithdrawAsync(session, $"stopped:{channel.Name}").ConfigureAwait(false);
    }

    // What nearly all of them come to, all at once.
    async Task PublishedAsync(Session session, IReadOnlyList<Attempt> posts, DateTimeOffset now)
    {
        if (posts.Count == 0)
            return;
        var rows = Session.Rows(posts.Select(OutcomeOf));
        var settled = (await session.QueryAsync<string>(SettlePublished, new { rows, now, verifyAt = now + Verification.FirstLook }).ConfigureAwait(false)).ToHashSet();
        var followed = (await session.QueryAsync<string>(SelectFollowed, new { rows }).ConfigureAwait(false)).ToHashSet();
        foreach (var (delivery, result, _) in posts)
        {
            // The words come first; a person may still add the photo by hand.
            if (result is PublishResult.Published { WithoutPhoto: { } fault })
                await notices.TellAsync(session, $"photo:{delivery.AlertId}:{delivery.Channel}",
                    $"Bericht {delivery.Reference} ging op {delivery.Channel} zonder foto uit: {fault}. De tekst staat er; plaats de foto zo nodig met de hand.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
            if (settled.Contains(delivery.Id) && followed.Contains(delivery.Id))
                await Outbox.LetGoAsync(session, delivery, DeliveryState.Published, now).ConfigureAwait(false);
            else if (!settled.Contains(delivery.Id) && !delivery.Repeatable && result is PublishResult.Published published)
                await AdoptLateAsync(session, delivery, published.PostId, published.Url, now).ConfigureAwait(false);
        }
    }

    static bool IsPlainPost(Attempt attempt) => attempt.Result is PublishResult.Published && attempt.Delivery.Operation is not DeliveryOperation.Takedown;

    static object OutcomeOf(Attempt attempt)
    {
        var published = attempt.Result as PublishResult.Published;
        return new
        {
            attempt.Delivery.Id, Number = attempt.Delivery.Attempts, Outcome = attempt.Result.GetType().Name, Reason = ReasonOf(attempt.Result), published?.PostId, published?.Url,
            PhotoIds = published is { PhotoIds.Count: > 0 } ? string.Join(' ', published.PhotoIds) : null,
        };
    }

    // What did not simply go out, and take-downs.
    async Task RecordAsync(Session session, ChannelOptions channel, Attempt attempt, DateTimeOffset now)
    {
        var (delivery, result) = (attempt.Delivery, attempt.Result);
        var published = result as PublishResult.Published;
        var state = result switch
        {
            PublishResult.Published when delivery.Operation is DeliveryOperation.Takedown && attempt.Note is null => DeliveryState.Gone,
            PublishResult.Published => DeliveryState.Published,
            PublishResult.Ambiguous when !delivery.Repeatable => DeliveryState.Unknown,
            PublishResult.Rejected => DeliveryState.Failed,
            // Nothing opens after its alert has ended, not even what was on its way when that happened.
            _ when IsOpening(delivery) && !await IsOpenAsync(session, delivery.AlertId).ConfigureAwait(false) => DeliveryState.Cancelled,
            _ => DeliveryState.Pending,
        };

        var notSent = result as PublishResult.NotSent;
        var settled = await session.ExecuteAsync(Settle, new
        {
            id = delivery.Id, attempts = delivery.Attempts, state = state.ToString(),
            // Only proof may change what is in doubt or held; that it is in doubt is known by then.
            from = state is DeliveryState.Unknown ? Sending : SendingOrInDoubt,
            publishedAt = published is null ? (DateTimeOffset?)null : now,
            error = attempt.Note ?? ReasonOf(result), standalone = delivery.Standalone || notSent?.ReplyRefused == true,
            unknownSince = state is DeliveryState.Unknown ? now : (DateTimeOffset?)null, saysDuplicate = result is PublishResult.Ambiguous { SaysDuplicate: true },
            dueAt = state switch
            {
                DeliveryState.Unknown => now + channel.Quiet,
                DeliveryState.Pending => now + PauseAfter(delivery, result),
                _ => (DateTimeOffset?)null,
            },
        }).ConfigureAwait(false);
        if (settled == 0)
            return;

        switch (result)
        {
            case PublishResult.Published when delivery.Operation is DeliveryOperation.Takedown:
                await NoticeBoard.WithdrawAsync(session, Outbox.TakedownCause(delivery)).ConfigureAwait(false);
                if (attempt.Note is null)
                    await session.ExecuteAsync(TakenDown, new { alertId = delivery.AlertId, channel = delivery.Channel, target = delivery.Target }).ConfigureAwait(false);
                else
                    await notices.TellAsync(session, $"refused:{delivery.Channel}:{delivery.Reference}",
                        $"{delivery.Channel} weigerde een bericht te verwijderen; de tekst is vervangen door die van {delivery.Reference}. Haal het bericht zo nodig met de hand weg.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
                break;

            case PublishResult.NotSent { WholeChannel: true, RetryAfter: { } pause }:
                // Of this kind of request: what is too much of posting says nothing of taking down.
                await KeepAllowanceAsync(session, delivery.Channel, KindOf(delivery), new Allowance(0, pause), now).ConfigureAwait(false);
                break;

            case PublishResult.Stopped stopped when delivery.Operation is not DeliveryOperation.Takedown:
                await session.ExecuteAsync(StopChannel, new { channel = delivery.Channel, now, until = now + StoppedPause, reason = stopped.Reason }).ConfigureAwait(false);
                await notices.TellAsync(session, $"stopped:{delivery.Channel}",
                    $"Kanaal {delivery.Channel} staat stil: {stopped.Reason}. Herstel het account of het token; berichten wachten tot hun uiterste tijd en gaan dan vanzelf verder.", channel: delivery.Channel).ConfigureAwait(false);
                break;

            case PublishResult.Rejected rejected:
                await notices.TellAsync(session, $"failed:{delivery.Channel}:{delivery.Reference}", delivery.Operation is DeliveryOperation.Takedown
                    ? $"{delivery.Channel} weigerde bericht {delivery.Reference} weg te halen: {rejected.Reason}. Haal het met de hand weg."
                    : $"{delivery.Channel} weigerde bericht {delivery.Reference}: {rejected.Reason}. Plaats het zo nodig met de hand.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
                break;
        }

        await Outbox.LetGoAsync(session, delivery, state, now).ConfigureAwait(false);
    }

    /// <summary>
    /// A post turned up of which we had concluded otherwise: a worker that was frozen, a platform that took an hour. What
    /// we know is put right, what should not be there is taken down, and a person is told.
    /// </summary>
    async Task AdoptLateAsync(Session session, Delivery delivery, string postId, string? url, DateTimeOffset now)
    {
        var known = await session.FirstOrDefaultAsync<Delivery>($"select {Outbox.Columns} {Outbox.From} where d.id = @id", new { id = delivery.Id }).ConfigureAwait(false);
        if (known is null || known.PostId == postId && known.State is not DeliveryState.Gone)
            return;

        if (known.State is DeliveryState.Published or DeliveryState.Sending or DeliveryState.Unknown or DeliveryState.Held)
        {
            await TellDuplicateAsync(session, delivery, postId).ConfigureAwait(false);
            return;
        }

        await session.ExecuteAsync("""
            update delivery set state = 'Published', post_id = @postId, url = @url, published_at = @now, error = 'het stond er later toch' where id = @id and state = @state
            """, new { id = delivery.Id, postId, url, now, state = known.State.ToString() }).ConfigureAwait(false);
        await session.ExecuteAsync(TakeDownAgain, new { alertId = delivery.AlertId, channel = delivery.Channel, target = delivery.Target, now }).ConfigureAwait(false);
        await notices.TellAsync(session, $"late:{delivery.Channel}:{delivery.Reference}",
            $"Bericht {delivery.Reference} staat toch op {delivery.Channel}, terwijl het als {(known.State is DeliveryState.Gone ? "weggehaald" : "niet geplaatst")} gold. Kijk of het er nog mag staan.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
    }

    Task TellDuplicateAsync(Session session, Delivery delivery, string postId) =>
        notices.TellAsync(session, $"duplicate:{delivery.Channel}:{delivery.Reference}",
            $"Bericht {delivery.Reference} staat dubbel op {PlaceOf(delivery)} (nummer {postId} is te veel). Haal het tweede met de hand weg.", delivery.AlertId, delivery.Channel);

    // ---- claims that nobody came back from

    /// <summary>
    /// What was under way when its worker died or froze may be out there: it becomes unknown, never pending, and is
    /// looked for after the quiet time.
    /// </summary>
    /// <param name="channel">Whose claims.</param>
    /// <param name="alone">No other worker can be alive on this database, so no claim but a dead one can stand.</param>
    public async Task<int> LapseAsync(ChannelOptions channel, bool alone = false)
    {
        var lapsed = $"from delivery d where d.channel = @channel and d.state = 'Sending' and ({(alone ? "d.lease_owner is null or d.lease_owner <> @owner or" : "")} d.lease_until is null or d.lease_until <= @now)";
        if (await database.ReadAsync(session => session.FirstOrDefaultAsync<string>($"select d.id {lapsed} limit 1", new { channel = channel.Name, owner = Owner, now = time.GetUtcNow() })).ConfigureAwait(false) is null)
            return 0;

        return await database.WriteAsync(async session =>
        {
            var now = time.GetUtcNow();
            var deliveries = await session.QueryAsync<Lapsed>($"select d.id, d.attempts, d.operation, d.in_place {lapsed}", new { channel = channel.Name, owner = Owner, now }).ConfigureAwait(false);
            foreach (var delivery in deliveries)
            {
                await session.ExecuteAsync("""
                    update delivery set state = @state, due_at = @dueAt, unknown_since = @unknownSince, absent_reads = 0, lease_owner = null, lease_until = null,
                        error = 'het programma stopte of stond stil terwijl dit onderweg was'
                    where id = @id and state = 'Sending' and attempts = @attempts
                    """, new
                {
                    id = delivery.Id, attempts = delivery.Attempts, state = (delivery.Repeatable ? DeliveryState.Pending : DeliveryState.Unknown).ToString(),
                    dueAt = delivery.Repeatable ? now : now + channel.Quiet, unknownSince = delivery.Repeatable ? (DateTimeOffset?)null : now,
                }).ConfigureAwait(false);
            }

            return deliveries.Count;
        }).ConfigureAwait(false);
    }

    /// <summary>A new start is the usual answer to a renewed token: an account that stood still is tried at once.</summary>
    public Task TryStoppedAsync() =>
        database.WriteAsync(session => session.ExecuteAsync("update channel set next_at = null where stopped_at is not null"));

    // ---- what is in doubt

    /// <summary>
    /// The deliveries in doubt whose quiet time is over. Other workers leave them alone for a while; should two look at
    /// one all the same, what they read is counted once.
    /// </summary>
    public Task<IReadOnlyList<Delivery>> TakeDoubtsAsync(ChannelOptions channel) => TakeAsync(
        "d.channel = @channel and d.state in ('Unknown', 'Held') and d.unknown_since is not null and d.due_at <= @now", "due_at", channel);

    /// <summary>The published posts whose turn it is to be looked up.</summary>
    public Task<IReadOnlyList<Delivery>> TakeUnverifiedAsync(ChannelOptions channel) => TakeAsync(
        "d.channel = @channel and d.verify_at is not null and d.verify_at <= @now", "verify_at", channel);

    async Task<IReadOnlyList<Delivery>> TakeAsync(string where, string column, ChannelOptions channel)
    {
        if (await database.ReadAsync(session => session.FirstOrDefaultAsync<string>($"select d.id from delivery d where {where} limit 1", new { channel = channel.Name, now = time.GetUtcNow() })).ConfigureAwait(false) is null)
            return [];

        return await database.WriteAsync<IReadOnlyList<Delivery>>(async session =>
        {
            var of = new { channel = channel.Name, now = time.GetUtcNow(), until = time.GetUtcNow() + channel.Lease, most = MostAtOnce };
            await session.LockAsync($"{column}/{channel.Name}").ConfigureAwait(false);
            var taken = await session.QueryAsync<Delivery>($"select {Outbox.Columns} {Outbox.From} where {where} order by d.{column} limit @most", of).ConfigureAwait(false);
            if (taken.Count > 0)
                await session.ExecuteAsync($"update delivery set {column} = @until where id in @ids", new { of.until, ids = taken.Select(d => d.Id).ToArray() }).ConfigureAwait(false);
            return taken;
        }).ConfigureAwait(false);
    }

    /// <summary>Decides on a delivery in doubt by what was read.</summary>
    /// <param name="found">Our own posts with its reference, oldest first.</param>
    /// <param name="complete">The reading went back to before the attempt, so that absence is absence.</param>
    public Task DecideAsync(ChannelOptions channel, Delivery delivery, IReadOnlyList<FoundPost> found, bool complete) => database.WriteAsync(async session =>
    {
        await Outbox.LockAlertAsync(session, delivery.AlertId).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var isOpen = await IsOpenAsync(session, delivery.AlertId).ConfigureAwait(false);
        var absentReads = delivery.AbsentReads + (complete ? 1 : 0);
        // What was never sent leaves no doubt behind.
        var uncertain = delivery.Attempts - await session.FirstOrDefaultAsync<int>("select count(distinct number) from attempt where delivery_id = @id and outcome in ('NotSent', 'Stopped')", new { id = delivery.Id }).ConfigureAwait(false);
        var waited = now - delivery.UnknownSince >= (channel.HoldAfter ?? await HoldAfterAsync(session, delivery.AlertId).ConfigureAwait(false));
        var (state, dueAt, why) = (found.Count, delivery.State) switch
        {
            ( > 0, _) => (DeliveryState.Published, now, (string?)null),
            // Held is for a person to decide; only proof that it is there takes that from him.
            (0, DeliveryState.Held) => (DeliveryState.Held, now + HeldLook, delivery.Error),
            _ when !complete && waited => (DeliveryState.Held, now + HeldLook, "de lijst van onze berichten op het netwerk was niet te lezen"),
            _ when !complete => (DeliveryState.Unknown, now + Backoff.After(delivery.AbsentReads + 1, Random.Shared.NextDouble()), delivery.Error),
            _ when absentReads < 2 => (DeliveryState.Unknown, now + SecondLook(channel.Quiet), delivery.Error),
            _ when IsOpening(delivery) && !isOpen => (DeliveryState.Cancelled, now, "de oproep is voorbij; de poging ervoor is niet gelukt"),
            _ when delivery.SaysDuplicate => (DeliveryState.Held, now + HeldLook, "het netwerk zegt dat het deze tekst heeft, maar toont hem niet"),
            _ when uncertain >= MostUncertain => (DeliveryState.Held, now + HeldLook, $"{uncertain} pogingen liepen onzeker af"),
            _ => (DeliveryState.Pending, now, delivery.Error),
        };

        var post = found.Count > 0 ? found[0] : null;
        var changed = await session.ExecuteAsync(Decide, new
        {
            id = delivery.Id, before = delivery.State.ToString(), attempts = delivery.Attempts, readsBefore = delivery.AbsentReads, absentReads,
            state = state.ToString(), dueAt, error = why, postId = post?.PostId, url = post?.Url, publishedAt = post?.CreatedAt, verifiedAt = post is null ? (DateTimeOffset?)null : now,
        }).ConfigureAwait(false);
        if (changed == 0)
            return;

        if (found.Count > 1)
            await TellDuplicateAsync(session, delivery, found[1].PostId).ConfigureAwait(false);
        if (state is DeliveryState.Held && delivery.State is not DeliveryState.Held)
            await notices.TellAsync(session, HeldCause(delivery),
                $"Onbekend of {delivery.Reference} op {PlaceOf(delivery)} staat: {(!complete ? "onze berichten daar kunnen niet gelezen worden" : delivery.SaysDuplicate ? "het kanaal zegt dat het deze tekst al heeft, maar toont hem niet" : $"{delivery.Attempts} pogingen liepen onzeker af")}. {WayOut(delivery)}", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
        if (state is not DeliveryState.Held)
            await NoticeBoard.WithdrawAsync(session, HeldCause(delivery)).ConfigureAwait(false);
        await Outbox.LetGoAsync(session, delivery, state, now).ConfigureAwait(false);
    });

    /// <summary>Nobody can look on this network: a person must, at once.</summary>
    public Task HoldAsync(Delivery delivery) => database.WriteAsync(async session =>
    {
        var held = await session.ExecuteAsync("update delivery set state = 'Held', unknown_since = null where id = @id and state = 'Unknown'", new { id = delivery.Id }).ConfigureAwait(false);
        if (held > 0)
            await notices.TellAsync(session, HeldCause(delivery),
                $"Onbekend of {delivery.Reference} op {PlaceOf(delivery)} staat, en het programma kan dat daar niet nakijken. {WayOut(delivery)}", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
    });

    /// <summary>
    /// Notes that a post was looked up. Only complete readings that do not show it make it vanished, and only after it
    /// must have shown; nothing is posted again by itself.
    /// </summary>
    public Task NoteLookAsync(ChannelOptions channel, Delivery delivery, bool? there) => database.WriteAsync(async session =>
    {
        var now = time.GetUtcNow();
        var age = now - delivery.PublishedAt!.Value;
        var of = new { id = delivery.Id, now, next = now + Verification.NextLook(age), lag = (int)Math.Min(int.MaxValue, age.TotalMilliseconds), channel = channel.Name };
        switch (there)
        {
            case true:
                await session.ExecuteAsync("update delivery set verified_at = @now, verify_at = null where id = @id", of).ConfigureAwait(false);
                // It did not show at an earlier look: so long the listing took.
                if (delivery.AbsentReads > 0)
                    await NoteLagAsync(session, channel, of.lag).ConfigureAwait(false);
                break;

            case false when age >= channel.Quiet && delivery.AbsentReads > 0:
                var vanished = await session.ExecuteAsync("""
                    update delivery set state = 'Vanished', verify_at = null where id = @id and state = 'Published'
                        and not exists (select 1 from delivery t where t.alert_id = delivery.alert_id and t.channel = delivery.channel and t.target = delivery.target and t.operation = 'Takedown')
                    """, of).ConfigureAwait(false);
                await session.ExecuteAsync("update delivery set verify_at = null where id = @id", of).ConfigureAwait(false);
                if (vanished > 0)
                    await notices.TellAsync(session, $"vanished:{delivery.Channel}:{delivery.Reference}",
                        $"Bericht {delivery.Reference} stond op {delivery.Channel} en is daar verdwenen zonder dat wij het weghaalden. Kijk waarom; het wordt niet vanzelf opnieuw geplaatst.", delivery.AlertId, delivery.Channel).ConfigureAwait(false);
                break;

            default:
                await session.ExecuteAsync($"update delivery set verify_at = @next{(there is false ? ", absent_reads = absent_reads + 1" : "")} where id = @id and verify_at is not null", of).ConfigureAwait(false);
                break;
        }
    });

    async Task NoteLagAsync(Session session, ChannelOptions channel, int lag)
    {
        await session.ExecuteAsync("""
            insert into channel (name, listing_lag) values (@name, @lag)
            on conflict (name) do update set listing_lag = case when channel.listing_lag > @lag then channel.listing_lag else @lag end
            """, new { name = channel.Name, lag }).ConfigureAwait(false);
        var floor = TimeSpan.FromMilliseconds(3.0 * lag);
        if (floor > channel.Quiet)
            await notices.TellAsync(session, $"quiet:{channel.Name}",
                $"Kanaal {channel.Name}: een nieuw bericht was daar pas na {lag / 1000.0:0.#} seconden terug te lezen, en de stiltetijd (quiet) is maar {channel.Quiet.TotalSeconds:0} seconden. Zet quiet in syndicate.json op ten minste {floor.TotalSeconds:0} seconden, anders kan een bericht dubbel geplaatst worden.", channel: channel.Name).ConfigureAwait(false);
    }

    // ---- what should not be, or be once

    /// <summary>
    /// Compares what an account shows with what we know: nothing twice, nothing of which we concluded that it is not
    /// there, nothing that was taken down.
    /// </summary>
    public Task CompareAsync(ChannelOptions channel, string address, IReadOnlyList<FoundPost> posts) => database.WriteAsync(async session =>
    {
        var now = time.GetUtcNow();
        foreach (var shown in posts.SelectMany(p => Reference.AllIn(p.Text).Select(code => (Code: code, Post: p))).GroupBy(p => p.Code))
        {
            var delivery = await session.FirstOrDefaultAsync<Delivery>($"select {Outbox.Columns} {Outbox.From} where d.reference = @code and d.channel = @channel and d.address = @address", new { code = shown.Key, channel = channel.Name, address }).ConfigureAwait(false);
            if (delivery is null || delivery.Repeatable)
                continue;
            var oldest = shown.MinBy(p => p.Post.CreatedAt).Post;
            if (shown.Count() > 1)
                await TellDuplicateAsync(session, delivery, shown.MaxBy(p => p.Post.CreatedAt).Post.PostId).ConfigureAwait(false);
            if (delivery.State is DeliveryState.Pending or DeliveryState.Planned or DeliveryState.Cancelled or DeliveryState.Expired or DeliveryState.Failed or DeliveryState.Superseded or DeliveryState.Gone)
                await AdoptLateAsync(session, delivery, oldest.PostId, oldest.Url, now).ConfigureAwait(false);
        }
    });

    /// <summary>The places of a channel at which anything was published since <paramref name="since"/>.</summary>
    public Task<IReadOnlyList<string>> AddressesAsync(string channel, DateTimeOffset since) =>
        database.ReadAsync(session => session.QueryAsync<string>("select distinct address from delivery where channel = @channel and attempts > 0 and created_at >= @since", new { channel, since }));

    /// <summary>What a take-down must make disappear: all that was published of the alert at its target, pictures included.</summary>
    public async Task<Published> PublishedAsync(Delivery takedown)
    {
        var posts = await database.ReadAsync(session => session.QueryAsync<(string Reference, string? PostId, string? PhotoIds, DateTimeOffset? At)>("""
            select reference, post_id, photo_ids, published_at from delivery
            where alert_id = @AlertId and channel = @Channel and target = @Target and operation in ('Create', 'Update') order by revision
            """, takedown)).ConfigureAwait(false);
        return new Published([.. posts.Select(p => p.PostId).OfType<string>().Distinct()], [.. posts.SelectMany(p => p.PhotoIds?.Split(' ') ?? []).Distinct()],
            posts.Select(p => p.Reference).ToHashSet(), posts.Min(p => p.At) ?? takedown.CreatedAt);
    }

    // ---- a person decides

    /// <summary>A person says what became of a delivery, or what must become of it.</summary>
    internal async Task<Refusal?> ResolveAsync(Session session, string deliveryId, Resolution resolution, string? postId)
    {
        var now = time.GetUtcNow();
        var delivery = await session.FirstOrDefaultAsync<Delivery>($"select {Outbox.Columns} {Outbox.From} where d.id = @deliveryId", new { deliveryId }).ConfigureAwait(false);
        if (delivery is null)
            return new Refusal($"er is geen plaatsing {deliveryId}; 'deliveries' toont ze", Unknown: true);
        await Outbox.LockAlertAsync(session, delivery.AlertId).ConfigureAwait(false);
        if (delivery.State is not (DeliveryState.Held or DeliveryState.Unknown or DeliveryState.Failed))
            return new Refusal($"{deliveryId} wacht niet op een besluit; dat doet alleen wat onbekend, vastgehouden of geweigerd is");
        if (resolution is Resolution.Send && IsOpening(delivery) && !await IsOpenAsync(session, delivery.AlertId).ConfigureAwait(false))
            return new Refusal("de oproep is al voorbij; na het einde gaat er niets meer open");
        if (resolution is Resolution.Send && delivery.NotAfter <= now)
            return new Refusal("de uiterste tijd van dit bericht is voorbij");

        var state = resolution switch
        {
            Resolution.Adopt => DeliveryState.Published,
            Resolution.Send => DeliveryState.Pending,
            _ => DeliveryState.Cancelled,
        };
        var changed = await session.ExecuteAsync("""
            update delivery set state = @state, post_id = coalesce(@postId, post_id), published_at = case when @adopts then coalesce(published_at, intent_at, @now) else published_at end,
                due_at = @now, unknown_since = null, absent_reads = 0, says_duplicate = false, verify_at = @verifyAt, error = null
            where id = @deliveryId and state = @before
            """, new
        {
            deliveryId, state = state.ToString(), before = delivery.State.ToString(), postId, adopts = resolution is Resolution.Adopt, now,
            verifyAt = resolution is Resolution.Adopt ? now : (DateTimeOffset?)null,
        }).ConfigureAwait(false);
        if (changed == 0)
            return new Refusal($"{deliveryId} is intussen veranderd; kijk opnieuw met 'deliveries'");

        await NoticeBoard.WithdrawAsync(session, HeldCause(delivery)).ConfigureAwait(false);
        await Outbox.LetGoAsync(session, delivery, state, now).ConfigureAwait(false);
        return null;
    }

    static string PlaceOf(Delivery delivery) => delivery.Target == delivery.Channel ? delivery.Channel : $"{delivery.Channel} bij {delivery.Target}";

    static string WayOut(Delivery delivery) =>
        $"Kijk op het kanaal zelf, en beslis op het overzicht of met een opdracht. Staat het er: 'resolve {delivery.Id} adopt NUMMER --by NAAM', met het nummer dat het daar heeft. Staat het er niet: 'resolve {delivery.Id} send --by NAAM'. Hoeft het niet meer: 'resolve {delivery.Id} drop --by NAAM'.";

    static string HeldCause(Delivery delivery) => $"held:{delivery.Channel}:{delivery.Id}";

    static bool IsOpening(Delivery delivery) => delivery.Operation is DeliveryOperation.Create or DeliveryOperation.Update;

    static async Task<bool> IsOpenAsync(Session session, string alertId) =>
        await session.FirstOrDefaultAsync<string>("select id from alert where id = @alertId and phase in ('Opened', 'Updated')", new { alertId }).ConfigureAwait(false) is not null;

    static async Task<TimeSpan> HoldAfterAsync(Session session, string alertId) =>
        await session.FirstOrDefaultAsync<string>("select kind from alert where id = @alertId", new { alertId }).ConfigureAwait(false) == nameof(AlertKind.AmberAlert) ? HoldAmberAlert : HoldOthers;

    static Task<int> KeepAllowanceAsync(Session session, string channel, string kind, Allowance allowance, DateTimeOffset now) =>
        session.ExecuteAsync(KeepAllowance, new { channel, kind, remaining = allowance.Remaining, resetsAt = now + allowance.ResetsIn, sameWindow = now + allowance.ResetsIn - WindowSlack });

    // The second look comes late enough to be another one, and not so late that the appeal is old by then.
    static TimeSpan SecondLook(TimeSpan quiet) => TimeSpan.FromTicks(Math.Min(quiet.Ticks, Math.Max(TimeSpan.FromMinutes(1).Ticks, quiet.Ticks / 2)));

    static TimeSpan PauseAfter(Delivery delivery, PublishResult result)
    {
        if (result is PublishResult.NotSent { ReplyRefused: true })
            return TimeSpan.Zero;
        var pause = (result as PublishResult.NotSent)?.RetryAfter ?? Backoff.After(delivery.Attempts, Random.Shared.NextDouble());
        return delivery.Operation is DeliveryOperation.Takedown && result is not PublishResult.NotSent { RetryAfter: not null } && pause > LongestTakedownPause ? LongestTakedownPause : pause;
    }

    static string KindOf(Delivery delivery) => Kinds.Of(delivery.Operation, delivery.InPlace);

    static string? ReasonOf(PublishResult result) => result switch
    {
        PublishResult.NotSent r => r.Reason,
        PublishResult.Rejected r => r.Reason,
        PublishResult.Ambiguous r => r.Reason,
        PublishResult.Stopped r => r.Reason,
        _ => null,
    };

    static TimeSpan Between(Pacing pacing) => pacing.Min + (pacing.Max - pacing.Min) * Random.Shared.NextDouble();

    static readonly string[] Sending = [nameof(DeliveryState.Sending)];
    static readonly string[] SendingOrInDoubt = [nameof(DeliveryState.Sending), nameof(DeliveryState.Unknown), nameof(DeliveryState.Held)];

    // The networks count what is posted, changed and deleted apart.
    static class Kinds
    {
        public const string Publish = "publish";
        public const string Edit = "edit";
        public const string Delete = "delete";

        public static string Of(DeliveryOperation operation, bool inPlace) => operation is DeliveryOperation.Takedown ? Delete : inPlace ? Edit : Publish;
    }

    sealed record Gate
    {
        public DateTimeOffset? NextAt { get; init; }
        public DateTimeOffset? StoppedAt { get; init; }
        public DateTimeOffset? PausedAt { get; init; }
        public int UnderWay { get; init; }
    }

    sealed record Due
    {
        public required string Id { get; init; }
        public required string Target { get; init; }
        public required DeliveryOperation Operation { get; init; }
        public required bool InPlace { get; init; }
        public string Kind => Kinds.Of(Operation, InPlace);
    }

    sealed record Lapsed
    {
        public required string Id { get; init; }
        public required int Attempts { get; init; }
        public required DeliveryOperation Operation { get; init; }
        public required bool InPlace { get; init; }
        public bool Repeatable => InPlace || Operation is DeliveryOperation.Takedown;
    }
}

/// <summary>An attempt that came to an end.</summary>
/// <param name="Note">A take-down that was refused and for which the words were replaced instead: why.</param>
public sealed record Attempt(Delivery Delivery, PublishResult Result, string? Note = null);

/// <summary>What is out there of an alert at one target.</summary>
/// <param name="References">The codes that mark it.</param>
/// <param name="Since">When the first of it was published (UTC).</param>
public sealed record Published(IReadOnlyList<string> PostIds, IReadOnlyList<string> PhotoIds, IReadOnlySet<string> References, DateTimeOffset Since);

/// <summary>What a person decides of a delivery that the program cannot decide.</summary>
public enum Resolution
{
    /// <summary>It is there, under the id he gives.</summary>
    Adopt,

    /// <summary>It is not there; send it.</summary>
    Send,

    /// <summary>Let it be.</summary>
    Drop,
}

/// <summary>When a published post is looked up.</summary>
static class Verification
{
    public static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>As long again as it has been there, between ten seconds and ten minutes.</summary>
    public static TimeSpan NextLook(TimeSpan age) => age < Shortest ? Shortest : age > Longest ? Longest : age;
}
