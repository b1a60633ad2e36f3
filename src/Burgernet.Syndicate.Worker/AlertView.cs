using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Deliveries;

namespace Burgernet.Syndicate.Worker;

/// <summary>An alert as <c>/api/alerts</c> and <c>alerts --json</c> show it.</summary>
sealed record AlertView(
    string Id, string Source, string SourceId, AlertKind Kind, AlertCategory Category, AlertPhase Phase, bool Exercise, string? Municipality,
    IReadOnlyList<string> Municipalities, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, IReadOnlyList<DeliveryView> Deliveries)
{
    public static AlertView Of(AlertEntry alert, IEnumerable<Delivery> deliveries) => new(
        alert.Id, alert.Source, alert.SourceId, alert.Kind, alert.Category, alert.Phase, alert.Exercise, alert.Municipality,
        alert.MunicipalityCodes, alert.IssuedAt, alert.ClosedAt, [.. deliveries.Select(d => DeliveryView.Of(d, withAlert: false))]);
}

/// <summary>A delivery as <c>/api/alerts</c> and <c>deliveries --json</c> show it; only the latter names the alert.</summary>
sealed record DeliveryView(
    string Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AlertId, string Channel, string Target,
    DeliveryOperation Operation, DeliveryState State, string? PostId, string? Url, string Text, int Attempts, DateTimeOffset DueAt,
    DateTimeOffset? PublishedAt, DateTimeOffset? VerifiedAt, string? Error, [property: JsonIgnore] string? Reason)
{
    public static DeliveryView Of(Delivery d, bool withAlert) => new(
        d.Id, withAlert ? d.AlertId : null, d.Channel, d.Target, d.Operation, d.State, d.PostId, d.Url, d.Text, d.Attempts, d.DueAt,
        d.PublishedAt, d.VerifiedAt, d.Error, d.Reason);
}

/// <summary>Reads what the pages, the API and the commands show.</summary>
sealed class AlertQuery(AlertLog alerts, Outbox outbox)
{
    public async Task<IReadOnlyList<AlertView>> NewestAsync(int limit)
    {
        var newest = await alerts.NewestAsync(limit);
        var deliveries = (await outbox.OfAlertsAsync(newest.Select(a => a.Id))).ToLookup(d => d.AlertId);
        return [.. newest.Select(a => AlertView.Of(a, deliveries[a.Id]))];
    }

    public async Task<AlertView?> GetAsync(string id) =>
        await alerts.GetAsync(id) is { } alert ? AlertView.Of(alert, await outbox.OfAlertsAsync([id])) : null;
}

/// <summary>How we write JSON: camelCase names, our words in kebab-case, times in UTC ending in Z, absent as null.</summary>
static class ViewJson
{
    public static JsonSerializerOptions Options { get; } = Apply(new JsonSerializerOptions());

    public static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        // Readable Dutch; the answer is application/json, never part of a page.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower));
        options.Converters.Add(new UtcConverter());
        return options;
    }

    sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
    }
}
