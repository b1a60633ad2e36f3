using System.Text.Json;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Tests.Support;

namespace Burgernet.Syndicate.Tests.Reports;

/// <summary>
/// The rows as they lie in the database, one by one, with nothing added up: figures are counted from them here by another
/// way than the report's, to hold the two against each other.
/// </summary>
sealed class RawFigures
{
    static readonly TimeZoneInfo Amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    public required IReadOnlyList<RawAlert> Alerts { get; init; }
    public required IReadOnlyList<RawDelivery> Deliveries { get; init; }
    public required IReadOnlyList<RawSample> Samples { get; init; }
    public required IReadOnlyDictionary<string, string> Outcomes { get; init; }

    /// <param name="area">CBS code; null: all.</param>
    /// <param name="on">The day by which municipalities are told apart.</param>
    public static Task<RawFigures> ReadAsync(Database database, DateOnly from, DateOnly to, string? area, DateOnly on) => database.ReadAsync(async session =>
    {
        // Episodes of one issue are one appeal, and the last that confirms no other stands for it.
        var opened = (await session.QueryAsync<(string Id, string Phase)>("select alert_id, phase from alert_message")).Where(m => m.Phase == "Opened").Select(m => m.Id).ToHashSet();
        var appeals = (await session.QueryAsync<RawAlert>("select id, source, source_id, episode, kind, category, municipality, exercise, twin_id, issued_at, note from alert"))
            .GroupBy(a => (a.Source, a.SourceId, a.Kind, a.IssuedAt)).Where(episodes => episodes.Any(e => opened.Contains(e.Id)) && episodes.Any(e => e.TwinId is null))
            .ToDictionary(episodes => episodes.Where(e => e.TwinId is null).MaxBy(e => e.Episode)!, episodes => episodes.Select(e => e.Id).ToHashSet());
        var alerts = appeals.Keys.Select(a => a with { Municipality = Merged(a.Municipality, on) }).Where(a => !a.Exercise && (area is null || a.Municipality == area) && a.Day >= from && a.Day <= to).ToList();
        var kept = alerts.Select(a => a.Id).ToHashSet();
        var standsFor = appeals.Where(a => kept.Contains(a.Key.Id)).SelectMany(a => a.Value.Select(id => (Episode: id, a.Key.Id))).ToDictionary(e => e.Episode, e => e.Id);
        var links = (await session.QueryAsync<(string Reference, string Channel, bool HasLink)>("select reference, channel, has_link from post")).ToDictionary(p => (p.Reference, p.Channel), p => p.HasLink);
        var deliveries = (await session.QueryAsync<RawDelivery>("select id, alert_id, reference, channel, target, operation, state, in_place, published_at from delivery"))
            .Where(d => standsFor.ContainsKey(d.AlertId) && d.Operation != "Takedown" && !d.InPlace).Select(d => d with { AlertId = standsFor[d.AlertId], HasLink = links[(d.Reference, d.Channel)] }).ToList();
        var outcomes = await session.QueryAsync<(string Id, string Outcome, DateTimeOffset At)>("select alert_id, outcome, at from outcome");
        return new RawFigures
        {
            Alerts = alerts,
            Deliveries = deliveries,
            Samples = [.. await session.QueryAsync<RawSample>("select delivery_id, asked_at, after_seconds, answer, metrics from reach_sample")],
            Outcomes = outcomes.Where(o => standsFor.ContainsKey(o.Id)).GroupBy(o => standsFor[o.Id]).ToDictionary(o => o.Key, o => o.MaxBy(one => one.At).Outcome),
        };
    });

    static string? Merged(string? code, DateOnly on)
    {
        while (code is not null && Pipeline.Options.Areas.WithCode(code) is { Successor: { } successor, ValidTo: { } last } && last < on)
            code = successor;
        return code;
    }

    public IEnumerable<RawAlert> Actions => Alerts.Where(a => a.Kind != "Burgernetmail");

    public int Hard(IEnumerable<RawAlert> alerts) => alerts.Count(a => Outcomes.GetValueOrDefault(a.Id) == "hard");

    public int Known(IEnumerable<RawAlert> alerts) => alerts.Count(a => Outcomes.GetValueOrDefault(a.Id, "unknown") != "unknown");

    /// <summary>Hard successes of these; null where of none is known how it ended.</summary>
    public Share? Success(IReadOnlyCollection<RawAlert> alerts) => alerts.Count > 0 && Known(alerts) == 0 ? null : new Share(Hard(alerts), alerts.Count);

    /// <summary>Seconds from issue to the first time that an opening stood at each target.</summary>
    public List<double> Seconds(IEnumerable<RawDelivery> deliveries)
    {
        var actions = Actions.ToDictionary(a => a.Id);
        return [.. deliveries.Where(d => d is { Operation: "Create", PublishedAt: not null } && actions.ContainsKey(d.AlertId)).GroupBy(d => (d.AlertId, d.Channel, d.Target))
            .Select(target => (target.Min(d => d.PublishedAt!.Value) - actions[target.Key.AlertId].IssuedAt).TotalSeconds)];
    }

    /// <summary>The share of the actions that were ours to post of which an opening stood somewhere.</summary>
    public Share Covered(IEnumerable<RawDelivery> deliveries)
    {
        var ours = Actions.Where(a => a.Note != "stond er al bij de eerste start").Select(a => a.Id).ToHashSet();
        return new Share(deliveries.Where(d => d is { Operation: "Create", PublishedAt: not null } && ours.Contains(d.AlertId)).Select(d => d.AlertId).Distinct().Count(), ours.Count);
    }

    public IEnumerable<RawDelivery> Of(RawAlert alert) => Deliveries.Where(d => d.AlertId == alert.Id);

    /// <summary>The newest figure of each delivery that a network gave, by the network's own names.</summary>
    public IEnumerable<long> Newest(IEnumerable<RawDelivery> deliveries, Func<string, string[]> names)
    {
        var samples = Samples.Where(s => s.Answer == "Given").ToLookup(s => s.DeliveryId);
        foreach (var delivery in deliveries)
        {
            long? figure = null;
            foreach (var sample in samples[delivery.Id].OrderBy(s => s.AskedAt))
                if (Sum(sample, names(delivery.Channel)) is { } given)
                    figure = given;
            if (figure is { } known)
                yield return known;
        }
    }

    public static long? Sum(RawSample sample, string[] names)
    {
        using var metrics = JsonDocument.Parse(sample.Metrics ?? "{}");
        var given = metrics.RootElement.EnumerateObject().Where(m => names.Contains(m.Name)).Select(m => m.Value.GetInt64()).ToList();
        return given.Count == 0 ? null : given.Sum();
    }

    public long Measured(IEnumerable<RawDelivery> deliveries)
    {
        var given = Samples.Where(s => s.Answer == "Given").Select(s => s.DeliveryId).ToHashSet();
        return deliveries.Count(d => given.Contains(d.Id));
    }

    public ReachRow Row(string? key, IReadOnlyCollection<RawAlert> alerts, IReadOnlyCollection<RawDelivery> deliveries) => new(
        key, alerts.Count, deliveries.Count(d => d.PublishedAt is not null), Total(Newest(deliveries, Reach)), Total(Newest(deliveries, Impressions)), Total(Newest(deliveries, Engagements)), Measured(deliveries));

    public static string[] Impressions(string channel) => channel switch { "x" => ["impression_count"], "facebook" => ["post_media_view"], _ => ["delivered"] };

    public static string[] Reach(string channel) => channel switch { "x" => [], "facebook" => ["post_total_media_view_unique"], _ => ["read"] };

    public static string[] Engagements(string channel) => channel switch
    {
        "x" => ["like_count", "retweet_count", "reply_count", "quote_count", "bookmark_count"],
        "facebook" => ["shares", "reactions", "comments", "post_clicks"],
        _ => [],
    };

    static long? Total(IEnumerable<long> figures) => figures.ToList() is { Count: > 0 } given ? given.Sum() : null;

    internal sealed record RawAlert
    {
        public required string Id { get; init; }
        public required string Source { get; init; }
        public required string SourceId { get; init; }
        public required int Episode { get; init; }
        public required string Kind { get; init; }
        public required string Category { get; init; }
        public string? Municipality { get; init; }
        public required bool Exercise { get; init; }
        public string? TwinId { get; init; }
        public required DateTimeOffset IssuedAt { get; init; }
        public string? Note { get; init; }
        public DateTimeOffset Local => TimeZoneInfo.ConvertTime(IssuedAt, Amsterdam);
        public DateOnly Day => DateOnly.FromDateTime(Local.DateTime);
    }

    internal sealed record RawDelivery
    {
        public required string Id { get; init; }
        public required string AlertId { get; init; }
        public required string Reference { get; init; }
        public required string Channel { get; init; }
        public required string Target { get; init; }
        public required string Operation { get; init; }
        public required string State { get; init; }
        public required bool InPlace { get; init; }
        public DateTimeOffset? PublishedAt { get; init; }
        public bool HasLink { get; init; }
    }

    internal sealed record RawSample
    {
        public required string DeliveryId { get; init; }
        public required DateTimeOffset AskedAt { get; init; }
        public int? AfterSeconds { get; init; }
        public required string Answer { get; init; }
        public string? Metrics { get; init; }
    }
}
