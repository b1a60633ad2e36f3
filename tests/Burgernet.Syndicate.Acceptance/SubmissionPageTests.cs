using System.Net;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Sandbox;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Worker.Access;
using Burgernet.Syndicate.Worker.Commands;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>The page on which people agree to what was sent in.</summary>
public sealed class SubmissionPageTests
{
    const string Password = "een lang wachtwoord 1";
    const string Words = "In Amersfoort bellen de laatste dagen mannen aan die zeggen dat zij van het energiebedrijf zijn. Laat niemand binnen.";

    static readonly string[] Groups = ["Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>As a mailbox would, in a process beside the running service.</summary>
    static async Task SubmitAsync(Stage stage, params Submission[] submissions)
    {
        var folders = new SyndicateFolders(stage.Config, stage.Data, stage.Secrets);
        var options = SyndicateCommand.CheckOf(folders).Load(out _)!;
        using var database = new Database(options.Storage);
        var services = new ServiceCollection().AddLogging();
        SyndicateHost.AddPipeline(services, options, database);
        await using var provider = services.BuildServiceProvider();
        foreach (var submission in submissions)
            await provider.GetRequiredService<ISubmissionDesk>().TakeAsync(submission, submission.Source, null, cancellationToken: Cancel);
    }

    static Submission Mail(string id, string subject, string text = Words) => new()
    {
        Source = "postbus", Id = id, Sender = "burgernetmail@mail.example", Subject = subject, SentAt = DateTimeOffset.UtcNow.AddMinutes(-5), Decision = SubmissionDecision.Hold,
        Kind = "getuigenoproep", Reason = "een getuigenoproep gaat niet zonder akkoord uit", Municipalities = ["GM0307"], Title = subject, Text = text, Original = $"Beste deelnemer,\n\n{text}\n\n<script>alert(1)</script>",
    };

    static async Task AddAsync(Stage stage, params string[] names)
    {
        foreach (var name in names)
            Assert.Equal(0, (await WorkerProcess.RunAsync(["accounts", "add", name, "--role", Roles.Editor, "--data", stage.Data], input: Password + "\n")).Code);
    }

    internal static (string, string)[] Fields(string page, int number = 0) => [.. ((string[])["bron", "bericht", "editie", "hash"]).Select(name => (name, Value(page, name, number)))];

    // What the form on the page holds.
    static string Value(string page, string name, int number)
    {
        var forms = page.Split("action=\"/postvak/goedkeuren\"");
        var field = forms[number + 1].Split($"name=\"{name}\" value=\"")[1];
        return field[..field.IndexOf('"', StringComparison.Ordinal)];
    }

    [Fact]
    public async Task Who_agrees_sees_the_original_and_every_post_and_what_he_agreed_to_goes_out()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await AddAsync(stage, "eva");
        await using var worker = await stage.StartWorkerAsync();
        await SubmitAsync(stage, Mail("m1@mail.example", "Pas op voor <b>monteurs</b>"), Mail("m2@mail.example", "Inbraken in Schothorst", "In Schothorst is drie keer ingebroken. Hebt u iets gezien of gehoord? Bel 0900-8844, ook als u twijfelt."));
        using var eva = await Visitor.LogInAsync(worker.Url, "eva", Password);
        Assert.Contains("wacht op akkoord", await eva.GetAsync("/"), StringComparison.Ordinal);

        using (var raw = await eva.SendAsync(HttpMethod.Get, "/postvak"))
            Assert.DoesNotContain("<script>alert", await raw.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var page = await eva.GetAsync("/postvak");
        Assert.Contains("Er wachten 2 berichten", page, StringComparison.Ordinal);
        Assert.Contains("Beste deelnemer,", page, StringComparison.Ordinal);
        Assert.Contains("Gaat naar Schothorst.", page, StringComparison.Ordinal);

        page = await eva.ActAsync("/postvak/goedkeuren", "/postvak", Fields(page));
        Assert.Contains("Uw akkoord is vastgelegd.", page, StringComparison.Ordinal);
        Assert.Contains("geplaatst na akkoord van eva", page, StringComparison.Ordinal);
        Assert.Contains("Er wacht 1 bericht", page, StringComparison.Ordinal);
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1 && found[0].Deliveries.Count == 3 && found[0].Deliveries.All(d => d.State == "published"));
        Assert.Contains("energiebedrijf", Assert.Single(stage.Sandbox.Posts(SandboxPlatform.X)).Text, StringComparison.Ordinal);

        page = await eva.ActAsync("/postvak/afwijzen", "/postvak", [.. Fields(page).Take(2), ("reden", "te oud")]);
        Assert.Contains("Er wacht niets", page, StringComparison.Ordinal);
        Assert.Contains("afgewezen door eva", page, StringComparison.Ordinal);
        Assert.Single(stage.Sandbox.Posts(SandboxPlatform.X));
    }

    [Fact]
    public async Task An_edit_makes_older_consent_void_and_what_was_typed_in_vain_is_not_lost()
    {
        await using var stage = await Stage.SetAsync(Groups);
        stage.Configure("approval", new System.Text.Json.Nodes.JsonObject { ["fourEyes"] = true });
        await AddAsync(stage, "eva", "jan", "piet");
        await using var worker = await stage.StartWorkerAsync();
        await SubmitAsync(stage, Mail("m1@mail.example", "Pas op voor monteurs"));
        using var eva = await Visitor.LogInAsync(worker.Url, "eva", Password);
        using var jan = await Visitor.LogInAsync(worker.Url, "jan", Password);
        using var piet = await Visitor.LogInAsync(worker.Url, "piet", Password);
        var first = Fields(await eva.GetAsync("/postvak"));
        Assert.Contains("Nog één ander moet instemmen", await eva.ActAsync("/postvak/goedkeuren", "/postvak", first), StringComparison.Ordinal);

        (string, string)[] Edit(string municipalities) => [.. first.Take(3), ("titel", "Let op"), ("tekst", "Nieuwe woorden van Jan."), ("gemeenten", municipalities)];
        using (var wrong = await jan.PostAsync("/postvak/wijzigen", "/postvak", Edit("Amersvoort")))
            Assert.Equal(HttpStatusCode.TemporaryRedirect, wrong.StatusCode);
        using (var typed = await jan.PostAsync("/postvak", "/postvak", Edit("Amersvoort")))
        {
            var back = WebUtility.HtmlDecode(await typed.Content.ReadAsStringAsync(Cancel));
            Assert.Contains("Nieuwe woorden van Jan.", back, StringComparison.Ordinal);
            Assert.Contains("value=\"Amersvoort\"", back, StringComparison.Ordinal);
        }

        Assert.Contains("Eerdere akkoorden gelden niet meer", await jan.ActAsync("/postvak/wijzigen", "/postvak", Edit("Amersfoort")), StringComparison.Ordinal);
        Assert.Contains("de tekst is veranderd", await piet.ActAsync("/postvak/goedkeuren", "/postvak", first), StringComparison.Ordinal);
        var second = Fields(await eva.GetAsync("/postvak"));
        Assert.Contains("meegeschreven", await jan.ActAsync("/postvak/goedkeuren", "/postvak", second), StringComparison.Ordinal);
        await eva.ActAsync("/postvak/goedkeuren", "/postvak", second);
        Assert.Empty(stage.Sandbox.Posts(SandboxPlatform.X));
        Assert.Contains("Er wacht niets", await piet.ActAsync("/postvak/goedkeuren", "/postvak", second), StringComparison.Ordinal);
        await Eventually.GetAsync(() => Task.FromResult(stage.Sandbox.Posts(SandboxPlatform.X)), posts => posts.Count == 1);
        Assert.Contains("Nieuwe woorden van Jan.", stage.Sandbox.Posts(SandboxPlatform.X)[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_goes_out_by_itself_does_so_when_its_time_has_come()
    {
        await using var stage = await Stage.SetAsync(Groups);
        stage.Configure("approval", new System.Text.Json.Nodes.JsonObject { ["veto"] = "00:00:01" });
        await using var worker = await stage.StartWorkerAsync();
        await SubmitAsync(stage, Mail("m1@mail.example", "Pas op voor monteurs") with { Decision = SubmissionDecision.Post });

        await Eventually.GetAsync(() => Task.FromResult(stage.Sandbox.Posts(SandboxPlatform.Facebook)), posts => posts.Count == 1, within: TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Every_page_passes_axe_at_both_widths_for_who_may_act()
    {
        Accessible.OrSkip();
        await using var stage = await Stage.SetAsync(Groups);
        stage.BeQuick();
        Assert.Equal(0, (await WorkerProcess.RunAsync(["accounts", "add", "baas", "--role", Roles.Administrator, "--data", stage.Data], input: Password + "\n")).Code);
        stage.Sandbox.Faults.Add(SandboxPlatform.X, SandboxFault.Duplicate);
        await using var worker = await stage.StartWorkerAsync();
        await SubmitAsync(stage, Mail("m1@mail.example", "Pas op voor monteurs"), Mail("m2@mail.example", "Digitaal buurtonderzoek", "Er is een vragenlijst voor u.") with { Decision = SubmissionDecision.Never });
        stage.Drop("actie.json", $$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{DateTimeOffset.UtcNow:O}}","text":"Gezocht: rode step.","municipality":"Amersfoort"}""");
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Any(a => a.On("x").Any(d => d.State == "held")), within: TimeSpan.FromMinutes(1));
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await SandboxTests.LaunchAsync(playwright);
        foreach (var window in Accessible.Windows)
        {
            var page = await Accessible.OpenAsync(chromium, window);
            await page.GotoAsync(new Uri(worker.Url, "/inloggen").ToString());
            await Accessible.HoldAsync(page, "the login");
            await page.GetByLabel("Naam").FillAsync("baas");
            await page.GetByLabel("Wachtwoord").FillAsync(Password);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Log in" }).ClickAsync();
            await Assertions.Expect(page.GetByText("baas (beheer)")).ToBeVisibleAsync();

            await page.GetByText("Beëindig deze oproep").ClickAsync();
            await page.GetByText("Beslis", new PageGetByTextOptions { Exact = true }).First.ClickAsync();
            await Accessible.HoldAsync(page, "the overview");
            await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Postvak" }).ClickAsync();
            await page.GetByText("Zoals het binnenkwam").First.ClickAsync();
            await page.GetByText("Wijzig de tekst").ClickAsync();
            await Accessible.HoldAsync(page, "the submissions");
            await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Sjablonen" }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Bewaar" })).ToBeVisibleAsync();
            await Accessible.HoldAsync(page, "the templates");
            await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Overzicht" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "zet stil facebook" }).Or(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "hervat facebook" })).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Het kanaal");
            await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Logboek" }).ClickAsync();
            await Assertions.Expect(page.GetByText("kanaal stilgezet").First).ToBeVisibleAsync();
            await Accessible.HoldAsync(page, "the log");
        }
    }
}
