using System.Net.Http.Json;
using System.Text.Json;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>An alert as the API tells it, read without any of the program's own types.</summary>
sealed record ApiAlert(
    string Id, string Source, string SourceId, string Kind, string Category, string Phase, bool Exercise, string? Municipality,
    IReadOnlyList<string> Municipalities, string OpenedAt, string? ClosedAt, IReadOnlyList<ApiDelivery> Deliveries)
{
    public static async Task<IReadOnlyList<ApiAlert>> ListAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<List<ApiAlert>>("/api/alerts?limit=1000", JsonSerializerOptions.Web, TestContext.Current.CancellationToken))!;

    public IReadOnlyList<ApiDelivery> On(string channel) => [.. Deliveries.Where(d => d.Channel == channel)];

    /// <summary>What was said there, without what was taken away.</summary>
    public IReadOnlyList<ApiDelivery> PostsOn(string channel) => [.. On(channel).Where(d => d.Operation != "takedown")];
}

sealed record ApiDelivery(
    string Id, string? AlertId, string Channel, string Target, string Operation, string State, string? PostId, string? Url, string Text,
    int Attempts, string DueAt, string? PublishedAt, string? VerifiedAt, string? Error);
