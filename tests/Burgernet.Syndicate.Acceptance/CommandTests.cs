using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Acceptance.Support;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>The program as others drive it from the command line.</summary>
public sealed partial class CommandTests
{
    [Fact]
    public async Task Count_answers_one_object_per_line_of_standard_input()
    {
        var (code, output, _) = await WorkerProcess.RunAsync(["count", "--network", "x"], input: "\"Bel 112.\"\n\"Zie politie.nl/vermist voor foto\"\n\"👨‍👩‍👧‍👦\"\n\"\"\n");

        Assert.Equal(0, code);
        var counts = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal([8, 37, 2, 0], counts.Select(c => c["length"]!.GetValue<int>()));
        Assert.Equal([true, true, true, false], counts.Select(c => c["valid"]!.GetValue<bool>()));
        Assert.All(counts, c => Assert.Equal(280, c["limit"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("x", 5, 280)]
    [InlineData("facebook", 3, 63_206)]
    [InlineData("whatsapp", 3, 65_536)]
    public async Task Each_network_counts_in_its_own_way_also_what_is_broken(string network, int length, int limit)
    {
        var (code, output, _) = await WorkerProcess.RunAsync(["count", "--network", network], input: """
            "\"\u20ac\ud83d"

            """);

        Assert.Equal(0, code);
        Assert.Equal($$"""{"length":{{length}},"limit":{{limit}},"valid":true}""", output.Trim());
    }

    [Theory]
    [InlineData("count", "--network", "mastodon")]
    [InlineData("count")]
    [InlineData("alerts", "--limit", "0")]
    [InlineData("niet-bestaand")]
    public async Task Wrong_input_ends_with_code_2(params string[] arguments)
    {
        var (code, _, errors) = await WorkerProcess.RunAsync(arguments, input: "");
        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task A_line_that_is_no_json_string_is_told_by_its_number()
    {
        var (code, _, errors) = await WorkerProcess.RunAsync(["count", "--network", "x"], input: "\"goed\"\nfout\n");
        Assert.Equal(2, code);
        Assert.Contains("regel 2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_ends_the_start_with_every_error_and_posts_nothing()
    {
        await using var stage = await Stage.SetAsync([";1203@g.us;;;;;;"]);
        stage.Configure("channels", "x", "maxInFlght", 2);
        stage.Configure("sources", "acties", "interval", "snel");
        File.Delete(Path.Combine(stage.Secrets, "channels__facebook__appSecret"));
        File.WriteAllText(Path.Combine(stage.Config, "templates", "whatsapp.liquid"), "{% if %}");

        foreach (var command in new[] { "run", "check" })
        {
            var (code, _, errors) = await WorkerProcess.RunAsync([command, "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets]);
            Assert.Equal(2, code);
            Assert.All(["channels.x.maxInFlght", "sources.acties.interval", "channels.facebook.appSecret", "templates/whatsapp.liquid", "groups.csv:2"], path => Assert.Contains(path, errors, StringComparison.Ordinal));
        }

        Assert.Empty(stage.Sandbox.Posts(Sandbox.SandboxPlatform.X));
        Assert.False(Directory.Exists(stage.Data));
    }

    [Fact]
    public async Task Check_lists_every_fault_as_json_with_its_place_and_says_nothing_else_there()
    {
        await using var stage = await Stage.SetAsync([";1@g.us;GM0307;;;;ja;"]);
        string[] check = ["check", "--json", "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets];
        File.WriteAllText(Path.Combine(stage.Config, "syndicate.json"), File.ReadAllText(Path.Combine(stage.Config, "syndicate.json")).Replace("\"mode\":", "\n  \"maxInFlght\": 2, \"mode\":", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(stage.Config, "templates", "whatsapp.liquid"), "{% if %}");
        var (code, output, _) = await WorkerProcess.RunAsync(check, new Dictionary<string, string?> { ["SYNDICATE_notAfter__actie"] = "kort" });

        Assert.Equal(2, code);
        var faults = JsonNode.Parse(output)!.AsArray();
        Assert.All(faults, f => Assert.Equal(["file", "line", "column", "path", "message"], f!.AsObject().Select(p => p.Key)));
        Assert.Equal(
        [
            "syndicate.json 2 3 maxInFlght", "groups.csv 2 1 name", "SYNDICATE_notAfter__actie   notAfter.actie", "templates/whatsapp.liquid 1 6 templates/whatsapp.liquid",
        ], faults.Select(f => $"{f!["file"]} {f["line"]} {f["column"]} {f["path"]}"));

        await using var right = await Stage.SetAsync([]);
        var (good, none, warnings) = await WorkerProcess.RunAsync(["check", "--json", "--config", right.Config, "--data", right.Data, "--secrets", right.Secrets]);
        Assert.Equal((0, "[]"), (good, none.Trim()));
        Assert.Contains("notify: niemand krijgt bericht", warnings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folders_may_be_named_from_where_one_stands()
    {
        using var folder = new TempFolder();
        folder.Copy(Path.Combine(AppContext.BaseDirectory, "config"), "config");
        var (code, output, errors) = await WorkerProcess.RunAsync(["check"], folder: folder.Path);
        Assert.Equal((0, ""), (code, errors));
        Assert.StartsWith("In orde.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lists_say_the_same_beside_a_running_service_and_without_one()
    {
        await using var stage = await Stage.SetAsync(["Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;"]);
        string[] Where(string command) => [command, "--json", "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets];
        Assert.Equal((0, "[]"), await PlainAsync(Where("alerts")));

        string api;
        await using (var worker = await stage.StartWorkerAsync())
        {
            stage.Drop("actie.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""");
            await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Count == 1 && alerts[0].Deliveries.All(d => d.State == "published"));
            api = Unverified(await worker.Client.GetStringAsync(new Uri("/api/alerts", UriKind.Relative), TestContext.Current.CancellationToken));

            Assert.Equal((0, api), await PlainAsync(Where("alerts")));
            var id = JsonNode.Parse(api)![0]!["id"]!.ToString();
            Assert.Equal(JsonNode.Parse(api)![0]!.ToJsonString(), JsonNode.Parse(Unverified(await worker.Client.GetStringAsync(new Uri($"/api/alerts/{id}", UriKind.Relative), TestContext.Current.CancellationToken)))!.ToJsonString());

            var deliveries = JsonNode.Parse((await PlainAsync(Where("deliveries"))).Output)!.AsArray();
            Assert.Equal(3, deliveries.Count);
            Assert.All(deliveries, d => Assert.Equal(id, d!["alertId"]!.ToString()));

            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await worker.Client.GetAsync(new Uri("/api/alerts/0", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await worker.Client.GetAsync(new Uri("/api/alerts?limit=veel", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
            Assert.Contains("\"mode\":\"live\"", await worker.Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(0, (await WorkerProcess.RunAsync(["health", "--urls", worker.Url.ToString()])).Code);

            // A second one on the same database would send what is due a second time.
            var second = await WorkerProcess.RunAsync(["run", "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets, "--urls", "http://127.0.0.1:0"]);
            Assert.Equal(1, second.Code);
            Assert.Contains("draait al", second.Err, StringComparison.Ordinal);
            Assert.Equal(0, await worker.StopAsync());
        }

        Assert.Equal((0, api), await PlainAsync(Where("alerts")));
        Assert.Equal(1, (await WorkerProcess.RunAsync(["health", "--urls", "http://127.0.0.1:1"])).Code);
    }

    [Fact]
    public async Task The_shape_of_an_alert_is_the_contracts_to_the_letter()
    {
        await using var stage = await Stage.SetAsync([]);
        await using var worker = await stage.StartWorkerAsync();
        stage.Drop("actie.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","municipality":"Amersfoort"}""");
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Count == 1 && alerts[0].Deliveries.All(d => d.State == "published"));
        var alert = JsonDocument.Parse(await worker.Client.GetStringAsync(new Uri("/api/alerts", UriKind.Relative), TestContext.Current.CancellationToken)).RootElement[0];

        Assert.Equal(["id", "source", "sourceId", "kind", "category", "phase", "exercise", "municipality", "municipalities", "openedAt", "closedAt", "deliveries"], alert.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["id", "channel", "target", "operation", "state", "postId", "url", "text", "attempts", "dueAt", "publishedAt", "verifiedAt", "error"], alert.GetProperty("deliveries")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("GM0307", alert.GetProperty("municipality").GetString());
        Assert.Equal(JsonValueKind.Null, alert.GetProperty("closedAt").ValueKind);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", alert.GetProperty("openedAt").GetString());
    }

    static async Task<(int Code, string Output)> PlainAsync(string[] arguments)
    {
        var (code, output, _) = await WorkerProcess.RunAsync(arguments);
        return (code, Unverified(output.Trim()));
    }

    // When posts were last looked up goes on changing while a slow machine compares.
    static string Unverified(string json) => VerifiedAt().Replace(json, "\"verifiedAt\":null");

    [GeneratedRegex("\"verifiedAt\":\"[^\"]*\"")]
    private static partial Regex VerifiedAt();
}
