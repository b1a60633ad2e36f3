using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>What every channel would show: as <c>preview</c> says it, and as the running program posts it.</summary>
public sealed partial class PreviewTests
{
    static readonly string[] Groups = ["Schothorst;120363040000001001@g.us;;52,1790;5,3870;800;ja;", "Centrum;120363040000001003@g.us;;52,1560;5,3880;800;ja;", "Elders;120363040000001002@g.us;Urk;;;;ja;"];

    static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    static Task<(int Code, string Output, string Errors)> PreviewAsync(Stage stage, string file, params string[] more) =>
        WorkerProcess.RunAsync(["preview", file, .. more, "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets]);

    static async Task<IReadOnlyList<JsonNode>> JsonAsync(Stage stage, string file, params string[] more)
    {
        var (code, output, errors) = await PreviewAsync(stage, file, ["--json", .. more]);
        Assert.True(code == 0, errors);
        return [.. JsonNode.Parse(output)!.AsArray().Select(preview => preview!)];
    }

    static string Write(Stage stage, string json)
    {
        var path = Path.Combine(stage.Config, "bericht.json");
        File.WriteAllText(path, json);
        return path;
    }

    static IEnumerable<string> Strings(JsonNode preview, string key) => preview[key]!.AsArray().Select(item => item!.ToString());

    [Fact]
    public async Task Every_channel_is_told_to_the_letter_of_the_contract()
    {
        await using var stage = await Stage.SetAsync(Groups);
        var previews = await JsonAsync(stage, Fixture("actions/A01-vermist-meisje-amersfoort.1-start.json"));

        Assert.Equal(["facebook", "whatsapp", "x"], previews.Select(p => p["channel"]!.ToString()));
        Assert.All(previews, preview =>
        {
            Assert.Equal(["channel", "alert", "phase", "text", "length", "limit", "valid", "shortened", "neutralised", "altText", "cost", "targets"], preview.AsObject().Select(p => p.Key));
            Assert.Equal(("990001", "opened", true), (preview["alert"]!.ToString(), preview["phase"]!.ToString(), preview["valid"]!.GetValue<bool>()));
            Assert.Null(preview["altText"]);
        });
        Assert.Equal([(63_206, 0m), (65_536, 0m), (280, 0.015m)], previews.Select(p => (p["limit"]!.GetValue<int>(), p["cost"]!.GetValue<decimal>())));
        Assert.Equal(["x"], Strings(previews[2], "targets"));
        Assert.Equal("Schothorst", Strings(previews[1], "targets").First());
        Assert.DoesNotContain("Elders", Strings(previews[1], "targets"));
        Assert.False(Directory.Exists(stage.Data));

        var one = Assert.Single(await JsonAsync(stage, Fixture("actions/A01-vermist-meisje-amersfoort.1-start.json"), "--channel", "facebook"));
        Assert.Equal(previews[0].ToJsonString(), one.ToJsonString());
    }

    [Theory]
    [InlineData("actions/A01-vermist-meisje-amersfoort.2-update.json", "updated", "UPDATE – ")]
    [InlineData("actions/A01-vermist-meisje-amersfoort.3-afloop.json", "closed", "AFGESLOTEN – ")]
    [InlineData("alerts/L01.3-amber-cancel.json", "closed", "AFGESLOTEN – AMBER Alert")]
    public async Task The_newest_of_an_alert_is_shown(string name, string phase, string begin)
    {
        await using var stage = await Stage.SetAsync(Groups);
        var previews = await JsonAsync(stage, Fixture(name), "--channel", "x");
        var preview = Assert.Single(previews);
        Assert.Equal(phase, preview["phase"]!.ToString());
        Assert.StartsWith(begin, preview["text"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_alerts_each_says_which_it_is()
    {
        await using var stage = await Stage.SetAsync([]);
        var previews = await JsonAsync(stage, Fixture("alerts/L05-cancel-plus-nieuw.json"), "--channel", "x");
        Assert.True(previews.Select(p => p["alert"]!.ToString()).Distinct().Count() > 1);
    }

    [Fact]
    public async Task What_was_cut_and_what_was_taken_out_is_told_with_the_photo_in_words_and_the_price_of_a_link()
    {
        await using var stage = await Stage.SetAsync([]);
        var amber = Assert.Single(await JsonAsync(stage, Fixture("alerts/L01.1-amber-alert.json"), "--channel", "x"));
        Assert.Equal(0.2m, amber["cost"]!.GetValue<decimal>());
        Assert.StartsWith("Foto van ", amber["altText"]!.ToString(), StringComparison.Ordinal);

        var words = string.Concat(Enumerable.Repeat("Hij draagt een rode jas en loopt in de richting van het station. ", 6));
        var file = Write(stage, $$$"""{"id":"m","kind":"actie","phase":"opened","sent":"2026-11-25T12:00:00+01:00","text":"Volg @iemand of kijk op www.example.com. {{{words}}}","municipality":"Zeist","photo":{"url":"https://www.politie.example/foto.jpg","alt":"De man bij example.org"}}""");
        var previews = await JsonAsync(stage, file);
        Assert.Equal([false, false, true], previews.Select(p => p["shortened"]!.GetValue<bool>()));
        Assert.All(previews, p =>
        {
            Assert.Equal(["@", "link example.org", "link www.example.com"], Strings(p, "neutralised").Order(StringComparer.Ordinal));
            Assert.DoesNotContain("example", p["text"]!.ToString() + p["altText"], StringComparison.Ordinal);
        });
        Assert.InRange(previews[2]["length"]!.GetValue<int>(), 200, 280);
    }

    [Fact]
    public async Task What_goes_nowhere_is_shown_all_the_same_without_targets()
    {
        await using var stage = await Stage.SetAsync(Groups);
        foreach (var name in new[] { "actions/A18-buiten-regio-apeldoorn.1-start.json", "actions/A11-oefening-wijk-bij-duurstede.1-start.json" })
        {
            var previews = await JsonAsync(stage, Fixture(name));
            Assert.Equal(3, previews.Count);
            Assert.All(previews, p => Assert.Empty(Strings(p, "targets")));
        }

        Assert.Empty(await JsonAsync(stage, Fixture("actions/empty.json")));
    }

    [Theory]
    [InlineData("nergens.json")]
    [InlineData("malformed/x03-afgekapt.json")]
    [InlineData("malformed/x07-data-in-plaats-van-actions.json")]
    public async Task A_file_that_cannot_be_understood_ends_with_code_2(string name)
    {
        await using var stage = await Stage.SetAsync([]);
        var (code, output, errors) = await PreviewAsync(stage, Fixture(name), "--json");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("is niet te begrijpen", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_channel_and_a_wrong_configuration_end_with_code_2_and_the_way_out()
    {
        await using var stage = await Stage.SetAsync([]);
        var (code, _, errors) = await PreviewAsync(stage, Fixture("actions/A01-vermist-meisje-amersfoort.1-start.json"), "--channel", "facebok");
        Assert.Equal(2, code);
        Assert.Contains("bedoelde u 'facebook'?", errors, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(stage.Config, "templates", "whatsapp.liquid"), "{% if %}");
        stage.Configure("channels", "x", "maxInFlght", 2);
        (code, _, errors) = await PreviewAsync(stage, Fixture("actions/empty.json"));
        Assert.Equal(2, code);
        Assert.All(["templates/whatsapp.liquid", "channels.x.maxInFlght"], fault => Assert.Contains(fault, errors, StringComparison.Ordinal));
    }

    [Fact]
    public async Task People_read_it_in_eighty_columns()
    {
        await using var stage = await Stage.SetAsync(Enumerable.Range(1000, 14).Select(i => $"Groep {i};12036304000000{i}@g.us;;52.1790;5.3870;800;ja;"));
        var (code, output, errors) = await PreviewAsync(stage, Fixture("actions/A01-vermist-meisje-amersfoort.1-start.json"));

        Assert.True(code == 0, errors);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.StartsWith("Burgernet-actie 990001 (vermissing): oproep", output, StringComparison.Ordinal);
        Assert.Matches(@"lengte \d+ van 280 \[#+\.*\]", output);
        Assert.Contains("kosten: $ 0,015 per bericht", output, StringComparison.Ordinal);
        Assert.Contains("14 groepen, de dichtstbijzijnde eerst: Groep 1000,", output, StringComparison.Ordinal);
        Assert.Contains("en nog 4", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_configuration_may_be_named_from_where_one_stands()
    {
        await using var stage = await Stage.SetAsync([]);
        var (code, _, errors) = await WorkerProcess.RunAsync(["preview", Fixture("actions/empty.json"), "--config", "config", "--secrets", "secrets"], folder: Path.GetDirectoryName(stage.Config));
        Assert.True(code == 0, errors);
    }

    [Fact]
    public async Task The_running_program_posts_what_was_shown()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();
        var alert = $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Overval. Gezocht: man met rode step, zie www.example.com.","area":{"lat":52.1796,"lon":5.3861,"radius":1500}}""";
        var previews = await JsonAsync(stage, Write(stage, alert));
        stage.Drop("actie.json", alert);
        var posted = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), alerts => alerts.Count == 1 && alerts[0].Deliveries.All(d => d.State == "published"));

        var shown = previews.SelectMany(p => Strings(p, "targets").Select(target => (p["channel"]!.ToString(), target, p["text"]!.ToString())));
        Assert.Equal(
            shown.Order(),
            posted[0].Deliveries.Select(d => (d.Channel, d.Target, Code().Replace(d.Text, "BN-00000"))).Order());
        Assert.NotEmpty(stage.Sandbox.Posts(SandboxPlatform.X));
    }

    [GeneratedRegex("BN-[0-9A-Z]{5}")]
    private static partial Regex Code();
}
