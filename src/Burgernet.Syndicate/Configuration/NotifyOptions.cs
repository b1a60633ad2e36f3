namespace Burgernet.Syndicate.Configuration;

/// <summary>How people are told of what they must know: <c>notify</c> in syndicate.json, checked.</summary>
public sealed record NotifyOptions
{
    public static NotifyOptions Nobody { get; } = new();

    /// <summary>Null: no mail.</summary>
    public MailOptions? Mail { get; init; }

    /// <summary>An https or http address; null: no webhook. A secret, because such addresses often hold a token.</summary>
    public Secret? WebhookUrl { get; init; }

    /// <summary>What stays on this machine.</summary>
    public NotifyOptions OnlyLoopback() => new()
    {
        Mail = Mail is { IsLoopback: true } ? Mail : null,
        WebhookUrl = WebhookUrl is not null && new Uri(WebhookUrl.Reveal()).IsLoopback ? WebhookUrl : null,
    };
}

/// <summary>Where mail is handed in, and for whom.</summary>
public sealed record MailOptions
{
    public required IReadOnlyList<string> To { get; init; }

    public required string From { get; init; }

    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Null: the server asks for none.</summary>
    public string? User { get; init; }

    public Secret? Password { get; init; }

    public required MailTls Tls { get; init; }

    public bool IsLoopback => new UriBuilder("smtp", Host).Uri.IsLoopback;

    internal static bool IsAddress(string? text) =>
        text is not null && System.Net.Mail.MailAddress.TryCreate(text, out var address) && address.Address == text && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
}

/// <summary>How the way to the mail server is kept closed to others.</summary>
public enum MailTls
{
    /// <summary>Begins in the clear and turns to TLS; without it nothing is handed in.</summary>
    StartTls,

    /// <summary>TLS from the first byte, as on port 465.</summary>
    Implicit,

    /// <summary>TLS if the server has it. Only for a server on this machine.</summary>
    WhenOffered,

    /// <summary>None.</summary>
    None,
}
