using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Mail;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Configuration;

/// <summary>What syndicate.json says of a mailbox and of the rules for mail.</summary>
[Collection(nameof(ProcessWide))]
public sealed class MailSettingsTests : IDisposable
{
    const string Mailbox = """ "type": "imap", "host": "imap.voorbeeld.nl", "user": "burgernet@voorbeeld.nl", "allowedSenders": ["Burgernetmail@Voorbeeld.nl"], "authservId": "mx.voorbeeld.nl" """;

    readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mailbox_has_what_is_usual_unless_it_says_otherwise()
    {
        _folder.Write("secrets/sources__post__password", "w8 woord\n");
        var its = Load($$"""{ {{Mailbox}} }""").Sources.Single();

        Assert.Equal(("post", "imap", TimeSpan.Zero, (Uri?)null), (its.Name, its.Type, its.Interval, its.Listen));
        var mailbox = its.Mailbox!;
        Assert.Equal(("imap.voorbeeld.nl", 993, MailTls.Implicit, "burgernet@voorbeeld.nl", "w8 woord"), (mailbox.Host, mailbox.Port, mailbox.Tls, mailbox.User, mailbox.Password!.Reveal()));
        Assert.Equal(("INBOX", "Verwerkt", "Quarantaine"), (mailbox.Folder, mailbox.Processed, mailbox.Quarantine));
        Assert.Equal(new MailTrust { AllowedSenders = ["burgernetmail@voorbeeld.nl"], AuthservId = "mx.voorbeeld.nl" }, mailbox.Trust);
        Assert.Equal(its, Load($$"""{ {{Mailbox}} }""").Sources.Single());
    }

    [Fact]
    public void A_mailbox_may_log_in_with_a_token_and_keep_its_keys_in_a_file()
    {
        _folder.Write("secrets/sources__post__oauthRefreshToken", "vernieuwer\n");
        _folder.Write("dkim.txt", "a._domainkey.b.nl v=DKIM1; p=AA==");
        var mailbox = Load($$"""{ {{Mailbox}}, "tls": "starttls", "dkimKeys": "dkim.txt", "receivedAbove": 2, "oauthClientId": "app", "oauthTokenUrl": "https://oauth2.googleapis.com/token" }""").Sources.Single().Mailbox!;

        Assert.Equal((143, (Secret?)null, "app", "vernieuwer", 2), (mailbox.Port, mailbox.Password, mailbox.OAuth!.ClientId, mailbox.OAuth.RefreshToken!.Reveal(), mailbox.Trust.ReceivedAbove));
        Assert.Equal(Path.Combine(_folder.Config, "dkim.txt"), mailbox.Trust.DkimKeys);
    }

    [Theory]
    [InlineData("""{ "type": "imap" }""", "host: ontbreekt", "user: ontbreekt", "allowedSenders: ontbreekt", "authservId: ontbreekt", "password: ontbreekt")]
    [InlineData("""{ "type": "imap", "host": "imaps://x", "user": "a", "password": "b", "allowedSenders": "x", "authservId": "mx; x" }""", "host: 'imaps://x' is geen naam", "allowedSenders: 'x' is geen mailadres", "authservId: 'mx; x' is geen naam")]
    [InlineData("""{ MAILBOX, "password": "b", "tls": "none" }""", "tls: zonder tls gaan het wachtwoord en alle mail leesbaar")]
    [InlineData("""{ MAILBOX, "password": "b", "tls": "ssl", "port": 0, "receivedAbove": -1 }""", "tls: 'ssl' is hier niet geldig", "port: '0' is hier niet geldig", "receivedAbove: '-1' is hier niet geldig")]
    [InlineData("""{ MAILBOX, "password": "b", "processed": "inbox" }""", "folder: folder, processed en quarantine zijn niet alle drie verschillend")]
    [InlineData("""{ MAILBOX, "password": "b", "dkimKeys": "weg.txt" }""", "dkimKeys: bestand '")]
    [InlineData("""{ MAILBOX, "password": "b", "oauthClientId": "a" }""", "password: er staat een wachtwoord en een aanmelding met een token")]
    [InlineData("""{ MAILBOX, "oauthClientSecret": "a" }""", "oauthClientId: ontbreekt", "oauthTokenUrl: ontbreekt", "oauthScope: ontbreekt")]
    [InlineData("""{ MAILBOX, "oauthClientId": "a", "oauthTokenUrl": "https://x.nl/token" }""", "oauthClientSecret: ontbreekt, en er is ook geen oauthRefreshToken")]
    [InlineData("""{ MAILBOX, "oauthClientId": "a", "oauthRefreshToken": "b", "oauthTokenUrl": "http://x.nl/token" }""", "oauthTokenUrl: zonder https")]
    [InlineData("""{ MAILBOX, "password": "b", "interval": "00:01:00" }""", "interval: deze sleutel is onbekend")]
    public void What_is_wrong_with_a_mailbox_is_told_all_at_once_with_the_way_out(string json, params string[] faults)
    {
        Write(json.Replace("MAILBOX", Mailbox, StringComparison.Ordinal));
        Assert.Null(_folder.Check(out var errors));

        Assert.All(faults, fault => Assert.Contains(errors, e => $"{e.Path}: {e.Message}".StartsWith($"sources.post.{fault}", StringComparison.Ordinal)));
        Assert.All(errors, e => Assert.Equal("syndicate.json", e.Place!.File));
        Assert.All(errors, e => Assert.NotNull(e.Place!.Line));
    }

    [Fact]
    public void A_mailbox_that_is_switched_off_may_be_half_done()
    {
        Write("""{ "type": "imap", "enabled": false, "user": "a" }""");
        Assert.Empty(_folder.Load().Sources);
    }

    [Fact]
    public void In_the_sandbox_only_a_mailbox_on_this_machine_is_said_to_be_read()
    {
        _folder.Write("secrets/sources__post__password", "b");
        Assert.Contains(Load($$"""{ {{Mailbox}} }""").Warnings, w => w.Path == "sources.post" && w.Message.StartsWith("in de zandbak wordt geen echte mailbox gelezen", StringComparison.Ordinal));
        Assert.DoesNotContain(Load($$"""{ {{Mailbox.Replace("imap.voorbeeld.nl", "localhost", StringComparison.Ordinal)}}, "tls": "none" }""").Warnings, w => w.Path == "sources.post");
    }

    [Fact]
    public void Rules_of_ones_own_take_the_place_of_those_that_ship()
    {
        var rules = LoadMail("""{ "rules": [{ "kind": "markt", "decision": "hold", "reason": "Kijk even.", "subject": ["koffie*"], "headers": { "X-Team": ["*"], "List-Id": [] }, "without": ["afgelast"] }] }""").MailRules;

        Assert.Equal(("markt", SubmissionDecision.Hold), Judged("Koffieochtend", "Op de markt.", ("X-Team", "1")));
        Assert.Equal(("onbekend", SubmissionDecision.Hold), Judged("Koffieochtend", "Op de markt."));
        Assert.Equal(("onbekend", SubmissionDecision.Hold), Judged("Koffieochtend", "Op de markt.", ("X-Team", "1"), ("List-Id", "a")));
        Assert.Equal(("onbekend", SubmissionDecision.Hold), Judged("Koffieochtend", "Die is afgelast.", ("X-Team", "1")));

        (string, SubmissionDecision) Judged(string subject, string text, params (string Name, string Value)[] headers)
        {
            var rule = rules.Judge(new RuledMail(subject, $"{subject}\n\n{text}", headers.ToLookup(h => h.Name, h => h.Value)));
            return (rule.Kind, rule.Decision);
        }
    }

    [Theory]
    [InlineData("""{ "rules": [] }""", "mail.rules: de lijst is leeg")]
    [InlineData("""{ "rules": "geen" }""", "mail.rules: hier hoort een lijst van objecten")]
    [InlineData("""{ "rules": [{ "kind": "a", "decision": "hold", "reason": "b" }] }""", "mail.rules.0.text: deze regel heeft geen voorwaarde")]
    [InlineData("""{ "rules": [{ "kind": "Een Soort", "decision": "plaatsen", "text": ["a"] }] }""", "mail.rules.0.kind: 'Een Soort' is hier niet geldig", "mail.rules.0.decision: 'plaatsen' is hier niet geldig", "mail.rules.0.reason: ontbreekt")]
    [InlineData("""{ "rules": [{ "kind": "a", "decision": "hold", "reason": "b", "text": ["*", "in*braak", "… x", "!"] }] }""", "mail.rules.0.text: '*' is geen woord", "mail.rules.0.text: 'in*braak' is geen woord", "mail.rules.0.text: '… x' is geen woord", "mail.rules.0.text: '!' is geen woord")]
    [InlineData("""{ "rules": [{ "kind": "a", "decision": "hold", "reason": "b", "text": [] }] }""", "mail.rules.0.text: de lijst is leeg")]
    [InlineData("""{ "rules": [{ "kind": "a", "decision": "hold", "reason": "b", "tekst": ["a"] }] }""", "mail.rules.0.tekst: deze sleutel is onbekend")]
    [InlineData("""{ "regels": [] }""", "mail.regels: deze sleutel is onbekend")]
    public void What_is_wrong_with_a_rule_is_told_where_it_stands(string json, params string[] faults)
    {
        _folder.Write("syndicate.json", $$"""{ "mode": "sandbox", "mail": {{json}} }""");
        Assert.Null(_folder.Check(out var errors));

        Assert.All(faults, fault => Assert.Contains(errors, e => $"{e.Path}: {e.Message}".StartsWith(fault, StringComparison.Ordinal)));
        Assert.All(errors, e => Assert.Equal("syndicate.json", e.Place!.File));
    }

    [Theory]
    [InlineData("getuigen gezocht", "Burgernetmail: GETUIGEN GEZOCHT!", true)]
    [InlineData("getuigen gezocht", "Getuigen worden gezocht", false)]
    [InlineData("getuigen … gezocht", "Getuigen worden nog steeds gezocht", true)]
    [InlineData("getuigen … gezocht", "Wij zoeken getuigen. De dader wordt gezocht", false)]
    [InlineData("inbra*", "De inbraak van gisteren", true)]
    [InlineData("inbra*", "Woninginbraak", false)]
    [InlineData("een man", "Één man", true)]
    [InlineData("re:", "RE: Burgernetmail", true)]
    [InlineData("re:", "Burgernetmail re: iets", false)]
    [InlineData("autos", "auto's en auto’s", true)]
    [InlineData("a b", "a.\n\nb", false)]
    [InlineData("0900-8844", "Bel 0900-8844.", true)]
    [InlineData("a b", "\uD83Da b\uFFFF", true)]
    public void A_word_is_found_without_regard_to_case_and_accents(string term, string text, bool found)
    {
        Assert.Null(MailWords.FaultOf(term));
        Assert.Equal(found, new MailWords(text).Has(term));
    }

    SyndicateOptions Load(string source)
    {
        Write(source);
        return _folder.Load();
    }

    SyndicateOptions LoadMail(string mail)
    {
        _folder.Write("syndicate.json", $$"""{ "mode": "sandbox", "mail": {{mail}} }""");
        return _folder.Load();
    }

    void Write(string source) => _folder.Write("syndicate.json", $$"""{ "mode": "sandbox", "sources": { "post": {{source}} } }""");
}
