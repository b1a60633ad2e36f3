using System.Text.Json;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Acceptance.Support;
using Microsoft.Playwright;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>What communications staff change while the program runs.</summary>
public sealed class ReloadTests
{
    const string TakenOver = "is taken over";

    [Fact]
    public async Task Other_words_count_from_the_next_alert_and_wrong_ones_are_told_and_change_nothing()
    {
        await using var stage = await Stage.SetAsync([]);
        await using var worker = await stage.StartWorkerAsync();
        Assert.Equal([], Errors(await ReadyAsync(worker)));
        var template = Path.Combine(stage.Config, "templates", "x.liquid");
        var shipped = File.ReadAllText(template);
        Assert.DoesNotContain("NIEUW", await WordsAsync(stage, worker, "a"), StringComparison.Ordinal);

        // An editor writes a file beside it and puts that in its place.
        File.WriteAllText(template + ".tmp", "NIEUW: {{ inhoud }} {{ oproep }} {{ kenmerk }}");
        File.Move(template + ".tmp", template, overwrite: true);
        await Eventually.GetAsync(() => Task.FromResult(worker.Output), output => output.Contains(TakenOver, StringComparison.Ordinal));
        Assert.StartsWith("NIEUW: ", await WordsAsync(stage, worker, "b"), StringComparison.Ordinal);

        File.WriteAllText(template, "{{ inhoud }}\n{% if kop %}{{ kenmerk }}");
        var wrong = await Eventually.GetAsync(() => ReadyAsync(worker), ready => Errors(ready).Count > 0);
        Assert.Equal("ready", wrong["status"]!.ToString());
        var error = wrong["configuration"]!["errors"]![0]!.AsObject();
        Assert.Equal(["file", "line", "column", "path", "message"], error.Select(p => p.Key));
        Assert.Equal(("templates/x.liquid", 2), (error["file"]!.ToString(), error["line"]!.GetValue<int>()));
        var page = await worker.Client.GetStringAsync(worker.Url, TestContext.Current.CancellationToken);
        Assert.Contains("klopt niet en is niet overgenomen", page, StringComparison.Ordinal);
        Assert.Contains("<code>templates/x.liquid:2:", page, StringComparison.Ordinal);
        Assert.Contains("templates/x.liquid:2:", worker.Output + worker.Errors, StringComparison.Ordinal);
        Assert.StartsWith("NIEUW: ", await WordsAsync(stage, worker, "c"), StringComparison.Ordinal);

        File.WriteAllText(template, shipped);
        await Eventually.GetAsync(() => ReadyAsync(worker), ready => Errors(ready).Count == 0);
        Assert.DoesNotContain("niet overgenomen", await worker.Client.GetStringAsync(worker.Url, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.DoesNotContain("NIEUW", await WordsAsync(stage, worker, "d"), StringComparison.Ordinal);
        Assert.Equal(0, await worker.StopAsync());
    }

    [Fact]
    public async Task In_the_sandbox_nothing_leads_outside_after_a_change_either()
    {
        using var folder = new TempFolder();
        var config = folder.Copy(Path.Combine(AppContext.BaseDirectory, "config"), "config");
        await using var worker = await WorkerProcess.StartAsync(config, folder["data"], cancellationToken: TestContext.Current.CancellationToken);
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(config, "syndicate.json")), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        settings["channels"]!["x"]!["baseUrl"] = "http://127.0.0.1:1/nergens";
        settings["channels"]!["x"]!["consumerKey"] = "van-buiten";
        settings["channels"]!["x"]!["quiet"] = "00:02:00";
        File.WriteAllText(Path.Combine(config, "templates", "x.liquid"), "NIEUW: {{ inhoud }} {{ oproep }} {{ kenmerk }}");
        File.WriteAllText(Path.Combine(config, "syndicate.json"), settings.ToJsonString());

        var ready = await Eventually.GetAsync(() => ReadyAsync(worker), r => r["configuration"]!["waiting"]!.AsArray().Count > 0);
        Assert.EndsWith("channels.x.quiet: geldt na een herstart", Assert.Single(ready["configuration"]!["waiting"]!.AsArray())!.ToString(), StringComparison.Ordinal);

        Directory.CreateDirectory(folder["data/in"]);
        File.WriteAllText(folder["data/actie.json"], Actie("a"));
        File.Move(folder["data/actie.json"], folder["data/in/actie.json"]);
        var alerts = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Any(a => a.SourceId == "a" && a.On("x").Any(d => d.State == "published")));
        Assert.StartsWith("NIEUW: ", alerts.Single(a => a.SourceId == "a").On("x")[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_shows_what_is_wrong_and_what_waits_on_a_phone_and_on_a_desk()
    {
        Needs.OrSkip(File.Exists(SandboxTests.Browser) ? null : $"there is no browser at {SandboxTests.Browser}; install the package chromium");
        await using var stage = await Stage.SetAsync([]);
        await using var worker = await stage.StartWorkerAsync();
        stage.Configure("channels", "x", "quiet", "00:03:00");
        await Eventually.GetAsync(() => ReadyAsync(worker), r => r["configuration"]!["waiting"]!.AsArray().Count > 0);
        File.WriteAllText(Path.Combine(stage.Config, "templates", "facebook.liquid"), "{{ inhoud }}\n{{ kenmrk }} {{ eenheelerglangwoorddatnergensafgebrokenwordtzodatdepaginauitzoukunnenlopenalsdatnietgoedgaat }}");
        await Eventually.GetAsync(() => ReadyAsync(worker), r => Errors(r).Count > 0);

        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await SandboxTests.LaunchAsync(playwright);
        foreach (var (width, height) in new[] { (390, 844), (1280, 900) })
        {
            await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, Locale = "nl-NL" });
            var page = await context.NewPageAsync();
            await page.GotoAsync(worker.Url.ToString());

            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "klopt niet en is niet overgenomen" })).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("bedoelde u 'kenmerk'?")).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByText("channels.x.quiet: geldt na een herstart")).ToBeVisibleAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"the page is wider than {width} px");
        }
    }

    static async Task<JsonNode> ReadyAsync(WorkerProcess worker) =>
        JsonNode.Parse(await worker.Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken))!;

    static JsonArray Errors(JsonNode ready) => ready["configuration"]!["errors"]!.AsArray();

    static string Actie(string id) => $$$"""{"id":"{{{id}}}","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","municipality":"Amersfoort"}""";

    /// <summary>What X gets of an alert that comes in now.</summary>
    static async Task<string> WordsAsync(Stage stage, WorkerProcess worker, string id)
    {
        stage.Drop($"{id}.json", Actie(id));
        var alerts = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Any(a => a.SourceId == id && a.On("x").Any(d => d.State == "published")));
        return alerts.Single(a => a.SourceId == id).On("x")[0].Text;
    }
}
