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
        Assert.Contains("the mail server refuses the login", errors, StringComparison.Ordinal);
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
}
