using System.Globalization;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>Where an alert goes and why: as <c>explain</c> says it, and as the running program does it.</summary>
public sealed class ExplainTests
{
    static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    static Task<(int Code, string Output, string Errors)> ExplainAsync(Stage stage, string file, params string[] more) =>
        WorkerProcess.RunAsync(["explain", file, .. more, "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets]);

    static async Task<IReadOnlyList<JsonNode>> RowsAsync(Stage stage, string file, params string[] more)
    {
        var (code, output, errors) = await ExplainAsync(stage, file, ["--json", .. more]);
        Assert.True(code == 0, errors);
        return [.. JsonNode.Parse(output)!.AsArray().Select(row => row!)];
    }

    static string Write(Stage stage, string json)
    {
        var path = Path.Combine(stage.Config, "bericht.json");
        File.WriteAllText(path, json);
        return path;
    }

    static DateTimeOffset Moment(JsonNode row) => DateTimeOffset.ParseExact(row["expectedAt"]!.ToString(), "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    [Fact]
    public async Task Every_target_is_told_with_its_route_the_reason_and_the_moment_to_the_letter()
    {
        await using var stage = await Stage.SetAsync(["Schothorst;120363040000001001@g.us;;52,1790;5,3870;800;ja;", "Elders;120363040000001002@g.us;Urk;;;;ja;"]);
        var before = DateTimeOffset.UtcNow;
        var rows = await RowsAsync(stage, Fixture("actions/A01-vermist-meisje-amersfoort.1-start.json"));

        Assert.Equal(["facebook/facebook", "whatsapp/Schothorst", "x/x"], rows.Select(r => $"{r["channel"]}/{r["target"]}"));
        Assert.All(rows, row =>
        {
            Assert.Equal(["channel", "target", "route", "reason", "expectedAt"], row.AsObject().Select(p => p.Key));
            Assert.Equal("standaard", row["route"]!.ToString());
            Assert.InRange(Moment(row), before, DateTimeOffset.UtcNow.AddMinutes(1));
        });
        Assert.Equal("elk openbaar bericht; de cirkel raakt het gebied van de groep", rows[1]["reason"]!.ToString());
        Assert.False(Directory.Exists(stage.Data));
    }

    [Theory]
    [InlineData("alerts/L01.1-amber-alert.json", 4)]
    [InlineData("alerts/L02.1-vka-amersfoort.json", 3)]
    [InlineData("actions/A18-buiten-regio-apeldoorn.1-start.json", 0)]
    [InlineData("actions/A11-oefening-wijk-bij-duurstede.1-start.json", 0)]
    [InlineData("actions/empty.json", 0)]
    public async Task Both_feed_formats_are_understood(string name, int targets)
    {
        await using var stage = await Stage.SetAsync(["Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;", "Elders;120363040000001002@g.us;Urk;;;;ja;"]);
        Assert.Equal(targets, (await RowsAsync(stage, Fixture(name))).Count);
    }

    [Fact]
    public async Task Of_several_alerts_each_says_which_it_is()
    {
        await using var stage = await Stage.SetAsync([]);
        var rows = await RowsAsync(stage, Fixture("alerts/L05-cancel-plus-nieuw.json"));
        Assert.True(rows.Select(r => r["alert"]!.ToString()).Distinct().Count() > 1);
    }

    [Fact]
    public async Task People_read_a_table_of_a_hundred_columns_with_what_is_late_and_what_goes_nowhere()
    {
        await using var stage = await Stage.SetAsync(Enumerable.Range(1000, 60).Select(i => $"Groep {i};12036304000000{i}@g.us;;52.1790;5.3870;800;ja;"));
        stage.Configure("channels", "whatsapp", "pacing", JsonNode.Parse("""{ "min": "00:00:05", "max": "00:00:20" }""")!);
        stage.Configure("routes", JsonNode.Parse("""{ "app": { "channels": ["whatsapp"] }, "x": { "channels": ["x"] }, "overval": { "categories": ["robbery"], "channels": ["facebook"] } }""")!);
        var (code, output, errors) = await ExplainAsync(stage, Fixture("actions/A01-vermist-meisje-amersfoort.1-start.json"), "--at", "2026-11-25T13:00");

        Assert.True(code == 0, errors);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.StartsWith("Burgernet-actie 990001 (vermissing, Amersfoort", output, StringComparison.Ordinal);
        Assert.Contains("13.00.01       x        x          route x: elk openbaar bericht", output, StringComparison.Ordinal);
        Assert.Contains("niet naar facebook: route overval: niet voor vermissing", output, StringComparison.Ordinal);
        Assert.Contains("LET OP: kanaal whatsapp: de laatste (Groep 1059) heeft het pas na 12 minuten, om 13.12 uur;", output.ReplaceLineEndings(" ").Replace("    ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        var (_, json, warnings) = await ExplainAsync(stage, Fixture("actions/A01-vermist-meisje-amersfoort.1-start.json"), "--json");
        Assert.Equal(61, JsonNode.Parse(json)!.AsArray().Count);
        Assert.Contains("Let op (990001): kanaal whatsapp", warnings, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_urgent_says_when_its_window_opens()
    {
        await using var stage = await Stage.SetAsync([]);
        stage.Configure("routes", JsonNode.Parse("""{ "dringend": { "urgency": "urgent", "channels": ["x"] }, "mail": { "urgency": "not-urgent", "channels": ["x"], "deliver": { "from": "08:00", "to": "21:00", "spread": "00:00:00" } } }""")!);
        var mail = Write(stage, """{"id":"m","kind":"burgernetmail","phase":"opened","sent":"2026-11-25T12:00:00+01:00","text":"Let op.","municipality":"Zeist"}""");

        var row = Assert.Single(await RowsAsync(stage, mail, "--at", "2026-11-25T23:00"));
        Assert.Equal(("mail", "route mail: niet dringend; wacht op het bezorgvenster 8.00-21.00 uur", "2026-11-26T07:00:01Z"), (row["route"]!.ToString(), row["reason"]!.ToString(), row["expectedAt"]!.ToString()));
    }

    [Theory]
    [InlineData("nergens.json", "er is geen bestand")]
    [InlineData("malformed/x03-afgekapt.json", "is geen JSON, of niet helemaal")]
    [InlineData("malformed/x07-data-in-plaats-van-actions.json", "is hier niet bekend")]
    public async Task A_file_that_cannot_be_understood_ends_with_code_2_and_says_why(string name, string reason)
    {
        await using var stage = await Stage.SetAsync([]);
        var (code, output, errors) = await ExplainAsync(stage, Fixture(name), "--json");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_ends_with_code_2_and_every_fault()
    {
        await using var stage = await Stage.SetAsync([";1@g.us;;;;;;"]);
        stage.Configure("routes", JsonNode.Parse("""{ "alles": { "channels": ["y"] } }""")!);
        var (code, _, errors) = await ExplainAsync(stage, Fixture("actions/empty.json"));
        Assert.Equal(2, code);
        Assert.All(["groups.csv:2:1 name", "kanaal 'y' bestaat niet"], fault => Assert.Contains(fault, errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_warns_of_what_would_reach_nobody_and_still_ends_well()
    {
        await using var stage = await Stage.SetAsync([]);
        stage.Configure("routes", JsonNode.Parse("""{ "dringend": { "urgency": "urgent", "channels": ["x", "facebook", "whatsapp"] } }""")!);
        var (code, output, _) = await WorkerProcess.RunAsync(["check", "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets]);
        Assert.Equal(0, code);
        Assert.Contains("routes: een Burgernetmail in Almere, Amersfoort, Baarn, Blaricum en 34 andere gemeenten bereikt geen enkel kanaal", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_running_program_follows_the_routes_and_tells_of_what_they_leave_out()
    {
        await using var stage = await Stage.SetAsync(["Schothorst;120363040000001001@g.us;;52,1790;5,3870;800;ja;"]);
        stage.Configure("routes", JsonNode.Parse("""
            { "amersfoort": { "municipalities": ["Amersfoort"], "channels": ["x", "whatsapp"] },
              "ook_amersfoort": { "area": { "lat": 52.1796, "lon": 5.3861, "radius": 3000 }, "channels": ["x"] },
              "overvallen": { "categories": ["robbery"], "municipalities": ["Zeist"], "channels": ["facebook"] } }
            """)!);
        await using var worker = await stage.StartWorkerAsync();
        string Alert(string id, string text, string municipality, string more = "") =>
            $$$"""{"id":"{{{id}}}","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"{{{text}}}","municipality":"{{{municipality}}}"{{{more}}}}""";
        stage.Drop("1.json", Alert("amersfoort", "Gezocht: rode step.", "Amersfoort", ""","area":{"lat":52.1796,"lon":5.3861,"radius":500}"""));
        stage.Drop("2.json", Alert("zeist", "Overval op een supermarkt.", "Zeist"));
        stage.Drop("3.json", Alert("urk", "Gezocht: blauwe fiets.", "Urk"));

        var alerts = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 3 && found.SelectMany(a => a.Deliveries).Count(d => d.State == "published") == 3);
        string[] Of(string id) => [.. alerts.Single(a => a.SourceId == id).Deliveries.Select(d => $"{d.Channel}/{d.Target}").Order(StringComparer.Ordinal)];
        Assert.Equal(["whatsapp/Schothorst", "x/x"], Of("amersfoort"));
        Assert.Equal(["facebook/facebook"], Of("zeist"));
        Assert.Empty(Of("urk"));
        Assert.Contains("rode step", Assert.Single(stage.Sandbox.Posts(SandboxPlatform.X)).Text, StringComparison.Ordinal);
        Assert.Contains("past bij geen enkele route of groep en is nergens geplaatst", await worker.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
