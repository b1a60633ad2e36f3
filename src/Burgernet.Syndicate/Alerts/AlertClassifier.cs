using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.Alerts;

/// <summary>
/// What the Dutch words of an appeal say: what it is about, whether it is only an exercise, and whether people must
/// stay away from whom they look for. The feeds have no field for any of these (the values of <c>actionType</c> are
/// not documented), so the words decide and the feed's hint only helps where they are silent.
/// </summary>
public static partial class AlertClassifier
{
    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Words that name the incident. An appeal says first what happened, so the earliest one counts.</summary>
    static readonly (AlertCategory Category, Regex Words)[] Named =
    [
        (AlertCategory.Robbery, Robbery()),
        (AlertCategory.StreetRobbery, StreetRobbery()),
        (AlertCategory.RamRaid, RamRaid()),
        (AlertCategory.Burglary, Burglary()),
        (AlertCategory.HitAndRun, HitAndRun()),
        (AlertCategory.Fraud, Fraud()),
        (AlertCategory.Violence, Violence()),
        (AlertCategory.MissingPerson, MissingPerson()),
    ];

    /// <summary>What an appeal is about.</summary>
    /// <param name="kind">AMBER Alert and Vermist Kind Alert are about a missing child, whatever they say.</param>
    /// <param name="hint">The feed's own word for it, if it has one; an unknown one is ignored.</param>
    /// <param name="text">The title and the words of the opening message.</param>
    public static AlertCategory Categorise(AlertKind kind, string? hint, string text)
    {
        if (kind is AlertKind.AmberAlert or AlertKind.VermistKindAlert)
            return AlertCategory.MissingPerson;

        text = Address().Replace(text, " ");
        return FirstNamed(text) ?? FirstNamed(hint ?? "") ?? Suggested(text);
    }

    /// <summary>
    /// Whether the appeal is announced as an exercise or a test. A mention is not an announcement: whoever "left after
    /// the exercise" is really missing, and a real appeal that stays inside is worse than an exercise that is seen.
    /// </summary>
    public static bool IsExercise(string? hint, string? title, string text) =>
        NamesExercise().IsMatch((hint ?? "").Replace('_', ' '))
        || NamesExercise().IsMatch(title ?? "")
        || Announces(title ?? "")
        || Announces(text);

    /// <summary>
    /// Whether people are told to stay away from whom they see. The warning must survive every shortening of the text.
    /// </summary>
    public static bool SaysDoNotApproach(string text) => StayAway().IsMatch(text);

    static AlertCategory? FirstNamed(string text)
    {
        AlertCategory? first = null;
        var earliest = int.MaxValue;
        foreach (var (category, words) in Named)
        {
            if (words.Match(text) is { Success: true } match && match.Index < earliest)
                (first, earliest) = (category, match.Index);
        }

        return first;
    }

    /// <summary>Words that only suggest what it is about; they count when nothing names it.</summary>
    static AlertCategory Suggested(string text) =>
        SuggestsViolence().IsMatch(text) ? AlertCategory.Violence
        : SuggestsMissingPerson().IsMatch(text) && !OtherCrime().IsMatch(text) ? AlertCategory.MissingPerson
        : AlertCategory.Other;

    static bool Announces(string text) =>
        ExerciseAnnounced().IsMatch(text) || (!MostlyCapitals(text) && ExerciseInCapitals().IsMatch(text));

    static bool MostlyCapitals(string text) => text.Count(char.IsLower) <= text.Count(char.IsUpper);

    // ---- What it is about --------------------------------------------------------------------------------------

    const string Shop =
        @"(?:\w*winkel(?!cent|stra|gebied|wagen)\w*|supermarkt|tankstation|pompstation|benzinestation|bank|juwelier|"
        + @"snackbar|cafetaria|restaurant|hotel|apotheek|drogist|slijterij|casino|kiosk|geldloper)";

    /// <summary>Web addresses hold words too: politie.nl/gezocht-en-vermist is about anything.</summary>
    [GeneratedRegex(@"(?:https?://|www\.)\S+", Options)]
    private static partial Regex Address();

    [GeneratedRegex(
        @"(?<!\b(?:geen|zonder)\s+)(?:overval(?:len|lers?|t)?\b"
        + @"|(?<!\b(?:bij|voor|achter|naast|nabij|tegenover)\s+(?:(?:de|het|een)\s+)?)\b" + Shop + @"\b[^.!?\n]{0,40}\bberoofd"
        + @"|\bberov(?:en|ing)\s+(?:van|op)\s+(?:(?:de|het|een)\s+)?" + Shop + @"\b"
        + @"|\bberoofden?\s+(?:de|het|een)\s+" + Shop + @"\b)", Options)]
    private static partial Regex Robbery();

    [GeneratedRegex(@"(?<!\b(?:geen|zonder)\s+)(?:straatro(?:of|ven?|vers?)|beroving|\bberoofd|\bberoven|tasjes(?:roof|dief|dieven|rover))", Options)]
    private static partial Regex StreetRobbery();

    [GeneratedRegex(@"(?<!\bgeen\s+)(?:ram|plof)-?kra(?:ak|ken|kers?)", Options)]
    private static partial Regex RamRaid();

    [GeneratedRegex(@"(?<!\bgeen\s+)(?:inbraak(?!werend|preventie)|inbraken|inbrekers?\b|inbrekers|ingebroken|\binbreken|\binbr\.|insluip)", Options)]
    private static partial Regex Burglary();

    const string Collision = @"(?:aanrijding|\baanr\.|\baangereden|\bongeval|\bongeluk|botsing)";

    [GeneratedRegex(
        Collision + @".{0,200}?(?:\bdoorgereden|\bdoorrij\w+|\bdoorreed|\breed\s+(?:\w+\s+){0,2}door\b)"
        + @"|(?:\bdoorgereden|\bdoorrij\w+|\bdoorreed|\breed\s+(?:\w+\s+){0,2}door\b).{0,80}?" + Collision
        + @"|\bverlaten\s+(?:van\s+)?(?:de\s+)?plaats\s+(?:van\s+(?:het|een)\s+)?(?:ongeval|ongeluk|aanrijding)", Options | RegexOptions.Singleline)]
    private static partial Regex HitAndRun();

    [GeneratedRegex(@"(?<!\bgeen\s+)(?:babbeltruc|\b(?:nep-?|neppe\s+|valse\s+)(?:politie-?)?agent|\boplicht|\bopgelicht|fraude\b|fraudeurs?\b)", Options)]
    private static partial Regex Fraud();

    [GeneratedRegex(
        @"(?<!\b(?:geen|zonder)\s+)(?:\bgeweld(?:s-?(?:incident|delict)|s?pleging)"
        + @"|\bsteek(?:partij|incident)|\bneergestoken|\bschiet(?:partij|incident)|\bneergeschoten|mishandel|vechtpartij)", Options)]
    private static partial Regex Violence();

    [GeneratedRegex(
        @"\bvermist(?:e|en)?\b(?!\s+(?:auto|fiets|scooter|bromfiets|bus|hond|kat|tas|voertuig))|\bvermissing|\bverm\.", Options)]
    private static partial Regex MissingPerson();

    /// <summary>"geweld" stands beside many an incident ("beroving met geweld"), so alone it only suggests.</summary>
    [GeneratedRegex(@"(?<!\b(?:geen|zonder)\s+)geweld(?!ig)|\bbedreig(?:d|ing)\s+met\s+(?:een\s+)?(?:mes|wapen|vuurwapen|steekwapen)", Options)]
    private static partial Regex SuggestsViolence();

    [GeneratedRegex(
        @"\b(?:wij|we|politie)\s+zoek(?:en|t)\s+(?:nog\s+)?(?:naar\s+)?(?:een|de)\s+(?:[\w-]+e\s+){0,2}"
        + @"(?:vrouw|man|jongen|jongetje|meisje|kind|kindje|peuter|kleuter|baby|persoon|tiener|mevrouw|meneer|heer)\b"
        + @"|\bdementi?e|\bdementer|\balzheimer|\bzoekgeraakt|\bzoek\s+geraakt|\bweggelopen|\bvertrokken\s+(?:uit|vanuit)\b", Options)]
    private static partial Regex SuggestsMissingPerson();

    [GeneratedRegex(
        @"diefstal|\bdie(?:f|ven)\b|\b(?:be|ge)stolen\b|\bverdachten?\b|\bdaders?\b|\bgevlucht|\bheterdaad|vernield|vernieling"
        + @"|brandstichting|\baanrand|\baangerand|\bverkracht|\bdrugs|\bbedreig|wapen|\bzakkenroll|\bmes\b", Options)]
    private static partial Regex OtherCrime();

    // ---- Exercises ---------------------------------------------------------------------------------------------

    const string Announced = @"(?:oefen(?:actie|bericht|melding|alarm|oproep)|test(?:bericht|melding|actie|alarm|oproep)|(?:burgernet|heterdaad|politie)[\s-]?oefening)(?:en)?";

    /// <summary>The words for it, as whole words: not a coronatest, a DNA-test, an oefenterrein or a testrit.</summary>
    const string Word = @"(?<![\w-])(?:" + Announced + @"|oefening|test)(?!\w|-(?!test|oefen|bericht)\w)";

    const string NotDenied = @"(?<!\bgeen\s+(?:[\w-]+\s+){0,2})(?<!\bniet\s+(?:(?:om|een|als|zomaar|voor)\s+){0,3})";

    const string Article = @"(?:(?:de|het|een|zijn|haar|hun|deze|die)\s+)?";

    /// <summary>"after the exercise": it tells when, not what.</summary>
    const string NotInPassing = @"(?<!\b(?:na|sinds|tijdens|vanaf)\s+" + Article + ")";

    const string NotBeside = @"(?<!\b(?:na|sinds|tijdens|vanaf|voor|bij|van|uit|naar|door|op|met)\s+" + Article + ")";

    /// <summary>In a title or a type the word alone is an announcement.</summary>
    [GeneratedRegex(NotDenied + NotBeside + "(?:" + Word + @"|(?<!\w)(?:exercise|drill)\b)", Options)]
    private static partial Regex NamesExercise();

    [GeneratedRegex(
        // It begins with it.
        @"\A\W*(?:burgernet\W+)?" + Word
        + @"|\A\W*(?:de\s+)?(?:politie|burgernet|meldkamer|wij|we)\s+(?:oefent|oefenen|(?:houdt|houden)\s+(?:[\w-]+\s+){0,3}" + Word + ")"
        // It stands alone between full stops, brackets or stars.
        + @"|[.!?:;,\n(\[*|–—]\s*" + Word + @"\s*(?:[.!:;)\]*|\n–—]|\z)"
        + "|" + NotDenied + NotBeside + @"(?<![\w-])oefening\s*:"
        + "|" + NotDenied + NotInPassing + @"(?<![\w-])" + Announced + @"\b"
        // It is said in a sentence.
        + @"|\b(?:is|betreft|gaat\s+(?:het\s+)?(?:hier\s+)?om)\s+(?:(?:hier|nu|slechts|alleen|enkel|maar|weer|gewoon|om)\s+)*"
        + @"(?:een\s+(?:(?:grote|kleine|korte|landelijke|technische|aangekondigde|geplande)\s+)?)?" + Word
        + @"|\bgaat\s+(?:hier\s+)?om\s+(?:een|de)\s+" + Word
        + @"|\bhet\s+(?:hier\s+)?om\s+(?:een|de)\s+" + Word + @"\s+(?:gaat|ging)\b"
        + @"|\b(?:onderdeel|in\s+het\s+kader)\s+van\s+(?:een|de)\s+" + Word
        + @"|(?<!\b(?:het|na|sinds|tot)\s+)\beinde\s+(?:van\s+de\s+)?" + Word, Options)]
    private static partial Regex ExerciseAnnounced();

    [GeneratedRegex(
        "(?i:" + NotDenied + NotBeside + @")(?<![\w-])(?:OEFENING|OEFENACTIE|OEFENBERICHT|TESTBERICHT|TEST)(?![\w-])", RegexOptions.CultureInvariant)]
    private static partial Regex ExerciseInCapitals();

    // ---- Stay away ---------------------------------------------------------------------------------------------

    [GeneratedRegex(
        @"\bbenader\s+(?:(?!en\b|maar\b|want\b)[\w’'-]+\s+){0,4}(?:niet|nooit)\b|\bbenader\s+niemand"
        + @"|\b(?:niet|nooit|niemand)\s+(?:zelf\s+)?(?:(?:proberen\s+)?te\s+|worden\s+)?benader(?:en|d)\b"
        + @"|\b(?:niet|nooit)\s+(?:zelf\s+)?(?:ingrijpen|in\s+te\s+grijpen|aanhouden|aan\s+te\s+houden|optreden|op\s+te\s+treden|achtervolgen|aanspreken)\b"
        + @"|\bgrijp\s+(?:(?:zelf|a\.?u\.?b\.?)\s+)?(?:niet|nooit)\b|\btreed\s+(?:zelf\s+)?(?:niet|nooit)\b"
        + @"|\b(?:houd|spreek)\s+(?:(?:hem|haar|hen|ze|de|het|deze|die|man|vrouw|personen|verdachten?)\s+){0,3}niet\s+(?:zelf\s+)?aan\b"
        + @"|\b(?:onderneem|ondernemen)\s+zelf\s+(?:geen|niets)\b|\bzelf\s+(?:geen\s+actie|niets)\s+(?:te\s+)?ondernemen\b"
        + @"|\bga\s+(?:er\s+)?(?:zelf\s+)?(?:niet|nooit)\s+(?:zelf\s+)?(?:achter|erachter|eropaf|op\s+(?:hem|haar|hen|onderzoek))"
        + @"|\bkom\s+niet\s+(?:te\s+)?(?:dichterbij|dichtbij|in\s+de\s+buurt)|\bblijf\s+uit\s+de\s+buurt\b|\bhoud\s+(?:\w+\s+)?afstand\b"
        + @"|\b(?:mogelijk|vermoedelijk|waarschijnlijk|is|zijn)\s+(?:(?!niet\b|on)\w+\s+)?(?:vuur)?(?:be|ge)wapend\b|vuurwapengevaarlijk", Options)]
    private static partial Regex StayAway();
}
