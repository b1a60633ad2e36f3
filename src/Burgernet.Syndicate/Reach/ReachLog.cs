using System.Text.Json;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Reach;

/// <summary>
/// Every answer about every post, for ever, and of each post the newest in words that all networks share. Reports read the
/// newest; a test holds it against the answers.
/// </summary>
public sealed class ReachLog(Database database)
{
    // Closings and updates are posts too.
    const string Unfollowed = """
        select d.id, d.published_at from delivery d
        where d.state = 'Published' and d.operation <> 'Takedown' and not d.in_place and d.channel in @channels and d.published_at > @since
            and not exists (select 1 from reach r where r.delivery_id = d.id)
        """;

    const string Follow = "insert into reach (delivery_id, step, next_at) select e.value ->> 'id', 0, @at from each(@rows) e where true on conflict do nothing";

    const string Due = """
        select d.id as delivery_id, d.channel, d.address, d.post_id, d.published_at, d.state, r.step from reach r join delivery d on d.id = r.delivery_id
        where r.next_at <= @now and d.channel = @channel and d.post_id is not null
            and not exists (select 1 from delivery t where t.alert_id = d.alert_id and t.channel = d.channel and t.target = d.target and t.operation = 'Takedown' and t.state in ('Pending', 'Sending'))
        order by r.next_at, d.id limit @limit
        """;

    const string InsertSamples = """
        insert into reach_sample (delivery_id, asked_at, after_seconds, answer, metrics)
        select e.value ->> 'id', @askedAt, cast(e.value ->> 'after' as integer), e.value ->> 'answer', e.value ->> 'metrics' from each(@rows) e where true on conflict do nothing
        """;

    // What was not given this time stays as it was. A last look (no moment) changes no plan: the network may refuse to take the post down.
    const string UpdateNewest = """
        update reach set step = case when e.value ->> 'after' is null then step else cast(e.value ->> 'step' as integer) end, next_at = case when e.value ->> 'after' is null then next_at end, measured_at = case when e.value ->> 'answer' = 'Given' then @askedAt else measured_at end,
            shrank = shrank or coalesce(cast(e.value ->> 'impressions' as bigint) < impressions, false) or coalesce(cast(e.value ->> 'reach' as bigint) < reach, false),
            impressions = coalesce(cast(e.value ->> 'impressions' as bigint), impressions), reach = coalesce(cast(e.value ->> 'reach' as bigint), reach),
            engagements = coalesce(cast(e.value ->> 'engagements' as bigint), engagements)
        from each(@rows) e where reach.delivery_id = e.value ->> 'id'
        """;

    const int RowsAtOnce = 500;

    /// <summary>Begins to follow what was published on these channels.</summary>
    /// <param name="since">What is older is left alone (UTC).</param>
    /// <param name="firstAt">When a post that was published then is first asked about (UTC).</param>
    public async Task FollowAsync(IReadOnlyList<string> channels, DateTimeOffset since, Func<DateTimeOffset, DateTimeOffset> firstAt)
    {
        var found = await database.ReadAsync(session => session.QueryAsync<(string Id, DateTimeOffset PublishedAt)>(Unfollowed, new { channels = channels.ToArray(), since })).ConfigureAwait(false);
        if (found.Count == 0)
            return;
        await database.WriteAsync(async session =>
        {
            foreach (var same in found.GroupBy(p => firstAt(p.PublishedAt)))
                foreach (var chunk in same.Chunk(RowsAtOnce))
                    await session.ExecuteAsync(Follow, new { at = same.Key, rows = Session.Rows(chunk.Select(p => new { p.Id })) }).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Of how many posts of a channel its network answered since then (UTC).</summary>
    public Task<int> AskedSinceAsync(string channel, DateTimeOffset since) => database.ReadAsync(session => session.FirstOrDefaultAsync<int>("""
        select count(*) from reach_sample s join delivery d on d.id = s.delivery_id where s.asked_at >= @since and s.answer in ('Given', 'NotGiven') and d.channel = @channel
        """, new { channel, since }));

    /// <summary>The account stands still, or its network asked us to stay away.</summary>
    public Task<bool> IsInTroubleAsync(string channel, DateTimeOffset now) => database.ReadAsync(async session =>
        await session.FirstOrDefaultAsync<string>("select name from channel where name = @channel and (next_at > @now or stopped_at is not null)", new { channel, now }).ConfigureAwait(false) is not null);

    /// <summary>What is out there of an alert at one target.</summary>
    public Task<IReadOnlyList<FollowedPost>> PostsAsync(string channel, string alertId, string target, IReadOnlyList<string> postIds) => database.ReadAsync(session => session.QueryAsync<FollowedPost>("""
        select id as delivery_id, channel, address, post_id, published_at, state, 0 as step from delivery
        where alert_id = @alertId and channel = @channel and target = @target and state = 'Published' and not in_place and published_at is not null and post_id in @ids
        """, new { channel, alertId, target, ids = postIds.ToArray() }));

    /// <summary>Counts one acknowledgement of a message; the same one again is known and counts for nothing. Who gave it is not kept.</summary>
    /// <param name="eventId">The bridge's id of the acknowledgement.</param>
    /// <param name="seen">It was read, not only delivered.</param>
    public Task AcknowledgeAsync(string channel, string postId, string eventId, bool seen, DateTimeOffset now) => database.WriteAsync(async session =>
    {
        if (await session.ExecuteAsync("insert into receipt (source, id, received_at) values (@channel, @eventId, @now) on conflict do nothing", new { channel, eventId, now }).ConfigureAwait(false) == 0)
            return;
        await session.ExecuteAsync("""
            insert into acknowledgement (channel, post_id, delivered, seen) values (@channel, @postId, @delivered, @read)
            on conflict (channel, post_id) do update set delivered = acknowledgement.delivered + @delivered, seen = acknowledgement.seen + @read
            """, new { channel, postId, delivered = seen ? 0 : 1, read = seen ? 1 : 0 }).ConfigureAwait(false);
    });

    /// <summary>How many have each message, as far as that was acknowledged.</summary>
    public async Task<IReadOnlyDictionary<string, Acknowledged>> AcknowledgedAsync(string channel, IReadOnlyList<string> postIds)
    {
        if (postIds.Count == 0)
            return new Dictionary<string, Acknowledged>();
        return (await database.ReadAsync(session => session.QueryAsync<(string PostId, long Delivered, long Seen)>(
            "select post_id, delivered, seen from acknowledgement where channel = @channel and post_id in @ids", new { channel, ids = postIds.ToArray() })).ConfigureAwait(false))
            .ToDictionary(a => a.PostId, a => new Acknowledged(a.Delivered, a.Seen));
    }

    /// <summary>The posts of a channel that are to be asked about now, longest due first.</summary>
    public Task<IReadOnlyList<FollowedPost>> DueAsync(string channel, DateTimeOffset now, int limit) =>
        database.ReadAsync(session => session.QueryAsync<FollowedPost>(Due, new { channel, now, limit }));

    /// <summary>Keeps answers, and of each post the newest.</summary>
    /// <param name="nextAt">When each post is asked about next (UTC), by delivery; absent: never again.</param>
    public Task RecordAsync(IReadOnlyList<ReachSample> samples, ReachTerms terms, IReadOnlyDictionary<string, (int Step, DateTimeOffset NextAt)> nextAt) => database.WriteAsync(async session =>
    {
        foreach (var same in samples.GroupBy(s => s.AskedAt))
        {
            foreach (var chunk in same.Chunk(RowsAtOnce))
            {
                var rows = Session.Rows(chunk.Select(sample =>
                {
                    var figures = terms.Of(sample.Metrics);
                    return new
                    {
                        Id = sample.DeliveryId, After = sample.After is { } after ? (int?)after.TotalSeconds : null, Answer = sample.Answer.ToString(),
                        Metrics = sample.Metrics.Count > 0 ? JsonSerializer.Serialize(sample.Metrics) : null, Step = nextAt.TryGetValue(sample.DeliveryId, out var next) ? next.Step : int.MaxValue,
                        figures.Impressions, figures.Reach, figures.Engagements,
                    };
                }));
                await session.ExecuteAsync(InsertSamples, new { rows, askedAt = same.Key }).ConfigureAwait(false);
                await session.ExecuteAsync(UpdateNewest, new { rows, askedAt = same.Key }).ConfigureAwait(false);
            }
        }

        foreach (var same in nextAt.GroupBy(n => n.Value.NextAt))
            foreach (var chunk in same.Chunk(RowsAtOnce))
                await session.ExecuteAsync("update reach set next_at = @at where delivery_id in @ids", new { at = same.Key, ids = chunk.Select(n => n.Key).ToArray() }).ConfigureAwait(false);
    });

    /// <summary>What each channel's posts reached together, as far as networks said; without exercises.</summary>
    public Task<IReadOnlyList<ChannelReach>> TotalsAsync() => database.ReadAsync(session => session.QueryAsync<ChannelReach>("""
        select d.channel, count(r.measured_at) as measured, sum(r.impressions) as impressions, sum(r.reach) as people, sum(r.engagements) as engagements
        from reach r join delivery d on d.id = r.delivery_id join alert a on a.id = d.alert_id where not a.exercise group by d.channel order by d.channel
        """));

    /// <summary>Every answer about one post, oldest first.</summary>
    public Task<IReadOnlyList<ReachSample>> SamplesAsync(string deliveryId) => database.ReadAsync<IReadOnlyList<ReachSample>>(async session =>
        [.. (await session.QueryAsync<(string DeliveryId, DateTimeOffset AskedAt, int? After, string Answer, string? Metrics)>(
            "select delivery_id, asked_at, after_seconds, answer, metrics from reach_sample where delivery_id = @deliveryId order by asked_at", new { deliveryId }).ConfigureAwait(false))
            .Select(s => new ReachSample(s.DeliveryId, s.AskedAt, s.After is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Enum.Parse<ReachAnswer>(s.Answer),
                s.Metrics is null ? new Dictionary<string, long>() : JsonSerializer.Deserialize<Dictionary<string, long>>(s.Metrics)!))]);
}

/// <summary>What a channel's posts reached together; null where the network never said.</summary>
public sealed record ChannelReach
{
    public required string Channel { get; init; }

    /// <summary>Posts of which there is at least one figure.</summary>
    public required long Measured { get; init; }
    public long? Impressions { get; init; }
    public long? People { get; init; }
    public long? Engagements { get; init; }
}

/// <summary>How many acknowledged a message: a lower bound, because people may keep that to themselves.</summary>
public sealed record Acknowledged(long Delivered, long Seen);

/// <summary>A post that is asked about again and again.</summary>
public sealed record FollowedPost
{
    public required string DeliveryId { get; init; }
    public required string Channel { get; init; }
    public required string Address { get; init; }
    public required string PostId { get; init; }
    public required DateTimeOffset PublishedAt { get; init; }
    public required Deliveries.DeliveryState State { get; init; }

    /// <summary>How many of the planned moments are behind it.</summary>
    public required int Step { get; init; }
}
