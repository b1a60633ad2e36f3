using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Sources.Mailbox;
using Burgernet.Syndicate.Mail;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources.Mailbox;

/// <summary>What becomes of a mail whose sender is believed: what sort it is, for whom, and what of it may be posted.</summary>
[Collection(nameof(ProcessWide))]
public sealed class MailJudgeTests(ShippedConfiguration shipped) : IClassFixture<ShippedConfiguration>
{
    readonly SyndicateOptions _options = shipped.Options;

    static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "mails");

    public static TheoryData<string> Fixtures() => [.. Items().Select(i => i.File)];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Each_fixture_is_decided_as_the_index_says(string file)
    {
        var expected = Items().Single(i => i.File == file);
        var its = await JudgeAsync(await File.ReadAllBytesAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken));

        Assert.Equal((expected.Kind, expected.Decision), (its.Kind, its.Decision));
        Assert.Equal(expected.Municipalities, its.Municipalities);
        Assert.EndsWith(".", its.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public async Task Without_a_signature_no_fixture_is_believed(string file)
    {
        var raw = await File.ReadAllBytesAsync(Path.Combine(Folder, file), TestContext.Current.CancellationToken);
        var trust = new MailTrust { AllowedSenders = [Mails.Police, "wijkagent@politie.example", "j.voorbeeld@politie.example"], AuthservId = Mails.AuthservId };
        var verdict = await new MailJudge(trust).JudgeAsync(raw, "post", _options, null, Mails.SentAt, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(SubmissionDecision.Quarantine, verdict.Submission.Decision);
        Assert.Contains(verdict.Steps, s => !s.Passed);
    }

    [Fact]
    public void The_rules_that_ship_are_those_that_count_without_any()
    {
        var shipped = _options.MailRules.All;
        var builtIn = MailRules.Default.All;

        Assert.Equal(builtIn.Select(Written), shipped.Select(Written));
        static string Written(MailRule r) => JsonSerializer.Serialize(new { r.Kind, Decision = Wire.Name(r.Decision), r.Reason, Headers = r.Headers.OrderBy(h => h.Key, StringComparer.Ordinal), r.Subject, r.Text, r.Without });
    }

    public static TheoryData<string, byte[], string, SubmissionDecision, string[]> Kinds() => new()
    {
        { "a witness call in plain words", Mails.Of("Burgernetmail Veenendaal: vernielingen in het park", "Beste deelnemer,\n\nVannacht zijn in Veenendaal bankjes vernield. Heeft u iets gezien? Bel 0900-8844.\n\nGroet,\nUw wijkagent"), "getuigenoproep", SubmissionDecision.Hold, ["GM0345"] },
        { "a witness call that asks for dashcams", Mails.Of("Burgernetmail: ongeval N201", "Bij Vinkeveen in De Ronde Venen was gisteren een ongeval. Wij zoeken dashcambeelden. Bel 0900-8844."), "getuigenoproep", SubmissionDecision.Hold, ["GM0736"] },
        { "prevention and a witness call in one", Mails.Of("Burgernetmail Houten: pas op voor babbeltrucs", "In Houten is een vrouw opgelicht. Laat geen onbekenden binnen. Heeft u iets gezien? Bel 0900-8844."), "getuigenoproep", SubmissionDecision.Hold, ["GM0321"] },
        { "prevention with bicycles", Mails.Of("Burgernetmail Woerden: zet uw fiets goed op slot", "Rond het station van Woerden worden veel fietsen gestolen. Voorkom diefstal: gebruik twee sloten. Meer tips tegen diefstal op politie.nl."), "preventie", SubmissionDecision.Post, ["GM0632"] },
        { "prevention against phishing", Mails.Of("Burgernetmail: phishing uit naam van de gemeente", "Inwoners van Leusden krijgen valse mails. Klik niet op een link en geef nooit uw pincode. Bij twijfel: bel de gemeente."), "preventie", SubmissionDecision.Post, ["GM0327"] },
        { "prevention that tells how to know a swindler", Mails.Of("Burgernetmail Bunnik: zo herkent u een nepagent", "Hoe herkent u een nepagent? Een echte agent vraagt nooit om uw pinpas. Noteer het signalement en het kenteken en bel 112. U kunt met vragen terecht bij de balie in Bunnik."), "preventie", SubmissionDecision.Post, ["GM0312"] },
        { "prevention in the dark days", Mails.Of("Burgernetmail Huizen: donkere dagen", "Nu het eerder donker is komen er meer inbrekers in Huizen. Laat een lamp branden. Weet u wie er aan de deur staat? Zo houdt u het veilig."), "preventie", SubmissionDecision.Post, ["GM0406"] },
        { "a warning about one wanted man is no prevention", Mails.Of("Burgernetmail Rhenen: pas op", "Pas op voor een man met een rode jas. De verdachte rijdt in een grijze Golf met kenteken op -XX. Bel 112."), "onbekend", SubmissionDecision.Hold, ["GM0340"] },
        { "a success story", Mails.Of("Burgernetmail Nieuwegein: goed nieuws", "Dankzij de tip van een deelnemer is de verdachte van de overval in Nieuwegein aangehouden. Bedankt voor uw hulp!"), "succes", SubmissionDecision.Hold, ["GM0356"] },
        { "a newsletter", Mails.Of("Nieuwsbrief politie Lelystad, december", "In deze nieuwsbrief: de inbraakcijfers van Lelystad, en tips om inbraak te voorkomen."), "nieuwsbrief", SubmissionDecision.Hold, ["GM0995"] },
        { "an exercise that is announced", Mails.Of("Burgernetmail Dronten: aankondiging oefening", "Op 3 december houdt de politie in Dronten een oefening met Burgernet. U krijgt dan een bericht. U hoeft niets te doen."), "oefening", SubmissionDecision.Never, ["GM0303"] },
        { "a test of the system", Mails.Of("Burgernetmail: testbericht", "Dit is een test van Burgernet in Zeewolde."), "oefening", SubmissionDecision.Never, ["GM0050"] },
        { "an enquiry among neighbours", Mails.Of("Burgernet: uw persoonlijke vragenlijst", "Beste bewoner van Lopik,\n\nVul de vragenlijst in: https://onderzoek.example/v/8F3K9-22A1\n\nDeze link is persoonlijk."), "digitaal-buurtonderzoek", SubmissionDecision.Never, ["GM0331"] },
        { "a photo that must not be spread", Mails.Of("Burgernetmail Soest: wie herkent deze man?", "Op de foto staat een man die in Soest heeft ingebroken. Deel de foto niet op sociale media. Herkent u hem? Bel 0900-8844."), "getuigenoproep", SubmissionDecision.TextOnly, ["GM0342"] },
        { "a missing person", Mails.Of("Burgernetmail Hilversum: vermist", "Sinds vanmorgen is een man van 81 uit Hilversum vermist. Bel 112."), "vermissing", SubmissionDecision.Hold, ["GM0402"] },
        { "what must stay among participants", Mails.Of("Burgernetmail Zeist: alleen voor deelnemers", "Deze e-mail is vertrouwelijk: verspreid dit bericht niet. In Zeist wordt vanavond gecontroleerd."), "vertrouwelijk", SubmissionDecision.Never, ["GM0355"] },
        { "what no rule knows", Mails.Of("Burgernetmail IJsselstein: koffie met de wijkagent", "Woensdag staat de wijkagent op de markt in IJsselstein. U bent welkom."), "onbekend", SubmissionDecision.Hold, ["GM0353"] },
        { "an officer's forward from Outlook", Mails.Of("FW: Burgernetmail Baarn: woninginbraken", "Kun je dit plaatsen? Dank!\n\nMet vriendelijke groet,\nPiet\n\n________________________________\nVan: Burgernetmail <burgernetmail@mail.burgernet.example>\nVerzonden: dinsdag 24 november 2026 09:00\nAan: Piet\nOnderwerp: Burgernetmail Baarn: woninginbraken\n\nBeste deelnemer,\n\nIn Baarn is vannacht ingebroken.", from: "\"Piet\" <piet@politie.example>"), "doorgestuurd", SubmissionDecision.Hold, ["GM0308"] },
        { "an officer's forward from Gmail", Mails.Of("Fwd: Burgernetmail Eemnes", "---------- Forwarded message ---------\nFrom: Burgernetmail <burgernetmail@mail.burgernet.example>\nDate: di 24 nov 2026 om 09:00\nSubject: Burgernetmail Eemnes: let op uw hond\nTo: <piet@politie.example>\n\nIn Eemnes zijn honden vergiftigd.", from: "\"Piet\" <piet@politie.example>"), "doorgestuurd", SubmissionDecision.Hold, ["GM0317"] },
        { "a forward under a subject of one's own", Mails.Of("Graag plaatsen", "Van: Burgernetmail <burgernetmail@mail.burgernet.example>\nVerzonden: dinsdag 24 november 2026 09:00\nAan: Piet\nOnderwerp: Burgernetmail Laren: inbraken\n\nIn Laren is ingebroken.", from: "\"Piet\" <piet@politie.example>"), "doorgestuurd", SubmissionDecision.Hold, ["GM0417"] },
        { "a citizen's answer from Outlook", Mails.OfPerson("RE: Burgernetmail Zeist: getuigen gezocht", "Ik zag een grijze bus met kenteken 12-AB-34 in Zeist.\n\nVan: Burgernetmail\nVerzonden: dinsdag\nAan: ik\nOnderwerp: Burgernetmail Zeist\n\nWij zoeken getuigen.", "In-Reply-To: <x@mail.burgernet.example>"), "antwoord", SubmissionDecision.Never, [] },
        { "a citizen's answer from Gmail", Mails.OfPerson("Re: Burgernetmail Zeist: getuigen gezocht", "Mijn camera heeft iets.\n\nOp di 24 nov 2026 om 10:00 schreef Burgernetmail <burgernetmail@mail.burgernet.example>:\n> Wij zoeken getuigen in Zeist."), "antwoord", SubmissionDecision.Never, [] },
        { "a citizen's answer under another subject", Mails.OfPerson("Camerabeelden", "Ik woon in Zeist en heb beelden.", "In-Reply-To: <x@mail.burgernet.example>", "References: <x@mail.burgernet.example>"), "antwoord", SubmissionDecision.Never, [] },
        { "an answer in Dutch mail programs", Mails.OfPerson("Antw: Burgernetmail Urk", "Die step is van mijn zoon."), "antwoord", SubmissionDecision.Never, [] },
        { "a Dutch holiday message", Mails.OfPerson("Automatisch antwoord: Burgernetmail Soest", "Tot 1 december ben ik met vakantie.", "X-Auto-Response-Suppress: All"), "auto-reply", SubmissionDecision.Never, [] },
        { "an English holiday message without a machine's header", Mails.OfPerson("Out of office: Burgernetmail Soest", "I am currently out of the office until 1 December."), "auto-reply", SubmissionDecision.Never, [] },
        { "a holiday message of Exchange, which says auto-generated", Mails.OfPerson("Burgernetmail Soest", "Ik ben van 20 tot 28 november afwezig.", "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"), "auto-reply", SubmissionDecision.Never, [] },
        { "a receipt", Mails.OfPerson("Ontvangstbevestiging", "Wij hebben uw bericht in goede orde ontvangen.", "Auto-Submitted: auto-replied (ticket)"), "auto-reply", SubmissionDecision.Never, [] },
        { "a reading receipt", Mails.Of("Gelezen: Burgernetmail", "--x\r\nContent-Type: text/plain\r\n\r\nUw bericht is gelezen.\r\n--x\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--x--", "ik@post.example", "multipart/report; report-type=disposition-notification; boundary=x", ["List-Unsubscribe:"]), "auto-reply", SubmissionDecision.Never, [] },
        { "a bounce as RFC 3464 has it", Mails.Of("Undelivered Mail Returned to Sender", "--x\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; a@zeist.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: Burgernetmail Zeist\r\n\r\nIn Zeist.\r\n--x--", "MAILER-DAEMON@mx.example", "multipart/report; report-type=delivery-status; boundary=x", ["List-Unsubscribe:", "Return-Path: <>"]), "bounce", SubmissionDecision.Never, [] },
        { "a bounce in plain Dutch", Mails.Of("Onbestelbaar: Burgernetmail Zeist", "Uw bericht kon niet worden afgeleverd bij a@zeist.example.", "\"Postmaster\" <postmaster@mx.example>", more: ["List-Unsubscribe:", "Auto-Submitted: auto-replied"]), "bounce", SubmissionDecision.Never, [] },
        { "a bounce of a server that only leaves the return path empty", Mails.Of("Bericht over uw mail", "De ontvanger bestaat niet.", "systeem@mx.example", more: ["List-Unsubscribe:", "Auto-Submitted:", "Return-Path: <>"]), "bounce", SubmissionDecision.Never, [] },
        { "an answer address elsewhere", Mails.Of("Burgernetmail Zeist: pas op voor babbeltrucs", "Laat geen onbekenden binnen.", more: ["Reply-To: hulp@elders.example"]), "spoof", SubmissionDecision.Quarantine, [] },
        { "a link that shows another site", Mails.Of("Burgernetmail Zeist: pas op", "<p>Laat geen onbekenden binnen in Zeist. Zie <a href=\"https://politie.nl.evil.example/\">www.politie.nl</a></p>", type: "text/html; charset=utf-8"), "spoof", SubmissionDecision.Quarantine, [] },
        { "a server that says it is forged", Mails.Of("Burgernetmail Zeist: pas op", "Laat geen onbekenden binnen in Zeist.", more: [$"Authentication-Results: {Mails.AuthservId}; dmarc=fail"]), "spoof", SubmissionDecision.Quarantine, [] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_sort_of_mail_is_known_by_its_words_and_headers(string what, byte[] raw, string kind, SubmissionDecision decision, string[] municipalities)
    {
        var its = await JudgeAsync(raw);

        Assert.Equal((what, kind, decision), (what, its.Kind, its.Decision));
        Assert.Equal(municipalities, its.Municipalities);
        Assert.NotEmpty(its.Reason);
    }

    [Theory]
    [InlineData("Burgernetmail politie basisteam Noordoostpolder-Urk", "Burgernetmail: brand", "Op Urk is brand gesticht.", "GM0184")]
    [InlineData("Burgernetmail politie basisteam Noordoostpolder-Urk", "Burgernetmail: brand", "Er is brand gesticht.", "GM0171,GM0184")]
    [InlineData("Burgernetmail politie basisteam Voorbeeld Eemland", "Burgernetmail: brand", "Er is brand gesticht.", "GM0307,GM0327")]
    [InlineData("Burgernetmail", "Burgernetmail Houten: brand", "Een houten schuur stond in brand. Huizen in de buurt zijn ontruimd.", "GM0321")]
    [InlineData("Burgernetmail", "Burgernetmail: brand", "Houten schuur in brand. Alle huizen zijn leeg.", "")]
    [InlineData("Burgernetmail", "Burgernetmail: brand in Huizen", "Er is brand.", "GM0406")]
    [InlineData("Burgernetmail", "Burgernetmail: brand", "Op de Utrechtseweg in Zeist is brand. De rechtbank Utrecht en de provincie Utrecht zeggen niets. Zie www.baarn.nl.", "GM0355")]
    [InlineData("Burgernetmail", "Burgernetmail: brand", "Op de Utrechtse Heuvelrug is brand.", "GM1581")]
    [InlineData("Burgernetmail", "Burgernetmail: brand", "In Bunschoten-Spakenburg en in Amersfoort-Vathorst is brand.", "GM0313,GM0307")]
    [InlineData("Burgernetmail", "Burgernetmail: brand", "In Vianen is brand.", "GM1961")]
    [InlineData("Burgernetmail", "Burgernetmail: brand", "In Soesterberg en Zeisterbos is niets.", "")]
    [InlineData("Burgernetmail", "Burgernetmail: brand", "Er is brand.\n\nMet vriendelijke groet,\nPolitie Soest", "GM0342")]
    public async Task The_municipalities_are_those_that_it_is_about(string sender, string subject, string text, string codes) =>
        Assert.Equal(codes, string.Join(',', (await JudgeAsync(Mails.Of(subject, text, $"\"{sender}\" <{Mails.Police}>"))).Municipalities));

    [Fact]
    public async Task Nothing_is_read_that_only_a_mail_program_hides()
    {
        var its = await JudgeAsync(Mails.Of("Burgernetmail Soest: pas op",
            "<html><head><title>Zeist</title><style>p{}</style></head><body><div style='display: none; max-height:0'>Verborgen in Baarn</div><span style=\"font-size:0px\">ook</span><p style=\"font-size:0.9em\">Laat geen onbekenden binnen in <b>Soest</b>.</p>"
            + "<script>alert(1)</script><ul><li>Een</li><li>Twee</li></ul><img src=\"https://klik.example/1.gif\" alt=\"meting\"><p><a href=\"https://klik.mailer.example/c/8a7f6e5d?uid=123456\">Klik hier</a></p></body></html>", type: "text/html; charset=utf-8"));

        Assert.Equal("Laat geen onbekenden binnen in Soest.\n\n- Een\n- Twee", its.Text);
        Assert.Equal(["GM0342"], its.Municipalities);
    }

    [Theory]
    [InlineData(".x{display:none}", "<div class='a x'>weg</div>")]
    [InlineData("DIV.x , #y {display : none !important}", "<div class=x style='display:block'>weg</div><p id=y>weg</p>")]
    [InlineData("/* x */ <!-- @media screen { .x { display:none } } -->", "<div class=x>weg</div>")]
    [InlineData("@import url(a.css); @font-face{font-family:x;src:url(x)} h6{visibility:hidden}", "<h6>weg <b>weg</b></h6>")]
    [InlineData(".x{max-height:0;max-width:0}", "<span class=x>weg</span>")]
    [InlineData(".x{opacity:0}", "<span class=x>weg</span>")]
    [InlineData(".x{height:0px;overflow:hidden}", "<div class=x>weg</div>")]
    [InlineData(".x{font:1px/1px Arial}", "<div class=x>weg</div>")]
    [InlineData(".x{color:#fff}", "<p class=x>weg</p>")]
    [InlineData("body{background:#036} p{color:rgb(0, 51, 102)} .ziet{color:white}", "<p>weg</p>")]
    [InlineData("td a{background:red} a:hover{background:blue}", "<table bgcolor=202020><tr><td style='color:#222222'>weg</td></tr></table>")]
    [InlineData("", "<p style='font-size:1px;color:#ffffff'>weg</p>")]
    [InlineData("", "<p style='font-size:0.5pt'>weg <span>weg</span></p>")]
    [InlineData("", "<ul><li style='color:#fefefe'>weg</li></ul>")]
    [InlineData("", "<font color=white>weg</font>")]
    [InlineData("", "<p style='color:transparent'>weg</p>")]
    public async Task What_its_style_hides_is_not_read(string style, string html) =>
        Assert.Equal("Laat geen onbekenden binnen.", (await JudgeAsync(Styled(style, $"{html}<p class=ziet>Laat geen onbekenden binnen.</p>"))).Text);

    [Theory]
    [InlineData("@media (max-width:600px){.x{display:none}} @media print{.x{display:none}}", "<p class=x>Laat geen onbekenden binnen.</p>")]
    [InlineData(".x{display:none}", "<p class=x style='display:block !important'>Laat geen onbekenden binnen.</p>")]
    [InlineData("p{display:none} .x{display:block}", "<p class=x>Laat geen onbekenden binnen.</p>")]
    [InlineData(".x{display:none} .x.y{display:block}", "<p class='y x'>Laat geen onbekenden binnen.</p>")]
    [InlineData("u + .body .x, .elders .x{display:none}", "<p class=x>Laat geen onbekenden binnen.</p>")]
    [InlineData("", "<div style='font-size:0'><p style='font-size:14px'>Laat geen onbekenden binnen.</p></div>")]
    [InlineData("", "<div style='font-size:0px'><p style='font:bold 700 14px Arial'>Laat geen onbekenden binnen.</p></div>")]
    [InlineData("", "<div style='visibility:hidden'><p style='visibility:visible'>Laat geen onbekenden binnen.</p></div>")]
    [InlineData(".kop{background:#004}", "<div class=kop><p style='color:#fff'>Laat geen onbekenden binnen.</p></div>")]
    [InlineData("table td{background-color:#004}", "<table><tr><td style='color:#fff'>Laat geen onbekenden binnen.</td></tr></table>")]
    [InlineData("", "<div style='background:url(foto.jpg)'><p style='color:#fff'>Laat geen onbekenden binnen.</p></div>")]
    [InlineData("", "<div style='background:rgba(0,0,0,0.05)'><p>Laat geen onbekenden binnen.</p></div>")]
    [InlineData("", "<p style='background:#fff;color:windowtext;max-height:none;opacity:1'>Laat geen onbekenden binnen.</p>")]
    public async Task What_its_style_shows_is_read(string style, string html) =>
        Assert.Equal("Laat geen onbekenden binnen.", (await JudgeAsync(Styled(style, html))).Text);

    static byte[] Styled(string style, string html) =>
        Mails.Of("Burgernetmail Soest: pas op", $"<html><head><style type=\"text/css\">{style}</style></head><body>{html}</body></html>", type: "text/html; charset=utf-8");

    [Fact]
    public async Task A_mail_of_Word_is_read_as_its_reader_sees_it()
    {
        var its = await JudgeAsync(Mails.Of("Burgernetmail Montfoort: pas op voor oplichters",
            "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><!--[if gte mso 9]><xml><o:OfficeDocumentSettings></o:OfficeDocumentSettings></xml><![endif]--><style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=NL><div class=WordSection1>"
            + "<p class=MsoNormal><span style='mso-fareast-language:EN-US'>Beste Burgernetdeelnemer,<o:p></o:p></span></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>In Montfoort bellen mannen\r\naan die geld willen.<o:p></o:p></p><p class=MsoListParagraph>Geef nooit uw pincode.</p>"
            + "<p class=MsoNormal>Met vriendelijke groet,<o:p></o:p></p><p class=MsoNormal>Uw wijkagent</p></div></body></html>", type: "text/html; charset=utf-8"));

        Assert.Equal(("preventie", "In Montfoort bellen mannen aan die geld willen.\n\nGeef nooit uw pincode."), (its.Kind, its.Text));
    }

    [Theory]
    [InlineData("Heeft u informatie? Beantwoord dan deze e-mail of bel 0900-8844.", "Heeft u informatie? Bel 0900-8844.")]
    [InlineData("Bel 0900-8844 of beantwoord deze mail.", "Bel 0900-8844.")]
    [InlineData("Weet u meer, reageer dan op deze e-mail of bel 0900-8844.", "Weet u meer, bel 0900-8844.")]
    [InlineData("U kunt deze e-mail beantwoorden of bellen met 0900-8844.", "U kunt bellen met 0900-8844.")]
    [InlineData("Ziet u iets? Bel 112. Stuur ons een reactie op deze mail.", "Ziet u iets? Bel 112.")]
    [InlineData("Heeft u vragen? Beantwoord deze e-mail.", "")]
    [InlineData("Wij zijn er voor u. U kunt op deze e-mail reageren.", "Wij zijn er voor u.")]
    [InlineData("Lees meer op https://www.politie.nl/aangifte.", "Lees meer op https://www.politie.nl/aangifte.")]
    [InlineData("Upload via https://klik.mailer.example/c/9f8e7d?uid=1 uw beelden.", "Upload via uw beelden.")]
    [InlineData("Uw pagina: https://www.burgernet.example/p/7Q2K-0000-AA1B", "")]
    [InlineData("De foto zit in de bijlage. Sluit uw ramen.", "Sluit uw ramen.")]
    [InlineData("U ontvangt deze e-mail omdat u deelnemer bent. Afmelden kan hier.", "")]
    public async Task What_was_meant_for_its_receiver_alone_is_taken_out(string text, string left) =>
        Assert.Equal($"Er is iets gebeurd.{(left.Length == 0 ? "" : $"\n\n{left}")}", (await JudgeAsync(Mails.Of("Burgernetmail Zeist: iets", $"Beste deelnemer,\n\nEr is iets gebeurd.\n\n{text}\n\nHartelijke groet,\nPolitie"))).Text);

    [Theory]
    [InlineData("FW: Re: [EXTERN] Burgernetmail Zeist: getuigen gezocht", "Getuigen gezocht")]
    [InlineData("Burgernetmail: pas op", "Pas op")]
    [InlineData("SPOED Burgernetmail Soest: pas op", "Pas op")]
    [InlineData("Nieuwsbrief Zeist: november", "Nieuwsbrief Zeist: november")]
    [InlineData("Burgernetmail Zeist - inbraken", "Inbraken")]
    public async Task The_title_is_the_subject_without_what_was_put_before_it(string subject, string title) =>
        Assert.Equal(title, (await JudgeAsync(Mails.Of(subject, "Tekst."))).Title);

    [Fact]
    public async Task Of_a_forward_only_what_was_forwarded_is_posted()
    {
        var its = await JudgeAsync(Mails.Of("Fwd: Burgernetmail Soest",
            "Zie onder.\n\n-- \nPiet\n\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: di\nSubject: FW: Burgernetmail Soest: pas op\nTo: <c@d.example>\n\nGraag ook.\n\nVan: Burgernetmail <b@b.example>\nVerzonden: di\nAan: A\nOnderwerp: Burgernetmail Soest: pas op voor babbeltrucs\n\nBeste deelnemer,\n\nLaat niemand binnen.\n\nMet vriendelijke groet,\nPolitie"));

        Assert.Equal(("doorgestuurd", "Pas op voor babbeltrucs", "Laat niemand binnen."), (its.Kind, its.Title, its.Text));
        Assert.Contains("Zie onder.", its.Original, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_a_mail_program_broke_are_one_again()
    {
        var its = await JudgeAsync(Mails.Of("Burgernetmail Soest: pas op",
            "In Soest bellen de laatste dagen mannen aan die zeggen dat zij van het\nenergiebedrijf zijn. Laat hen niet binnen.\n\nWat kunt u doen?\n1. Kijk eerst wie er is, ook als u iemand verwacht die u goed kent.\n2. Bel 112."));

        Assert.Equal("In Soest bellen de laatste dagen mannen aan die zeggen dat zij van het energiebedrijf zijn. Laat hen niet binnen.\n\nWat kunt u doen?\n1. Kijk eerst wie er is, ook als u iemand verwacht die u goed kent.\n2. Bel 112.", its.Text);
    }

    [Fact]
    public async Task What_is_enclosed_is_left_out_and_said()
    {
        var its = await JudgeAsync(Mails.Of("Burgernetmail Soest: pas op voor babbeltrucs",
            "--x\r\nContent-Type: text/plain\r\n\r\nLaat niemand binnen.\r\n--x\r\nContent-Type: application/zip; name=a.zip\r\n\r\nPK\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: In Zeist\r\n\r\nIn Zeist.\r\n--x\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nx\r\n--x\r\nContent-Type: message/external-body; access-type=URL; URL=\"http://evil.example/\"\r\n\r\n\r\n--x--", type: "multipart/mixed; boundary=x"));

        Assert.Equal(("Laat niemand binnen.", SubmissionDecision.Post), (its.Text, its.Decision));
        Assert.Equal(4, its.Original.Split("Niet overgenomen: ").Length - 1);
        Assert.DoesNotContain("Zeist", its.Original, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> TooMuch() => new()
    {
        { "meer dan 50 delen", Mails.Of("x", string.Concat(Enumerable.Repeat("--x\r\nContent-Type: text/plain\r\n\r\na\r\n", 60)) + "--x--", type: "multipart/mixed; boundary=x") },
        { "groter dan 10 MB", new byte[11 * 1024 * 1024] },
        { "te ingewikkeld", Mails.Of("x", string.Concat(Enumerable.Range(0, 50_000).Select(i => $"<b id={i}>")), type: "text/html") },
        { "te ingewikkeld", Mails.Of("x", $"<style>{string.Concat(Enumerable.Repeat(".a{color:red}", 15_000))}</style>{string.Concat(Enumerable.Repeat("<i class=a>x</i>", 9_000))}", type: "text/html") },
        { "te ingewikkeld", Mails.Of("x", string.Concat(Enumerable.Repeat("<div>", 30_000)), type: "text/html") },
        { "kopregels", Mails.Of("x", "x", more: [.. Enumerable.Range(0, 600).Select(i => $"X-{i}: a")]) },
    };

    [Theory]
    [MemberData(nameof(TooMuch))]
    public async Task What_is_more_than_a_mail_has_is_quarantined(string reason, byte[] raw)
    {
        var its = await JudgeAsync(raw);

        Assert.Equal(SubmissionDecision.Quarantine, its.Decision);
        Assert.Contains(reason, its.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_within_parts_end_somewhere()
    {
        var body = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"--b{i}\r\nContent-Type: multipart/mixed; boundary=b{i + 1}\r\n\r\n"));
        var its = await JudgeAsync(Mails.Of("Burgernetmail Zeist", body, type: "multipart/mixed; boundary=b0"));

        Assert.Equal((SubmissionDecision.Hold, ""), (its.Decision, its.Text));
    }

    async Task<Submission> JudgeAsync(byte[] raw) =>
        (await new MailJudge(null).JudgeAsync(raw, "post", _options, null, Mails.SentAt, trusted: true, TestContext.Current.CancellationToken)).Submission;

    sealed record Item(string File, string Kind, SubmissionDecision Decision, string[] Municipalities);

    static IEnumerable<Item> Items()
    {
        using var index = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "index.json")));
        foreach (var item in index.RootElement.GetProperty("items").EnumerateArray())
        {
            var kind = item.GetProperty("kind").GetString()!;
            yield return new Item(Path.GetFileName(item.GetProperty("file").GetString()!), kind, (kind, item.GetProperty("syndicate").GetString()) switch
            {
                ("spoof", _) => SubmissionDecision.Quarantine,
                (_, "yes") => SubmissionDecision.Post,
                (_, "review" or "summary") => SubmissionDecision.Hold,
                (_, "text-only") => SubmissionDecision.TextOnly,
                _ => SubmissionDecision.Never,
            }, [.. item.GetProperty("municipalities").EnumerateArray().Select(m => m.GetString()!)]);
        }
    }
}
