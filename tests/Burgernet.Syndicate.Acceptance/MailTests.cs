using System.Text.Json.Nodes;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Tests.Support;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>Mail as others look at it from the command line, and a mailbox as an administrator proves it.</summary>
public sealed class MailTests
{
    static string Fixtures => Path.Combine(AppContext.BaseDirectory, "Fixtures", "mails");

    [Fact]
    public async Task Every_mail_of_the_index_is_decided_as_it_says_when_its_sender_is_vouched_for()
    {
        foreach (var item in JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Fixtures, "index.json"), TestContext.Current.CancellationToken))!["items"]!.AsArray())
        {
            var file = Path.GetFileName(item!["file"]!.ToString());
            var (code, output, errors) = await WorkerProcess.RunAsync(["mail", "decide", Path.Combine(Fixtures, file), "--trusted", "--json"]);
            Assert.Equal((file, 0, ""), (file, code, errors));
            var its = JsonNode.Parse(output)!.AsObject();

            Assert.Equal(["decision", "kind", "municipalities", "reason", "text"], its.Select(p => p.Key));
            var decision = item["kind"]!.ToString() == "spoof" ? "quarantine" : item["syndicate"]!.ToString() switch { "yes" => "post", "review" or "summary" => "hold", "no" => "never", var other => other };
            Assert.Equal((file, decision, item["kind"]!.ToString()), (file, its["decision"]!.ToString(), its["kind"]!.ToString()));
            Assert.Equal(item["municipalities"]!.ToJsonString(), its["municipalities"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Without_a_signature_a_mail_is_quarantined_and_its_reader_is_told_why()
    {
        var (code, output, _) = await WorkerProcess.RunAsync(["mail", "decide", Path.Combine(Fixtures, "M02-preventie-babbeltruc-soest-baarn.eml")]);

        Assert.Equal(0, code);
        Assert.Contains("Besluit    quarantine: de mail is niet te vertrouwen", output, StringComparison.Ordinal);
        Assert.Contains("MIS   DKIM-handtekening:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bestaat-niet.eml", "bestaat niet")]
    [InlineData(".", "is een map")]
    [InlineData("leeg.eml", "is leeg")]
    public async Task A_file_that_is_no_mail_ends_with_code_2(string name, string why)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "leeg.eml"), "", TestContext.Current.CancellationToken);
        var (code, output, errors) = await WorkerProcess.RunAsync(["mail", "decide", Path.Combine(folder.Path, name), "--json"]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(why, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_mail_shows_rung_by_rung_whether_a_mailbox_is_set_up_as_it_must_be()
    {
        Needs.OrSkip(DovecotServer.Missing);
        using var signing = new SigningDomain();
        using var server = new DovecotServer();
        using var folder = new TempFolder();
        var (config, secrets) = (Path.Combine(folder.Path, "config"), Path.Combine(folder.Path, "secrets"));
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(config, Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "config"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.CreateDirectory(secrets);
        await File.WriteAllTextAsync(Path.Combine(secrets, "sources__post__password"), DovecotServer.Password + "\n", TestContext.Current.CancellationToken);
        Configure(receivedAbove: 0);

        var (code, output, errors) = await TestAsync();
        Assert.Equal(1, code);
        Assert.Contains("goed  aangemeld; er zijn 0 mails", output, StringComparison.Ordinal);
        Assert.Contains("er is geen mail om naar te kijken", errors, StringComparison.Ordinal);

        await server.DeliverAsync(SigningDomain.Sign(Mails.Of("Burgernetmail Soest: pas op", "Laat niemand binnen.", more: [$"Date: {DateTimeOffset.UtcNow:r}"])));
        (code, output, _) = await TestAsync();
        Assert.Equal(1, code);
        Assert.Contains("MIS   uitslag van de eigen mailserver", output, StringComparison.Ordinal);
        Assert.Contains("(met 1 keer Received", output, StringComparison.Ordinal);
        Assert.Contains("goed  DKIM-handtekening: d=mail.burgernet.example s=brief", output, StringComparison.Ordinal);

        Configure(receivedAbove: 1);
        (code, output, errors) = await TestAsync("--source", "post");
        Assert.Equal((0, ""), (code, errors));
        Assert.DoesNotContain("MIS", output, StringComparison.Ordinal);
        Assert.Contains("goed  dmarc: dmarc=pass", output, StringComparison.Ordinal);
        Assert.Contains("Er is niets verplaatst of bewaard.", output, StringComparison.Ordinal);
        // Twice the same: it was neither moved nor marked.
        Assert.Equal(output, (await TestAsync()).Out);

        await File.WriteAllTextAsync(Path.Combine(secrets, "sources__post__password"), "een ander geheim\n", TestContext.Current.CancellationToken);
        (code, output, errors) = await TestAsync();
        Assert.Equal(1, code);
        Assert.Contains("de mailserver weigert de aanmelding", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("een ander geheim", output + errors, StringComparison.Ordinal);

        Assert.Equal(2, (await TestAsync("--source", "anders")).Code);
        Assert.Equal(2, (await WorkerProcess.RunAsync(["mail", "test", "--config", Path.Combine(AppContext.BaseDirectory, "config")])).Code);

        void Configure(int receivedAbove) => File.WriteAllText(Path.Combine(config, "syndicate.json"), new JsonObject
        {
            ["mode"] = "sandbox",
            ["sources"] = new JsonObject
            {
                ["post"] = new JsonObject
                {
                    ["type"] = "imap", ["host"] = "localhost", ["port"] = server.Port, ["user"] = DovecotServer.User, ["allowedSenders"] = Mails.Police, ["authservId"] = Mails.AuthservId, ["receivedAbove"] = receivedAbove, ["dkimKeys"] = signing.KeyFile,
                },
            },
            ["channels"] = new JsonObject { ["x"] = new JsonObject { ["type"] = "x" } },
        }.ToJsonString());

        Task<(int Code, string Out, string Err)> TestAsync(params string[] more) =>
            WorkerProcess.RunAsync(["mail", "test", "--config", config, "--data", folder.Path, "--secrets", secrets, .. more], new Dictionary<string, string?> { ["SSL_CERT_FILE"] = server.RootFile });
    }

    [Fact]
    public async Task A_mail_goes_from_the_mailbox_to_every_channel_a_held_one_waits_and_a_forged_one_goes_nowhere()
    {
        Needs.OrSkip(DovecotServer.Missing);
        using var signing = new SigningDomain();
        using var server = new DovecotServer();
        await using var stage = await Stage.SetAsync(["Soest midden;120363040000001001@g.us;Soest;;;;ja;"]);
        stage.Configure("sources", "post", "type", "imap");
        foreach (var (key, value) in new (string, JsonNode)[]
        {
            ("host", "localhost"), ("port", server.Port), ("user", DovecotServer.User), ("allowedSenders", Mails.Police), ("authservId", Mails.AuthservId), ("receivedAbove", 1), ("dkimKeys", signing.KeyFile),
        })
            stage.Configure("sources", "post", key, value);
        await File.WriteAllTextAsync(Path.Combine(stage.Secrets, "sources__post__password"), DovecotServer.Password, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await WorkerProcess.RunAsync(["accounts", "add", "eva", "--role", "redactie", "--data", stage.Data], input: "een lang wachtwoord 1\n")).Code);
        await using var worker = await stage.StartWorkerAsync(new Dictionary<string, string?> { ["SSL_CERT_FILE"] = server.RootFile });
        // What is there before the first look is history.
        await Eventually.GetAsync(() => Task.FromResult(worker.Output), output => output.Contains("is history and is not posted", StringComparison.Ordinal));

        var now = $"Date: {DateTimeOffset.UtcNow:r}";
        var forged = Mails.Of("Burgernetmail Soest: spoed", "Betaal in Soest direct uw boete. Laat niemand binnen en geef nooit uw pincode aan een ander.", more: [now], id: "vals@mail.burgernet.example");
        await server.DeliverAsync(
            SigningDomain.Sign(Mails.Of("Burgernetmail Soest: pas op voor monteurs", "Beste Burgernetdeelnemer,\n\nIn Soest bellen mannen aan die zeggen dat zij de meter komen nakijken. Laat niemand binnen.\n\nPolitie Soest", more: [now], id: "een@mail.burgernet.example")),
            SigningDomain.Sign(Mails.Of("Burgernetmail Soest: getuigen gezocht", "In Soest is vannacht drie keer ingebroken. Wij zoeken getuigen. Heeft u iets gezien? Bel 0900-8844.", more: [now], id: "twee@mail.burgernet.example")),
            forged);
        var alerts = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1 && found[0].Deliveries.Count == 3 && found[0].Deliveries.All(d => d.State == "published"));
        Assert.Equal("een@mail.burgernet.example", alerts[0].SourceId);
        var post = Assert.Single(stage.Sandbox.Posts(Sandbox.SandboxPlatform.WhatsApp)).Text;
        Assert.Contains("In Soest bellen mannen aan", post, StringComparison.Ordinal);
        Assert.DoesNotContain("Beste Burgernetdeelnemer", post, StringComparison.Ordinal);

        using var eva = await Visitor.LogInAsync(worker.Url, "eva", "een lang wachtwoord 1");
        var page = await Eventually.GetAsync(() => eva.GetAsync("/postvak"), found => found.Contains("Er wacht 1 bericht", StringComparison.Ordinal) && found.Contains("niet vertrouwd", StringComparison.Ordinal));
        Assert.Contains("getuigen gezocht", page, StringComparison.Ordinal);
        await eva.ActAsync("/postvak/goedkeuren", "/postvak", SubmissionPageTests.Fields(page));
        await Eventually.GetAsync(() => Task.FromResult(stage.Sandbox.Posts(Sandbox.SandboxPlatform.X)), posts => posts.Count == 2);
        Assert.DoesNotContain(stage.Sandbox.Posts(Sandbox.SandboxPlatform.X), p => p.Text.Contains("boete", StringComparison.Ordinal));
        Assert.Contains("niet vertrouwd en niet geplaatst", await eva.GetAsync("/"), StringComparison.Ordinal);
    }
}
