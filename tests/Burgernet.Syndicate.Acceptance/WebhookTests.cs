using System.Net;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>A control room that pushes, with the program's own tool for a sender.</summary>
public sealed class WebhookTests
{
    const string Key = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    static readonly string[] Groups = ["Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;"];

    [Fact]
    public async Task What_a_control_room_pushes_is_answered_when_it_is_stored_and_goes_out_on_every_channel_also_over_a_kill()
    {
        await using var stage = await Stage.SetAsync(Groups);
        var listen = $"http://127.0.0.1:{TestMachine.FreePort()}";
        Connect(stage, listen);
        stage.BeQuick();
        var (opened, closed) = (Message(stage, "opened", "Gezocht: een rode step. Bel 112."), Message(stage, "closed", "De step is terecht."));

        await using (var worker = await stage.StartWorkerAsync())
        {
            Assert.StartsWith("aangenomen als", await SendAsync(opened, listen), StringComparison.Ordinal);
            // What was answered must survive, whatever comes next.
            await worker.KillAsync();
        }

        await using var again = await stage.StartWorkerAsync();
        await Eventually.GetAsync(() => ApiAlert.ListAsync(again.Client), alerts => alerts.Any(a => a is { Source: "meldkamer", SourceId: "2026-0412" } && a.Deliveries.Count == 3 && a.Deliveries.All(d => d.State == "published")));
        Assert.StartsWith("was al bekend", await SendAsync(opened, listen), StringComparison.Ordinal);
        Assert.StartsWith("aangenomen als", await SendAsync(closed, listen), StringComparison.Ordinal);
        await Eventually.GetAsync(() => ApiAlert.ListAsync(again.Client), alerts => alerts.Any(a => a.SourceId == "2026-0412" && a.Deliveries.Count(d => d is { Operation: "close", State: "published" }) == 3));
        Assert.Equal(2, stage.Sandbox.Posts(SandboxPlatform.X).Count);
    }

    [Fact]
    public async Task The_tool_says_in_Dutch_why_a_message_is_not_taken()
    {
        await using var stage = await Stage.SetAsync(Groups);
        var listen = $"http://127.0.0.1:{TestMachine.FreePort()}";
        Connect(stage, listen);
        await using var worker = await stage.StartWorkerAsync();
        var good = Message(stage, "opened", "Gezocht: een rode step.");

        Assert.Equal((1, true), await FailAsync("antwoordde met 401: de sleutel is daar niet bekend", "send", good, "--url", listen, "--secret", "whsec_" + Convert.ToBase64String(new byte[32])));
        Assert.Equal((2, true), await FailAsync("--secret: moet whsec_ zijn", "send", good, "--url", listen, "--secret", "geheim"));
        Assert.Equal((2, true), await FailAsync("--url: dit is geen volledig adres", "send", good, "--url", "meldkamer", "--secret", Key));
        Assert.Equal((2, true), await FailAsync("kan niet gelezen worden", "send", "er-is-niets.json", "--url", listen, "--secret", Key));
        Assert.Equal((1, true), await FailAsync("is niet bereikbaar", "send", good, "--url", "http://127.0.0.1:1", "--secret", Key));

        var wrong = Path.Combine(stage.Data, "fout.json");
        await File.WriteAllTextAsync(wrong, """{"id":"1","kind":"aktie"}""", TestContext.Current.CancellationToken);
        var said = await SendAsync(wrong, listen);
        Assert.Contains("een mens krijgt bericht", said, StringComparison.Ordinal);
        Assert.Contains("kind: \"aktie\" is niet bekend", said, StringComparison.Ordinal);
        Assert.Contains("niet vertrouwd en niet geplaatst", await worker.Client.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // It listens there, and the pages do not.
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(new Uri(listen), "/"), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await worker.Client.PostAsync("/api/alerts", null, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("", "aangenomen, zonder antwoord wat ermee gebeurt")]
    [InlineData("OK \u001b[2J", "aangenomen; het antwoord is niet dat van dit programma: OK  [2J")]
    [InlineData("null", "aangenomen; het antwoord is niet dat van dit programma: null")]
    [InlineData("{\"ok\":true}", "aangenomen; het antwoord is niet dat van dit programma: {\"ok\":true}")]
    public async Task Sending_is_done_when_it_is_taken_whatever_else_is_answered(string answer, string said)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = $"http://127.0.0.1:{TestMachine.FreePort()}";
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        app.MapPost("/api/alerts", async context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsync(answer);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var folder = new TempFolder();
        var file = folder["bericht.json"];
        await File.WriteAllTextAsync(file, "{}", TestContext.Current.CancellationToken);

        Assert.Equal($"{said}\n", await SendAsync(file, url));
    }

    [Fact]
    public async Task A_webhook_without_a_key_or_with_a_weak_one_does_not_start()
    {
        await using var stage = await Stage.SetAsync(Groups);
        stage.Configure("sources", "meldkamer", "type", "webhook");
        foreach (var (key, error) in new[] { ((string?)null, "sources.meldkamer.secret: ontbreekt"), ("whsec_AAAA", "sources.meldkamer.secret: moet whsec_ zijn") })
        {
            if (key is not null)
                await File.WriteAllTextAsync(Path.Combine(stage.Secrets, "sources__meldkamer__secret"), key, TestContext.Current.CancellationToken);
            var (code, _, said) = await WorkerProcess.RunAsync(["check", "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets]);
            Assert.Equal(2, code);
            Assert.Contains(error, said, StringComparison.Ordinal);
            Assert.DoesNotContain(key ?? "\0", said, StringComparison.Ordinal);
        }
    }

    static void Connect(Stage stage, string listen)
    {
        stage.Configure("sources", "meldkamer", "type", "webhook");
        stage.Configure("sources", "meldkamer", "listen", listen);
        File.WriteAllText(Path.Combine(stage.Secrets, "sources__meldkamer__secret"), Key + "\n");
    }

    static string Message(Stage stage, string phase, string text)
    {
        Directory.CreateDirectory(stage.Data);
        var file = Path.Combine(stage.Data, $"{phase}.json");
        File.WriteAllText(file, new JsonObject
        {
            ["id"] = "2026-0412", ["kind"] = "actie", ["phase"] = phase, ["sent"] = DateTimeOffset.UtcNow.ToString("O"), ["text"] = text, ["municipality"] = "Amersfoort",
            ["area"] = new JsonObject { ["lat"] = 52.1796, ["lon"] = 5.3861, ["radius"] = 1500 },
        }.ToJsonString());
        return file;
    }

    static async Task<string> SendAsync(string file, string listen)
    {
        var (code, said, error) = await WorkerProcess.RunAsync(["send", file, "--url", $"{listen}/api/alerts", "--secret", Key]);
        Assert.True(code == 0, error);
        return said;
    }

    static async Task<(int, bool)> FailAsync(string expected, params string[] arguments)
    {
        var (code, said, error) = await WorkerProcess.RunAsync(arguments);
        return (code, (said + error).Contains(expected, StringComparison.Ordinal) ? true : throw new Xunit.Sdk.XunitException(said + error));
    }
}
