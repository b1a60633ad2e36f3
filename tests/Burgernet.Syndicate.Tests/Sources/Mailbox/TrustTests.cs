using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Sources.Mailbox;
using Burgernet.Syndicate.Tests.Support;
using MimeKit;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources.Mailbox;

/// <summary>Who is believed: a mail climbs the whole ladder, or it is quarantined with the rung that it missed.</summary>
[Collection(nameof(ProcessWide))]
public sealed class TrustTests(ShippedConfiguration shipped) : IClassFixture<ShippedConfiguration>, IDisposable
{
    static readonly DateTimeOffset ArrivedAt = Mails.SentAt.AddMinutes(2);

    readonly SyndicateOptions _options = shipped.Options;
    readonly SigningDomain _signing = new();

    public void Dispose() => _signing.Dispose();

    static string Fixtures => Path.Combine(AppContext.BaseDirectory, "Fixtures", "mails");

    static byte[] Good => Mails.Of("Burgernetmail Soest: pas op voor babbeltrucs", "Laat geen onbekenden binnen in Soest.");

    [Fact]
    public async Task A_signed_mail_of_an_allowed_sender_is_believed()
    {
        foreach (var raw in new[] { SigningDomain.Sign(Good), SigningDomain.Sign(Good, "ed"), SigningDomain.Sign(Good, domain: "burgernet.example"), SigningDomain.Sign(Good, domain: "eu.mail.burgernet.example"), SigningDomain.Sign(Good, expires: TimeSpan.FromDays(3_650)) })
        {
            var verdict = await JudgeAsync(raw);

            Assert.All(verdict.Steps, s => Assert.True(s.Passed, $"{s.Rung}: {s.Detail}"));
            Assert.Equal((SubmissionDecision.Post, "voorbeeld@mail.burgernet.example"), (verdict.Submission.Decision, verdict.Submission.Id));
        }
    }

    [Theory]
    [InlineData("M01-getuigenoproep-woninginbraken-zeist.eml", SubmissionDecision.Hold)]
    [InlineData("M02-preventie-babbeltruc-soest-baarn.eml", SubmissionDecision.Post)]
    [InlineData("M03-autobranden-almere-alleen-html.eml", SubmissionDecision.Hold)]
    [InlineData("M04-digitaal-buurtonderzoek-amersfoort.eml", SubmissionDecision.Never)]
    [InlineData("M06-brandstichting-speeltuin-urk-foto.eml", SubmissionDecision.TextOnly)]
    [InlineData("M08-succes-en-nieuwsbrief-de-ronde-venen.eml", SubmissionDecision.Hold)]
    public async Task A_fixture_that_is_signed_is_decided_as_the_index_says_and_a_changed_one_is_not(string file, SubmissionDecision decision)
    {
        var raw = await File.ReadAllBytesAsync(Path.Combine(Fixtures, file), TestContext.Current.CancellationToken);
        var arrivedAt = MimeMessage.Load(new MemoryStream(raw), TestContext.Current.CancellationToken).Date.AddMinutes(1);
        var signed = SigningDomain.Sign(raw);

        Assert.Equal(decision, (await JudgeAsync(signed, arrivedAt)).Submission.Decision);
        var changed = signed.ToArray();
        // The last letter or digit of the body.
        var last = Array.FindLastIndex(changed, b => char.IsAsciiLetterOrDigit((char)b));
        changed[last] = changed[last] == (byte)'a' ? (byte)'b' : (byte)'a';
        await RefusedAsync(changed, "klopt niet", arrivedAt);
        await RefusedAsync(SigningDomain.Sign(raw, "anders"), "geen sleutel anders._domainkey", arrivedAt);
    }

    public static TheoryData<string, byte[], string> Forged()
    {
        static byte[] Signed(params string[] more) => SigningDomain.Sign(Mails.Of("Burgernetmail Soest: pas op voor babbeltrucs", "Laat geen onbekenden binnen in Soest.", more: more));
        static byte[] From(string from, string? body = null) => SigningDomain.Sign(Mails.Of("Burgernetmail Soest: pas op", body ?? "Laat geen onbekenden binnen in Soest.", from));
        static byte[] Changed(byte[] raw, string was, string @is)
        {
            var text = Encoding.Latin1.GetString(raw);
            Assert.Contains(was, text, StringComparison.Ordinal);
            return Encoding.Latin1.GetBytes(text.Replace(was, @is, StringComparison.Ordinal));
        }

        static byte[] Above(byte[] raw, string line) => [.. Encoding.Latin1.GetBytes($"{line}\r\n"), .. raw];
        static byte[] Below(byte[] raw, string line) => Changed(raw, "\r\nMIME-Version: 1.0", $"\r\n{line}\r\nMIME-Version: 1.0");
        const string NoResults = "Authentication-Results:";
        const string Received = "Received: from evil.example by mx.burgernet-mn.example; Tue, 24 Nov 2026 10:01:00 +0100";

        return new()
        {
            { "the police's name before another address", From("\"burgernetmail@mail.burgernet.example\" <boef@evil.example>"), "staat niet bij allowedSenders" },
            { "the police's name in an encoded word", From("=?utf-8?B?YnVyZ2VybmV0bWFpbEBtYWlsLmJ1cmdlcm5ldC5leGFtcGxl?= <boef@evil.example>"), "staat niet bij allowedSenders" },
            { "a domain that looks like it", From("burgernetmail@mail-burgernet.example"), "staat niet bij allowedSenders" },
            { "a domain with a letter from elsewhere", From("burgernetmail@mаil.burgernet.example"), "niet precies één" },
            { "a domain in punycode", From("burgernetmail@xn--mil-6cd.burgernet.example"), "niet precies één" },
            { "a domain below it", From("burgernetmail@eu.mail.burgernet.example"), "staat niet bij allowedSenders" },
            { "a domain above it", From("burgernetmail@burgernet.example"), "staat niet bij allowedSenders" },
            { "another person of the domain", From("stagiair@mail.burgernet.example"), "staat niet bij allowedSenders" },
            { "an address with a tag", From("burgernetmail+x@mail.burgernet.example"), "staat niet bij allowedSenders" },
            { "an address with a dot behind it", From("burgernetmail@mail.burgernet.example."), "niet precies één" },
            { "two addresses", From("burgernetmail@mail.burgernet.example, boef@evil.example"), "niet precies één" },
            { "two addresses the other way round", From("boef@evil.example, burgernetmail@mail.burgernet.example"), "niet precies één" },
            { "a group", From("Politie: burgernetmail@mail.burgernet.example;"), "niet precies één" },
            { "a group of nobody and an address", From("Politie:;, burgernetmail@mail.burgernet.example"), "niet precies één" },
            { "a comment in the address", From("burgernetmail(@evil.example)@mail.burgernet.example"), "niet precies één" },
            { "a comment behind the address", From("boef@evil.example (burgernetmail@mail.burgernet.example)"), "niet precies één" },
            { "an address before the address", From("burgernetmail@mail.burgernet.example <boef@evil.example>"), "niet precies één" },
            { "two pairs of brackets", From("<burgernetmail@mail.burgernet.example> <boef@evil.example>"), "niet precies één" },
            { "a route in the address", From("<@evil.example:burgernetmail@mail.burgernet.example>"), "niet precies één" },
            { "a quoted local part", From("\"burgernetmail\"@mail.burgernet.example"), "niet precies één" },
            { "a second From above", Above(Signed(), "From: boef@evil.example"), "From staat er 2 keer" },
            { "a second From below", Below(Signed(), "From: boef@evil.example"), "From staat er 2 keer" },
            { "a second Subject", Above(Signed(), "Subject: Betaal uw boete"), "Subject staat er 2 keer" },
            { "a second Content-Type", Above(Signed(), "Content-Type: text/html"), "Content-Type staat er meer dan" },
            { "a second To", Above(Signed(), "To: iedereen@evil.example"), "To staat er 2 keer" },
            { "no Message-ID", SigningDomain.Sign(Mails.Of("Burgernetmail Soest: pas op", "Laat niemand binnen.", more: ["Message-ID:"])), "Message-ID ontbreekt" },
            { "no word of our own server", Signed(NoResults), "geen Authentication-Results" },
            { "the word of another server", Signed($"{NoResults} mx.evil.example; dmarc=pass"), "geen uitslag van mx.burgernet-mn.example" },
            { "the word of a server whose name begins the same", Signed($"{NoResults} mx.burgernet-mn.example.evil.example; dmarc=pass"), "geen uitslag van mx.burgernet-mn.example" },
            { "our server's word where its sender wrote it", Above(Signed(), Received), "waar een afzender hem zelf kan schrijven" },
            { "our server's word and another one above it that says no", Above(Signed(), $"{NoResults} {Mails.AuthservId}; dmarc=none"), "dmarc=none, pass" },
            { "our server's word says fail", Signed($"{NoResults} {Mails.AuthservId}; spf=fail; dkim=fail; dmarc=fail"), "dmarc=fail" },
            { "our server's word about somebody else", Signed($"{NoResults} {Mails.AuthservId}; dmarc=pass header.from=evil.example"), "dmarc gaat over evil.example" },
            { "our server's word without dmarc", Signed($"{NoResults} {Mails.AuthservId}; spf=pass; dkim=pass"), "zegt niets van dmarc" },
            { "a comment that says pass", Signed($"{NoResults} {Mails.AuthservId}; dmarc=none (dmarc=pass)"), "dmarc=none" },
            { "no signature", Good, "geen DKIM-handtekening" },
            { "a signature of another domain", SigningDomain.Sign(Good, domain: "evil.example"), "is niet van mail.burgernet.example" },
            { "a signature of a domain that looks like it", SigningDomain.Sign(Good, domain: "mail-burgernet.example"), "is niet van mail.burgernet.example" },
            { "a signature for the first bytes", Changed(SigningDomain.Sign(Good), "DKIM-Signature: v=1;", "DKIM-Signature: v=1; l=10;"), "dekt maar een deel" },
            { "a subject that is not signed", SigningDomain.Sign(Good, without: HeaderId.Subject), "dekt subject niet" },
            { "a receiver that is not signed", SigningDomain.Sign(Good, without: HeaderId.To), "dekt to niet" },
            { "a date that is not signed", SigningDomain.Sign(Good, without: HeaderId.Date), "dekt date niet" },
            { "a form that is not signed", SigningDomain.Sign(Good, without: HeaderId.ContentType), "dekt content-type niet" },
            { "an id that is not signed", SigningDomain.Sign(Good, without: HeaderId.MessageId), "dekt message-id niet" },
            { "sha1", SigningDomain.Sign(Good, sha1: true), "gebruikt rsa-sha1" },
            { "a short key", SigningDomain.Sign(Good, "kort"), "sleutel van 1024 bits" },
            { "a key that was withdrawn", SigningDomain.Sign(Good, "weg"), "is ingetrokken" },
            { "a key on trial", SigningDomain.Sign(Good, "proef"), "staat nog op proef" },
            { "a key for sha1 alone", SigningDomain.Sign(Good, "sha1"), "niet bedoeld voor mail met sha256" },
            { "a key for the domain itself alone", SigningDomain.Sign(Good, "strikt", identity: "@eu.mail.burgernet.example"), "geldt alleen voor" },
            { "a selector without a key", SigningDomain.Sign(Good, "onbekend"), "geen sleutel onbekend._domainkey" },
            { "an identity elsewhere", SigningDomain.Sign(Good, identity: "@evil.example"), "spreekt voor een ander domein" },
            { "a body that grew", [.. SigningDomain.Sign(Good), .. Encoding.ASCII.GetBytes("Stort geld op NL00BANK0123456789.\r\n")], "klopt niet" },
            { "a subject that was changed", Changed(SigningDomain.Sign(Good), "pas op voor babbeltrucs", "betaal uw boete"), "klopt niet" },
            { "a signature that was changed", Changed(SigningDomain.Sign(Good), "bh=", "bh=AAAA"), "klopt niet" },
            { "a tag that stands there twice", Changed(SigningDomain.Sign(Good), "DKIM-Signature: v=1;", "DKIM-Signature: v=1; v=1;"), "niet te lezen" },
            { "an expired signature", SigningDomain.Sign(Mails.Of("Burgernetmail Soest: pas op", "Laat niemand binnen.", more: [$"Date: {Verlopen:r}"]), expires: TimeSpan.FromSeconds(1)), "verlopen" },
            { "a signature of a time to come", Changed(SigningDomain.Sign(Good), " t=", " t=9"), "nog moet komen" },
            { "many signatures", Enumerable.Range(0, 7).Aggregate(Good, (mail, _) => SigningDomain.Sign(mail)), "meer DKIM-handtekeningen" },
            { "an old mail sent anew", Signed("Date: Mon, 23 Nov 2026 10:00:00 +0100"), "scheelt meer dan 30 minuten" },
            { "a mail of tomorrow", Signed("Date: Wed, 25 Nov 2026 10:00:00 +0100"), "scheelt meer dan 30 minuten" },
            { "no date", SigningDomain.Sign(Mails.Of("Burgernetmail Soest: pas op", "Laat niemand binnen.", more: ["Date:"]), without: HeaderId.Date), "Date ontbreekt" },
        };
    }

    // Behind the mails of these tests and of the machine that runs them.
    static DateTimeOffset Verlopen => DateTimeOffset.UtcNow.AddDays(1);

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task No_forged_mail_is_believed_and_each_is_told_why(string what, byte[] raw, string reason)
    {
        Assert.NotEmpty(what);
        await RefusedAsync(raw, reason, what == "an expired signature" ? Verlopen : null);
    }

    [Fact]
    public void There_are_at_least_forty_forged_ones() => Assert.InRange(Forged().Count, 40, 200);

    [Fact]
    public async Task Only_as_many_lines_of_our_own_servers_are_skipped_as_are_configured()
    {
        var raw = Above(Above(SigningDomain.Sign(Good), "Received: from mx by hub.burgernet-mn.example; Tue, 24 Nov 2026 10:01:30 +0100"), "Received: from hub by box.burgernet-mn.example; Tue, 24 Nov 2026 10:01:40 +0100");

        Assert.Equal(SubmissionDecision.Quarantine, (await JudgeAsync(raw, receivedAbove: 1)).Submission.Decision);
        Assert.Equal(SubmissionDecision.Post, (await JudgeAsync(raw, receivedAbove: 2)).Submission.Decision);
        // What did not come by all of them was not looked at by the first.
        var refused = (await JudgeAsync(raw, receivedAbove: 3)).Submission;
        Assert.Equal(SubmissionDecision.Quarantine, refused.Decision);
        Assert.Contains("te weinig regels Received", refused.Reason, StringComparison.Ordinal);

        static byte[] Above(byte[] mail, string line) => [.. Encoding.ASCII.GetBytes($"{line}\r\n"), .. mail];
    }

    public static TheoryData<string, byte[]> WithTheIdOfTheRealOne() => new()
    {
        { "no signature", Good },
        { "an answer that goes elsewhere", Mails.Of("Burgernetmail", "Wat dan ook.", "boef@evil.example", more: ["Reply-To: boef@elders.example"]) },
        { "a link that shows another site", Mails.Of("Burgernetmail", "<p>Zie <a href=\"https://elders.example/\">www.politie.nl</a></p>", "boef@evil.example", type: "text/html; charset=utf-8") },
        { "a server that says it is forged", Mails.Of("Burgernetmail", "Wat dan ook.", "boef@evil.example", more: ["Authentication-Results: evil.example; dmarc=fail"]) },
    };

    [Theory]
    [MemberData(nameof(WithTheIdOfTheRealOne))]
    public async Task A_mail_that_is_not_proven_does_not_make_the_real_one_known(string what, byte[] raw)
    {
        using var pipeline = new Pipeline();
        var forged = (await JudgeAsync(raw)).Submission;
        var real = (await JudgeAsync(SigningDomain.Sign(Good))).Submission;

        Assert.Equal((what, IntakeOutcome.Quarantined), (what, (await pipeline.Submissions.TakeAsync(forged, "post", null, cancellationToken: TestContext.Current.CancellationToken)).Outcome));
        Assert.Equal((what, IntakeOutcome.Accepted), (what, (await pipeline.Submissions.TakeAsync(real, "post", null, cancellationToken: TestContext.Current.CancellationToken)).Outcome));
        await pipeline.DrainAsync();
        Assert.Contains("Laat geen onbekenden binnen in Soest.", Assert.Single(pipeline["x"].Channel.Posts).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_cannot_be_asked_for_now_is_no_reason_to_quarantine()
    {
        File.Delete(_signing.KeyFile);
        await Assert.ThrowsAsync<IOException>(() => JudgeAsync(SigningDomain.Sign(Good)));
        // What is not believed anyhow makes nobody wait.
        await RefusedAsync(SigningDomain.Sign(Mails.Of("Burgernetmail", "x", more: ["Authentication-Results:"])), "de sleutel is nu niet op te vragen");
        // Who is not allowed cannot make us ask.
        Assert.Equal(SubmissionDecision.Quarantine, (await JudgeAsync(SigningDomain.Sign(Mails.Of("Burgernetmail", "x", "boef@evil.example")))).Submission.Decision);
    }

    async Task RefusedAsync(byte[] raw, string reason, DateTimeOffset? arrivedAt = null)
    {
        var verdict = await JudgeAsync(raw, arrivedAt);

        Assert.Equal(SubmissionDecision.Quarantine, verdict.Submission.Decision);
        Assert.EndsWith(".", verdict.Submission.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, string.Join('\n', verdict.Steps.Where(s => !s.Passed).Select(s => s.Detail).Append(verdict.Submission.Reason)), StringComparison.Ordinal);
    }

    Task<MailVerdict> JudgeAsync(byte[] raw, DateTimeOffset? arrivedAt = null, int receivedAbove = 0) =>
        new MailJudge(new MailTrust { AllowedSenders = [Mails.Police], AuthservId = Mails.AuthservId, DkimKeys = _signing.KeyFile, ReceivedAbove = receivedAbove })
            .JudgeAsync(raw, "post", _options, arrivedAt ?? ArrivedAt, DateTimeOffset.UtcNow, cancellationToken: TestContext.Current.CancellationToken);
}
