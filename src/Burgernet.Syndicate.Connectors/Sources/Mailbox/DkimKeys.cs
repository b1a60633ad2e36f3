using DnsClient;
using DnsClient.Protocol;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>A key could not be asked for now; the mail must be looked at again later. The message is for operators (Dutch).</summary>
sealed class DkimKeyUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A key that is there, but is none to go by; the message is Dutch.</summary>
sealed class DkimKeyException(string message) : Exception(message);

/// <summary>Where the public keys of DKIM come from, and what is asked of them (RFC 6376, 3.6.1).</summary>
abstract class DkimKeys : DkimPublicKeyLocatorBase
{
    /// <summary>The record of a selector as it was published; null where there is none.</summary>
    protected abstract Task<string?> RecordAsync(string domain, string selector, CancellationToken cancellationToken);

    public static DkimKeys Of(string? file) => file is null ? new DnsDkimKeys() : new FileDkimKeys(file);

    /// <summary>The key, if its record allows it to be used for this.</summary>
    /// <param name="sameDomain">Whether the signature speaks for exactly this domain.</param>
    public async Task<AsymmetricKeyParameter> KeyAsync(string domain, string selector, bool sameDomain, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(domain, selector, cancellationToken) ?? throw new DkimKeyException($"er is geen sleutel {selector}._domainkey.{domain}");
        var tags = DkimTags.Read(record) ?? throw new DkimKeyException($"de sleutel {selector}._domainkey.{domain} is niet te lezen");
        string[] List(string tag) => tags.GetValueOrDefault(tag)?.Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (tags.GetValueOrDefault("v", "DKIM1") != "DKIM1" || tags.GetValueOrDefault("k", "rsa") is not ("rsa" or "ed25519"))
            throw new DkimKeyException($"de sleutel {selector}._domainkey.{domain} is van een onbekende soort");
        if (tags.GetValueOrDefault("p") is not { Length: > 0 })
            throw new DkimKeyException($"de sleutel {selector}._domainkey.{domain} is ingetrokken");
        if (List("h") is { Length: > 0 } hashes && !hashes.Contains("sha256") || List("s") is { Length: > 0 } services && !services.Any(s => s is "*" or "email"))
            throw new DkimKeyException($"de sleutel {selector}._domainkey.{domain} is niet bedoeld voor mail met sha256");
        if (List("t").Contains("y"))
            throw new DkimKeyException($"de sleutel {selector}._domainkey.{domain} staat nog op proef (t=y)");
        if (List("t").Contains("s") && !sameDomain)
            throw new DkimKeyException($"de sleutel {selector}._domainkey.{domain} geldt alleen voor {domain} zelf");
        try
        {
            return GetPublicKey(record);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new DkimKeyException($"de sleutel {selector}._domainkey.{domain} is niet te lezen");
        }
    }

    public override AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("keys are asked for beforehand");

    public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("keys are asked for beforehand");
}

/// <summary>
/// Keys from a file, for a place without DNS: one per line, <c>selector._domainkey.domain v=DKIM1; k=rsa; p=…</c>. The file
/// is read anew for each mail, so that a new key needs no restart.
/// </summary>
sealed class FileDkimKeys(string file) : DkimKeys
{
    protected override async Task<string?> RecordAsync(string domain, string selector, CancellationToken cancellationToken)
    {
        string[] lines;
        try
        {
            lines = await File.ReadAllLinesAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DkimKeyUnreachableException($"het bestand met DKIM-sleutels is niet te lezen ({exception.GetType().Name})", exception);
        }

        var name = $"{selector}._domainkey.{domain}";
        return lines.Select(line => line.Trim()).Where(line => !line.StartsWith('#'))
            .Select(line => line.Split([' ', '\t'], 2)).FirstOrDefault(parts => parts.Length == 2 && parts[0].TrimEnd('.').Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim().Trim('"');
    }
}

/// <summary>Keys as they are published in DNS.</summary>
sealed class DnsDkimKeys : DkimKeys
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    readonly Lazy<LookupClient> _dns = new(() => new LookupClient(new LookupClientOptions { Timeout = Longest, Retries = 2, UseCache = true, ThrowDnsErrors = false }));

    protected override async Task<string?> RecordAsync(string domain, string selector, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _dns.Value.QueryAsync($"{selector}._domainkey.{domain}", QueryType.TXT, cancellationToken: cancellationToken);
            if (answer.HasError && answer.Header.ResponseCode is not DnsHeaderResponseCode.NotExistentDomain)
                throw new DkimKeyUnreachableException($"DNS antwoordt {answer.Header.ResponseCode} op de vraag naar de DKIM-sleutel van {domain}");
            // More than one record: nobody can tell which one is meant (RFC 6376, 3.6.2.2).
            var records = answer.Answers.OfType<TxtRecord>().ToList();
            return records.Count switch
            {
                0 => null,
                1 => string.Concat(records[0].Text),
                _ => throw new DkimKeyException($"voor {selector}._domainkey.{domain} staan er meer sleutels in DNS"),
            };
        }
        catch (DnsResponseException exception)
        {
            throw new DkimKeyUnreachableException($"aan DNS is de DKIM-sleutel van {domain} niet te vragen ({exception.Code})", exception);
        }
        catch (ArgumentException)
        {
            // No name that DNS could have.
            return null;
        }
    }
}

/// <summary>The <c>tag=value;</c> lists of DKIM (RFC 6376, 3.2).</summary>
static class DkimTags
{
    /// <summary>Null where it is no such list, or one tag stands there twice.</summary>
    public static IReadOnlyDictionary<string, string>? Read(string text)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var sign))
                return null;
            var value = string.Concat(part[(sign + 1)..].Where(c => !char.IsWhiteSpace(c)));
            if (!tags.TryAdd(part[..sign].Trim(), value))
                return null;
        }

        return tags;
    }
}
