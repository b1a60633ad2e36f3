using System.Diagnostics;
using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Sources.Mailbox;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>
/// Mails that nobody would write but somebody may send: fixtures and mails of our own with bytes, headers, boundaries,
/// charsets and parts changed, cut and put within each other. The same ones for the same seed.
/// </summary>
sealed class RandomMails(int seed, IReadOnlyList<byte[]> fixtures)
{
    static readonly byte[][] Own =
    [
        Mails.Of("Burgernetmail Soest: pas op", "<html><body><div style='display:none'>x</div><h1>Pas op</h1><ul><li>Een</li></ul><blockquote>a<blockquote>b</blockquote></blockquote><a href=\"https://klik.example/?u=https%3A%2F%2Fpolitie.nl\">politie.nl</a></body></html>", type: "text/html; charset=utf-8"),
        Mails.Of("FW: Burgernetmail", "Graag.\n\nVan: A\nVerzonden: B\nAan: C\nOnderwerp: D\n\n> Beste deelnemer,\n> \n> Op di 1 jan schreef A:\n> > Laat niemand binnen.\n"),
        Mails.Of("Burgernetmail", "--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9=E9n man=\r\n\r\n--y\r\nContent-Type: text/html; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\nPABwAD4A\r\n--y--\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny\r\n--x\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n--x--", type: "multipart/mixed; boundary=x"),
        Mails.Of("Undelivered", "--x\r\nContent-Type: text/plain\r\n\r\nsorry\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--x--", "MAILER-DAEMON@x.example", "multipart/report; report-type=delivery-status; boundary=x"),
        Mails.Of("Burgernetmail", "begin 644 a.txt\r\n#86)C\r\n`\r\nend", more: ["Content-Transfer-Encoding: x-uuencode", "Content-Type: text/plain; charset=utf-7"]),
    ];

    static readonly string[] Lines =
    [
        "From: x", "From: \"a\" <b@c>", "From: =?utf-8?B?/////w==?= <a@b.c>", "From: a:b,c;", "To:", "Subject: =?utf-8?q?=F0=9F", "Subject: =?x-onbekend?B?YQ==?=", "Date: gisteren", "Date: Tue, 99 Nov 9999 99:99:99 +9999", "Message-ID: <" + "x", "Message-ID:",
        "Content-Type: multipart/mixed", "Content-Type: multipart/alternative; boundary=\"\"", "Content-Type: text/html; charset=\"\"", "Content-Type: text/plain; charset=utf-32; format=flowed", "Content-Type: multipart/report; boundary=x", "Content-Type: message/rfc822", "Content-Type: message/partial; id=a; number=1; total=2",
        "Content-Type: application/ms-tnef; name=winmail.dat", "Content-Type: application/pkcs7-mime", "Content-Type: text/plain; charset*0=ut; charset*1=f-8", "Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: quoted-printable", "Content-Transfer-Encoding: x-uuencode", "Content-Transfer-Encoding: binary", "Content-Disposition: attachment; filename*=utf-8''%FF%FE",
        "Authentication-Results: mx.burgernet-mn.example; dmarc=pass", "Authentication-Results: ;;;=", "DKIM-Signature: v=1; a=rsa-sha256; d=mail.burgernet.example; s=brief; h=from:to:subject:date:message-id:mime-version:content-type:content-transfer-encoding; bh=AA==; b=AA==", "DKIM-Signature: x", "Received: ;", "Reply-To: <", "In-Reply-To: <a>", "Auto-Submitted: auto-replied", "Return-Path: <>", " gevouwen", "geen kopregel", ":", "X: \0\u0001",
    ];

    static readonly string[] Words =
    [
        "--x", "--x--", "--y\r\n", "\r\n\r\n", "\r\n.\r\n", "\r", "\n", "=\r\n", "=ZZ", "=00", "&#0;", "&#x10FFFF;", "<", "<!--", "<![CDATA[", "</html>", "<table><tr><td>", "<b><i>", "<a href=\"https://evil.example/\">politie.nl</a>", "<blockquote>", "<style>", "<plaintext>", "<template>", "<svg><foreignObject>", "> > >", "-- \r\n", "Van: a\r\nVerzonden: b\r\nAan: c\r\nOnderwerp: d\r\n\r\n",
        "Op ", " schreef ", "Met vriendelijke groet,", "Beantwoord deze e-mail of ", "of beantwoord deze mail", "https://", "https://x@y:99999/?" + "a", "www.", "\u0000", "\uFEFF", "\u202E", "getuigen … gezocht", "In Houten en Huizen", "Verspreid de foto niet", "\u00e9\u0301", "𝐙𝐞𝐢𝐬𝐭", "0900-8844",
    ];

    readonly Random _random = new(seed);
    readonly IReadOnlyList<byte[]> _start = [.. fixtures, .. Own, SigningDomain.Sign(Own[0]), SigningDomain.Sign(Own[2])];

    /// <summary>What broke, or took too long.</summary>
    public sealed record Fault(string What, byte[] Mail);

    /// <summary>What the judging of many mails came to.</summary>
    public sealed record Outcome(int Judged, int Believed, TimeSpan Longest, IReadOnlyList<Fault> Faults);

    public byte[] Next()
    {
        var mail = new List<byte>(Pick(_start));
        for (var count = _random.Next(1, 8); count > 0; count--)
            Change(mail);
        return [.. mail];
    }

    /// <summary>Judges so many, half of them as if their sender was believed.</summary>
    public async Task<Outcome> JudgeAsync(int count, SyndicateOptions options, MailTrust trust)
    {
        var (judge, believed, longest, faults) = (new MailJudge(trust), 0, TimeSpan.Zero, new List<Fault>());
        for (var i = 0; i < count; i++)
        {
            var mail = Next();
            var start = Stopwatch.GetTimestamp();
            try
            {
                var its = (await judge.JudgeAsync(mail, "post", options, Mails.SentAt, Mails.SentAt.AddYears(50), trusted: i % 2 == 0)).Submission;
                // What is stored must be a text that a database takes, and whoever is asked must read why.
                if (its.Id.Length is 0 or > 300 || its.Reason.Length == 0 || its.Kind.Length == 0 || its.Text.Contains('\0', StringComparison.Ordinal) || its.Original.Contains('\0', StringComparison.Ordinal) || its.Subject.Contains('\0', StringComparison.Ordinal) || its.Sender.Contains('\0', StringComparison.Ordinal) || its.Id.Contains('\0', StringComparison.Ordinal) || its.Title?.Contains('\0', StringComparison.Ordinal) == true)
                    faults.Add(new Fault("a field that cannot be stored", mail));
                believed += i % 2 == 1 && its.Decision is not SubmissionDecision.Quarantine ? 1 : 0;
            }
            catch (Exception exception)
            {
                faults.Add(new Fault($"{exception.GetType().Name}: {exception.Message} {exception.StackTrace}", mail));
            }

            var took = Stopwatch.GetElapsedTime(start);
            longest = took > longest ? took : longest;
        }

        return new Outcome(count, believed, longest, faults);
    }

    void Change(List<byte> mail)
    {
        switch (_random.Next(14))
        {
            case 0:
                for (var count = _random.Next(1, 12); count > 0 && mail.Count > 0; count--)
                    mail[_random.Next(mail.Count)] = (byte)_random.Next(256);
                break;
            case 1:
                Cut(mail);
                break;
            case 2:
                Repeat(mail);
                break;
            case 3 or 4:
                mail.InsertRange(LineStart(mail), Encoding.UTF8.GetBytes(Pick(Lines) + "\r\n"));
                break;
            case 5 or 6:
                mail.InsertRange(_random.Next(mail.Count + 1), Encoding.UTF8.GetBytes(Pick(Words)));
                break;
            case 7:
                mail.InsertRange(_random.Next(mail.Count + 1), Enumerable.Repeat(Encoding.UTF8.GetBytes(Pick(Words)), _random.Next(1, 60)).SelectMany(w => w));
                break;
            case 8:
                // One mail within another.
                mail.InsertRange(_random.Next(mail.Count + 1), Pick(_start));
                break;
            case 9:
                mail.InsertRange(0, Encoding.UTF8.GetBytes(Pick(Lines) + "\r\n"));
                break;
            case 10:
                var depth = _random.Next(1, 40);
                var parts = string.Concat(Enumerable.Range(0, depth).Select(n => $"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"));
                mail.InsertRange(0, Encoding.UTF8.GetBytes(parts));
                break;
            case 11:
                // Half of a mail and half of another.
                mail.RemoveRange(mail.Count / 2, mail.Count - mail.Count / 2);
                var other = Pick(_start);
                mail.AddRange(other[_random.Next(other.Length)..]);
                break;
            case 12:
                // A word of the mail that becomes another one: boundaries, charsets and encodings among them.
                var text = Encoding.Latin1.GetString([.. mail]);
                var (was, becomes) = Pick(Swaps);
                mail.Clear();
                mail.AddRange(Encoding.Latin1.GetBytes(text.Replace(was, becomes, StringComparison.OrdinalIgnoreCase)));
                break;
            default:
                for (var count = _random.Next(1, 200); count > 0; count--)
                    mail.Add((byte)_random.Next(256));
                break;
        }
    }

    static readonly (string, string)[] Swaps =
    [
        ("utf-8", "utf-16"), ("utf-8", "x-onbekend"), ("utf-8", "iso-2022-jp"), ("utf-8", "gb18030"), ("quoted-printable", "base64"), ("base64", "quoted-printable"), ("boundary=", "grens="), ("text/plain", "text/html"), ("text/html", "text/plain"), ("text/plain", "text/enriched"), ("multipart/alternative", "multipart/related"),
        ("multipart/mixed", "multipart/signed"), ("multipart/mixed", "multipart/encrypted"), ("\r\n", "\n"), ("\n", "\r"), ("<", "<<"), ("image/png", "message/rfc822"), ("\"", ""), (";", ""), (": ", ":"),
    ];

    void Cut(List<byte> mail)
    {
        var start = _random.Next(mail.Count + 1);
        mail.RemoveRange(start, Math.Min(mail.Count - start, _random.Next(200)));
    }

    void Repeat(List<byte> mail)
    {
        var start = _random.Next(mail.Count + 1);
        var piece = mail.GetRange(start, Math.Min(mail.Count - start, _random.Next(300)));
        for (var count = _random.Next(1, 10); count > 0; count--)
            mail.InsertRange(start, piece);
    }

    int LineStart(List<byte> mail)
    {
        var at = mail.IndexOf((byte)'\n', _random.Next(mail.Count + 1) is var from && from < mail.Count ? from : 0);
        return at < 0 ? 0 : at + 1;
    }

    T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
}
