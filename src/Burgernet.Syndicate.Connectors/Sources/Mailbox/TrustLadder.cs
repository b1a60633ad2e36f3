using System.Text;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Configuration;
using MimeKit;
using MimeKit.Cryptography;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>One rung of the ladder that a mail must climb before it is believed.</summary>
/// <param name="Rung">What is asked (Dutch).</param>
/// <param name="Passed">Whether the mail has it.</param>
/// <param name="Detail">With which values, or what is missing (Dutch).</param>
public sealed record TrustStep(string Rung, bool Passed, string Detail);

/// <summary>
/// Whether a mail may be posted by itself: its sender is allowed, our own border server says <c>dmarc=pass</c>, we prove its
/// DKIM signature ourselves, and it was sent just now. None of them alone is enough: each is known to have been passed by
/// forgers. SPF and DMARC cannot be worked out behind a mailbox, because the sender's address on the network is not known
/// there; so the border server's word is taken for those, but only where a sender cannot have written it.
/// </summary>
sealed partial class TrustLadder(MailTrust? trust, DkimKeys keys)
{
    static readonly TimeSpan Latest = TimeSpan.FromMinutes(30);

    // What its reader sees, or goes by; a second one could be the one that a reader sees.
    static readonly string[] ExactlyOne = ["From", "To", "Subject", "Date", "Message-ID"];
    static readonly string[] AtMostOne = ["MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Sender", "Reply-To", "In-Reply-To", "Return-Path", "Auto-Submitted"];

    /// <summary>All rungs from the bottom to the top, whether they were passed or not.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="arrivedAt">When our server took it in; null where nobody knows.</param>
    /// <param name="now">No signature is of later.</param>
    /// <exception cref="DkimKeyUnreachableException">The one thing that is missing is a key that cannot be asked for now.</exception>
    public async Task<IReadOnlyList<TrustStep>> ClimbAsync(ReadMail mail, DateTimeOffset? arrivedAt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var steps = new List<TrustStep> { Shape(mail) };
        var from = SenderOf(mail);
        steps.Add(Sender(from));
        var results = Results(mail, from);
        steps.AddRange(results);
        var at = arrivedAt ?? TopReceived(mail) ?? mail.Message.Date;
        var signature = await SignatureAsync(mail, from, steps, at, now, cancellationToken);
        steps.Add(new TrustStep(Rungs.Dkim, signature.Good, signature.Detail));
        steps.Add(Fresh(mail, arrivedAt ?? TopReceived(mail)));
        return steps;
    }

    async Task<DkimResult> SignatureAsync(ReadMail mail, string? from, IReadOnlyList<TrustStep> below, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (from is null || below.Any(s => !s.Passed && s.Rung == Rungs.Sender))
            return new DkimResult(false, "niet onderzocht, want de afzender is niet toegestaan");
        try
        {
            return await new DkimSignatures(keys).VerifyAsync(mail, DomainOf(from), at, now, cancellationToken);
        }
        // A mail that is not believed anyhow must not make the others wait for its key.
        catch (DkimKeyUnreachableException) when (below.Any(s => !s.Passed))
        {
            return new DkimResult(false, "de sleutel is nu niet op te vragen");
        }
    }

    /// <summary>What shows that a mail is not what it looks like, whoever signed it (Dutch, one sentence each).</summary>
    public static IReadOnlyList<string> SignsOfForgery(ReadMail mail)
    {
        var signs = new List<string>();
        if (mail.Values("Authentication-Results").Any(value => Methods(value).Any(m => m is { Method: "dmarc", Result: "fail" })))
            signs.Add("De mailserver zegt dat de afzender vals is (dmarc=fail).");
        var from = mail.Message.From.Mailboxes.FirstOrDefault()?.Address;
        if (from is not null && mail.Message.ReplyTo.Mailboxes.FirstOrDefault(reply => Owner(DomainOf(reply.Address)) != Owner(DomainOf(from))) is { } elsewhere)
            signs.Add($"Een antwoord zou naar een ander domein gaan dan dat van de afzender ({DomainOf(elsewhere.Address)}).");
        if (mail.Links.FirstOrDefault(link => Deceives(link, from)) is { } link)
            signs.Add($"Een link in de mail toont een andere site dan die waar hij heen gaat ({HostOf(link.Shown)}).");
        return signs;
    }

    /// <summary>The one address it says it is from, in small letters; null where it does not say so beyond doubt.</summary>
    public static string? SenderOf(ReadMail mail)
    {
        var headers = mail.Values("From").ToList();
        if (headers.Count != 1 || mail.Message.Headers.Count(h => h.Id is HeaderId.From) != 1)
            return null;
        if (mail.Message.From is not [MailboxAddress { Address: { } parsed }] || OneAddress().Match(headers[0]) is not { Success: true } written)
            return null;
        var address = written.Groups["a"].Success ? written.Groups["a"].Value : written.Groups["b"].Value;
        return address.Equals(parsed, StringComparison.OrdinalIgnoreCase) ? address.ToLowerInvariant() : null;
    }

    static TrustStep Shape(ReadMail mail)
    {
        int Count(string name) => mail.Values(name).Count();
        int Parsed(string name) => mail.Message.Headers.Concat(mail.Message.Body?.Headers ?? Enumerable.Empty<Header>()).Count(h => h.Field.Equals(name, StringComparison.OrdinalIgnoreCase));
        var wrong = ExactlyOne.Where(name => Count(name) != 1 || Parsed(name) != 1)
            .Select(name => Count(name) == 0 ? $"{name} ontbreekt" : Count(name) > 1 ? $"{name} staat er {Count(name)} keer" : $"{name} is niet eenduidig")
            .Concat(AtMostOne.Where(name => Count(name) > 1 || Parsed(name) > 1).Select(name => $"{name} staat er meer dan één keer"))
            .ToList();
        return new TrustStep(Rungs.Shape, wrong.Count == 0, wrong.Count == 0 ? "From, To, Subject, Date en Message-ID staan er elk één keer" : string.Join("; ", wrong));
    }

    TrustStep Sender(string? from) =>
        from is null ? new TrustStep(Rungs.Sender, false, "From noemt niet precies één gewoon mailadres")
        : trust is null ? new TrustStep(Rungs.Sender, false, "er is geen bron van het type imap ingesteld, dus geen enkele afzender is toegestaan")
        : trust.AllowedSenders.Contains(from) ? new TrustStep(Rungs.Sender, true, from)
        : new TrustStep(Rungs.Sender, false, $"{from} staat niet bij allowedSenders");

    IEnumerable<TrustStep> Results(ReadMail mail, string? from)
    {
        var all = mail.Headers.Select((header, place) => (header, place)).Where(h => h.header.Name.Equals("Authentication-Results", StringComparison.OrdinalIgnoreCase)).ToList();
        if (trust?.AuthservId is not { } id)
        {
            yield return new TrustStep(Rungs.Results, false, all.Count == 0 ? "er staat geen Authentication-Results in de mail" : $"authservId is niet ingesteld; in de mail staat {string.Join(", ", all.Select(h => IdOf(h.header.Value)).Distinct())}");
            yield return new TrustStep(Rungs.Dmarc, false, "niet te zien zonder de uitslag van de eigen mailserver");
            yield break;
        }

        // Whoever sends a mail can write every line below the one that our own server puts there when it comes in. With fewer of
        // them than our own servers write it did not come in there. One without any passed no server at all (RFC 5321, 4.4), so
        // nobody outside sent it.
        var border = mail.Headers.Select((header, place) => (header, place)).Where(h => h.header.Name.Equals("Received", StringComparison.OrdinalIgnoreCase)).Skip(trust.ReceivedAbove).Select(h => h.place)
            .FirstOrDefault(trust.ReceivedAbove == 0 ? int.MaxValue : -1);
        var trusted = all.Where(h => h.place < border && IdOf(h.header.Value).Equals(id, StringComparison.OrdinalIgnoreCase)).ToList();
        if (trusted.Count == 0)
        {
            yield return new TrustStep(Rungs.Results, false, all.Count == 0 ? "er staat geen Authentication-Results in de mail"
                : border < 0 ? $"er staan te weinig regels Received in om te zien welke uitslag van de eigen mailserver is (receivedAbove is {trust.ReceivedAbove})"
                : all.Any(h => IdOf(h.header.Value).Equals(id, StringComparison.OrdinalIgnoreCase)) ? $"de uitslag van {id} staat onder een regel Received, waar een afzender hem zelf kan schrijven (receivedAbove is {trust.ReceivedAbove})"
                : $"geen uitslag van {id}, wel van {string.Join(", ", all.Select(h => IdOf(h.header.Value)).Distinct())}");
            yield return new TrustStep(Rungs.Dmarc, false, "niet te zien zonder de uitslag van de eigen mailserver");
            yield break;
        }

        yield return new TrustStep(Rungs.Results, true, id);
        var dmarc = trusted.SelectMany(h => Methods(h.header.Value)).Where(m => m.Method == "dmarc").ToList();
        var about = dmarc.Where(m => m.From is not null && from is not null && m.From != DomainOf(from)).ToList();
        var good = dmarc.Count > 0 && dmarc.All(m => m.Result == "pass") && about.Count == 0;
        yield return new TrustStep(Rungs.Dmarc, good,
            dmarc.Count == 0 ? $"{id} zegt niets van dmarc"
            : about.Count > 0 ? $"dmarc gaat over {about[0].From}, niet over de afzender"
            : $"dmarc={string.Join(", ", dmarc.Select(m => m.Result).Distinct())}");
    }

    static TrustStep Fresh(ReadMail mail, DateTimeOffset? arrivedAt)
    {
        var sent = mail.Message.Date;
        if (sent == default)
            return new TrustStep(Rungs.Fresh, false, "de datum is niet te lezen");
        if (arrivedAt is not { } at)
            return new TrustStep(Rungs.Fresh, true, "wanneer de mail aankwam is hier niet te zien");
        var late = (at - sent).Duration();
        return new TrustStep(Rungs.Fresh, late <= Latest, late <= Latest ? "verzonden kort voordat hij aankwam" : $"de datum scheelt meer dan {Latest.TotalMinutes:0} minuten met de aankomst; een oude mail kan opnieuw gestuurd zijn");
    }

    /// <summary>When the server that had it last took it, as that says.</summary>
    static DateTimeOffset? TopReceived(ReadMail mail) =>
        mail.Values("Received").FirstOrDefault() is { } top && top.LastIndexOf(';') is >= 0 and var sign && MimeKit.Utils.DateUtils.TryParse(top[(sign + 1)..], out var at) ? at : null;

    static string IdOf(string value) => value.Split(';', 2)[0].Trim().Split(' ', 2)[0].Trim('"') is { Length: > 0 } id && !id.Contains('=', StringComparison.Ordinal) ? id : "een server zonder naam";

    /// <summary>What was tried and what came of it; what cannot be read is no result.</summary>
    static IEnumerable<(string Method, string Result, string? From)> Methods(string value)
    {
        if (!AuthenticationResults.TryParse(Encoding.Latin1.GetBytes(value), out var results))
        {
            // Also of a line that is not as it must be, the bad news counts.
            return value.Contains("dmarc=fail", StringComparison.OrdinalIgnoreCase) ? [("dmarc", "fail", null)] : [];
        }

        return results.Results.Select(r => (r.Method.ToLowerInvariant(), r.Result.ToLowerInvariant(),
            r.Properties.FirstOrDefault(p => p.PropertyType.Equals("header", StringComparison.OrdinalIgnoreCase) && p.Property.Equals("from", StringComparison.OrdinalIgnoreCase))?.Value?.Split('@')[^1].ToLowerInvariant()));
    }

    /// <summary>A link that shows the name of a site and goes to another one, and does not carry the shown one along as those do that count clicks.</summary>
    static bool Deceives(MailLink link, string? from)
    {
        if (HostOf(link.Shown) is not { } shown || !Uri.TryCreate(link.Target, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https"))
            return false;
        var owner = Owner(MailText.HostOf(target) ?? "");
        if (Owner(shown) == owner || from is not null && Owner(DomainOf(from)) == owner)
            return false;
        return !target.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2)).Any(p => p.Length == 2 && HostOf(Uri.UnescapeDataString(p[1])) is { } carried && Owner(carried) == Owner(shown));
    }

    static string? HostOf(string text) =>
        Shown().Match(text.Trim()) is { Success: true } match && Uri.TryCreate($"https://{match.Groups["host"].Value}", UriKind.Absolute, out var uri) ? MailText.HostOf(uri) : null;

    static string DomainOf(string address) => address.Split('@')[^1].ToLowerInvariant();

    // The last two labels: without a list of public suffixes it is the nearest to "who owns it", and right for .nl.
    static string Owner(string host) => string.Join('.', host.ToLowerInvariant().TrimEnd('.').Split('.').TakeLast(2));

    /// <summary>One plain address, with or without a name before it; nothing that two readers could read in two ways.</summary>
    [GeneratedRegex(@"^\s*(?:(?:""(?:[^""\\]|\\.)*""|[^""<>@,;:()\\\[\]]*)\s*<\s*(?<a>" + Address + @")\s*>|(?<b>" + Address + @"))\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex OneAddress();

    const string Address = @"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]+";

    [GeneratedRegex(@"^(?:https?://)?(?<host>(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,24})(?=$|[/?#:\s])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Shown();

    static class Rungs
    {
        public const string Shape = "kopregels";
        public const string Sender = "toegestane afzender";
        public const string Results = "uitslag van de eigen mailserver (authserv-id)";
        public const string Dmarc = "dmarc";
        public const string Dkim = "DKIM-handtekening";
        public const string Fresh = "datum";
    }
}
