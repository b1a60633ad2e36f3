using System.Globalization;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Reports;

/// <summary>One table of a report, in the words of who reads it (Dutch). Every way to write a report shows the same ones.</summary>
/// <param name="Key">Names it for programs, sheets and plots; lower case.</param>
/// <param name="Meaning">What its figures are.</param>
/// <param name="Basis">How much they rest on.</param>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">Text, numbers, <see cref="Share"/>, <see cref="Seconds"/>, <see cref="Dollars"/>, days and moments; null where it is not known.</param>
public sealed record ReportTable(string Key, string Title, string Meaning, string Basis, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>What more there is to see of each row; null: nothing.</summary>
    public ReportLinks? Links { get; init; }
}

/// <summary>What the rows of a table lead to.</summary>
public enum ReportLinkKind
{
    Alert,
    Municipality,
}

/// <summary>What more there is to see of each row of a table.</summary>
/// <param name="Column">The cell that leads there.</param>
/// <param name="Keys">By row: our id of the alert, or a CBS code; null: nowhere.</param>
public sealed record ReportLinks(ReportLinkKind Kind, int Column, IReadOnlyList<string?> Keys);

/// <summary>A duration as a figure.</summary>
public readonly record struct Seconds(double Value);

/// <summary>An amount as a figure.</summary>
public readonly record struct Dollars(decimal Value);

/// <summary>Makes the tables of a report.</summary>
public static class ReportTables
{
    /// <summary>The year plan asks for this share of hard successes at least.</summary>
    public const double HardSuccessGoal = 8;

    /// <summary>What stands where nothing is known.</summary>
    public const string Unknown = "niet bekend";

    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    public static IReadOnlyList<ReportTable> Of(Report report)
    {
        var tables = new List<ReportTable> { KeyFigures(report), Success(report), Categories(report), Balance(report), Months(report) };
        tables.AddRange([Municipalities(report), Coverage(report), ReachByChannel(report), ReachByHour(report)]);
        if (report.Curve.Count > 0)
            tables.Add(Curve(report));
        tables.AddRange([Speed(report), Reliability(report)]);
        if (report.Cost.Count > 0)
            tables.Add(Cost(report));
        if (report.Best.Count > 0)
            tables.Add(Posts("beste-berichten", "Best bekeken berichten", "De oproepen die per kanaal het vaakst zijn bekeken.", report, report.Best));
        if (report.Weakest.Count > 0)
            tables.Add(Posts("minst-bekeken-berichten", "Minst bekeken berichten", "De oproepen die per kanaal het minst zijn bekeken. Wat snel is weggehaald, is korter te zien geweest.", report, report.Weakest));
        return [.. tables.Select(table => table.Rows.SelectMany(row => row).Any(cell => cell is Share { TooFew: true, Whole: > 0 })
            ? table with { Basis = $"{table.Basis} Van minder dan {Share.Minimum} gevallen geven wij geen percentage." }
            : table)];
    }

    /// <summary>A cell as people read it.</summary>
    public static string Shown(object? cell) => cell switch
    {
        null => Unknown,
        int or long => string.Create(Dutch, $"{cell:N0}"),
        double number => number.ToString("N1", Dutch),
        Share { Whole: 0 } => "geen gevallen",
        Share { Percentage: { } percentage } share => string.Create(Dutch, $"{percentage:0.0}\u00a0% ({share.Part:N0}\u00a0van\u00a0{share.Whole:N0})"),
        Share share => string.Create(Dutch, $"{share.Part:N0}\u00a0van\u00a0{share.Whole:N0}"),
        Seconds { Value: < 120 } seconds => string.Create(Dutch, $"{seconds.Value:0.#}\u00a0s"),
        Seconds seconds => string.Create(Dutch, $"{seconds.Value / 60:0.#}\u00a0min"),
        Dollars dollars => string.Create(Dutch, $"$\u00a0{dollars.Value:N2}"),
        DateOnly day => day.ToString("d MMMM yyyy", Dutch),
        DateTimeOffset moment => DutchTime.Of(moment).ToString("d-M-yyyy H.mm", Dutch),
        TimeSpan span => Span(span),
        _ => cell.ToString()!,
    };

    /// <summary>A figure as people read it where no table says what it rests on.</summary>
    public static string Alone(object? figure) => figure is Share { TooFew: true, Whole: > 0 } ? $"{Shown(figure)} (te weinig voor een percentage)" : Shown(figure);

    /// <summary>What the region or municipality is called.</summary>
    public static string AreaOf(Report report) => report.AreaName ?? "de hele regio";

    /// <summary>What a report is about, as a heading.</summary>
    public static string Heading(Report report) => $"{Capital(AreaOf(report))}, {report.Period}";

    static ReportTable KeyFigures(Report report)
    {
        var (now, before) = (report.Figures, report.YearBefore);
        return new ReportTable("kerncijfers", "Kerncijfers",
            "Een actie is een oproep om mee uit te kijken: een Burgernet-actie, AMBER Alert of Vermist Kind Alert. Oefeningen tellen nooit mee, en een bericht dat via twee wegen binnenkwam telt één keer. Een actie hoort bij de gemeente waar het middelpunt van de cirkel ligt. Bij 'geplaatst' tellen acties die er bij de eerste start al stonden niet mee.",
            $"{Count(now.Actions, "actie", "acties")} en {Count(now.Mails, "Burgernetmail", "Burgernetmails")} ({report.Period}){(before is null ? "" : $"; ernaast dezelfde dagen een jaar eerder ({Count(before.Actions, "actie", "acties")})")}.{Beginning(report)}",
            ["Wat", "Deze periode", "Jaar eerder"],
            [
                Row("Acties", f => f.Actions),
                Row("Burgernetmails", f => f.Mails),
                Row("Hard succes", f => f.HardSuccess),
                Row("Zacht succes", f => f.Actions > 0 && f.OutcomeKnown == 0 ? null : f.Soft),
                Row("Acties waarvan de afloop bekend is", f => new Share(f.OutcomeKnown, f.Actions)),
                Row("Op ten minste één kanaal geplaatst", f => f.Covered),
                Row("Berichten geplaatst", f => f.Reach.Posts),
                Row("Keer getoond", f => f.Reach.Impressions),
                Row("Berichten waarvan bekend is hoe vaak ze zijn getoond", f => new Share(f.Basis.Impressions, f.Reach.Posts)),
                Row("Mensen bereikt", f => f.Reach.Reach),
                Row("Berichten waarvan bekend is hoeveel mensen ze bereikten", f => new Share(f.Basis.Reach, f.Reach.Posts)),
                Row("Reacties, likes en gedeeld", f => f.Reach.Engagements),
                Row("Berichten waarvan bekend is wat mensen ermee deden", f => new Share(f.Basis.Engagements, f.Reach.Posts)),
                Row("Van uitgifte tot bericht, helft sneller dan", f => Time(f.Speed.P50)),
                Row("Van uitgifte tot bericht, 95 van 100 sneller dan", f => Time(f.Speed.P95)),
            ]);

        IReadOnlyList<object?> Row(string what, Func<KeyFigures, object?> figure) => [what, figure(now), before is null ? null : figure(before)];
    }

    static ReportTable Success(Report report) => new("hard-succes", "Hard succes, met de lijn van 8 %",
        "Hard succes: een deelnemer gaf de juiste informatie waardoor een verdachte of vermiste persoon direct gevonden werd. Het percentage is hard successen gedeeld door alle acties, ook die waarvan de afloop niet is vastgelegd. Waar nog geen enkele afloop is vastgelegd staat 'niet bekend'. Zacht succes (de informatie hielp, of het werd later opgelost) telt hier niet mee. Wie de app heeft belt 112 en niet Burgernet, dus er zijn er waarschijnlijk meer. Het jaarplan vraagt ten minste 8 %.",
        $"{Count(report.Figures.Actions, "actie", "acties")}; {OutcomesOf(report.Figures)}.{Beginning(report)}",
        ["Maand", "Hard succes", "Afloop vastgelegd", "Hard succes jaar eerder"],
        [
            .. report.Months.Select(m => (IReadOnlyList<object?>)[m.Month.ToString("MMMM yyyy", Dutch), m.Now?.HardSuccess, m.Now?.OutcomeKnown, m.YearBefore?.HardSuccess]),
            ["Alles", report.Figures.HardSuccess, report.Figures.OutcomeKnown, report.YearBefore?.HardSuccess],
        ]);

    static ReportTable Categories(Report report) => new("soorten", "Acties naar soort",
        "Waar de actie over gaat, afgeleid uit de tekst en wat de bron erbij zegt. Waar nog geen enkele afloop is vastgelegd staat bij hard succes 'niet bekend'.", ComparedBasis(report),
        ["Soort", "Acties", "Deel van alle acties", "Hard succes", "Afloop vastgelegd", "Acties jaar eerder"],
        [.. report.Categories.Select(c => (IReadOnlyList<object?>)[Capital(RouteWords.Of(c.Category)), c.Actions, c.OfAll, c.HardSuccess, c.OutcomeKnown, c.YearBefore])]);

    static ReportTable Balance(Report report)
    {
        return new ReportTable("verhouding", "Vermissingen tegenover misdrijven met grote gevolgen",
            "Misdrijven met grote gevolgen (High Impact Crime): overval, straatroof, woninginbraak en geweld. Het jaarplan wil een betere verhouding tussen die twee.", ComparedBasis(report), ["Wat", "Deze periode", "Jaar eerder"],
            [
                Row("Vermissingen", f => f.MissingPersons),
                Row("Overval, straatroof, inbraak en geweld", f => f.HighImpactCrime),
                Row("Al het andere", f => f.Actions - f.MissingPersons - f.HighImpactCrime),
            ]);

        IReadOnlyList<object?> Row(string what, Func<KeyFigures, int> part) =>
            [what, new Share(part(report.Figures), report.Figures.Actions), report.YearBefore is { } before ? new Share(part(before), before.Actions) : null];
    }

    static ReportTable Months(Report report) => new("maanden", "Acties per maand, naast een jaar eerder",
        "De maand waarin de actie is uitgegeven, in Nederlandse tijd. Van een maand waarin hier nog niets werd bewaard staat er 'niet bekend'; dat is geen nul.", ComparedBasis(report), ["Maand", "Acties", "Acties jaar eerder", "Verschil"],
        [.. report.Months.Select(m => (IReadOnlyList<object?>)[m.Month.ToString("MMMM yyyy", Dutch), m.Now?.Actions, m.YearBefore?.Actions, m.Now?.Actions - m.YearBefore?.Actions])]);

    static ReportTable Municipalities(Report report) => new("gemeenten", report.Area is null ? "Acties en bereik per gemeente" : "Acties en bereik in de gemeente",
        "Deelnemers, app-downloads en inwoners komen uit de cijfers die met 'context import' zijn ingelezen: de laatste van een jaar of maand die aan het eind van de periode voorbij was. Getoond telt ook Burgernetmail mee. Waar nog geen enkele afloop is vastgelegd staat bij hard succes 'niet bekend'.",
        $"{ActionBasis(report)} Hoe vaak iets is getoond, is bekend van {Of(report.Figures.Basis.Impressions, report)}.{Beginning(report)}",
        ["Gemeente", "Acties", "Acties jaar eerder", "Vermissingen", "Overval, straatroof, inbraak, geweld", "Hard succes", "Afloop vastgelegd", "Keer getoond", "Deelnemers van de inwoners", "App-downloads"],
        [.. report.Municipalities.Select(m => (IReadOnlyList<object?>)[m.Name, m.Actions, m.YearBefore, m.MissingPersons, m.HighImpactCrime, m.HardSuccess, m.OutcomeKnown, m.Reach.Impressions, Participation(m.Context), m.Context?.Downloads])])
    {
        Links = new ReportLinks(ReportLinkKind.Municipality, 0, [.. report.Municipalities.Select(m => m.Code)]),
    };

    static object? Participation(ContextFigure? context) => context is { Participants: { } participants, Inhabitants: { } inhabitants } ? new Share(participants, inhabitants) : context?.Participants;

    static ReportTable Coverage(Report report) => new("dekking", "Dekking: welk deel van de acties ging uit",
        "Van elk kanaal het deel van alle acties waarvan de oproep daar echt heeft gestaan; op WhatsApp in ten minste één groep. Acties die er al stonden toen dit programma voor het eerst begon, tellen hier niet mee: die zijn met opzet niet geplaatst. Ter vergelijking: in 2011 haalde een account met een automaat 98 %, een dat met de hand werd gevuld 17 %.", $"{Count(report.Figures.Covered.Whole, "actie", "acties")}{(report.Figures.Actions == report.Figures.Covered.Whole ? "" : $"; bij de eerste start {(report.Figures.Actions - report.Figures.Covered.Whole == 1 ? "stond er al een" : $"stonden er al {Number(report.Figures.Actions - report.Figures.Covered.Whole)}")}")}.", ["Kanaal", "Geplaatst"],
        [.. report.Coverage.Select(c => (IReadOnlyList<object?>)[c.Channel, c.WentOut])]);

    static ReportTable ReachByChannel(Report report) => new("bereik-per-kanaal", "Bereik per kanaal",
        "Zoals de netwerken het zelf zeggen, opgeteld over alle berichten: oproep, update en afloop. Wie twee berichten zag, telt twee keer. Op WhatsApp is getoond wat bij telefoons is afgeleverd, en bereikt wie het opende. 'Niet bekend' betekent dat het netwerk het niet zegt; dat is geen nul.",
        MeasuredBasis(report), ReachColumns("Kanaal", "Uitgegane oproepen en mails"), [.. report.ReachByChannel.Select(r => ReachCells(r.Key, r))]);

    static ReportTable ReachByHour(Report report) => new("bereik-per-uur", "Bereik naar het uur van uitgifte",
        "Het uur waarin de oproep is uitgegeven (Nederlandse tijd), met alles wat dat bericht daarna nog bereikte. 'Niet bekend' betekent dat van dit uur geen enkel netwerk het zei; dat is geen nul.", MeasuredBasis(report), ReachColumns("Uur", "Oproepen en mails"),
        [.. report.ReachByHour.Select(r => ReachCells($"{int.Parse(r.Key!, CultureInfo.InvariantCulture)} uur", r))]);

    static string[] ReachColumns(string first, string alerts) => [first, alerts, "Berichten", "Keer getoond", "Mensen bereikt", "Reacties, likes en gedeeld", "Berichten met enig cijfer"];

    static object?[] ReachCells(string? key, ReachRow row) => [key, row.Alerts, row.Posts, row.Impressions, row.Reach, row.Engagements, row.MeasuredPosts];

    static ReportTable Curve(Report report) => new("verloop", "Verloop van het bereik na plaatsing",
        "Hoe vaak een oproep gemiddeld was getoond op vaste momenten na plaatsing (waar een netwerk dat niet zegt: hoeveel mensen). Wat meer dan een kwart later is gevraagd dan dat moment (en meer dan een kwartier) telt voor dat moment niet mee. De laatste kolom vergelijkt alleen berichten die ook op het laatste moment zijn gemeten, want wat eerder is weggehaald telt daar niet meer mee.",
        $"Berichten waarvan het netwerk op dat moment een getal gaf; hoeveel dat er zijn staat op elke regel. Onder de {Share.Minimum} vergeleken berichten staat er geen percentage.",
        ["Kanaal", "Na plaatsing", "Berichten gemeten", "Gemiddeld getoond", "Deel van het eindbereik (%)", "Berichten vergeleken"],
        [.. report.Curve.Select(p => (IReadOnlyList<object?>)[p.Channel, p.After, p.Posts, p.Average, p.OfFinal, p.Compared])]);

    static ReportTable Speed(Report report) => new("snelheid", "Van uitgifte tot bericht",
        "De tijd tussen het moment waarop de meldkamer de actie uitgaf en het moment waarop de oproep op het kanaal stond. Op WhatsApp telt elke groep; groepen krijgen het bericht na elkaar.",
        $"{Count(report.Figures.Speed.Cases, "geplaatste oproep", "geplaatste oproepen")} van acties.", ["Kanaal", "Oproepen", "Helft sneller dan", "95 van 100 sneller dan"],
        [.. report.Speed.Select(s => (IReadOnlyList<object?>)[s.Channel ?? "Alle kanalen", s.Seconds.Cases, Time(s.Seconds.P50), Time(s.Seconds.P95)])]);

    static ReportTable Reliability(Report report) => new("betrouwbaarheid", "Betrouwbaarheid van de kanalen",
        "Van elk bericht dat geplaatst moest worden, per doel (op WhatsApp per groep): wat ervan kwam. Gelukt is geplaatst gedeeld door geplaatst, geweigerd, te laat en vastgehouden samen. Vastgehouden: een mens moet beslissen of het er staat.",
        $"{Count(report.Reliability.Sum(r => r.Succeeded.Whole), "bericht", "berichten")} waarover beslist is.", ["Kanaal", "Gelukt", "Geplaatst", "Geweigerd", "Te laat", "Vastgehouden", "Nog te gaan", "Niet meer nodig", "Later vanzelf verdwenen"],
        [.. report.Reliability.Select(r => (IReadOnlyList<object?>)[r.Channel, r.Succeeded, r.Published, r.Failed, r.Expired, r.Held, r.Waiting, r.Dropped, r.Vanished])]);

    static ReportTable Cost(Report report) => new("kosten", "Kosten",
        "Geplaatste berichten maal de prijs van vandaag in dollars; met een link erin is een bericht duurder. Wat het netwerk voor het opvragen van cijfers rekent zit hier niet in.",
        $"{Count(report.Cost.Sum(c => c.Posts), "geplaatst bericht", "geplaatste berichten")}.", ["Kanaal", "Berichten", "Waarvan met link", "Kosten"],
        [.. report.Cost.Select(c => (IReadOnlyList<object?>)[c.Channel, c.Posts, c.WithLink, new Dollars(c.Dollars)])]);

    static ReportTable Posts(string key, string title, string meaning, Report report, IReadOnlyList<PostRow> posts)
    {
        // Who has no account sees how posts did, not what they said.
        var hasWords = posts.Any(p => p.Words is not null);
        string[] columns = ["Kanaal", .. hasWords ? (string[])["Woorden"] : [], "Bekeken", "Reacties, likes en gedeeld", "Uitgegeven", "Soort", "Gemeente", "Stond er bij de laatste meting", "Actie"];
        return new ReportTable(key, title, $"{meaning} Op WhatsApp zijn alle groepen samen geteld.", $"Hoe vaak iets is bekeken, is bekend van {Of(report.Figures.Basis.Views, report)}.", columns,
            [.. posts.Select(p => (IReadOnlyList<object?>)[p.Channel, .. hasWords ? (object?[])[p.Words] : [], p.Views, p.Engagements, p.IssuedAt, Capital(RouteWords.Of(p.Category)), p.Municipality, p.Stood, p.AlertId])])
        {
            Links = new ReportLinks(ReportLinkKind.Alert, columns.Length - 1, [.. posts.Select(p => p.AlertId)]),
        };
    }

    /// <summary>Of how many actions is known how they ended (Dutch); it stands beside every percentage of successes.</summary>
    public static string OutcomesOf(KeyFigures figures) => figures.OutcomeKnown == 0 ? "nog van geen enkele actie is de afloop vastgelegd" : $"van {Number(figures.OutcomeKnown)} is de afloop vastgelegd";

    static string ComparedBasis(Report report) => ActionBasis(report) + Beginning(report);

    // Who sees a year beside another must know where it began.
    static string Beginning(Report report) => report.RecordedFrom is { } first && first > report.Period.YearBefore.From
        ? $" De gegevens beginnen op {Shown(first)}{(report.YearBefore is null ? "; van een jaar eerder is niets bekend" : "")}." : "";

    static string ActionBasis(Report report) => $"{Count(report.Figures.Actions, "actie", "acties")}.";

    static string MeasuredBasis(Report report) =>
        $"{Count(report.Figures.Reach.Posts, "geplaatst bericht", "geplaatste berichten")}. Van {Of(report.Figures.Basis.Impressions, report)} is bekend hoe vaak ze zijn getoond, van {Number(report.Figures.Basis.Reach)} hoeveel mensen ze bereikten en van {Number(report.Figures.Basis.Engagements)} wat mensen ermee deden; van {Number(report.Figures.Reach.MeasuredPosts)} gaf het netwerk enig cijfer.";

    static string Of(long posts, Report report) => $"{Number(posts)} van de {Number(report.Figures.Reach.Posts)} berichten";

    static string Number(long number) => number.ToString("N0", Dutch);

    static string Count(long count, string one, string many) => string.Create(Dutch, $"{count:N0} {(count == 1 ? one : many)}");

    static Seconds? Time(double? seconds) => seconds is { } value ? new Seconds(value) : null;

    static string Span(TimeSpan span) => span switch
    {
        { TotalMinutes: < 90 and not 60 } => string.Create(Dutch, $"{span.TotalMinutes:0}\u00a0minuten"),
        { TotalHours: < 48 } => string.Create(Dutch, $"{span.TotalHours:0}\u00a0uur"),
        _ => string.Create(Dutch, $"{span.TotalDays:0}\u00a0dagen"),
    };

    static string Capital(string words) => string.Concat(words[..1].ToUpper(Dutch), words.AsSpan(1));
}
