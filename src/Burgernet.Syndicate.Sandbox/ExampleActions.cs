using System.Globalization;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>
/// An invented Burgernet action. In its texts {gezien} is a quarter of an hour before the action and {nu} the moment of
/// the message itself, so that no two rounds of the scenario say the same: X refuses a text that it already has.
/// </summary>
internal sealed record ExampleAction(
    string Municipality, double Latitude, double Longitude, int Radius,
    string? Title, string? ActionType, string Opening, string Update, string Closing)
{
    public static readonly IReadOnlyList<ExampleAction> All =
    [
        new("Amersfoort", 52.1768, 5.3992, 1500, "Vermist kind", "Vermissing",
            "Vermist in Amersfoort: jongen van 7 jaar. Hij is rond {gezien} uur weggelopen bij een kinderboerderij en kent de weg in de buurt niet. "
            + "Hij is ongeveer 1.25 m lang, heeft kort blond haar en draagt een gele regenjas, een donkerblauwe broek en groene laarzen. "
            + "Ziet u hem? Blijf bij hem en bel direct 112.",
            "Aanvulling van {nu} uur: de jongen is mogelijk gezien bij de vijver in park Schothorst. Kijkt u ook in uw tuin, schuur en portiek. Bel direct 112 als u hem ziet.",
            "Goed nieuws: de jongen uit Amersfoort is om {nu} uur gevonden door een oplettende Burgernetdeelnemer en is weer bij zijn ouders. De actie is beëindigd. Bedankt voor het meekijken!"),
        new("Woerden", 52.0868, 4.8836, 2000, "Vermist", "Vermissing",
            "Wij zoeken een man van 79 jaar met dementie. Hij is rond {gezien} uur te voet vertrokken uit een verzorgingshuis in Woerden en kan verward zijn. "
            + "Hij is 1.80 m lang, heeft wit haar en een bril en draagt een donkergroene jas, een ribbroek en bruine schoenen. "
            + "Ziet u hem? Spreek hem rustig aan, blijf bij hem en bel direct 112.",
            "Aanvulling van {nu} uur: de man is gezien bij station Woerden en liep in de richting van de Singel. Hij heeft een witte plastic tas bij zich. Bel direct 112 als u hem ziet.",
            "De man uit Woerden is om {nu} uur in goede gezondheid gevonden. De actie is beëindigd. Bedankt voor het uitkijken. Wilt u gedeelde berichten over hem verwijderen?"),
        new("Nieuwegein", 52.0286, 5.0851, 2500, "Overval", "Opsporing",
            "Overval op een juwelier in Nieuwegein, rond {gezien} uur. Uitkijken naar twee mannen op een zwarte scooter zonder kentekenplaat. "
            + "Beiden dragen donkere kleding en een zwarte helm, de bijrijder heeft een grijze sporttas. Zij reden weg in de richting van IJsselstein. "
            + "LET OP: mogelijk bewapend. Benader hen NIET zelf. Ziet u hen? Bel direct 112.",
            "Aanvulling van {nu} uur: de scooter is gevonden in de wijk Batau. De mannen zijn waarschijnlijk te voet verder gegaan. Benader hen niet zelf, let op waar zij heen gaan en bel direct 112.",
            "De twee verdachten van de overval in Nieuwegein zijn om {nu} uur aangehouden, mede dankzij tips van Burgernetdeelnemers. De actie is beëindigd. Hartelijk dank!"),
        new("Hilversum", 52.2192, 5.1531, 1500, "Woninginbraak", null,
            "Woninginbraak op heterdaad in Hilversum, rond {gezien} uur. Uitkijken naar een man van ongeveer 30 jaar, 1.75 m lang, stevig postuur, zwart trainingspak met witte strepen en een donkere muts. "
            + "Hij vluchtte op een grijze damesfiets in de richting van Kerkelanden. Ziet u hem? Niet zelf aanhouden. Bel direct 112.",
            "Correctie van {nu} uur: de man uit Hilversum rijdt niet op een grijze, maar op een rode damesfiets. De rest van het signalement blijft gelijk. Bel direct 112 als u hem ziet.",
            "De man van de woninginbraak in Hilversum is niet aangetroffen. De actie is om {nu} uur beëindigd. Bedankt voor het uitkijken. Heeft u camerabeelden uit de buurt? Bel 0900-8844."),
        new("Almere", 52.3946, 5.2777, 2500, "Geweld", "Opsporing",
            "Steekpartij in Almere Buiten, rond {gezien} uur. De politie zoekt een jongen van 17 tot 20 jaar, ongeveer 1.85 m lang en slank. "
            + "Hij draagt een beige jas met capuchon, een zwarte broek en witte schoenen en rende weg in de richting van het station. "
            + "LET OP: hij heeft mogelijk een mes. Benader hem NIET zelf. Ziet u hem? Bel direct 112.",
            "Aanvulling van {nu} uur: de jongen heeft zijn jas waarschijnlijk uitgedaan en draagt nu een rode trui. Deel geen beelden van het slachtoffer en houd de weg vrij voor de hulpdiensten. Bel direct 112 als u hem ziet.",
            "De verdachte van de steekpartij in Almere is om {nu} uur aangehouden. De actie is beëindigd. Bedankt voor uw hulp."),
        new("Zeist", 52.0874, 5.2346, 3000, null, null,
            "Aanrijding met een voetganger in Zeist, rond {gezien} uur; de bestuurder is doorgereden. Gezocht wordt een donkerblauwe stationwagen met schade aan de linkervoorkant en een kapotte buitenspiegel. "
            + "De auto reed in de richting van Austerlitz. Ziet u deze auto? Bel direct 112. Heeft u de aanrijding gezien? Bel 0900-8844.",
            "Aanvulling van {nu} uur: op het dak van de stationwagen zit een lege fietsendrager. Kijkt u ook op parkeerplaatsen en opritten in uw buurt. Bel 112 als u de auto ziet.",
            "De stationwagen is om {nu} uur gevonden in Driebergen; de bestuurder heeft zich gemeld. De actie in Zeist is beëindigd. Bedankt voor uw hulp."),
        new("Veenendaal", 52.0267, 5.5562, 1800, "Straatroof", "Opsporing",
            "Straatroof in het centrum van Veenendaal, rond {gezien} uur. Twee jongens van 16 tot 18 jaar hebben een vrouw van haar bruine leren tas beroofd. "
            + "De ene draagt een witte trui met capuchon, de andere een legergroene bodywarmer. Zij renden in de richting van het station. Niet zelf aanhouden. Ziet u hen? Bel direct 112.",
            "Aanvulling van {nu} uur: de tas is teruggevonden bij een bushalte. De jongens zijn mogelijk op een zwarte fatbike verder gegaan in de richting van Rhenen. Bel direct 112 als u hen ziet.",
            "Een van de twee jongens van de straatroof in Veenendaal is om {nu} uur aangehouden na een tip via Burgernet; naar de ander wordt verder onderzoek gedaan. De actie is beëindigd. Bedankt!"),
        new("Wijk bij Duurstede", 51.9741, 5.3413, 1200, "Oefening", "Oefening",
            "OEFENING. Burgernet oefent in Wijk bij Duurstede, er is niets aan de hand. Oefening: uitkijken naar een vrouw met een paarse paraplu en een gele sjaal. "
            + "Zij loopt vanaf {nu} uur door de binnenstad. Ziet u haar? Bel 0800-0011 en zeg dat het om de oefening gaat. Bel NIET 112.",
            "OEFENING. Aanvulling van {nu} uur: de vrouw met de paarse paraplu is gezien bij de molen. Dit is een oefening. Bel 0800-0011 en niet 112.",
            "EINDE OEFENING. De oefening in Wijk bij Duurstede is om {nu} uur afgelopen: de vrouw met de paarse paraplu is gevonden. Bedankt voor het meedoen!"),
    ];
}

/// <summary>An invented Vermist Kind Alert. Its cancellation carries neither name nor photo.</summary>
internal sealed record ExampleChildAlert(string Name, int Age, string Municipality, double Latitude, double Longitude, int RadiusKilometres, string Description)
{
    public static readonly IReadOnlyList<ExampleChildAlert> All =
    [
        new("Noor", 8, "Soest", 52.1734, 5.2918, 10,
            "Laatst gezien rond {gezien} uur bij een sporthal in Soest. Lang bruin haar in twee vlechten, lichtblauwe winterjas, witte gympen en een rode rugzak. Bel direct 112."),
        new("Sem", 5, "Lelystad", 52.5084, 5.4751, 10,
            "Laatst gezien rond {gezien} uur in een speeltuin in Lelystad. Kort donker krullend haar, oranje trui, spijkerbroek. Hij heeft medicijnen nodig. Bel direct 112."),
    ];
}

/// <summary>Dutch wall-clock times in a text.</summary>
internal static class DutchTime
{
    static readonly TimeZoneInfo Amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    public static DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Amsterdam);

    public static string Fill(string text, DateTimeOffset at) => text
        .Replace("{gezien}", Clock(at - TimeSpan.FromMinutes(15)), StringComparison.Ordinal)
        .Replace("{nu}", Clock(at), StringComparison.Ordinal);

    static string Clock(DateTimeOffset at) => Local(at).ToString("HH.mm", CultureInfo.InvariantCulture);
}
