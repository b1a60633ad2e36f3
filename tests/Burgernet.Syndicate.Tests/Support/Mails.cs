using System.Text;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>Mails as they may come in, written for the tests: of the police, of people and of machines.</summary>
static class Mails
{
    /// <summary>The sender that the tests allow.</summary>
    public const string Police = "burgernetmail@mail.burgernet.example";

    /// <summary>Our own border server.</summary>
    public const string AuthservId = "mx.burgernet-mn.example";

    public const string Passed = $"Authentication-Results: {AuthservId}; spf=pass; dkim=pass header.d=mail.burgernet.example; dmarc=pass";

    /// <summary>Where our border server took it in.</summary>
    public const string Received = $"Received: from mail.burgernet.example by {AuthservId}; Tue, 24 Nov 2026 10:00:30 +0100";

    public static readonly DateTimeOffset SentAt = new(2026, 11, 24, 10, 0, 0, TimeSpan.FromHours(1));

    /// <summary>What a mail of the police has above its text; a line of <paramref name="more"/> takes the place of the one it is called as.</summary>
    public static byte[] Of(string subject, string body, string from = $"\"Burgernetmail politie (voorbeeld)\" <{Police}>", string type = "text/plain; charset=utf-8", string[]? more = null, string id = "voorbeeld@mail.burgernet.example")
    {
        List<string> headers =
        [
            $"From: {from}", "To: syndicatie@burgernet-mn.example", $"Subject: {Encoded(subject)}", "Date: Tue, 24 Nov 2026 10:00:00 +0100", $"Message-ID: <{id}>",
            "List-Unsubscribe: <https://www.burgernet.example/afmelden?d=00000000>", "Auto-Submitted: auto-generated", Passed, Received, "MIME-Version: 1.0", $"Content-Type: {type}", "Content-Transfer-Encoding: 8bit",
        ];
        foreach (var line in more ?? [])
        {
            var name = line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)];
            headers.RemoveAll(h => h.StartsWith(name, StringComparison.OrdinalIgnoreCase));
            if (line.Length > name.Length)
                headers.Insert(0, line);
        }

        return Encoding.UTF8.GetBytes($"{string.Join("\r\n", headers)}\r\n\r\n{body.ReplaceLineEndings("\r\n")}\r\n");
    }

    /// <summary>What a person writes, who is not the police.</summary>
    public static byte[] OfPerson(string subject, string body, params string[] more) =>
        Of(subject, body, "\"J. Voorbeeld\" <j.voorbeeld@post.example>", more: ["List-Unsubscribe:", "Auto-Submitted:", $"Authentication-Results: {AuthservId}; dmarc=pass", .. more]);

    static string Encoded(string subject) => subject.All(char.IsAscii) ? subject : $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(subject))}?=";
}
