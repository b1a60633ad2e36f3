namespace Burgernet.Syndicate.Configuration;

/// <summary>A mailbox that is read over IMAP, checked.</summary>
public sealed record MailboxOptions
{
    /// <summary>The port of IMAP with TLS from the first byte (RFC 8314).</summary>
    public const int UsualPort = 993;

    public required string Host { get; init; }

    public int Port { get; init; } = UsualPort;

    /// <summary>Only <see cref="MailTls.Implicit"/>, <see cref="MailTls.StartTls"/>, and on this machine <see cref="MailTls.None"/>.</summary>
    public MailTls Tls { get; init; } = MailTls.Implicit;

    public required string User { get; init; }

    /// <summary>Null: it logs in with <see cref="OAuth"/>.</summary>
    public Secret? Password { get; init; }

    public MailboxOAuth? OAuth { get; init; }

    /// <summary>Where the mail comes in.</summary>
    public string Folder { get; init; } = "INBOX";

    /// <summary>Where a mail goes that was read and decided on.</summary>
    public string Processed { get; init; } = "Verwerkt";

    /// <summary>Where a mail goes that cannot be trusted.</summary>
    public string Quarantine { get; init; } = "Quarantaine";

    public required MailTrust Trust { get; init; }

    public bool IsLoopback => new UriBuilder("imap", Host).Uri.IsLoopback;

    public bool Equals(MailboxOptions? other) =>
        other is not null && (Host, Port, Tls, User, Folder, Processed, Quarantine) == (other.Host, other.Port, other.Tls, other.User, other.Folder, other.Processed, other.Quarantine)
        && Equals(Password, other.Password) && Equals(OAuth, other.OAuth) && Trust.Equals(other.Trust);

    public override int GetHashCode() => HashCode.Combine(Host, Port, User, Folder);
}

/// <summary>How a token to log in with is got.</summary>
/// <param name="RefreshToken">Renews it in the name of a person (RFC 6749, 6); null: the app asks for itself, with its secret (4.4).</param>
/// <param name="Scope">What it is for; a provider may want it said.</param>
public sealed record MailboxOAuth(string ClientId, Secret? ClientSecret, Secret? RefreshToken, Uri TokenUrl, string? Scope = null);

/// <summary>Which mail is believed.</summary>
public sealed record MailTrust
{
    /// <summary>Whole addresses, in small letters; nobody else's mail is posted.</summary>
    public required IReadOnlyList<string> AllowedSenders { get; init; }

    /// <summary>The name under which our own border server writes Authentication-Results (RFC 8601, 2.5); null: none is believed.</summary>
    public string? AuthservId { get; init; }

    /// <summary>How many Received lines of our own servers stand above its Authentication-Results.</summary>
    public int ReceivedAbove { get; init; }

    /// <summary>A file with public DKIM keys, as a full path; null: they are looked up in DNS.</summary>
    public string? DkimKeys { get; init; }

    public bool Equals(MailTrust? other) =>
        other is not null && AllowedSenders.SequenceEqual(other.AllowedSenders) && (AuthservId, ReceivedAbove, DkimKeys) == (other.AuthservId, other.ReceivedAbove, other.DkimKeys);

    public override int GetHashCode() => HashCode.Combine(AllowedSenders.Count, AuthservId, ReceivedAbove, DkimKeys);
}
