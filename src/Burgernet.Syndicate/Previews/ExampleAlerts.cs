using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Routing;

namespace Burgernet.Syndicate.Previews;

/// <summary>Invented alerts of every kind, category and phase, to see what the templates make of them.</summary>
public static class ExampleAlerts
{
    // Where the region has no such place, its first municipality stands in.
    const string Place = "Amersfoort";
    const string OtherPlace = "Zeist";
    const double Radius = 1_500;

    static readonly TimeSpan Before = TimeSpan.FromMinutes(25);

    static readonly (AlertCategory Category, string Opened, string Updated, string Closed)[] Appeals =
    [
        (AlertCategory.Other, "Wij zoeken een man met een rode muts en een gele jas. Hij loopt verward rond in de buurt van het station.", "De man is het laatst gezien op de Stationsstraat.", "De man is gevonden. Hij krijgt hulp."),
        (AlertCategory.MissingPerson, "Wij zoeken een meisje van 9 jaar. Zij is rond 19.00 uur weggelopen bij de speeltuin. Zij heeft lang blond haar en draagt een rode jas en witte gympen.", "Zij heeft ook een roze step bij zich.", "Het meisje is gevonden. Zij maakt het goed."),
        (AlertCategory.Robbery, "Twee mannen hebben een supermarkt overvallen. Zij zijn gevlucht op een zwarte scooter, richting het centrum.", "De scooter is gevonden. De mannen lopen nu richting het park.", "Er zijn twee mannen aangehouden."),
        (AlertCategory.StreetRobbery, "Een jongen is beroofd van zijn telefoon. De dader is ongeveer 18 jaar, heeft een zwarte jas en rent richting de markt.", "De dader draagt nu geen jas meer, maar een wit shirt.", "De dader is niet gevonden. De politie zoekt verder."),
        (AlertCategory.Burglary, "Er is ingebroken in een huis aan de Parklaan. Wij zoeken een man van ongeveer 30 jaar met een donkere jas en een rugzak.", "De man is gezien op een blauwe fiets.", "De politie heeft een man aangehouden, mede door uw hulp. Bedankt!"),
        (AlertCategory.Violence, "Bij een ruzie is iemand gewond geraakt. Wij zoeken een man in een wit trainingspak.", "De man is weggereden in een grijze auto.", "De man is aangehouden."),
        (AlertCategory.HitAndRun, "Een automobilist is doorgereden na een aanrijding met een fietser. Het gaat om een rode auto met schade aan de voorkant.", "De auto heeft een wit dak.", "De bestuurder heeft zich gemeld."),
        (AlertCategory.Fraud, "Een vrouw doet zich voor als medewerker van de bank en haalt pinpassen op bij ouderen. Zij draagt een lange beige jas.", "Zij is samen met een man in een witte auto.", "De vrouw is aangehouden."),
        (AlertCategory.RamRaid, "Bij de juwelier in de Hoofdstraat is een ramkraak gepleegd. De daders rijden in een donkere stationwagen, richting de A28.", "De auto is leeg gevonden. De daders zijn te voet verder.", "De daders zijn niet gevonden."),
    ];

    static readonly Story[] Stories = [.. Tell()];

    /// <summary>All of them, as if the newest message of each is sent at <paramref name="now"/>, somewhere in the region.</summary>
    public static IReadOnlyList<ExampleAlert> At(DateTimeOffset now, AreaIndex areas) => [.. Stories.SelectMany(story => PhasesOf(story, now, areas))];

    static IEnumerable<ExampleAlert> PhasesOf(Story story, DateTimeOffset now, AreaIndex areas)
    {
        var issued = now - Before - TimeSpan.FromDays(story.DaysAgo);
        var place = story.Place is { } name ? areas.Find(name, now) ?? areas.Existing(now).FirstOrDefault() : null;
        var opened = new AlertMessage { Key = "opened", Phase = AlertPhase.Opened, SentAt = issued, Title = story.Title, Text = story.Opened };
        var alert = new Alert
        {
            Source = "voorbeeld", SourceId = $"voorbeeld-{story.Key}", Kind = story.Kind, Category = story.Category, Exercise = story.Exercise, IssuedAt = issued,
            Municipality = place?.Name, Area = place is null ? null : place.Extent with { Radius = Radius }, Messages = [opened with { SentAt = now }],
            Photo = story.Kind is AlertKind.AmberAlert or AlertKind.VermistKindAlert ? new AlertPhoto("https://www.politie.nl/foto.jpg", $"Foto van {story.Title}") : null,
        };

        yield return Example(AlertPhase.Opened, alert);
        if (story.Updated is { } update)
            yield return Example(AlertPhase.Updated, alert with { Messages = [opened, Message(AlertPhase.Updated, update)] });
        if (story.Closed is { } closed)
        {
            yield return Example(AlertPhase.Closed, Ended(AlertPhase.Closed, closed));
            if (story.Kind is AlertKind.Actie && !story.Exercise)
                yield return Example(AlertPhase.Closed, Ended(AlertPhase.Closed, ""), " zonder woorden");
        }

        if (story.Updated is not null)
            yield return Example(AlertPhase.Withdrawn, Ended(AlertPhase.Withdrawn, ""));

        ExampleAlert Example(AlertPhase phase, Alert newest, string more = "") => new($"{story.Key}-{Wire.Name(phase)}{more.Replace(' ', '-')}", story.Name, Wire.Name(phase), more, newest);
        Alert Ended(AlertPhase phase, string words) => alert with { Messages = [opened, Message(phase, words)], Ended = true, EndedAt = now };
        AlertMessage Message(AlertPhase phase, string words) => new() { Key = "newest", Phase = phase, SentAt = now, Text = words };
    }

    static IEnumerable<Story> Tell()
    {
        foreach (var (category, opened, updated, closed) in Appeals)
            yield return new Story(Wire.Name(category), $"Actie, {RouteWords.Of(category)}", AlertKind.Actie, category, opened) { Updated = updated, Closed = closed };

        var child = Appeals.Single(a => a.Category is AlertCategory.MissingPerson);
        foreach (var kind in new[] { AlertKind.AmberAlert, AlertKind.VermistKindAlert })
        {
            yield return new Story(Wire.Name(kind), RouteWords.Of(kind), kind, child.Category, child.Opened)
            {
                Title = "Fenna (9)", Place = kind is AlertKind.AmberAlert ? null : Place, Updated = child.Updated, Closed = child.Closed,
            };
        }

        yield return new Story("burgernetmail", "Burgernetmail", AlertKind.Burgernetmail, AlertCategory.Burglary, "In de wijk Kerkebosch is in november vier keer ingebroken, steeds aan het begin van de avond. Heeft u camerabeelden, of zag u iemand die daar niet hoort?")
        {
            Title = "Wie zag iets in Kerkebosch?", Place = OtherPlace, Updated = "Wij zoeken vooral beelden van dinsdag 17 november tussen 18.00 en 20.00 uur.", Closed = "",
        };
        yield return new Story("oefening", "Oefening", AlertKind.Actie, AlertCategory.Robbery, "Dit is een oefening. Wij zoeken twee mannen op een rode scooter.") { Exercise = true, Closed = "De oefening is voorbij." };

        yield return new Story("lang", "Een lange tekst", AlertKind.Actie, AlertCategory.Robbery, Appeals.Single(a => a.Category is AlertCategory.Robbery).Opened + " De eerste is ongeveer 1.85 m lang, slank en draagt een zwarte jas met een bontkraag. De tweede is ongeveer 1.70 m lang, fors en draagt een grijs trainingspak met witte strepen. Zij zijn het laatst gezien bij het station.");
        yield return new Story("zegt-alles", "Een tekst die alles zelf zegt", AlertKind.Actie, AlertCategory.Violence, "Wij zoeken een man met een mes. Benader hem niet zelf. Bel direct 112.");
        yield return new Story("ander-nummer", "Een tekst met een ander nummer", AlertKind.Actie, AlertCategory.HitAndRun, "Wij zoeken een witte bestelbus met schade aan de voorkant. Weet u waar die staat? Bel 0900-8844.");
        yield return new Story("hoort-er-niet-in", "Een tekst met wat er niet in hoort", AlertKind.Actie, AlertCategory.Other, "Wij zoeken een man met een rode muts. Volg @iemand, kijk op www.example.com of bel 06-12345678. #gezocht");
        yield return new Story("dag-later", "Een dag later", AlertKind.Actie, AlertCategory.MissingPerson, child.Opened) { DaysAgo = 1 };
    }

    sealed record Story(string Key, string Name, AlertKind Kind, AlertCategory Category, string Opened)
    {
        public string? Title { get; init; }
        public string? Place { get; init; } = ExampleAlerts.Place;
        public bool Exercise { get; init; }

        /// <summary>Null: it has no such phase.</summary>
        public string? Updated { get; init; }

        /// <summary>Null: it has no such phase; empty: it ends without words.</summary>
        public string? Closed { get; init; }

        public int DaysAgo { get; init; }
    }
}

/// <summary>An invented alert in one phase.</summary>
/// <param name="Key">Names it, in letters, digits and dashes.</param>
/// <param name="Name">What it is (Dutch).</param>
/// <param name="Phase"><c>opened</c>, <c>updated</c>, <c>closed</c> or <c>withdrawn</c>.</param>
/// <param name="More">What is special about the phase (Dutch); mostly empty.</param>
/// <param name="Alert">As a source would report it.</param>
public sealed record ExampleAlert(string Key, string Name, string Phase, string More, Alert Alert);
