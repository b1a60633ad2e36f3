using System.Text.Json.Nodes;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Storage;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>What posts reach, asked of the imitated networks by the whole program.</summary>
public sealed class ReachTests
{
    static readonly string[] Groups = ["Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;"];

    static Task<IReadOnlyList<(string Channel, string Answer, int? After, string? Metrics)>> SamplesAsync(Database database) => database.ReadAsync(session =>
        session.QueryAsync<(string, string, int?, string?)>("select d.channel, s.answer, s.after_seconds, s.metrics from reach_sample s join delivery d on d.id = s.delivery_id where d.operation = 'Create' order by s.asked_at, d.channel"));

    [Fact]
    public async Task Every_channel_is_asked_at_its_moment_and_once_more_before_a_post_comes_down()
    {
        await using var stage = await Stage.SetAsync(Groups);
        stage.BeQuick();
        stage.Configure("harvest", new JsonObject { ["at"] = new JsonArray("00:00:01") });
        await using var worker = await stage.StartWorkerAsync();
        stage.Drop("a.json", Message("opened", "Vermist: Fenna (9). Rode jas."));
        using var database = Database.ForFile(Path.Combine(stage.Data, "syndicate.db"));
        var samples = await Eventually.GetAsync(() => SamplesAsync(database), found => found.Count == 3, within: TimeSpan.FromMinutes(2));
        Assert.Equal([("facebook", "Given", (int?)1), ("whatsapp", "Given", 1), ("x", "Given", 1)], samples.Select(s => (s.Channel, s.Answer, s.After)).Order());
        Assert.Contains("impression_count", samples.Single(s => s.Channel == "x").Metrics, StringComparison.Ordinal);
        Assert.Contains("url_link_clicks", samples.Single(s => s.Channel == "x").Metrics, StringComparison.Ordinal);
        Assert.Contains("post_total_media_view_unique", samples.Single(s => s.Channel == "facebook").Metrics, StringComparison.Ordinal);
        Assert.Contains("groupSize", samples.Single(s => s.Channel == "whatsapp").Metrics, StringComparison.Ordinal);

        stage.Drop("b.json", Message("closed", "Fenna is terecht."));
        samples = await Eventually.GetAsync(() => SamplesAsync(database), found => found.Count(s => s.After is null) == 3, within: TimeSpan.FromMinutes(1));
        Assert.All(samples.Where(s => s.After is null), s => Assert.Equal("Given", s.Answer));

        // The last look comes before the deletion, which is proven some time later.
        var metrics = await Eventually.GetAsync(() => worker.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken),
            text => text.Contains("syndicate_deliveries{channel=\"facebook\",state=\"gone\"} ", StringComparison.Ordinal));
        Assert.Contains("syndicate_channel_stopped{channel=\"facebook\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("syndicate_reach_impressions{channel=\"x\"} ", metrics, StringComparison.Ordinal);
        // X tells no people, and that is not zero.
        Assert.DoesNotContain("syndicate_reach_people{channel=\"x\"}", metrics, StringComparison.Ordinal);
    }

    static string Message(string phase, string text) => $$$"""
        {"id":"kind-1","kind":"actie","phase":"{{{phase}}}","sent":"{{{DateTimeOffset.UtcNow:O}}}","title":"Fenna (9)","text":"{{{text}}}","municipality":"Amersfoort","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}
        """;
}
