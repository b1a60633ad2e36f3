using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Worker.Access;
using Microsoft.Playwright;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>As a member of the team on a Monday morning: reports by command, on pages and by mail, on an invented year.</summary>
public sealed partial class ReportTests
{
    const string Elsewhere = "burgernet.example";
    const string Password = "een lang wachtwoord 1";
    const string Year = "van=2025-01-01&tot=2025-12-31";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string[] Where(Stage stage) => ["--config", stage.Config, "--data", stage.Data, "--secrets", stage.Secrets];

    static Task<(int Code, string Out, string Err)> RunAsync(Stage stage, params string[] arguments) => WorkerProcess.RunAsync([.. arguments, .. Where(stage)]);

    static async Task<Stage> ExampleAsync(params (string Name, string Role)[] accounts)
    {
        var stage = await Stage.SetAsync([]);
        stage.Configure("mode", "sandbox");
        Assert.Equal((0, ""), (await RunAsync(stage, "example-year", "--year", "2025")) is var made ? (made.Code, made.Err) : default);
        stage.Configure("mode", "live");
        foreach (var (name, role) in accounts)
            Assert.Equal(0, (await WorkerProcess.RunAsync(["accounts", "add", name, "--role", role, .. Where(stage)], input: Password + "\n")).Code);
        return stage;
    }

    [Fact]
    public async Task A_report_is_made_by_command_in_every_format_and_says_what_is_wrong_with_what_is_asked()
    {
        await using var stage = await ExampleAsync();
        string[] year = ["report", "--from", "2025-01-01", "--to", "2025-12-31"];
        foreach (var (format, start) in new[] { ("html", "<!DOCTYPE html>"), ("xlsx", "PK"), ("csv", "\ufefftabel;regel"), ("json", "{") })
        {
            var path = Path.Combine(stage.Data, $"rapport.{format}");
            var (code, said, _) = await RunAsync(stage, [.. year, "--format", format, "--out", path]);
            Assert.Equal(0, code);
            Assert.Contains("de hele regio, 2025; 1100 acties; Verzonnen gegevens", said, StringComparison.Ordinal);
            Assert.StartsWith(start, System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(path, Cancel)), StringComparison.Ordinal);
            Assert.InRange(new FileInfo(path).Length, 1000, 1_000_000);
        }

        var file = Path.Combine(stage.Data, "x.json");
        Assert.Equal(0, (await RunAsync(stage, [.. year, "--area", "GM0307", "--format", "json", "--out", file])).Code);
        var amersfoort = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancel))!["report"]!;
        Assert.Equal(("GM0307", "Amersfoort"), ((string)amersfoort["area"]!, (string)amersfoort["areaName"]!));

        Assert.Equal((2, "--from: '2025-02-30' is geen dag; schrijf jjjj-mm-dd, zoals 2026-01-31\n"), await FaultAsync("report", "--from", "2025-02-30", "--to", "2025-12-31", "--format", "csv", "--out", file));
        Assert.Equal((2, "--to: 2024-12-31 ligt voor 2025-01-01; de laatste dag komt na de eerste\n"), await FaultAsync("report", "--from", "2025-01-01", "--to", "2024-12-31", "--format", "csv", "--out", file));
        Assert.Equal((2, "--format: kies html, xlsx, csv, json\n"), await FaultAsync([.. year, "--format", "pdf", "--out", file]));
        Assert.Equal((2, "--area: 'GM9999' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam\n"), await FaultAsync([.. year, "--area", "GM9999", "--format", "csv", "--out", file]));
        var nowhere = Path.Combine(stage.Data, "geen-map", "x.csv");
        Assert.Equal((2, $"--out: '{nowhere}' kan niet geschreven worden; noem een bestand in een map die bestaat\n"), await FaultAsync([.. year, "--format", "csv", "--out", nowhere]));
        Assert.StartsWith("Niet gedaan: een verzonnen jaar is voor een wegwerpmap, niet voor een programma dat echt plaatst; ", (await FaultAsync("example-year")) is (1, var live) ? live : "", StringComparison.Ordinal);
        stage.Configure("mode", "sandbox");
        Assert.Equal((1, "Niet gedaan: deze database bevat al berichten; kies een lege map met --data.\n"), await FaultAsync("example-year"));
        stage.Configure("storage", new JsonObject { ["provider"] = "postgres", ["connectionString"] = "Host=nowhere.example;Database=syndicate;Username=syndicate" });
        Assert.StartsWith("Niet gedaan: een verzonnen jaar is voor een wegwerpmap, niet voor een PostgreSQL-database; ", (await FaultAsync("example-year")) is (1, var shared) ? shared : "", StringComparison.Ordinal);

        async Task<(int, string)> FaultAsync(params string[] arguments) => (await RunAsync(stage, arguments)) is var (code, _, fault) ? (code, fault) : default;
    }

    [Fact]
    public async Task How_alerts_ended_comes_in_by_command_and_from_a_spreadsheet()
    {
        await using var stage = await ExampleAsync();
        Assert.Equal(0, (await RunAsync(stage, "outcome", "vb20250005", "hard", "--by", "Jan", "--success-post")).Code);
        Assert.Equal((2, "Niet gedaan: er is geen bericht weg; 'alerts' toont de nummers.\n"), (await RunAsync(stage, "outcome", "weg", "hard", "--by", "Jan")) is var (code, _, fault) ? (code, fault) : default);
        Assert.Equal(2, (await RunAsync(stage, "outcome", "vb20250005", "hard")).Code);
        Assert.Equal(2, (await RunAsync(stage, "outcome", "vb20250005", "raak", "--by", "Jan")).Code);

        var table = Path.Combine(stage.Data, "afloop.csv");
        await File.WriteAllTextAsync(table, "sourceId;outcome\n20250006;hard\n20250007;geen\n", Cancel);
        Assert.Equal((0, "Overgenomen: 2 regels.\n"), (await RunAsync(stage, "outcome", "import", table, "--by", "Jan")) is var (done, told, _) ? (done, told) : default);
        await File.WriteAllTextAsync(table, "sourceId;outcome\n20250006;soft\nniet-bekend;geen\n", Cancel);
        var (refused, _, errors) = await RunAsync(stage, "outcome", "import", table);
        Assert.Equal(2, refused);
        Assert.Contains("regel 3: sourceId: 'niet-bekend' is niet bekend", errors, StringComparison.Ordinal);

        var context = Path.Combine(stage.Data, "cijfers.csv");
        await File.WriteAllTextAsync(context, "municipality;period;participants;downloads;inhabitants\nAmersfoort;2025-11;20.000;;\n", Cancel);
        Assert.Contains("regel 2: participants: '20.000' is hier niet geldig", (await RunAsync(stage, "context", "import", context)).Err, StringComparison.Ordinal);
        await File.WriteAllTextAsync(context, "municipality;period;participants;downloads;inhabitants\nAmersfoort;2025-12;20000;;\n", Cancel);
        Assert.Equal(0, (await RunAsync(stage, "context", "import", context)).Code);
        var report = Path.Combine(stage.Data, "r.json");
        await RunAsync(stage, "report", "--from", "2025-01-01", "--to", "2025-12-31", "--area", "GM0307", "--format", "json", "--out", report);
        Assert.Equal(20000, (int)JsonNode.Parse(await File.ReadAllTextAsync(report, Cancel))!["report"]!["municipalities"]![0]!["context"]!["participants"]!);
    }

    [Fact]
    public async Task Programs_ask_for_rows_as_JSON_or_CSV_and_hear_what_is_wrong()
    {
        await using var stage = await ExampleAsync();
        await using var worker = await stage.StartWorkerAsync();
        using var visitor = new Visitor(worker.Url);
        const string Query = "/api/reach?from=2025-01-01&to=2025-12-31&area=GM0307";

        var rows = JsonNode.Parse(await visitor.GetAsync($"{Query}&by=channel"))!.AsArray();
        Assert.Equal(["facebook", "whatsapp", "x"], rows.Select(r => (string)r!["key"]!));
        Assert.Equal(["key", "alerts", "posts", "reach", "impressions", "engagements", "measuredPosts"], rows[0]!.AsObject().Select(p => p.Key));
        Assert.Null(rows[2]!["reach"]);
        Assert.Null(rows[1]!["engagements"]);

        using var asked = new HttpRequestMessage(HttpMethod.Get, $"{Query}&by=channel");
        asked.Headers.Add("Accept", "text/csv");
        using var answer = await worker.Client.SendAsync(asked, Cancel);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split("\r\n");
        Assert.Equal("key,alerts,posts,reach,impressions,engagements,measuredPosts", lines[0]);
        Assert.Equal(rows.Select(r => string.Join(",", r!.AsObject().Select(p => p.Value?.ToString()))), lines[1..]);

        foreach (var by in (string[])["municipality", "category", "hour", "day"])
            Assert.Equal(rows.Sum(r => (long)r!["posts"]!), JsonNode.Parse(await visitor.GetAsync($"{Query}&by={by}"))!.AsArray().Sum(r => (long)r!["posts"]!));
        foreach (var (query, error) in new[]
        {
            ("from=gisteren&to=2025-12-31", "from must be a day such as 2026-01-31"), ("from=2025-01-01", "to must be a day such as 2026-01-31"), ("from=2025-02-01&to=2025-01-01", "to must not be before from"),
            ("from=2025-01-01&to=2025-01-02&by=weer", "by must be one of channel, municipality, category, hour, day"), ("from=2025-01-01&to=2025-01-02&area=GM1", "area must be the CBS code of a municipality of this region, such as GM0307"),
        })
        {
            using var wrong = await visitor.SendAsync(HttpMethod.Get, $"/api/reach?{query}");
            Assert.Equal((HttpStatusCode.BadRequest, error), (wrong.StatusCode, (string)JsonNode.Parse(await wrong.Content.ReadAsStringAsync(Cancel))!["error"]!));
        }
    }

    [Fact]
    public async Task A_link_opens_one_municipality_from_elsewhere_and_nothing_more()
    {
        await using var stage = await ExampleAsync(("eva", Roles.Editor), ("lezer", Roles.Reader));
        await using var worker = await stage.StartWorkerAsync();
        using var eva = await Visitor.LogInAsync(worker.Url, "eva", Password);
        using var reader = await Visitor.LogInAsync(worker.Url, "lezer", Password);
        Assert.DoesNotContain("Maak een link", await reader.GetAsync("/bereik/GM0307"), StringComparison.Ordinal);

        var page = await eva.ActAsync("/bereik/GM0307/delen", "/bereik/GM0307");
        var link = Shared().Match(page).Groups[1].Value;
        Assert.StartsWith(new Uri(worker.Url, "/bereik/GM0307?sleutel=").ToString(), link, StringComparison.Ordinal);

        using var guest = new Visitor(worker.Url);
        var opened = await OpenAsync(new Uri(link).PathAndQuery + "&" + Year, HttpStatusCode.OK);
        Assert.Contains("Burgernet in Amersfoort", opened, StringComparison.Ordinal);
        // What posts said tells of people; and there is nothing to go on to.
        Assert.DoesNotContain("Vermist:", opened, StringComparison.Ordinal);
        Assert.Contains("Vermist:", await eva.GetAsync($"/bereik/GM0307?{Year}"), StringComparison.Ordinal);
        Assert.DoesNotContain("/acties/", opened, StringComparison.Ordinal);
        Assert.DoesNotContain("/rapport/", opened, StringComparison.Ordinal);

        var key = new Uri(link).Query;
        foreach (var closed in (string[])[$"/bereik/GM0344{key}", $"/bereik{key}", $"/bereik/Amersfoort{key}", $"/{key}", $"/acties/vb20250001{key}", "/bereik/GM0307", "/bereik/GM0307?sleutel=onzin", $"/bereik/GM0307{key[..^3]}abc", $"/rapport/json{key}&gemeente=GM0307"])
            await OpenAsync(closed, HttpStatusCode.Redirect);
        using var acts = await guest.SendAsync(HttpMethod.Post, $"/bereik/GM0307/delen{key}", new FormUrlEncodedContent([]), Elsewhere);
        Assert.NotEqual(HttpStatusCode.SeeOther, acts.StatusCode);

        async Task<string> OpenAsync(string path, HttpStatusCode status)
        {
            using var answer = await guest.SendAsync(HttpMethod.Get, path, host: Elsewhere);
            Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode}");
            return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Fact]
    public async Task The_course_of_an_action_is_on_its_page_where_its_outcome_is_written_down()
    {
        await using var stage = await ExampleAsync(("eva", Roles.Editor), ("baas", Roles.Administrator));
        await using var worker = await stage.StartWorkerAsync();
        using var eva = await Visitor.LogInAsync(worker.Url, "eva", Password);

        var page = await eva.GetAsync("/acties/vb20250002");
        Assert.Contains("oproep op x", page, StringComparison.Ordinal);
        Assert.Contains("slot op facebook", page, StringComparison.Ordinal);
        Assert.Contains("28\u00a0dagen", page + await eva.GetAsync("/acties/vb20250001") + await eva.GetAsync("/acties/vb20250003"), StringComparison.Ordinal);

        Assert.Contains("kies hoe het afliep", await eva.ActAsync("/acties/vb20250002/afloop", "/acties/vb20250002"), StringComparison.Ordinal);
        Assert.Contains("leg dat eerst vast", await eva.ActAsync("/acties/vb20250002/afloop", "/acties/vb20250002", ("afloop", "none")) is var none && none.Contains("Afloop: geen succes", StringComparison.Ordinal)
            ? await eva.ActAsync("/acties/vb20250002/succesbericht", "/acties/vb20250002") : none, StringComparison.Ordinal);
        page = await eva.ActAsync("/acties/vb20250002/afloop", "/acties/vb20250002", ("afloop", "hard"));
        Assert.Contains("Afloop: hard succes", page, StringComparison.Ordinal);
        Assert.Contains("Vastgelegd door eva", page, StringComparison.Ordinal);
        Assert.Contains("Het succesbericht staat klaar", await eva.ActAsync("/acties/vb20250002/succesbericht", "/acties/vb20250002"), StringComparison.Ordinal);
        Assert.Contains("Dank aan iedereen die meekeek", await eva.GetAsync("/postvak"), StringComparison.Ordinal);

        using var boss = await Visitor.LogInAsync(worker.Url, "baas", Password);
        Assert.Matches(@"(?s)<td>eva</td><td>succesbericht klaargezet</td><td>vb20250002</td>.*<td>eva</td><td>afloop vastgelegd</td><td>vb20250002 hard</td>", await boss.GetAsync("/logboek"));
        using var unknown = await eva.SendAsync(HttpMethod.Get, "/acties/weg");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_report_that_is_due_comes_by_mail_and_only_once()
    {
        Needs.OrSkip(MailServer.Missing);
        using var server = new MailServer();
        await using var stage = await ExampleAsync();
        stage.Configure("notify", new JsonObject { ["mailTo"] = "wacht@politie.example", ["smtp"] = new JsonObject { ["host"] = "localhost", ["port"] = server.Port } });
        stage.Configure("reports", new JsonObject { ["schedule"] = "yearly", ["mailTo"] = "team@politie.example", ["site"] = "https://syndicate.example" });
        await using (var worker = await stage.StartWorkerAsync())
        {
            var mail = (await Eventually.GetAsync(() => Task.FromResult(server.Mails.Where(m => m.To[0] == "team@politie.example").ToList()), mails => mails.Count > 0, within: TimeSpan.FromMinutes(1)))[0];
            Assert.StartsWith($"Burgernet: {DateTime.UtcNow.AddHours(-6).Year - 1}", mail.Headers["Subject"], StringComparison.Ordinal);
            Assert.Contains("<!DOCTYPE html>", Assert.Single(mail.Files).Value, StringComparison.Ordinal);
            await Eventually.GetAsync(() => Task.FromResult(worker.Output + worker.Errors), log => log.Contains("was mailed to 1 address(es)", StringComparison.Ordinal));
            await worker.StopAsync();
        }

        await using var again = await stage.StartWorkerAsync();
        using var visitor = new Visitor(again.Url);
        await visitor.GetAsync("/bereik");
        Assert.Single(server.Mails, m => m.To[0] == "team@politie.example");
    }

    [Fact]
    public async Task The_page_of_an_action_says_that_a_network_corrected_a_figure_downward()
    {
        await using var stage = await ExampleAsync();
        using (var database = Database.ForFile(Path.Combine(stage.Data, "syndicate.db")))
            await database.WriteAsync(s => s.ExecuteAsync("update reach set shrank = true where delivery_id = 'vb20250001-facebook-2-0'"), Cancel);
        await using var worker = await stage.StartWorkerAsync();
        using var visitor = new Visitor(worker.Url);
        Assert.Single(Regex.Matches(await visitor.GetAsync("/acties/vb20250001"), "Het netwerk heeft een cijfer naar beneden bijgesteld."));
    }

    [Fact]
    public async Task Every_page_of_reports_and_the_file_pass_axe_at_both_widths()
    {
        Accessible.OrSkip();
        await using var stage = await ExampleAsync(("eva", Roles.Editor));
        var file = Path.Combine(stage.Data, "rapport.html");
        Assert.Equal(0, (await RunAsync(stage, "report", "--from", "2025-01-01", "--to", "2025-12-31", "--format", "html", "--out", file)).Code);
        await using var worker = await stage.StartWorkerAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await SandboxTests.LaunchAsync(playwright);
        foreach (var window in Accessible.Windows)
        {
            var page = await Accessible.OpenAsync(chromium, window);
            var refused = new List<string>();
            page.Console += (_, message) =>
            {
                if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal) || message.Type == "error" && message.Text.Contains("attribute", StringComparison.Ordinal))
                    refused.Add(message.Text);
            };
            await page.GotoAsync(new Uri(worker.Url, "/inloggen").ToString());
            await page.GetByLabel("Naam").FillAsync("eva");
            await page.GetByLabel("Wachtwoord").FillAsync(Password);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Log in" }).ClickAsync();
            await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Bereik" }).ClickAsync();
            await page.GetByLabel("Van", new PageGetByLabelOptions { Exact = true }).FillAsync("2025-01-01");
            await page.GetByLabel("tot en met").FillAsync("2025-12-31");
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Toon" }).ClickAsync();
            await Assertions.Expect(page.GetByText("Verzonnen gegevens.")).ToBeVisibleAsync();
            await Accessible.HoldAsync(page, "the region");

            await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Amersfoort", Exact = true }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Burgernet in Amersfoort" })).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Maak een link om te delen" }).ClickAsync();
            await Assertions.Expect(page.GetByLabel("Wie deze link heeft", new PageGetByLabelOptions { Exact = false })).ToBeVisibleAsync();
            await Accessible.HoldAsync(page, "a municipality");

            await page.GotoAsync(new Uri(worker.Url, "/acties/vb20250001").ToString());
            await Accessible.HoldAsync(page, "an action");
            await page.GotoAsync(new Uri(file).ToString());
            await Accessible.HoldAsync(page, "the file");
            Assert.Empty(refused);
        }
    }

    [GeneratedRegex("<input id=\"link\" readonly value=\"([^\"]+)\"")]
    private static partial Regex Shared();
}
