using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Reports;

/// <summary>Reads what went where of one alert, when, and how it did.</summary>
public sealed class TimelineQuery(Database database, ReportFrame frame)
{
    const string Messages = "select phase, sent_at, text from alert_message where alert_id = @id order by sent_at, received_at, key";

    const string Deliveries = """
        select d.id, d.channel, d.target, d.operation, d.state, d.due_at, d.published_at, d.url, d.error, r.impressions, r.reach, r.engagements, r.measured_at, coalesce(r.shrank, false) as shrank
        from delivery d left join reach r on r.delivery_id = d.id where d.alert_id = @id order by d.revision, d.operation, d.channel, d.position, d.id
        """;

    const string Samples = """
        select d.channel, s.delivery_id, d.published_at, s.asked_at, s.after_seconds, s.metrics from delivery d join reach_sample s on s.delivery_id = d.id
        where d.alert_id = @id and d.operation = 'Create' and d.published_at is not null and s.answer = 'Given' order by s.asked_at
        """;

    /// <param name="id">Our own id of the alert.</param>
    public Task<Timeline> OfAsync(string id) => database.ReadAsync(async session => new Timeline(
        await session.QueryAsync<TimelineMessage>(Messages, new { id }).ConfigureAwait(false),
        await session.QueryAsync<TimelineDelivery>(Deliveries, new { id }).ConfigureAwait(false),
        [.. MeasurementsOf(await session.QueryAsync<(string Channel, string DeliveryId, DateTimeOffset PublishedAt, DateTimeOffset AskedAt, int? AfterSeconds, string? Metrics)>(Samples, new { id }).ConfigureAwait(false))]));

    IEnumerable<TimelineMeasurement> MeasurementsOf(IReadOnlyList<(string Channel, string DeliveryId, DateTimeOffset PublishedAt, DateTimeOffset AskedAt, int? AfterSeconds, string? Metrics)> samples) =>
        from sample in samples
        where sample.AfterSeconds is not { } after || CurvePoint.StandsFor(TimeSpan.FromSeconds(after), sample.AskedAt - sample.PublishedAt)
        let terms = frame.Channels.FirstOrDefault(c => c.Name == sample.Channel)?.Terms
        where terms is not null
        let figures = terms.Of(JsonSerializer.Deserialize<Dictionary<string, long>>(sample.Metrics ?? "{}")!)
        where (figures.Impressions ?? figures.Reach) is not null
        group (sample.DeliveryId, Views: (figures.Impressions ?? figures.Reach)!.Value) by (sample.Channel, sample.AfterSeconds) into moment
        orderby moment.Key.Channel, moment.Key.AfterSeconds ?? int.MaxValue
        // The last answer of each post counts.
        let posts = moment.GroupBy(m => m.DeliveryId).Select(post => post.Last().Views).ToList()
        select new TimelineMeasurement(moment.Key.Channel, moment.Key.AfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, posts.Count, posts.Sum());
}

/// <summary>The course of one alert.</summary>
/// <param name="Messages">What its source told, oldest first.</param>
/// <param name="Deliveries">What went where.</param>
/// <param name="Measurements">How far its openings had come, by channel.</param>
public sealed record Timeline(IReadOnlyList<TimelineMessage> Messages, IReadOnlyList<TimelineDelivery> Deliveries, IReadOnlyList<TimelineMeasurement> Measurements);

public sealed record TimelineMessage
{
    public required AlertPhase Phase { get; init; }
    public required DateTimeOffset SentAt { get; init; }
    public required string Text { get; init; }
}

/// <summary>A delivery with the newest that is known of its reach; null: no network said.</summary>
public sealed record TimelineDelivery
{
    public required string Id { get; init; }
    public required string Channel { get; init; }
    public required string Target { get; init; }
    public required DeliveryOperation Operation { get; init; }
    public required DeliveryState State { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? PublishedAt { get; init; }
    public string? Url { get; init; }
    public string? Error { get; init; }
    public long? Impressions { get; init; }
    public long? Reach { get; init; }
    public long? Engagements { get; init; }
    public DateTimeOffset? MeasuredAt { get; init; }

    /// <summary>A figure was once smaller than before: the network corrected itself.</summary>
    public bool Shrank { get; init; }
}

/// <param name="After">How long after posting; null: just before it was taken down.</param>
/// <param name="Posts">Openings that were measured then.</param>
/// <param name="Views">Times shown together, or people where a network does not say that.</param>
public sealed record TimelineMeasurement(string Channel, TimeSpan? After, int Posts, long Views);
