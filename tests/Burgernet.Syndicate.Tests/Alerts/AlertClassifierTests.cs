using Burgernet.Syndicate.Alerts;
using Xunit;

namespace Burgernet.Syndicate.Tests.Alerts;

public sealed class AlertClassifierTests
{
    [Theory]
    [InlineData("Overval op een supermarkt in Nieuwegein.", AlertCategory.Robbery)]
    [InlineData("OVERVAL TANKSTATION DRONTEN. 1 NN MAN, CA 25 JR, MES.", AlertCategory.Robbery)]
    [InlineData("Woningoverval in Baarn, twee daders gevlucht.", AlertCategory.Robbery)]
    [InlineData("Overvallers van juwelier te voet gevlucht.", AlertCategory.Robbery)]
    [InlineData("In Zeist is zojuist een winkel beroofd.", AlertCategory.Robbery)]
    [InlineData("Net een tankstation in Soest beroofd door twee mannen.", AlertCategory.Robbery)]
    [InlineData("Gewelddadige overval op een restaurant.", AlertCategory.Robbery)]
    [InlineData("Met geweld is een juwelier overvallen.", AlertCategory.Robbery)]
    [InlineData("Straatroof in Utrecht.", AlertCategory.StreetRobbery)]
    [InlineData("Poging tot beroving in Veenendaal-Oost.", AlertCategory.StreetRobbery)]
    [InlineData("Vrouw beroofd van haar tas bij winkelcentrum Kerkelanden.", AlertCategory.StreetRobbery)]
    [InlineData("Jongen beroofd van zijn fiets bij de supermarkt.", AlertCategory.StreetRobbery)]
    [InlineData("Tasjesroof op de markt.", AlertCategory.StreetRobbery)]
    [InlineData("Beroving met geweld in Almere.", AlertCategory.StreetRobbery)]
    [InlineData("Heterdaad woninginbraak in Hilversum.", AlertCategory.Burglary)]
    [InlineData("Inbrekers op de vlucht in Bilthoven, twee in het donker geklede mannen.", AlertCategory.Burglary)]
    [InlineData("Er wordt ingebroken in een school.", AlertCategory.Burglary)]
    [InlineData("HETERDAAD INBRAAK WONING", AlertCategory.Burglary)]
    [InlineData("De politie zoekt drie personen na een steekpartij.", AlertCategory.Violence)]
    [InlineData("Geweldsincident in Almere Haven.", AlertCategory.Violence)]
    [InlineData("Man mishandeld op het station, dader in rode jas.", AlertCategory.Violence)]
    [InlineData("Schietpartij in Overvecht.", AlertCategory.Violence)]
    [InlineData("Vechtpartij met vier jongens.", AlertCategory.Violence)]
    [InlineData("Geweld tegen buschauffeur.", AlertCategory.Violence)]
    [InlineData("Aanrijding met een fietser in Zeist, bestuurder doorgereden.", AlertCategory.HitAndRun)]
    [InlineData("Doorrijden na aanrijding, witte bestelbus.", AlertCategory.HitAndRun)]
    [InlineData("Auto is doorgereden na een ongeval op de N201.", AlertCategory.HitAndRun)]
    [InlineData("Kind aangereden, de auto reed daarna door.", AlertCategory.HitAndRun)]
    [InlineData("Babbeltruc bij oudere vrouw met dementie.", AlertCategory.Fraud)]
    [InlineData("Nepagenten aan de deur in Soest.", AlertCategory.Fraud)]
    [InlineData("Oplichting door man die zich voordoet als bankmedewerker.", AlertCategory.Fraud)]
    [InlineData("Plofkraak in Lelystad, daders weg op motor.", AlertCategory.RamRaid)]
    [InlineData("Ramkraak op juwelier.", AlertCategory.RamRaid)]
    [InlineData("Vermist: meisje van 9 jaar.", AlertCategory.MissingPerson)]
    [InlineData("VERMIST IN APELDOORN: VROUW VAN 70 JR", AlertCategory.MissingPerson)]
    [InlineData("Vermissing in Rhenen.", AlertCategory.MissingPerson)]
    [InlineData("Wij zoeken een vrouw van 34 jaar met een verstandelijke beperking.", AlertCategory.MissingPerson)]
    [InlineData("De politie zoekt een 12-jarige jongen uit Huizen.", AlertCategory.MissingPerson)]
    [InlineData("Gezocht: man van 81 jaar met dementie.", AlertCategory.MissingPerson)]
    [InlineData("Jongen van 8 is weggelopen van huis.", AlertCategory.MissingPerson)]
    [InlineData("Kleuter zoekgeraakt op de markt.", AlertCategory.MissingPerson)]
    [InlineData("Vrouw is lopend vertrokken uit het ziekenhuis.", AlertCategory.MissingPerson)]
    [InlineData("Vermist: vrouw, mogelijk slachtoffer van geweld.", AlertCategory.MissingPerson)]
    [InlineData("Wij zoeken een man die wordt verdacht van diefstal.", AlertCategory.Other)]
    [InlineData("Wij zoeken een donkere auto. Info: https://www.politie.nl/gezocht-en-vermist/1", AlertCategory.Other)]
    [InlineData("Geweldige dag in Baarn, iedereen bedankt.", AlertCategory.Other)]
    [InlineData("Uitkijken naar een groene auto. Er was geen geweld.", AlertCategory.Other)]
    [InlineData("", AlertCategory.Other)]
    public void The_words_decide_what_an_appeal_is_about(string text, AlertCategory expected) =>
        Assert.Equal(expected, AlertClassifier.Categorise(AlertKind.Actie, null, text));

    [Theory]
    [InlineData("Vermissing", "Man van 81, beige jas en pantoffels.", AlertCategory.MissingPerson)]
    [InlineData("woninginbraak", "Uitkijken naar een grijze auto.", AlertCategory.Burglary)]
    [InlineData("Vermissing", "Overval op een winkel.", AlertCategory.Robbery)]
    [InlineData("Opsporing", "Uitkijken naar een grijze auto.", AlertCategory.Other)]
    [InlineData("{}", "Vermist: meisje.", AlertCategory.MissingPerson)]
    public void A_hint_helps_where_the_words_are_silent(string hint, string text, AlertCategory expected) =>
        Assert.Equal(expected, AlertClassifier.Categorise(AlertKind.Actie, hint, text));

    [Theory]
    [InlineData(AlertKind.AmberAlert)]
    [InlineData(AlertKind.VermistKindAlert)]
    public void A_child_alert_is_about_a_missing_child_whatever_it_says(AlertKind kind) =>
        Assert.Equal(AlertCategory.MissingPerson, AlertClassifier.Categorise(kind, "Overval", "Ontvoerd na een overval."));

    [Theory]
    [InlineData("Oefening", null, "Uitkijken naar een man.")]
    [InlineData("HETERDAAD_OEFENING", null, "Uitkijken naar een man.")]
    [InlineData("Test", null, "Uitkijken naar een man.")]
    [InlineData("exercise", null, "Uitkijken naar een man.")]
    [InlineData(null, "Oefening", "Uitkijken naar een man.")]
    [InlineData(null, "Vermissing (oefening)", "Uitkijken naar een man.")]
    [InlineData(null, "TEST", "Uitkijken naar een man.")]
    [InlineData(null, null, "OEFENING OEFENING. Dit is een Burgernetoefening, er is niets aan de hand.")]
    [InlineData(null, null, "Oefening: uitkijken naar twee mannen.")]
    [InlineData(null, null, "oefening. Uitkijken naar twee mannen.")]
    [InlineData(null, null, "**OEFENING** Uitkijken naar twee mannen.")]
    [InlineData(null, null, "Burgernet: oefening. Uitkijken naar twee mannen.")]
    [InlineData(null, null, "Oefenactie in Leersum, kijk uit naar een blauwe auto.")]
    [InlineData(null, null, "Testbericht meldkamer. U hoeft niets te doen.")]
    [InlineData(null, null, "test")]
    [InlineData(null, null, "TEST TEST TEST")]
    [InlineData(null, null, "TEST-BERICHT. NIETS DOEN.")]
    [InlineData(null, null, "Vermist: man met hoed. OEFENING")]
    [InlineData(null, null, "Uitkijken naar een auto (oefening).")]
    [InlineData(null, null, "Let op, oefening! Uitkijken naar een auto.")]
    [InlineData(null, null, "Let op: test.")]
    [InlineData(null, null, "Vermist meisje. Dit is een oefening.")]
    [InlineData(null, null, "VERMIST MEISJE. DIT IS EEN OEFENING.")]
    [InlineData(null, null, "Vermist meisje. Dit is een test van de meldkamer.")]
    [InlineData(null, null, "Deze melding is slechts een oefening.")]
    [InlineData(null, null, "Het gaat om een oefening.")]
    [InlineData(null, null, "Inbraak in Leersum. Het gaat hier om een oefening van de politie.")]
    [InlineData(null, null, "Bel 0800-0011 en zeg dat het om de oefening gaat.")]
    [InlineData(null, null, "Het betreft een heterdaadoefening.")]
    [InlineData(null, null, "Welkom bij de burgernetoefening van vandaag.")]
    [InlineData(null, null, "Wij sturen dit oefenbericht aan alle deelnemers.")]
    [InlineData(null, null, "In het kader van een oefening zoeken wij een rode auto.")]
    [InlineData(null, null, "De politie houdt vandaag een oefening in Rhenen.")]
    [InlineData(null, null, "Einde oefening.")]
    [InlineData(null, null, "EINDE OEFENING. Beide “verdachten” zijn gevonden.")]
    [InlineData(null, null, "Einde test.")]
    [InlineData(null, null, "Bel NIET 112, dit is een oefening.")]
    [InlineData(null, null, "Er is geen gevaar dit is een oefening")]
    public void An_announced_exercise_is_recognised(string? hint, string? title, string text) =>
        Assert.True(AlertClassifier.IsExercise(hint, title, text));

    [Theory]
    [InlineData(null, null, "Dit is GEEN oefening. Vermist: meisje van 9 jaar.")]
    [InlineData(null, null, "Vermist meisje. Dit is geen OEFENING!")]
    [InlineData(null, null, "LET OP DIT IS GEEN OEFENING")]
    [InlineData(null, null, "Geen oefening: overval op winkel.")]
    [InlineData(null, null, "Dit is geen test of OEFENING.")]
    [InlineData(null, null, "Het gaat niet om een oefening.")]
    [InlineData(null, null, "Dit is niet zomaar een oefening.")]
    [InlineData(null, null, "Dit is geen burgernetoefening.")]
    [InlineData(null, "Geen oefening", "Vermist: man.")]
    [InlineData("geen oefening", null, "Vermist: man.")]
    [InlineData(null, null, "Vermist: man, laatst gezien bij het oefenterrein.")]
    [InlineData(null, null, "Laatst gezien op het oefenveld van de voetbalclub.")]
    [InlineData(null, null, "Jongen kwam niet thuis van de voetbaloefening.")]
    [InlineData(null, null, "Hij vertrok na de oefening op de fiets.")]
    [InlineData(null, null, "Soldaat vermist na de oefening: 22 jaar, groene jas.")]
    [InlineData(null, null, "Sinds het einde van de oefening is hij niet gezien.")]
    [InlineData(null, "Vermist na oefening", "Soldaat van 22 jaar.")]
    [InlineData(null, null, "Man liep weg bij de coronatest.")]
    [InlineData(null, "Coronatest", "Man liep weg.")]
    [InlineData(null, null, "De bestuurder is getest.")]
    [InlineData(null, null, "Testrit met gestolen auto, bestuurder niet teruggekomen.")]
    [InlineData(null, null, "Weggereden tijdens een testrit.")]
    [InlineData(null, null, "Test-rit met gestolen auto.")]
    [InlineData(null, null, "Verdachte werd gevonden met een DNA-test.")]
    [InlineData(null, null, "DNA-TEST leverde niets op, wij zoeken getuigen.")]
    [InlineData(null, null, "Vechtpartij na protest op de Dam.")]
    [InlineData(null, null, "Zij heeft een attest bij zich.")]
    [InlineData(null, null, "Zij is gezakt voor de test en overstuur weggelopen.")]
    [InlineData("Opsporing", "Overval", "Overval op een supermarkt.")]
    [InlineData("Vermissing", "Vermist kind", "Vermist: meisje van 9 jaar. Bel direct 112.")]
    [InlineData(null, null, "")]
    public void A_mention_is_no_announcement(string? hint, string? title, string text) =>
        Assert.False(AlertClassifier.IsExercise(hint, title, text));

    [Theory]
    [InlineData("Benader hen NIET zelf. Bel direct 112.")]
    [InlineData("Benader hem niet.")]
    [InlineData("Benader de verdachten niet zelf maar bel 112.")]
    [InlineData("Benader niemand zelf, bel 112.")]
    [InlineData("BEL 112, NIET BENADEREN")]
    [InlineData("Niet zelf benaderen!")]
    [InlineData("Wij vragen u hen niet zelf te benaderen.")]
    [InlineData("Niet zelf ingrijpen, bel 112.")]
    [InlineData("Niet zelf aanhouden. Bel 112.")]
    [InlineData("Grijp niet zelf in.")]
    [InlineData("Houd hem niet zelf aan.")]
    [InlineData("Ga niet zelf achter hen aan.")]
    [InlineData("Kom niet dichterbij.")]
    [InlineData("De man is mogelijk bewapend.")]
    [InlineData("Hij is vuurwapengevaarlijk.")]
    [InlineData("Verdachte is vermoedelijk vuurgewapend.")]
    [InlineData("Blijf uit de buurt en bel 112.")]
    public void A_warning_to_stay_away_is_recognised(string text) => Assert.True(AlertClassifier.SaysDoNotApproach(text));

    [Theory]
    [InlineData("Blijf bij hem en bel 112.")]
    [InlineData("Benader haar rustig, zij kan niet goed horen.")]
    [InlineData("Benader hem rustig en laat hem niet alleen.")]
    [InlineData("Bel NIET 112.")]
    [InlineData("De man is niet gewapend.")]
    [InlineData("De auto is niet aangetroffen.")]
    [InlineData("")]
    public void Other_advice_is_no_such_warning(string text) => Assert.False(AlertClassifier.SaysDoNotApproach(text));

    [Fact]
    public void A_very_long_text_is_read_in_no_time()
    {
        foreach (var text in new[] { new string('A', 100_000), string.Concat(Enumerable.Repeat("geen niet om een ", 6_000)), string.Concat(Enumerable.Repeat("aanrijding winkel ", 6_000)) })
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            AlertClassifier.Categorise(AlertKind.Actie, text, text);
            AlertClassifier.IsExercise(text, text, text);
            AlertClassifier.SaysDoNotApproach(text);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
        }
    }
}
