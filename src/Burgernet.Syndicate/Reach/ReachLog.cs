using System.Text.Json;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Reach;

/// <summary>
/// Every answer about every post, for ever, and of each post the newest in words that all networks share. Reports read the
/// newest; a test holds it against the answers.
/// </summary>
public sealed class ReachLog(Database database)
{
    // Published posts of alerts that are not yet followed. Closings and updates are posts too.
    const string Follow = """
        insert into reach (delivery_id, step, next_at)
        select d.id, 0, @now from delivery d
        where d.state = 'Published' and d.operation <> 'Takedown' and not d.in_place and d.channel in @channels and d.published_at > @since
            and not exists (select 1 from reach r where r.delivery_id = d.id)
        """;

    const string Due = """
        select d.id as delivery_id, d.channel, d.address, d.post_id, d.published_at, d.state, r.step from reach r join delivery d on d.id = r.delivery_id
        where r.next_at <= @now and d.channel = @channel and d.post_id is not null order by r.next_at, d.id limit @limit
        """;

    const string InsertSamples = """
        insert into reach_sample (delivery_id, asked_at, after_seconds, answer, metrics)
        select e.value ->> 'id', @askedAt, cast(e.value ->> 'after' as integer), e.value ->> 'answer', e.value ->> 'metrics' from each(@rows) e where true on conflict do nothing
        """;

    // What was not given this time stays as it was.
    const string UpdateNewest = """
        update reach set step = cast(e.value ->> 'step' as integer), next_at = @never, measured_at = case when e.value ->> 'answer' = 'Given' then @askedAt else measured_at end,
            shrank = shrank or coalesce(cast(e.value ->> 'impressions' as bigint) < impressions, false) or coalesce(cast(e.value ->> 'reach' as bigint) < reach, false),
            impressions = coalesce(cast(e.value ->> 'impressions' as bigint), impressions), reach = coalesce(cast(e.value ->> 'reach' as bigint), reach),
            engagements = coalesce(cast(e.value ->> 'engagements' as bigint), engagements)
        from each(@rows) e where reach.delivery_id = e.value ->> 'id'
        """;

    const int RowsAtOnce = 500;

    /// <summary>Begins to follow what was published on these channels.</summary>
    /// <param name="since">What is older is left alone (UTC).</param>
    public Task FollowAsync(IReadOnlyList<string> channels, DateTimeOffset since, DateTimeOffset now) =>
        database.WriteAsync(session => session.ExecuteAsync(Follow, new { channels = channels.ToArray(), since, now }));

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
                await session.ExecuteAsync(UpdateNewest, new { rows, askedAt = same.Key, never = (DateTimeOffset?)null }).ConfigureAwait(false);
            }
        }

        foreach (var same in nextAt.GroupBy(n => n.Value.NextAt))
            foreach (var chunk in same.Chunk(RowsAtOnce))
                await session.ExecuteAsync("update reach set next_at = @at where delivery_id in @ids", new { at = same.Key, ids = chunk.Select(n => n.Key).ToArray() }).ConfigureAwait(false);
    });

    /// <summary>Every answer about one post, oldest first.</summary>
    public Task<IReadOnlyList<ReachSample>> SamplesAsync(string deliveryId) => database.ReadAsync<IReadOnlyList<ReachSample>>(async session =>
        [.. (await session.QueryAsync<(string DeliveryId, DateTimeOffset AskedAt, int? After, string Answer, string? Metrics)>(
            "select delivery_id, asked_at, after_seconds, answer, metrics from reach_sample where delivery_id = @deliveryId order by asked_at", new { deliveryId }).ConfigureAwait(false))
            .Select(s => new ReachSample(s.DeliveryId, s.AskedAt, s.After is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Enum.Parse<ReachAnswer>(s.Answer),
                s.Metrics is null ? new Dictionary<string, long>() : JsonSerializer.Deserialize<Dictionary<string, long>>(s.Metrics)!))]);
}

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
