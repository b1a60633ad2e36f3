using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Acceptance.Support;
using Microsoft.Playwright;

namespace Burgernet.Syndicate.Acceptance;

/// <summary>The page on which staff see what the templates make, and try a change.</summary>
public sealed class TemplatesPageTests
{
    static readonly string[] Groups = ["Schothorst;120363040000001001@g.us;;52.1790;5.3870;800;ja;"];

    static async Task<string> PostAsync(HttpClient client, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        var answer = await client.PostAsync(new Uri("/sjablonen", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    static (string, string)[] Edit(string template, string source, string alert = "robbery-opened") => [("bericht", alert), ("sjabloon", template), ("getoond", template), ("bron", source)];

    [Fact]
    public async Task An_edit_is_shown_on_every_channel_and_changes_nothing_that_is_live()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();
        var shared = await File.ReadAllTextAsync(Path.Combine(stage.Config, "templates", "gedeeld.liquid"), TestContext.Current.CancellationToken);

        var page = await PostAsync(worker.Client, Edit("gedeeld", shared.Replace("'overval'", "'gewapende overval'", StringComparison.Ordinal)));
        Assert.Equal(3, page.Split("Burgernet-actie: gewapende overval in Amersfoort").Length - 1);
        Assert.Contains("Zo wordt het met uw wijziging.", page, StringComparison.Ordinal);

        page = await PostAsync(worker.Client, Edit("gedeeld", shared));
        Assert.Equal(3, page.Split("Burgernet-actie: overval in Amersfoort").Length - 1);
        Assert.Contains("Zo zijn de sjablonen nu.", page, StringComparison.Ordinal);
        Assert.Equal(shared, await File.ReadAllTextAsync(Path.Combine(stage.Config, "templates", "gedeeld.liquid"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_fault_of_an_edit_is_told_with_line_and_column_and_what_readers_would_miss_too()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();

        var page = await PostAsync(worker.Client, Edit("x", "{{ kop }}\n{{ tekst }} {{ kenmerk }}"));
        Assert.Contains("x.liquid, regel 2, kolom 4", page, StringComparison.Ordinal);
        Assert.Contains("bedoelde u 'text'?", page, StringComparison.Ordinal);
        Assert.Contains("zonder uw wijziging", page, StringComparison.Ordinal);

        page = await PostAsync(worker.Client, Edit("x", "{{ kop }} {{ inhoud }}"));
        Assert.Contains("laat bij actie, opened het kenmerk weg", page, StringComparison.Ordinal);
        page = await PostAsync(worker.Client, Edit("x", "{{ kop }} {{ inhoud }} {{ kenmerk }}"));
        Assert.Contains("toont geen nummer om te bellen", page, StringComparison.Ordinal);
        page = await PostAsync(worker.Client, Edit("x", "{% for i in (1..100000000) %}{{ i }}{% endfor %}"));
        Assert.Contains("Dit moet u herstellen", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pasted_text_and_a_real_alert_are_shown_with_what_was_cut_and_taken_out()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();

        var page = await PostAsync(worker.Client, ("bericht", "burglary-opened"), ("tekst", "Volg <b>@iemand</b>. " + string.Concat(Enumerable.Repeat("Hij draagt een rode jas. ", 20))));
        Assert.Contains("inbraak in Amersfoort", page, StringComparison.Ordinal);
        Assert.Contains("ingekort", page, StringComparison.Ordinal);
        Assert.Contains("weggelaten of veranderd</span> @", page, StringComparison.Ordinal);

        stage.Drop("actie.json", $$"""{"id":"rode-step","kind":"actie","phase":"opened","sent":"{{DateTimeOffset.UtcNow:O}}","text":"Gezocht: rode step.","municipality":"Zeist"}""");
        var alerts = await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1);
        page = WebUtility.HtmlDecode(await worker.Client.GetStringAsync(new Uri($"/sjablonen?bericht=echt-{alerts[0].Id}", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal(3, page.Split("Gezocht: rode step.").Length - 1);
        Assert.Contains("in Zeist", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_asked_is_answered_and_what_is_too_large_refused()
    {
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();

        await PostAsync(worker.Client, ("bericht", "bestaat-niet"), ("sjabloon", "../syndicate"), ("getoond", "../syndicate"), ("bron", "{{"));
        await PostAsync(worker.Client, ("bericht", "echt-' or 1=1"), ("anders", "iets"));
        using var large = new StringContent("bron=" + new string('a', 300_000), Encoding.ASCII, "application/x-www-form-urlencoded");
        var answer = await worker.Client.PostAsync(new Uri("/sjablonen", UriKind.Relative), large, TestContext.Current.CancellationToken);
        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.Empty(await ApiAlert.ListAsync(worker.Client));
    }

    [Fact]
    public async Task Both_pages_pass_axe_at_both_widths_and_what_is_typed_shows_at_once()
    {
        Accessible.OrSkip();
        await using var stage = await Stage.SetAsync(Groups);
        await using var worker = await stage.StartWorkerAsync();
        stage.Drop("actie.json", $$"""{"id":"a","kind":"actie","phase":"opened","sent":"{{DateTimeOffset.UtcNow:O}}","text":"Gezocht: rode step.","municipality":"Amersfoort"}""");
        await Eventually.GetAsync(() => ApiAlert.ListAsync(worker.Client), found => found.Count == 1 && found[0].Deliveries.All(d => d.State == "published"));
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await SandboxTests.LaunchAsync(playwright);
        foreach (var window in Accessible.Windows)
        {
            var page = await Accessible.OpenAsync(chromium, window);
            await page.GotoAsync(worker.Url.ToString());
            await Accessible.HoldAsync(page, "the overview");

            await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Sjablonen", Exact = true }).ClickAsync();
            await Accessible.HoldAsync(page, "the templates");
            await page.GetByLabel("Inhoud van gedeeld.liquid").FillAsync("{{ kop }");
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Dit sjabloon klopt niet");
            await Assertions.Expect(page.GetByText("gedeeld.liquid, regel 1")).ToBeVisibleAsync();
            await page.GetByLabel("Eigen tekst").FillAsync("Volg @iemand.");
            await Assertions.Expect(page.GetByText("weggelaten of veranderd").First).ToBeVisibleAsync();
            await Accessible.HoldAsync(page, "the templates with a fault");
        }
    }
}
