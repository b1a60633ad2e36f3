using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>What people do by hand beside a running service.</summary>
public sealed class OperatorTests
{
    const string Group = "Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;";

    [Fact]
    public async Task A_delivery_that_nobody_can_decide_on_is_held_until_a_person_says_what_became_of_it()
    {
        await using var stage = await Stage.SetAsync([]);
        stage.BeQuick();
        stage.Sandbox.Faults.Add(SandboxPlatform.X, SandboxFault.Duplicate, times: 3);
        await using var worker = await stage.StartWorkerAsync();
        foreach (var id in (string[])["a", "b", "c"])
            stage.Drop($"{id}.json", $$$"""{"id":"{{{id}}}","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step {{{id}}}.","municipality":"Amersfoort"}""");
        var held = (await Eventually.GetAsync(() => OnXAsync(worker), found => found.Count == 3 && found.Values.All(d => d.State == "held"), within: TimeSpan.FromMinutes(1), describe: Describe));
        Assert.Empty(stage.Sandbox.Posts(SandboxPlatform.X));

        async Task<(int Code, string Err)> ResolveAsync(string? input, params string[] arguments)
        {
            var (code, _, err) = await WorkerProcess.RunAsync([.. (string[])["resolve", .. arguments], .. Where(stage)], input: input);
            return (code, err);
        }

        Assert.Equal((1, "Niet gedaan: niet bevestigd; er is niets veranderd.\n"), await ResolveAsync("ja\nnee\n", held["a"].Id, "send", "--by", "Jan"));
        Assert.Equal(2, (await ResolveAsync("", held["a"].Id, "send")).Code);
        Assert.Equal(2, (await ResolveAsync("", held["a"].Id, "adopt", "--by", "Jan")).Code);
        Assert.Equal(2, (await ResolveAsync("", "BN-00000-1", "drop", "--by", "Jan")).Code);
        Assert.Equal("held", (await OnXAsync(worker))["a"].State);

        Assert.Equal((0, ""), await ResolveAsync("ja\nja\n", held["a"].Id, "send", "--by", "Jan", "--why", "nagekeken"));
        Assert.Equal((0, ""), await ResolveAsync("", held["b"].Id, "send", "--by", "Jan", "--yes"));
        Assert.Equal((0, ""), await ResolveAsync("", held["c"].Id, "drop", "--by", "Jan"));
        Assert.Equal(1, (await ResolveAsync("", held["c"].Id, "drop", "--by", "Jan")).Code);
        await Eventually.GetAsync(() => OnXAsync(worker), found => found["a"].State == "published" && found["b"].State == "published" && found["c"].State == "cancelled", describe: Describe);
        Assert.Equal(2, stage.Sandbox.Posts(SandboxPlatform.X).Count);
    }

    [Fact]
    public async Task A_pause_holds_back_what_speaks_and_an_end_by_hand_is_seen_by_the_running_service()
    {
        await using var stage = await Stage.SetAsync([Group]);
        stage.BeQuick();
        await using var worker = await stage.StartWorkerAsync();
        Assert.Equal(0, await RunAsync(stage, "pause", "x", "--by", "Jan"));
        Assert.Equal(2, await RunAsync(stage, "pause", "twitter", "--by", "Jan"));
        stage.Drop("a.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Vermist: Fenna (9).","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");
        var alert = (await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1 && found[0].Deliveries.Count(d => d.State == "published") == 2, describe: a => $"{a.Count} alerts"))[0];
        Assert.Equal("pending", Assert.Single(alert.On("x")).State);
        Assert.Contains("stilgezet door Jan", await worker.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Assert.Equal(0, await RunAsync(stage, "resume", "all", "--by", "Jan"));
        await Eventually.GetAsync(() => OnXAsync(worker), found => found["a"].State == "published", describe: Describe);

        Assert.Equal(0, await RunAsync(stage, "close", alert.Id, "--by", "Jan"));
        Assert.Equal(1, await RunAsync(stage, "close", alert.Id, "--by", "Jan"));
        Assert.Equal(2, await RunAsync(stage, "close", "geen", "--by", "Jan"));
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found[0].Phase == "closed"
            && found[0].Deliveries.Count(d => d is { Operation: "close", State: "published" }) == 3 && found[0].Deliveries.Count(d => d is { Operation: "takedown", State: "gone" }) == 3, describe: a => string.Join(" ", a[0].Deliveries.Select(d => $"{d.Channel}/{d.Operation}:{d.State}")));
        Assert.Equal(0, await RunAsync(stage, "retract", alert.Id, "--by", "Jan"));
        Assert.Equal(1, await RunAsync(stage, "retract", alert.Id, "--by", "Jan"));
        Assert.All(Enum.GetValues<SandboxPlatform>().Where(p => p != SandboxPlatform.Feed).SelectMany(stage.Sandbox.Posts).Where(p => !p.Deleted), p => Assert.DoesNotContain("Fenna", p.Text, StringComparison.Ordinal));
    }

    static string[] Where(Stage stage) => ["--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets];

    static async Task<int> RunAsync(Stage stage, params string[] arguments) => (await WorkerProcess.RunAsync([.. arguments, .. Where(stage)])).Code;

    static async Task<Dictionary<string, ApiDelivery>> OnXAsync(WorkerProcess worker) =>
        (await ApiAlert.ListAsync(worker.Client)).Where(a => a.On("x").Count > 0).ToDictionary(a => a.SourceId, a => a.On("x")[0]);

    static string Describe(Dictionary<string, ApiDelivery> found) => string.Join(" ", found.Select(d => $"{d.Key}:{d.Value.State} {d.Value.Error}"));
}
