using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Configuration;

/// <summary>The section <c>routes</c>.</summary>
public sealed class RouteReaderTests : IDisposable
{
    readonly ConfigFolder _config = new();

    public void Dispose() => _config.Dispose();

    SyndicateOptions? Load(string routes, out IReadOnlyList<string> errors)
    {
        _config.Write("basisteams.csv", "basisteam;municipality;district\nEemland;Baarn;Oost\nEemland;Soest;Oost\nAmersfoort;Amersfoort;Oost\n");
        _config.Write("gebieden.geojson", """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Schothorst"},"geometry":{"type":"Polygon","coordinates":[[[5.37,52.17],[5.40,52.17],[5.40,52.19],[5.37,52.19],[5.37,52.17]]]}}]}""");
        _config.Write("syndicate.json", $$"""{ "mode": "sandbox", "channels": { "x": { "type": "x" }, "x_utrecht": { "type": "x" }, "oud": { "type": "x", "enabled": false }, "proef": { "type": "x", "test": true } }, "routes": {{routes}} }""");
        return _config.Load(out errors);
    }

    [Fact]
    public void Without_the_section_there_are_no_routes() => Assert.Null(_config.Load().Routes);

    [Fact]
    public void A_route_is_read_whole()
    {
        var rule = Assert.Single(Load("""
            { "avond_amersfoort": {
                "kinds": ["burgernetmail"], "categories": ["burglary", "fraud"], "urgency": "not-urgent",
                "municipalities": ["Amersfoort", "GM0344"], "districts": ["Oost"], "basisteams": ["eemland"],
                "area": { "lat": 52.18, "lon": 5.39, "radius": 2000 },
                "time": { "from": "22:00", "to": "07:00", "days": ["vr", "za"] },
                "channels": ["x", "oud"],
                "deliver": { "from": "08:00", "to": "21:00", "spread": "00:05:00" } } }
            """, out _)!.Routes!);

        Assert.Equal("avond_amersfoort", rule.Name);
        Assert.Equal(["oud", "x"], rule.Channels.Order());
        Assert.Equal([AlertKind.Burgernetmail], rule.Kinds);
        Assert.Equal([AlertCategory.Burglary, AlertCategory.Fraud], rule.Categories.Order());
        Assert.Equal((false, new Circle(52.18, 5.39, 2000), null), (rule.Urgent, rule.Circle, rule.Polygon));
        Assert.Equal(["municipalities: Amersfoort=GM0307, Utrecht=GM0344", "districts: Oost=GM0307 GM0308 GM0342", "basisteams: Eemland=GM0308 GM0342"],
            rule.Places.Select(p => $"{p.Key}: {string.Join(", ", p.Codes.Select(c => $"{c.Key}={string.Join(' ', c.Value.Order())}"))}"));
        Assert.Equal("vr, za 22.00-7.00 uur", rule.Time!.ToString());
        Assert.Equal(("8.00-21.00 uur", TimeSpan.FromMinutes(5)), (rule.Deliver!.Hours.ToString(), rule.Deliver.Spread));
    }

    [Fact]
    public void An_area_may_be_one_that_was_drawn_on_a_map() =>
        Assert.NotNull(Load("""{ "wijk": { "area": { "polygon": "Schothorst" }, "channels": ["x", "x_utrecht"] } }""", out _)!.Routes![0].Polygon);

    [Fact]
    public void The_example_in_the_shipped_file_works_without_its_slashes()
    {
        var shipped = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "config", "syndicate.json"));
        var from = Array.FindIndex(shipped, l => l == "  // \"routes\": {");
        var to = Array.FindIndex(shipped, from, l => l == "  // },");
        _config.Write("syndicate.json", string.Join('\n', shipped.Select((line, i) => i >= from && i <= to ? line["  // ".Length..] : line))
            .Replace("\"x\": {", "\"x_amersfoort\": { \"type\": \"x\" },\n\"x\": {", StringComparison.Ordinal));
        var options = _config.Load();

        Assert.Equal(["amersfoort", "dringend", "mail"], options.Routes!.Select(r => r.Name).Order());
        Assert.Empty(options.Warnings);
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_its_path_and_the_way_out()
    {
        Assert.Null(Load("""
            {
              "een": { "kinds": ["aktie"], "categories": [], "urgency": "hoog", "channels": ["twitter"], "chanels": ["x"] },
              "twee": { "municipalities": ["Atlantis"], "districts": ["Noord"], "basisteams": ["Woerden"] },
              "drie": { "area": { "polygon": "Vathorst" }, "time": { "from": "22 uur", "to": "07:00", "days": ["vrijdag"] }, "channels": ["x"] },
              "vier": { "area": { "lat": 5.39, "lon": 52.18, "radius": 2000 }, "time": { "from": "07:00", "to": "07:00" }, "channels": ["x"] },
              "vijf": { "area": { "lat": 52.18 }, "deliver": { "from": "08:00", "to": "21:00" }, "channels": ["x"] },
              "zes": { "kinds": ["actie"], "urgency": "not-urgent", "deliver": { "from": "08:00", "to": "09:00", "spread": "02:00:00" }, "channels": ["x"] },
              "Zeven": { "channels": "x" },
            }
            """, out var errors));

        Assert.Equal(
        [
            "routes.Zeven.channels: hier hoort een lijst te staan: [\"…\", \"…\"]",
            "routes.Zeven: een naam bestaat uit kleine letters, cijfers en enkele liggende streepjes (a-z, 0-9, _)",
            "routes.drie.area.polygon: 'Vathorst' is hier niet geldig; verwacht wordt de naam van een getekend gebied: Schothorst",
            "routes.drie.time.days: 'vrijdag' is geen dag; kies ma, di, wo, do, vr, za, zo",
            "routes.drie.time.from: '22 uur' is geen tijd; schrijf uren en minuten, zoals 07:00",
            "routes.een.categories: de lijst is leeg; vul haar, of haal de sleutel weg als het niet uitmaakt",
            "routes.een.chanels: deze sleutel is onbekend; bedoelde u 'channels'?",
            "routes.een.channels: kanaal 'twitter' bestaat niet; kies x, x_utrecht, oud, proef",
            "routes.een.kinds: 'aktie' is hier niet geldig; kies actie, amber-alert, vermist-kind-alert, burgernetmail",
            "routes.een.urgency: 'hoog' is hier niet geldig; verwacht wordt urgent of not-urgent",
            "routes.twee.basisteams: 'Woerden' staat niet in basisteams.csv; bekend zijn Eemland, Amersfoort",
            "routes.twee.channels: ontbreekt; noem de kanalen waar deze route heen gaat: x, x_utrecht, oud, proef",
            "routes.twee.districts: 'Noord' staat niet in basisteams.csv; bekend zijn Oost",
            "routes.twee.municipalities: 'Atlantis' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam",
            "routes.vier.area.lat: hier hoort een breedtegraad, lengtegraad en straal (meters) in Nederland te staan",
            "routes.vier.time.to: is gelijk aan from; laat het venster weg als het altijd open is",
            "routes.vijf.area.lon: ontbreekt; een gebied is { \"lat\": 52.18, \"lon\": 5.39, \"radius\": 2000 } of { \"polygon\": \"naam\" }",
            "routes.vijf.area.radius: ontbreekt; een gebied is { \"lat\": 52.18, \"lon\": 5.39, \"radius\": 2000 } of { \"polygon\": \"naam\" }",
            "routes.vijf.deliver: een dringend bericht wacht nooit op een bezorgvenster; zet bij deze route \"urgency\": \"not-urgent\", en maak voor wat dringend is een eigen route",
            "routes.zes.deliver.spread: is langer dan het bezorgvenster zelf; wat wachtte moet daarbinnen passen",
            "routes.zes.urgency: past bij geen van de kinds, dus deze route brengt nooit iets; alleen burgernetmail is not-urgent",
        ], errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Places_without_their_file_or_column_say_what_to_make()
    {
        _config.Write("syndicate.json", """{ "mode": "sandbox", "channels": { "x": { "type": "x" } }, "routes": { "oost": { "districts": ["Oost"], "channels": ["x"] } } }""");
        _config.Delete("basisteams.csv");
        Assert.Null(_config.Load(out var errors));
        Assert.Equal(["routes.oost.districts: er is geen basisteams.csv; maak dat bestand met de kolommen basisteam;municipality;district"], errors);

        _config.Write("basisteams.csv", "basisteam;municipality\nEemland;Baarn\n");
        Assert.Null(_config.Load(out errors));
        Assert.Equal(["routes.oost.districts: basisteams.csv heeft geen kolom district; voeg die toe"], errors);
    }

    [Fact]
    public void What_would_reach_no_channel_is_warned_of_and_so_is_a_channel_that_gets_nothing()
    {
        var warnings = Load("""{ "amersfoort": { "municipalities": ["Amersfoort"], "urgency": "urgent", "channels": ["x"] } }""", out _)!.Warnings.Select(w => $"{w.Path}: {w.Message}").ToList();

        Assert.Contains("channels.x_utrecht: geen enkele route gaat hierheen, dus dit kanaal krijgt niets; noem het bij een route of zet enabled op false", warnings);
        Assert.Contains(warnings, w => w.StartsWith("routes: een Burgernet-actie in Almere, ", StringComparison.Ordinal) && w.EndsWith("andere gemeenten bereikt geen enkel kanaal; voeg als vangnet een route zonder voorwaarden toe", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("routes: een Burgernetmail in Almere, Amersfoort, ", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, w => w.Contains("AMBER Alert", StringComparison.Ordinal));

        Assert.Empty(Load("""{ "alles": { "channels": ["x", "x_utrecht"] } }""", out _)!.Warnings);
    }

    [Fact]
    public void A_group_of_two_channels_is_warned_of()
    {
        _config.Write("syndicate.json", """{ "mode": "sandbox", "channels": { "x": { "type": "x" }, "een": { "type": "whatsapp", "groups": "een.csv" }, "twee": { "type": "whatsapp", "groups": "twee.csv" } } }""");
        _config.Write("een.csv", "name;chatId;municipality;active\nWijk;1@g.us;GM0307;ja\nGestopt;2@g.us;GM0307;nee\n");
        _config.Write("twee.csv", "name;chatId;municipality\nBuurt;1@g.us;GM0307\nWeer;2@g.us;GM0307\n");
        Assert.Equal(["channels.twee.groups: 'Buurt' heeft hetzelfde adres als 'Wijk' bij kanaal een en kan een bericht dubbel krijgen; laat die groep bij één kanaal staan"], _config.Load().Warnings.Select(w => $"{w.Path}: {w.Message}"));
    }

    [Fact]
    public void A_configuration_without_a_public_channel_is_warned_of_once()
    {
        _config.Write("syndicate.json", """{ "mode": "sandbox", "channels": { "proef": { "type": "x", "test": true } } }""");
        Assert.Equal(["channels: er staat geen openbaar kanaal aan, dus er wordt niets geplaatst; zet er een aan"], _config.Load().Warnings.Select(w => $"{w.Path}: {w.Message}"));
    }

    [Fact]
    public void An_hour_that_no_route_takes_is_warned_of() =>
        Assert.Contains(Load("""{ "dag": { "time": { "from": "07:00", "to": "22:00" }, "channels": ["x", "x_utrecht"] } }""", out _)!.Warnings,
            w => w.Message.Contains("een AMBER Alert (bijvoorbeeld ", StringComparison.Ordinal) && w.Message.Contains(" 22.00 uur)", StringComparison.Ordinal));

    [Theory]
    [InlineData("\"linkBudget\": 100", 100, "0.20")]
    [InlineData("\"linkBudget\": 0, \"linkPrice\": 0.25", 0, "0.25")]
    public void A_budget_for_links_is_read_with_its_price(string keys, int posts, string price)
    {
        _config.Write("syndicate.json", $$"""{ "mode": "sandbox", "channels": { "x": { "type": "x", {{keys}} } } }""");
        Assert.Equal(new LinkLimit(posts, decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture)), _config.Load().Channels[0].Links);
    }

    [Theory]
    [InlineData("{ \"type\": \"x\", \"linkBudget\": -1 }", "channels.k.linkBudget: '-1'")]
    [InlineData("{ \"type\": \"x\", \"linkPrice\": \"veel\" }", "channels.k.linkPrice: 'veel'")]
    [InlineData("{ \"type\": \"whatsapp\", \"linkBudget\": 5 }", "channels.k.linkBudget: deze sleutel is onbekend")]
    public void A_wrong_budget_is_told(string channel, string start)
    {
        _config.Write("syndicate.json", $$"""{ "mode": "sandbox", "channels": { "k": {{channel}} } }""");
        Assert.Null(_config.Load(out var errors));
        Assert.Contains(errors, e => e.StartsWith(start, StringComparison.Ordinal));
    }
}
