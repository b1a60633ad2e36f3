using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Templates;

/// <summary>Every sort of post as the shipped templates make it, on every channel, in one file to read.</summary>
public sealed class ShippedTextsTests
{
    static readonly FakeTimeProvider Evening = new(new DateTimeOffset(2026, 11, 24, 19, 40, 0, TimeSpan.Zero));

    static readonly Composer Composer = new(Pipeline.Options.Templates, new TextNeutraliser(NeutraliserRules.Default), Evening);

    [Fact]
    public void Every_shipped_text_is_as_it_was_read_and_found_good()
    {
        var made = Path.Combine(AppContext.BaseDirectory, "posts.txt");
        var texts = Texts();
        File.WriteAllText(made, texts);

        Assert.True(texts == File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "posts.txt")),
            $"The texts changed. Read them in {made}; when they are good, put that file in the place of Golden/posts.txt.");
    }

    [Fact]
    public void Every_shipped_text_fits_with_room_for_an_appeal()
    {
        foreach (var channel in Pipeline.Options.Channels)
        foreach (var (_, model) in Examples())
        {
            var limit = ConnectorRegistry.Channels.Single(c => c.Type == channel.Type).Limit;
            var bare = Composer.Compose(Pipeline.Options.TemplateOf(channel), limit, model with { Text = "Tekst.", OpeningText = null, Municipality = model.Municipality is null ? null : "Utrechtse Heuvelrug" });
            Assert.InRange(bare.Length, 20, limit.Maximum - 20);
            Assert.False(bare.Shortened);
        }
    }

    [Fact]
    public void Every_example_and_every_name_in_the_manual_exists()
    {
        var manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "sjablonen.md"));
        var sources = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config", "templates")).ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        var examples = Regex.Matches(manual, "```liquid\n(.*?)```", RegexOptions.Singleline).Select(m => m.Groups[1].Value).ToList();
        for (var i = 0; i < examples.Count; i++)
            sources[$"voorbeeld{i}"] = examples[i];
        var files = Regex.Matches(manual, @"`([a-z]+(?:\.[a-z-]+)+)\.liquid`").Select(m => m.Groups[1].Value);
        foreach (var file in files)
            sources.TryAdd(file, "");

        _ = new TemplateSet(sources, out var faults);

        Assert.Equal(5, examples.Count);
        Assert.Empty(faults);
        Assert.All(TemplateFilters.All.Keys.Except(["lstrip", "rstrip", "strip_newlines", "remove_first", "replace_first"]), filter => Assert.Contains($"`{filter}", manual, StringComparison.Ordinal));
        Assert.All(TemplateSet.Variables, variable => Assert.Contains($"| `{variable}` |", manual, StringComparison.Ordinal));
    }

    static string Texts()
    {
        var texts = new StringBuilder();
        foreach (var (name, model) in Examples())
        {
            foreach (var channel in Pipeline.Options.Channels)
            {
                var limit = ConnectorRegistry.Channels.Single(c => c.Type == channel.Type).Limit;
                var post = Composer.Compose(Pipeline.Options.TemplateOf(channel), limit, model);
                texts.Append(CultureInfo.InvariantCulture, $"==== {name}, op {channel.Name} ({post.Length} van {limit.Maximum}{(post.Shortened ? ", ingekort" : "")})\n{post.Text}\n\n");
            }
        }

        return texts.ToString();
    }

    static IEnumerable<(string Name, AlertModel Model)> Examples()
    {
        foreach (var category in Wire.All<AlertCategory>())
        {
            var text = Appeals[category];
            var model = Model("actie", category, text.Opened) with { Warn = category is "robbery" or "street-robbery" or "burglary" or "violence" or "ram-raid" };
            yield return ($"actie, {category}, opened", model);
            yield return ($"actie, {category}, updated", model with { Phase = "updated", Text = text.Updated, OpeningText = text.Opened });
            yield return ($"actie, {category}, closed", model with { Phase = "closed", Text = text.Closed });
            yield return ($"actie, {category}, closed zonder woorden", model with { Phase = "closed", Text = "" });
            yield return ($"actie, {category}, withdrawn", model with { Phase = "withdrawn", Text = "" });
        }

        var (opened, updated, closed) = Appeals["missing-person"];
        foreach (var kind in new[] { "amber-alert", "vermist-kind-alert" })
        {
            var model = Model(kind, "missing-person", opened) with { Title = "Fenna (9)", Municipality = kind == "amber-alert" ? null : "Amersfoort" };
            yield return ($"{kind}, opened", model);
            yield return ($"{kind}, updated", model with { Phase = "updated", Text = updated, OpeningText = opened });
            yield return ($"{kind}, closed", model with { Phase = "closed", Text = closed, Title = null });
            yield return ($"{kind}, withdrawn", model with { Phase = "withdrawn", Text = "", Title = null });
        }

        var mail = Model("burgernetmail", "burglary", "In de wijk Kerkebosch is in november vier keer ingebroken, steeds aan het begin van de avond. Heeft u camerabeelden, of zag u iemand die daar niet hoort?") with { Title = "Wie zag iets in Kerkebosch?", Municipality = "Zeist" };
        yield return ("burgernetmail, opened", mail);
        yield return ("burgernetmail, updated", mail with { Phase = "updated", Text = "Wij zoeken vooral beelden van dinsdag 17 november tussen 18.00 en 20.00 uur.", OpeningText = mail.Text });
        yield return ("burgernetmail, closed", mail with { Phase = "closed", Text = "" });
        yield return ("burgernetmail, withdrawn", mail with { Phase = "withdrawn", Text = "" });

        var exercise = Model("actie", "robbery", "Dit is een oefening. Wij zoeken twee mannen op een rode scooter.") with { Exercise = true, Warn = true };
        yield return ("oefening, opened", exercise);
        yield return ("oefening, closed", exercise with { Phase = "closed", Text = "De oefening is voorbij." });

        yield return ("een lange tekst", Model("actie", "robbery", Appeals["robbery"].Opened + " De eerste is ongeveer 1.85 m lang, slank en draagt een zwarte jas met een bontkraag. De tweede is ongeveer 1.70 m lang, fors en draagt een grijs trainingspak met witte strepen. Zij zijn het laatst gezien bij het station.") with { Warn = true });
        yield return ("een tekst die alles zelf zegt", Model("actie", "violence", "Wij zoeken een man met een mes. Benader hem niet zelf. Bel direct 112.") with { Warn = true });
        yield return ("een tekst met een ander nummer", Model("actie", "hit-and-run", "Wij zoeken een witte bestelbus met schade aan de voorkant. Weet u waar die staat? Bel 0900-8844."));
        yield return ("een tekst met wat er niet in hoort", Model("actie", "other", "Wij zoeken een man met een rode muts. Volg @iemand, kijk op www.example.com of bel 06-12345678. #gezocht"));
        yield return ("een dag later", Model("actie", "missing-person", opened) with { IssuedAt = Evening.GetUtcNow().AddDays(-1) });
    }

    static AlertModel Model(string kind, string category, string text) => new()
    {
        Kind = kind, Category = category, Phase = "opened", Exercise = false, Text = text, Municipality = "Amersfoort",
        IssuedAt = Evening.GetUtcNow().AddMinutes(-25), Reference = "BN-7F3K2",
    };

    static readonly Dictionary<string, (string Opened, string Updated, string Closed)> Appeals = new()
    {
        ["other"] = ("Wij zoeken een man met een rode muts en een gele jas. Hij loopt verward rond in de buurt van het station.", "De man is het laatst gezien op de Stationsstraat.", "De man is gevonden. Hij krijgt hulp."),
        ["missing-person"] = ("Wij zoeken een meisje van 9 jaar. Zij is rond 19.00 uur weggelopen bij de speeltuin. Zij heeft lang blond haar en draagt een rode jas en witte gympen.", "Zij heeft ook een roze step bij zich.", "Het meisje is gevonden. Zij maakt het goed."),
        ["robbery"] = ("Twee mannen hebben een supermarkt overvallen. Zij zijn gevlucht op een zwarte scooter, richting het centrum.", "De scooter is gevonden. De mannen lopen nu richting het park.", "Er zijn twee mannen aangehouden."),
        ["street-robbery"] = ("Een jongen is beroofd van zijn telefoon. De dader is ongeveer 18 jaar, heeft een zwarte jas en rent richting de markt.", "De dader draagt nu geen jas meer, maar een wit shirt.", "De dader is niet gevonden. De politie zoekt verder."),
        ["burglary"] = ("Er is ingebroken in een huis aan de Parklaan. Wij zoeken een man van ongeveer 30 jaar met een donkere jas en een rugzak.", "De man is gezien op een blauwe fiets.", "De politie heeft een man aangehouden, mede door uw hulp. Bedankt!"),
        ["violence"] = ("Bij een ruzie is iemand gewond geraakt. Wij zoeken een man in een wit trainingspak.", "De man is weggereden in een grijze auto.", "De man is aangehouden."),
        ["hit-and-run"] = ("Een automobilist is doorgereden na een aanrijding met een fietser. Het gaat om een rode auto met schade aan de voorkant.", "De auto heeft een wit dak.", "De bestuurder heeft zich gemeld."),
        ["fraud"] = ("Een vrouw doet zich voor als medewerker van de bank en haalt pinpassen op bij ouderen. Zij draagt een lange beige jas.", "Zij is samen met een man in een witte auto.", "De vrouw is aangehouden."),
        ["ram-raid"] = ("Bij de juwelier in de Hoofdstraat is een ramkraak gepleegd. De daders rijden in een donkere stationwagen, richting de A28.", "De auto is leeg gevonden. De daders zijn te voet verder.", "De daders zijn niet gevonden."),
    };
}
