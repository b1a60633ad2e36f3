using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Http;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Templates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Burgernet.Syndicate.Connectors.Notices;

/// <summary>
/// Hands one mail to the configured server, for all who are told together. The same telling has the same Message-ID, so
/// that a repeat can be recognised.
/// </summary>
sealed class MailNotifier(MailOptions options, ILogger<MailNotifier> log, RemoteCertificateValidationCallback? certificates = null, TimeSpan? timeout = null) : INotifier
{
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    // A server may repeat what it was told, also as it stood on the wire.
    readonly Redaction _redaction = new(options.Password is { } password
        ? [password.Reveal(), Base64(password.Reveal()), Base64($"\0{options.User}\0{password.Reveal()}")]
        : []);

    public string Name => "mail";

    public Task<string?> HandOverAsync(Telling telling) => HandOverAsync(Compose(telling));

    /// <summary>Hands in a mail for all of <see cref="MailOptions.To"/>.</summary>
    /// <returns>Null: it was taken; otherwise why not (Dutch).</returns>
    public async Task<string?> HandOverAsync(MimeMessage message)
    {
        var longest = timeout ?? DefaultTimeout;
        using var limit = new CancellationTokenSource(longest);
        using var client = new Client();
        client.Timeout = (int)longest.TotalMilliseconds;
        // Name, chain and dates are checked. The list of revoked ones is elsewhere, and out of reach where only the mail server is not.
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = certificates;
        try
        {
            await client.ConnectAsync(options.Host, options.Port, SecurityOf(options.Tls), limit.Token);
            if (options is { User: { } user, Password: { } secret })
                await client.AuthenticateAsync(user, secret.Reveal(), limit.Token);
            await client.SendAsync(message, limit.Token);
        }
        catch (Exception exception)
        {
            return client.Refused.Count == options.To.Count ? $"de mailserver weigert elk adres ({_redaction.Clean(client.Refused[0], post: null)})" : Reason(exception, longest);
        }

        foreach (var refusal in client.Refused)
            log.LogError("The mail server refuses an address of mailTo: {Refusal}", _redaction.Clean(refusal, post: null));
        await LeaveAsync(client, limit.Token);
        return null;
    }

    MimeMessage Compose(Telling telling)
    {
        var message = new MimeMessage
        {
            Subject = telling.Subject,
            Date = DutchTime.Of(telling.At),
            MessageId = $"{telling.Id}@{options.From.Split('@')[^1]}",
            Body = new TextPart("plain")
            {
                Text = $"""
                    {telling.Text}

                    --{' '}
                    Burgernet.Syndicate stuurt over dezelfde oorzaak hoogstens één mail per uur.
                    Oorzaak: {telling.Cause}{(telling.AlertId is { } alert ? $"\nNummer van de oproep: {alert}" : "")}
                    """,
            },
        };
        message.From.Add(MailboxAddress.Parse(options.From));
        message.To.AddRange(options.To.Select(MailboxAddress.Parse));
        // Nobody's "I am on holiday" should come back; the second is what Exchange goes by.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        return message;
    }

    string Reason(Exception exception, TimeSpan longest) => exception switch
    {
        OperationCanceledException or TimeoutException => FormattableString.Invariant($"de mailserver was niet klaar binnen {longest.TotalSeconds:0.###} s"),
        SmtpCommandException refused => $"de mailserver antwoordde {(int)refused.StatusCode} ({_redaction.Clean(refused.Message, post: null)})",
        AuthenticationException refused => $"de mailserver weigert gebruiker en wachtwoord ({_redaction.Clean(refused.Message, post: null)})",
        SslHandshakeException => $"geen vertrouwde TLS met de mailserver op poort {options.Port}: zijn certificaat geldt niet voor {options.Host}, of hij wil een ander soort tls",
        NotSupportedException => "de mailserver biedt niet wat is ingesteld (STARTTLS, of een manier om in te loggen)",
        SocketException { SocketErrorCode: var error } => $"de mailserver is niet bereikbaar ({error})",
        _ => $"de mailserver was niet te gebruiken ({exception.GetType().Name})",
    };

    // It has been taken: what goes wrong while saying goodbye changes nothing.
    static async Task LeaveAsync(Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ProtocolException or CommandException or SocketException)
        {
        }
    }

    static SecureSocketOptions SecurityOf(MailTls tls) => tls switch
    {
        MailTls.Implicit => SecureSocketOptions.SslOnConnect,
        MailTls.WhenOffered => SecureSocketOptions.StartTlsWhenAvailable,
        MailTls.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // One address that is wrong must not keep the mail from the others.
    sealed class Client : SmtpClient
    {
        public List<string> Refused { get; } = [];

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Refused.Add($"{mailbox.Address}: {(int)response.StatusCode} {response.Response}");
    }
}
