using System.Text.Json.Nodes;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Sandbox;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>What people are told who do not look at the page.</summary>
public sealed class NotifyTests
{
    const string Password = "w8woord-van-de-mail";

    [Fact]
    public async Task What_is_held_reaches_people_once_by_mail_and_once_by_webhook_with_the_way_out()
    {
        using var mail = new MailServer(new MailServerOptions { StartTls = true, User = "burgernet", Password = Password });
        await using var hook = await WebhookReceiver.StartAsync();
        await using var stage = await Stage.SetAsync([]);
        stage.BeQuick();
        stage.Configure("notify", new JsonObject
        {
            ["mailTo"] = "wacht@politie.example",
            ["smtp"] = new JsonObject { ["host"] = "localhost", ["port"] = mail.Port, ["user"] = "burgernet", ["tls"] = "starttls", ["from"] = "syndicate@politie.example" },
            ["webhookUrl"] = hook.Url.ToString(),
        });
        File.WriteAllText(Path.Combine(stage.Secrets, "notify__smtp__password"), Password + "\n");
        stage.Sandbox.Faults.Add(SandboxPlatform.X, SandboxFault.Duplicate, times: 1);

        // The root that signed the server's certificate is among those this machine trusts.
        await using var worker = await stage.StartWorkerAsync(new Dictionary<string, string?> { ["SSL_CERT_FILE"] = mail.RootFile });
        stage.Drop("a.json", $$$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Vermist: Fenna (9), rode winterjas.","municipality":"Amersfoort"}""");
        var alert = (await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), a => a.Count == 1 && a[0].On("x").Any(d => d.State == "held"), TimeSpan.FromMinutes(1)))[0];
        var held = alert.On("x")[0];

        var told = (await Eventually.GetAsync(() => Task.FromResult(mail.Mails), m => m.Count > 0, describe: _ => worker.Output))[0];
        Assert.Equal((true, "burgernet", "Burgernet.Syndicate: een bericht wacht op uw besluit (x)"), (told.Tls, told.User, told.Headers["Subject"]));
        Assert.Equal(["wacht@politie.example"], told.To);
        Assert.Contains($"'resolve {held.Id} adopt NUMMER --by NAAM'", told.Text, StringComparison.Ordinal);
        Assert.Contains($"Nummer van de oproep: {alert.Id}\n", told.Text, StringComparison.Ordinal);

        var hooked = (await Eventually.GetAsync(() => Task.FromResult(hook.Received), r => r.Count > 0, describe: _ => worker.Output))[0];
        Assert.Equal(["cause", "subject", "channel", "alertId", "text", "at"], hooked.AsObject().Select(p => p.Key));
        Assert.Equal([$"held:x:{alert.Id}", told.Headers["Subject"], "x", alert.Id], new[] { "cause", "subject", "channel", "alertId" }.Select(k => hooked[k]!.ToString()));
        Assert.StartsWith(hooked["text"]!.ToString(), told.Text, StringComparison.Ordinal);
        Assert.EndsWith("Z", hooked["at"]!.ToString(), StringComparison.Ordinal);

        // A restart and a second trouble of the same alert and channel within the hour bring no second one.
        Assert.Equal(0, await worker.StopAsync());
        await using var again = await stage.StartWorkerAsync(new Dictionary<string, string?> { ["SSL_CERT_FILE"] = mail.RootFile });
        stage.Sandbox.Faults.Add(SandboxPlatform.X, SandboxFault.Duplicate, times: 1);
        Assert.Equal(0, (await WorkerProcess.RunAsync(["resolve", held.Id, "send", "--by", "Jan", "--yes", "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets])).Code);
        await Eventually.GetAsync(() => ApiAlert.ListAsync(again.Client), a => a[0].On("x")[0] is { State: "held", Attempts: 2 }, TimeSpan.FromMinutes(1));
        // What is told in its stead: another alert's trouble, which comes after it.
        stage.Sandbox.Faults.Add(SandboxPlatform.X, SandboxFault.Duplicate, times: 1);
        stage.Drop("b.json", $$$"""{"id":"b","kind":"actie","phase":"opened","sent":"{{{DateTimeOffset.UtcNow:O}}}","text":"Gezocht: rode step.","municipality":"Amersfoort"}""");
        await Eventually.GetAsync(() => Task.FromResult((mail.Mails, hook.Received)), seen => seen.Mails.Count > 1 && seen.Received.Count > 1, TimeSpan.FromMinutes(1), _ => again.Output);
        Assert.Equal(2, mail.Mails.Count);
        Assert.Equal(2, hook.Received.Select(r => r["cause"]!.ToString()).Distinct().Count());
        Assert.Equal(2, hook.Received.Count);

        Assert.All([.. mail.Mails.Select(m => $"{m.Text} {string.Join(' ', m.Headers)}"), .. hook.Received.Select(r => r.ToJsonString()), worker.Output, worker.Errors, again.Output],
            text => Assert.DoesNotContain(Password, text, StringComparison.Ordinal));
        Assert.All([.. mail.Mails.Select(m => m.Text), .. hook.Received.Select(r => r.ToJsonString())], text => Assert.DoesNotContain("Fenna", text, StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join('\n', told.Headers)}\n\n{told.Text}");
    }

    [Fact]
    public async Task What_works_and_can_be_better_is_said_by_check_and_once_by_a_start()
    {
        await using var stage = await Stage.SetAsync([]);
        stage.BeQuick();
        var (code, output, errors) = await WorkerProcess.RunAsync(["check", "--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets]);

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("In orde.", output, StringComparison.Ordinal);
        Assert.Contains(" channels.x.quiet: 00:00:02 is korter dan 00:01:30", output, StringComparison.Ordinal);
        Assert.Contains(" notify: niemand krijgt bericht", output, StringComparison.Ordinal);

        await using var worker = await stage.StartWorkerAsync();
        Assert.Equal(2, worker.Output.Split("channels.x.quiet: 00:00:02 is korter dan").Length);
        Assert.Equal(2, worker.Output.Split("notify: niemand krijgt bericht").Length);
    }
}
