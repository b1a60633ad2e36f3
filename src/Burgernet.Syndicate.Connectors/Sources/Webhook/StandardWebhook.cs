using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Connectors.Sources.Webhook;

/// <summary>
/// Signs and verifies as Standard Webhooks 1.0.0 says: HMAC-SHA256 over <c>id.timestamp.body</c>, in base64 behind
/// <c>v1,</c> (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). Its own library
/// for .NET takes the body as a string and brings two packages that nothing else here needs.
/// </summary>
public static partial class StandardWebhook
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    const string SecretPrefix = "whsec_";
    const string SignaturePrefix = "v1,";
    const int ShortestKey = 24;
    const int LongestKey = 64;

    // More than two keys and a later version of the scheme need, less than work to be made of.
    const int MostSignatures = 16;

    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with a secret (Dutch, without the secret); null when nothing is.</summary>
    public static string? FaultOf(Secret secret) => KeyOf(secret) is { Length: >= ShortestKey and <= LongestKey } ? null
        : $"moet {SecretPrefix} zijn met daarachter {ShortestKey} tot {LongestKey} willekeurige bytes in base64; maak er een met: echo \"{SecretPrefix}$(openssl rand -base64 32)\"";

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    public static string Sign(Secret secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body) =>
        SignaturePrefix + Convert.ToBase64String(Mac(KeyOf(secret) ?? throw new ArgumentException("it is no secret of a webhook", nameof(secret)), id, Seconds(at.ToUnixTimeSeconds()), body));

    /// <summary>Whether somebody who knows one of the secrets signed exactly this, within five minutes of now.</summary>
    public static bool Verify(IEnumerable<Secret> secrets, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (id is null || !Id().IsMatch(id) || signatures is null
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs((decimal)now.ToUnixTimeSeconds() - seconds) > (decimal)Tolerance.TotalSeconds)
            return false;

        var given = signatures.Split(' ', MostSignatures + 1).Take(MostSignatures)
            .Where(s => s.StartsWith(SignaturePrefix, StringComparison.Ordinal)).Select(s => Decode(s[SignaturePrefix.Length..])).OfType<byte[]>().ToList();
        var good = false;
        // All of them every time: how long it takes tells nothing.
        foreach (var secret in secrets)
        {
            var mac = Mac(KeyOf(secret)!, id, timestamp, body);
            foreach (var signature in given)
                good |= CryptographicOperations.FixedTimeEquals(mac, signature);
        }

        return good;
    }

    static byte[] Mac(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }

    static byte[]? KeyOf(Secret secret) =>
        secret.Reveal() is var value && value.StartsWith(SecretPrefix, StringComparison.Ordinal) ? Decode(value[SecretPrefix.Length..]) : null;

    static byte[]? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }

    static string Seconds(long seconds) => seconds.ToString(CultureInfo.InvariantCulture);

    // No dot: it stands between the parts of what is signed.
    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
