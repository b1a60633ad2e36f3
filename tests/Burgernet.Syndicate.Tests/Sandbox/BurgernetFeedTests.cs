using System.Text.Json.Nodes;
using Burgernet.Syndicate.Sandbox;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sandbox;

public sealed class BurgernetFeedTests
{
    const string ActionsPath = "/burgernet/burgernet-api/v2/actions";
    const string AlertsPath = "/landactiehost/api/v1/alerts";

    static Task<SandboxClient> Start() => SandboxClient.StartAsync(options => options with { Scenario = true });

    static async Task<JsonArray> Actions(SandboxClient sandbox) => (await sandbox.Get(ActionsPath).Json())["actions"]!.AsArray();

    static async Task<JsonArray> Alerts(SandboxClient sandbox) => (await sandbox.Get(AlertsPath).Json()).AsArray();

    static string[] Types(JsonNode action) => [.. action["messages"]!.AsArray().Select(message => (string)message!["messageType"]!)];

    [Fact]
    public async Task The_first_answer_is_empty_however_late_it_is_asked_for()
    {
        await using var sandbox = await Start();
        sandbox.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.Empty(await Actions(sandbox));
        Assert.Empty(await Alerts(sandbox));
        sandbox.Time.Advance(TimeSpan.FromSeconds(7));
        Assert.Empty(await Actions(sandbox));
        sandbox.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Amersfoort", (string?)Assert.Single(await Actions(sandbox))!["municipality"]);
    }

    [Fact]
    public async Task An_action_starts_is_updated_closes_and_drops_out()
    {
        await using var sandbox = await Start();
        Assert.Empty(await Actions(sandbox));

        sandbox.Time.Advance(TimeSpan.FromSeconds(8));
        var begun = (await Actions(sandbox))[0]!;
        Assert.Equal(["Start"], Types(begun));
        Assert.True((bool)begun["active"]!);
        Assert.Null(begun["endTimestamp"]);

        sandbox.Time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(["Start", "Update"], Types((await Actions(sandbox))[0]!));

        sandbox.Time.Advance(TimeSpan.FromSeconds(12));
        var closed = (await Actions(sandbox))[0]!;
        Assert.Equal(["Start", "Update", "Afloop"], Types(closed));
        Assert.False((bool)closed["active"]!);
        Assert.Equal(sandbox.Time.GetUtcNow().ToUnixTimeSeconds(), (long)closed["endTimestamp"]!);
        Assert.Equal((long)begun["id"]!, (long)closed["id"]!);

        sandbox.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.DoesNotContain(await Actions(sandbox), action => (long)action!["id"]! == (long)begun["id"]!);
    }

    [Fact]
    public async Task Ids_count_up_and_a_later_run_never_gives_one_again()
    {
        async Task<List<long>> Run(TimeSpan later)
        {
            await using var sandbox = await SandboxClient.StartAsync(options =>
            {
                ((Microsoft.Extensions.Time.Testing.FakeTimeProvider)options.TimeProvider).Advance(later);
                return options with { Scenario = true };
            });
            Assert.Empty(await Actions(sandbox));
            HashSet<long> ids = [];
            for (var step = 0; step < 100; step++)
            {
                sandbox.Time.Advance(TimeSpan.FromSeconds(20));
                foreach (var action in await Actions(sandbox)) ids.Add((long)action!["id"]!);
            }
            return [.. ids];
        }

        var first = await Run(TimeSpan.Zero);
        var second = await Run(TimeSpan.FromSeconds(2001));

        Assert.Equal(50, first.Count);
        Assert.Equal(first.Order(), first);
        Assert.True(second.Min() > first.Max());
        Assert.True(second.Max() < int.MaxValue);
    }

    [Fact]
    public async Task Every_example_comes_by_and_no_two_texts_are_the_same_in_an_hour()
    {
        await using var sandbox = await Start();
        Assert.Empty(await Actions(sandbox));
        Dictionary<(long, string), string> texts = [];
        HashSet<string> municipalities = [];

        for (var step = 0; step < 300; step++)
        {
            sandbox.Time.Advance(TimeSpan.FromSeconds(12));
            foreach (var action in await Actions(sandbox))
            {
                municipalities.Add((string)action!["municipality"]!);
                foreach (var message in action["messages"]!.AsArray())
                    texts[((long)action["id"]!, (string)message!["messageType"]!)] = (string)message["body"]!;
            }
        }

        Assert.Equal(["Almere", "Amersfoort", "Hilversum", "Nieuwegein", "Veenendaal", "Wijk bij Duurstede", "Woerden", "Zeist"], municipalities.Order());
        Assert.Equal(texts.Count, texts.Values.Distinct().Count());
        Assert.DoesNotContain(texts.Values, text => text.Contains('{', StringComparison.Ordinal));
    }

    [Fact]
    public void Every_message_of_the_exercise_says_that_it_is_one()
    {
        var exercise = Assert.Single(ExampleAction.All, example => example.ActionType == "Oefening");

        Assert.All([exercise.Opening, exercise.Update, exercise.Closing], text => Assert.Contains("OEFENING", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_alert_is_cancelled_without_name_or_photo()
    {
        await using var sandbox = await Start();
        Assert.Empty(await Alerts(sandbox));

        sandbox.Time.Advance(TimeSpan.FromSeconds(65));
        var alert = Assert.Single(await Alerts(sandbox))!;
        Assert.Equal("Alert", (string?)alert["Type"]);
        Assert.Equal("5", (string?)alert["AlertLevel"]);
        Assert.Equal("Noor (8)", (string?)alert["Message"]!["Title"]);
        Assert.Equal("52.173400,5.291800 10000", (string?)alert["Area"]!["Circle"]);
        Assert.Equal(200, await sandbox.Get((string)alert["Message"]!["Media"]!["Image"]!).Status());

        sandbox.Time.Advance(TimeSpan.FromSeconds(45));
        var cancel = Assert.Single(await Alerts(sandbox))!;
        Assert.Equal("Cancel", (string?)cancel["Type"]);
        Assert.Equal((string?)alert["AlertId"], (string?)cancel["AlertId"]);
        Assert.Null(cancel["Message"]!["Title"]);
        Assert.Null(cancel["Message"]!["Media"]!["Image"]);
        Assert.DoesNotContain("Noor", cancel.ToJsonString(), StringComparison.Ordinal);

        sandbox.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(await Alerts(sandbox));
    }

    [Fact]
    public async Task An_unchanged_feed_is_answered_with_304()
    {
        await using var sandbox = await Start();
        using var first = await sandbox.Get(ActionsPath);

        HttpRequestMessage Again() => new(HttpMethod.Get, ActionsPath) { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };
        Assert.Equal(304, await sandbox.Send(Again()).Status());
        sandbox.Time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(200, await sandbox.Send(Again()).Status());
    }

    [Fact]
    public async Task Without_the_scenario_the_feeds_are_empty_or_say_what_the_test_lets_them_say()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        Assert.Empty(await Actions(sandbox));
        sandbox.Time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await Actions(sandbox));
        Assert.Empty(await Alerts(sandbox));

        sandbox.Host.ServeActions("""{"actions":[{"id":1}]}""");
        Assert.Single(await Actions(sandbox));
        sandbox.Host.ServeActions(null);
        Assert.Empty(await Actions(sandbox));
    }

    [Fact]
    public async Task A_feed_can_fail_too()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        sandbox.Host.Faults.Add(SandboxPlatform.Feed, SandboxFault.RateLimit);
        sandbox.Host.Faults.Add(SandboxPlatform.Feed, SandboxFault.ErrorBefore);
        sandbox.Host.Faults.Add(SandboxPlatform.Feed, SandboxFault.Html);

        Assert.Equal(429, await sandbox.Get(ActionsPath).Status());
        Assert.Equal(500, await sandbox.Get(ActionsPath).Status());
        Assert.Equal(503, await sandbox.Get(AlertsPath).Status());
        Assert.Equal(200, await sandbox.Get(ActionsPath).Status());
    }
}
