using System.Globalization;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>What came of a mail's signatures.</summary>
/// <param name="Good">One of them is proven, covers what we read and speaks for the sender's domain.</param>
/// <param name="Detail">Which one, or what is wrong with each (Dutch).</param>
sealed record DkimResult(bool Good, string Detail);

/// <summary>
/// Proves a mail's DKIM signature ourselves, more strictly than RFC 6376: what it leaves open (a part of the body, a header
/// that is not signed, a short key) is what forgers use.
/// </summary>
sealed class DkimSignatures(DkimKeys keys)
{
    const int ShortestRsa = 2048;

    // A mail has one or two. Each costs a look-up.
    const int MostTried = 5;

    static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    // What its reader goes by; the last two where the mail has them.
    static readonly string[] Signed = ["from", "to", "subject", "date", "message-id"];
    static readonly string[] SignedIfThere = ["mime-version", "content-type"];

    /// <param name="mail">The mail.</param>
    /// <param name="fromDomain">The domain that it must speak for.</param>
    /// <param name="at">When the mail came in; what had expired by then is no good.</param>
    /// <param name="now">No signature is of later.</param>
    /// <exception cref="DkimKeyUnreachableException">A key cannot be asked for now.</exception>
    public async Task<DkimResult> VerifyAsync(ReadMail mail, string fromDomain, DateTimeOffset at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var signatures = mail.Message.Headers.Where(h => h.Id is HeaderId.DkimSignature).Take(MostTried + 1).ToList();
        if (signatures.Count == 0)
            return new DkimResult(false, "er is geen DKIM-handtekening");
        if (signatures.Count > MostTried || signatures.Count != mail.Values("DKIM-Signature").Count())
            return new DkimResult(false, "er zijn meer DKIM-handtekeningen dan een gewone mail heeft");

        var faults = new List<string>();
        foreach (var signature in signatures)
        {
            var tags = DkimTags.Read(signature.Value);
            var name = tags is null ? "handtekening" : $"d={tags.GetValueOrDefault("d")} s={tags.GetValueOrDefault("s")}";
            var fault = tags is null ? "is niet te lezen" : FaultOf(tags, mail, fromDomain, at, now) ?? await ProveAsync(mail.Message, signature, tags, cancellationToken);
            if (fault is null)
                return new DkimResult(true, $"{name} a={tags!["a"]}");
            faults.Add($"{name}: {fault}");
        }

        return new DkimResult(false, string.Join("; ", faults));
    }

    /// <summary>Whether a domain may speak for another: the same one, one of its own below it, or the one above it.</summary>
    public static bool IsAligned(string domain, string fromDomain) =>
        domain.Contains('.', StringComparison.Ordinal)
        && (domain.Equals(fromDomain, StringComparison.OrdinalIgnoreCase) || IsBelow(domain, fromDomain) || IsBelow(fromDomain, domain));

    static bool IsBelow(string domain, string above) => domain.EndsWith($".{above}", StringComparison.OrdinalIgnoreCase);

    static string? FaultOf(IReadOnlyDictionary<string, string> tags, ReadMail mail, string fromDomain, DateTimeOffset at, DateTimeOffset now)
    {
        if (tags.GetValueOrDefault("v") != "1" || tags.GetValueOrDefault("d") is not { Length: > 0 } domain || tags.GetValueOrDefault("s") is not { Length: > 0 } selector || tags.GetValueOrDefault("h") is not { } listed || !tags.ContainsKey("b") || !tags.ContainsKey("bh"))
            return "is niet volledig";
        if (Uri.CheckHostName(domain) is not UriHostNameType.Dns || Uri.CheckHostName(selector) is not UriHostNameType.Dns)
            return "noemt geen geldige naam";
        if (!IsAligned(domain, fromDomain))
            return $"is niet van {fromDomain}";
        if (tags.GetValueOrDefault("a") is not ("rsa-sha256" or "ed25519-sha256"))
            return $"gebruikt {tags.GetValueOrDefault("a")}; alleen rsa-sha256 en ed25519-sha256 tellen";
        if (tags.ContainsKey("l"))
            return "dekt maar een deel van de tekst (l=)";
        if (tags.TryGetValue("i", out var identity) && identity.Split('@')[^1] is var its && !its.Equals(domain, StringComparison.OrdinalIgnoreCase) && !IsBelow(its, domain))
            return "spreekt voor een ander domein (i=)";
        if (tags.TryGetValue("q", out var query) && query != "dns/txt")
            return "wijst zijn sleutel op een onbekende manier aan (q=)";

        var headers = listed.Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(h => h.ToLowerInvariant()).ToHashSet();
        if (Signed.Concat(SignedIfThere.Where(h => mail.Values(h).Any())).FirstOrDefault(h => !headers.Contains(h)) is { } open)
            return $"dekt {open} niet";
        if (Time("t") is { } signedAt && signedAt > now + ClockSkew)
            return "is van een tijd die nog moet komen (t=)";
        if (Time("x") is { } until && until < at)
            return "is verlopen (x=)";
        return tags.ContainsKey("t") && Time("t") is null || tags.ContainsKey("x") && Time("x") is null || Time("x") <= Time("t") ? "noemt tijden die niet kunnen (t=, x=)" : null;

        DateTimeOffset? Time(string tag) =>
            tags.TryGetValue(tag, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    async Task<string?> ProveAsync(MimeMessage message, Header signature, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken)
    {
        try
        {
            var domain = tags["d"];
            var key = await keys.KeyAsync(domain, tags["s"], tags.GetValueOrDefault("i", domain).Split('@')[^1].Equals(domain, StringComparison.OrdinalIgnoreCase), cancellationToken);
            if (key is RsaKeyParameters { Modulus.BitLength: < ShortestRsa and var bits })
                return $"heeft een sleutel van {bits} bits; {ShortestRsa} is het minste";
            var verifier = new DkimVerifier(new Found(key)) { MinimumRsaKeyLength = ShortestRsa };
            verifier.Disable(DkimSignatureAlgorithm.RsaSha1);
            verifier.Enable(DkimSignatureAlgorithm.Ed25519Sha256);
            return await verifier.VerifyAsync(message, signature, cancellationToken) ? null : "klopt niet: de mail is onderweg veranderd, of de handtekening is vervalst";
        }
        catch (DkimKeyException exception)
        {
            return exception.Message;
        }
        // MimeKit says in several ways that a signature is none.
        catch (Exception exception) when (exception is not DkimKeyUnreachableException and not OperationCanceledException and not OutOfMemoryException)
        {
            return "is niet te lezen";
        }
    }

    sealed class Found(AsymmetricKeyParameter key) : IDkimPublicKeyLocator
    {
        public AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) => key;

        public Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) => Task.FromResult(key);
    }
}
