using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>Signs mails as a sender's server does, with keys made for the occasion, and writes their public halves down.</summary>
sealed class SigningDomain : IDisposable
{
    public const string Domain = "mail.burgernet.example";

    static readonly HeaderId[] Usual = [HeaderId.From, HeaderId.To, HeaderId.Subject, HeaderId.Date, HeaderId.MessageId, HeaderId.MimeVersion, HeaderId.ContentType, HeaderId.ContentTransferEncoding];

    // Making one takes a second.
    static readonly Lazy<AsymmetricCipherKeyPair> Rsa2048 = new(() => MakeRsa(2048));
    static readonly Lazy<AsymmetricCipherKeyPair> Rsa1024 = new(() => MakeRsa(1024));
    static readonly Lazy<AsymmetricCipherKeyPair> Ed25519 = new(MakeEd25519);

    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-dkim-").FullName;

    public SigningDomain() => File.WriteAllLines(KeyFile,
    [
        "# selector._domainkey.domein sleutel",
        Record("brief", Rsa2048.Value), Record("kort", Rsa1024.Value), Record("ed", Ed25519.Value, "ed25519"),
        $"weg._domainkey.{Domain} v=DKIM1; k=rsa; p=",
        Record("proef", Rsa2048.Value, more: "t=y; "), Record("sha1", Rsa2048.Value, more: "h=sha1; "), Record("strikt", Rsa2048.Value, more: "t=s; "),
        Record("brief", Rsa2048.Value, domain: "evil.example"), Record("brief", Rsa2048.Value, domain: "burgernet.example"), Record("brief", Rsa2048.Value, domain: "eu.mail.burgernet.example"), Record("brief", Rsa2048.Value, domain: "mail-burgernet.example"),
    ]);

    public string KeyFile => Path.Combine(_folder, "dkim.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <param name="raw">A mail.</param>
    /// <param name="selector">Which key: brief (RSA 2048), kort (RSA 1024), ed, weg, proef, sha1, strikt.</param>
    /// <param name="domain">The d= of the signature.</param>
    /// <param name="without">A header that is not signed.</param>
    /// <param name="sha1">With an algorithm that nobody should believe.</param>
    /// <param name="expires">The x=, counted from now.</param>
    /// <param name="identity">The i=.</param>
    public static byte[] Sign(byte[] raw, string selector = "brief", string domain = Domain, HeaderId? without = null, bool sha1 = false, TimeSpan? expires = null, string? identity = null)
    {
        using var stream = new MemoryStream(raw);
        var message = MimeMessage.Load(stream);
        var key = selector switch { "kort" => Rsa1024.Value, "ed" => Ed25519.Value, _ => Rsa2048.Value };
        var algorithm = selector == "ed" ? DkimSignatureAlgorithm.Ed25519Sha256 : DkimSignatureAlgorithm.RsaSha256;
#pragma warning disable CS0618 // The old algorithm is what the test is about.
        algorithm = sha1 ? DkimSignatureAlgorithm.RsaSha1 : algorithm;
#pragma warning restore CS0618
        var signer = new DkimSigner(key.Private, domain, selector, algorithm)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed, BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed, AgentOrUserIdentifier = identity,
        };
        if (expires is { } after)
            signer.SignaturesExpireAfter = after;
        signer.Sign(message, [.. Usual.Where(h => h != without && (message.Headers.Contains(h) || message.Body!.Headers.Contains(h)))]);

        // The mail stays as it was, byte for byte; the signature goes on top, as a server puts it there.
        var signature = message.Headers.First(h => h.Id is HeaderId.DkimSignature);
        return [.. "DKIM-Signature:"u8, .. signature.RawValue, .. raw];
    }

    static string Record(string selector, AsymmetricCipherKeyPair key, string kind = "rsa", string domain = Domain, string more = "")
    {
        var bytes = key.Public is Ed25519PublicKeyParameters ed ? ed.GetEncoded() : SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(key.Public).GetEncoded();
        return $"{selector}._domainkey.{domain} v=DKIM1; k={kind}; {more}p={Convert.ToBase64String(bytes)}";
    }

    static AsymmetricCipherKeyPair MakeRsa(int bits)
    {
        var generator = new RsaKeyPairGenerator();
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(65537), new SecureRandom(), bits, 80));
        return generator.GenerateKeyPair();
    }

    static AsymmetricCipherKeyPair MakeEd25519()
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        return generator.GenerateKeyPair();
    }
}
