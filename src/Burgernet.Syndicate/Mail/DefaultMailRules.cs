using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Mail;

/// <summary>
/// The rules as config/syndicate.json ships them; a test holds the two equal. Machines come first, then what must never go
/// out, then what a person looks at, and last the one sort that goes out by itself.
/// </summary>
static class DefaultMailRules
{
    const string Bounce = "Dit is een melding van een mailserver dat mail niet aankwam.";
    const string AutoReply = "Dit is een automatisch antwoord.";
    const string Answer = "Dit is een antwoord van iemand; om zijn privacy gaat dat nooit naar buiten.";
    const string Exercise = "Dit gaat over een oefening of een test.";
    const string Enquiry = "Een buurtonderzoek heeft een persoonlijke link, die alleen voor de ontvanger is.";

    public static IReadOnlyList<MailRule> All { get; } =
    [
        new()
        {
            Kind = "bounce", Decision = SubmissionDecision.Never, Reason = Bounce,
            Headers = Of(("Content-Type", ["delivery-status"])),
        },
        new()
        {
            Kind = "bounce", Decision = SubmissionDecision.Never, Reason = Bounce,
            Headers = Of(("From", ["mailer-daemon", "mail delivery subsystem", "mail delivery system", "postmaster"])),
        },
        new()
        {
            Kind = "bounce", Decision = SubmissionDecision.Never, Reason = Bounce,
            Headers = Of(("X-Failed-Recipients", ["*"])),
        },
        new()
        {
            Kind = "bounce", Decision = SubmissionDecision.Never, Reason = Bounce,
            Subject =
            [
                "undeliverable:", "undelivered mail returned", "mail delivery failed", "mail delivery failure", "delivery status notification", "delivery failure", "returned mail:", "failure notice",
                "onbestelbaar:", "onbestelbaar bericht", "niet bezorgd", "kan niet worden bezorgd", "kon niet worden bezorgd", "bezorging mislukt", "niet afgeleverd", "kon niet worden afgeleverd",
            ],
        },
        new()
        {
            Kind = "auto-reply", Decision = SubmissionDecision.Never, Reason = AutoReply,
            Headers = Of(("Auto-Submitted", ["auto-replied", "auto-notified"])),
        },
        new()
        {
            Kind = "auto-reply", Decision = SubmissionDecision.Never, Reason = AutoReply,
            Headers = Of(("Content-Type", ["disposition-notification"])),
        },
        new()
        {
            Kind = "auto-reply", Decision = SubmissionDecision.Never, Reason = AutoReply,
            Headers = Of(("Precedence", ["auto_reply", "auto-reply"])),
        },
        new()
        {
            Kind = "auto-reply", Decision = SubmissionDecision.Never, Reason = AutoReply,
            Headers = Of(("X-Auto-Response-Suppress", ["*"]), ("List-Unsubscribe", []), ("List-Id", [])),
        },
        new()
        {
            Kind = "auto-reply", Decision = SubmissionDecision.Never, Reason = AutoReply,
            Headers = Of(("X-Autoreply", ["*"])),
        },
        new()
        {
            Kind = "auto-reply", Decision = SubmissionDecision.Never, Reason = AutoReply,
            Headers = Of(("X-Autorespond", ["*"])),
        },
        new()
        {
            Kind = "auto-reply", Decision = SubmissionDecision.Never, Reason = AutoReply,
            Subject =
            [
                "automatisch antwoord", "automatische reactie", "automatisch bericht:", "afwezigheidsbericht*", "afwezig:", "afwezigheid:", "ontvangstbevestiging", "niet aanwezig:", "gelezen:", "leesbevestiging*",
                "automatic reply", "auto reply", "autoreply", "automatic response", "out of office", "out of the office", "on vacation", "read:",
            ],
        },
        new()
        {
            Kind = "auto-reply", Decision = SubmissionDecision.Never, Reason = AutoReply,
            Text =
            [
                "ik ben … afwezig", "ben ik … afwezig", "ik ben … niet aanwezig", "ben ik … niet aanwezig", "ik ben … met vakantie", "ben ik … met vakantie", "ik ben … op vakantie", "ben ik … op vakantie", "ik ben … met verlof", "ben ik … met verlof",
                "dit is een automatisch antwoord", "dit is een automatische reactie", "wij hebben uw bericht … ontvangen", "wij hebben uw e-mail … ontvangen", "uw bericht is … ontvangen", "uw e-mail is … ontvangen",
                "i am … out of the office", "i am … out of office", "i am … on leave", "i am … on annual leave", "i am … on vacation", "i am … on holiday", "i will be … out of the office", "this is an automat* reply", "this is an automat* response", "we have received your",
            ],
        },
        new()
        {
            Kind = "bounce", Decision = SubmissionDecision.Never, Reason = Bounce,
            Headers = Of(("Return-Path", ["<>"])),
        },
        new()
        {
            Kind = "antwoord", Decision = SubmissionDecision.Never, Reason = Answer,
            Subject = ["re:", "antw:", "antwoord:", "aw:", "sv:", "betr:"],
        },
        new()
        {
            Kind = "digitaal-buurtonderzoek", Decision = SubmissionDecision.Never, Reason = Enquiry,
            Subject = ["buurtonderzoek*", "vragenlijst*"],
        },
        new()
        {
            Kind = "digitaal-buurtonderzoek", Decision = SubmissionDecision.Never, Reason = Enquiry,
            Text =
            [
                "link is … persoonlijk", "persoonlijke link", "persoonlijke vragenlijst", "persoonlijke code", "persoonlijke inlogcode", "persoonlijke uitnodiging", "stuur … link niet door", "deel … link niet", "unieke link", "digitaal buurtonderzoek … vul*", "vul* … digitaal buurtonderzoek",
            ],
        },
        new()
        {
            Kind = "vertrouwelijk", Decision = SubmissionDecision.Never, Reason = "De afzender wil niet dat dit bericht verder gaat.",
            Text =
            [
                "bericht is vertrouwelijk", "mail is vertrouwelijk", "e-mail is vertrouwelijk", "informatie is vertrouwelijk", "vertrouwelijk:", "onder embargo", "niet voor publicatie", "niet voor verspreiding", "niet openbaar maken", "verspreid dit bericht niet", "verspreid deze mail niet", "verspreid deze e-mail niet", "dit bericht niet verspreiden", "dit bericht niet delen", "deze mail niet doorsturen", "stuur deze mail niet door", "stuur deze e-mail niet door", "stuur dit bericht niet door", "deel dit bericht niet",
            ],
        },
        new()
        {
            Kind = "oefening", Decision = SubmissionDecision.Never, Reason = Exercise,
            Subject = ["oefening*", "oefenactie*", "oefenbericht*", "oefenmail*", "burgernetoefening*", "heterdaadoefening*", "testbericht*", "testmail*", "testactie*", "test:", "test burgernet", "burgernet test"],
        },
        new()
        {
            Kind = "oefening", Decision = SubmissionDecision.Never, Reason = Exercise,
            Text =
            [
                "dit is een oefening", "dit is een test", "dit betreft een oefening", "gaat om een oefening", "het is een oefening", "houd* … oefening*", "politie oefent", "burgernet oefent", "brandweer oefent", "hulpdiensten oefenen", "oefenen wij", "wij oefenen", "burgernetoefening*", "burgernet oefening*", "heterdaadoefening*", "oefenactie*", "oefenbericht*", "testbericht*", "testactie*", "organise* … oefening*", "vindt … oefening plaats", "aankondiging … oefening*",
            ],
        },
        new()
        {
            Kind = "antwoord", Decision = SubmissionDecision.Never, Reason = Answer,
            Headers = Of(("In-Reply-To", ["*"]), ("List-Unsubscribe", [])),
            Without = ["fw:", "fwd:", "doorst:", "wg:", "tr:"],
        },
        new()
        {
            Kind = "doorgestuurd", Decision = SubmissionDecision.Hold, Reason = "Deze mail is doorgestuurd, dus een mens moet zien of hij geplaatst mag worden.",
            Subject = ["fw:", "fwd:", "doorst:", "doorgestuurd:", "wg:", "tr:"],
        },
        new()
        {
            Kind = "nieuwsbrief", Decision = SubmissionDecision.Hold, Reason = "Een nieuwsbrief is te lang om zo te plaatsen; een mens maakt er een samenvatting van.",
            Subject = ["nieuwsbrief*", "nieuwsflits", "nieuwsupdate", "maandbericht*", "jaaroverzicht*"],
        },
        new()
        {
            Kind = "nieuwsbrief", Decision = SubmissionDecision.Hold, Reason = "Een nieuwsbrief is te lang om zo te plaatsen; een mens maakt er een samenvatting van.",
            Text = ["in deze nieuwsbrief"],
        },
        new()
        {
            Kind = "getuigenoproep", Decision = SubmissionDecision.TextOnly, Reason = "De foto mag niet verspreid worden; alleen de tekst gaat naar buiten.",
            Text =
            [
                "verspreid* … foto* … niet", "verspreid* … afbeelding* … niet", "verspreid* … beeld* … niet", "foto* … niet … verspreid*", "beelden … niet … verspreid*", "afbeelding* … niet … verspreid*",
                "deel … foto* … niet", "foto* … niet … delen", "foto* … niet … gedeeld", "foto* … niet … doorsturen", "plaats … foto* … niet", "foto* … niet … plaats*", "foto* … alleen voor uzelf",
            ],
            Without = ["vermist*"],
        },
        new()
        {
            Kind = "getuigenoproep", Decision = SubmissionDecision.Hold, Reason = "Een getuigenoproep gaat pas uit als een mens ernaar gekeken heeft.",
            Text =
            [
                "getuigenoproep*", "getuige* gezocht", "zoek* … getuige*", "oproep … getuigen", "getuigen … melden", "getuige geweest", "getuige van", "camerabeelden", "deurbelbeelden", "dashcambeelden", "heeft u … gezien", "heeft u … gehoord", "heb je … gezien", "hebt u … gezien",
                "heeft u … beelden", "heeft u … informatie over", "weet u iets", "weet u meer", "weet u wie dit", "weet u wie deze", "weet jij meer", "wat weet u", "wie weet meer", "wie herkent", "herkent u deze", "herkent u de", "herkent u het", "herkent u hem", "herkent u haar", "herkent u iemand", "herken je deze", "herken je de", "wie heeft", "wie was", "wie kent", "van wie is", "opsporing verzocht", "in contact komen met", "zoek* … verdachte*", "zoek* … dader*", "zoek* … eigenaar", "signalement:", "signalement van", "voldoen aan … signalement", "tip* … melden",
            ],
        },
        new()
        {
            Kind = "vermissing", Decision = SubmissionDecision.Hold, Reason = "Een vermissing gaat pas uit als een mens ernaar gekeken heeft.",
            Text = ["vermist*", "vermissing*"],
            Without = ["teruggevonden", "gevonden", "weer terecht", "is terecht", "zijn terecht"],
        },
        new()
        {
            Kind = "succes", Decision = SubmissionDecision.Hold, Reason = "Een bericht over een afloop gaat pas uit als een mens ernaar gekeken heeft.",
            Text =
            [
                "bedankt voor uw hulp", "bedankt voor uw tip*", "dankzij … tip*", "dankzij … deelnemer*", "dankzij … melding*", "dankzij … oplettende", "dankzij … getuige*", "dankzij u", "dankzij uw", "dankzij burgernet", "met dank aan", "teruggevonden", "weer terecht", "is terecht", "zijn terecht", "goed nieuws", "opgelost", "aangehouden", "opgepakt", "afloop:", "afloopbericht*",
            ],
        },
        new()
        {
            Kind = "preventie", Decision = SubmissionDecision.Post, Reason = "Dit is preventie: een waarschuwing of een advies voor iedereen.",
            Text =
            [
                "pas op", "pas … op voor", "wees alert", "wees op uw hoede", "wees voorzichtig", "wees waakzaam", "blijf alert", "zo voorkomt u", "zo herkent u", "hoe herkent u", "zo houdt u", "zo maakt u het", "zorg dat uw", "inbraakpreventie", "oplichting*", "oplichters", "fraude*", "spoofing", "donkere dagen", "deel nooit", "betaal nooit", "maak nooit", "maak geen geld over", "hang op", "vertrouwt u het niet", "waarschuw* … voor", "voorkom*", "preventie*", "wat kunt u doen", "wat kunt u zelf doen", "wat kun je doen", "trap er niet in", "laat geen onbekenden binnen", "laat niemand binnen", "geef nooit", "babbeltruc*", "nepagent*", "neppolitie*", "phishing*", "zo beschermt u", "bescherm uw", "doe … deur* op slot", "zet … op slot", "sluit … ramen", "sluit … deur*", "controleer … afzender", "klik niet op", "klik nooit op", "tips tegen", "tips voor", "tips om",
            ],
            // What is about one case is no advice for all.
            Without = ["met kenteken", "het kenteken is", "bijlage*", "gezocht", "de verdachte", "de verdachten", "een verdachte is", "op de foto", "deze man", "deze vrouw"],
        },
    ];

    static Dictionary<string, IReadOnlyList<string>> Of(params (string Header, string[] Words)[] headers) => headers.ToDictionary(h => h.Header, h => (IReadOnlyList<string>)h.Words);
}
