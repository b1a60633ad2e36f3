using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Http;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using RestSharp;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>The mailbox, or the place that gives tokens for it, would not let us in. The message is for operators (Dutch).</summary>
sealed class MailboxException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Logs in to a mailbox, with a password or with a token that it renews, and says in words why it could not.</summary>
sealed class MailboxSession(MailboxOptions options, TimeProvider time, RemoteCertificateValidationCallback? certificates = null) : IDisposable
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // Used up before it really is, so that a login never comes too late.
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    readonly Redaction _redaction = new(Secrets(options));
    readonly RestClient? _tokens = options.OAuth is { } oauth ? new RestClient(new RestClientOptions(oauth.TokenUrl) { Timeout = Longest, FollowRedirects = false }) : null;
    string? _refreshToken = options.OAuth?.RefreshToken?.Reveal();
    (string Token, DateTimeOffset Until)? _access;

    /// <summary>A client that is logged in; it belongs to the caller.</summary>
    /// <exception cref="Exception">What <see cref="Reason"/> has words for.</exception>
    public async Task<ImapClient> OpenAsync(CancellationToken cancellationToken)
    {
        var client = new ImapClient
        {
            Timeout = (int)Longest.TotalMilliseconds,
            // Name, chain and dates are checked. The list of revoked ones is elsewhere, and out of reach where only the mail server is not.
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = certificates,
        };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Longest);
            try
            {
                await client.ConnectAsync(options.Host, options.Port, options.Tls switch { MailTls.Implicit => SecureSocketOptions.SslOnConnect, MailTls.StartTls => SecureSocketOptions.StartTls, _ => SecureSocketOptions.None }, limit.Token);
                if (options.Password is { } password)
                    await client.AuthenticateAsync(options.User, password.Reveal(), limit.Token);
                else
                    await client.AuthenticateAsync(new SaslMechanismOAuth2(options.User, await TokenAsync(limit.Token)), limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException();
            }

            return client;
        }
        catch
        {
            // A token that was refused is not tried again.
            _access = null;
            client.Dispose();
            throw;
        }
    }

    /// <summary>Why it went wrong, without a secret (Dutch).</summary>
    public string Reason(Exception exception) => exception switch
    {
        MailboxException or DkimKeyUnreachableException => _redaction.Clean(exception.Message, post: null),
        OperationCanceledException or TimeoutException => FormattableString.Invariant($"de mailserver was niet klaar binnen {Longest.TotalSeconds:0} s"),
        AuthenticationException refused => $"de mailserver weigert de aanmelding van {options.User} ({_redaction.Clean(refused.Message, post: null)})",
        SslHandshakeException => $"geen vertrouwde TLS met de mailserver op poort {options.Port}: zijn certificaat geldt niet voor {options.Host}, of hij wil een ander soort tls",
        FolderNotFoundException missing => $"de mailbox heeft geen map {_redaction.Clean(missing.FolderName, post: null)}",
        ImapCommandException refused => $"de mailserver weigert een opdracht ({_redaction.Clean(refused.ResponseText is { Length: > 0 } text ? text : refused.Message, post: null)})",
        NotSupportedException => "de mailserver biedt niet wat is ingesteld (STARTTLS, of een manier om in te loggen)",
        SocketException { SocketErrorCode: var error } => $"de mailserver is niet bereikbaar ({error})",
        ServiceNotConnectedException or ProtocolException or IOException { InnerException: SocketException } => "de verbinding met de mailserver brak af",
        IOException => _redaction.Clean(exception.Message, post: null),
        _ => $"de mailbox was niet te lezen ({exception.GetType().Name})",
    };

    public void Dispose() => _tokens?.Dispose();

    // RFC 6749: section 6 for a person, 4.4 for an app by itself.
    async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (_access is { } access && access.Until > time.GetUtcNow())
            return access.Token;
        var oauth = options.OAuth!;
        var request = new RestRequest("", Method.Post).AddParameter("grant_type", _refreshToken is null ? "client_credentials" : "refresh_token").AddParameter("client_id", oauth.ClientId);
        if (_refreshToken is not null)
            request.AddParameter("refresh_token", _refreshToken);
        if (oauth.Scope is not null)
            request.AddParameter("scope", oauth.Scope);
        if (oauth.ClientSecret is { } secret)
            request.AddParameter("client_secret", secret.Reveal());
        var response = await _tokens!.ExecuteAsync(request, cancellationToken);
        if (response.StatusCode == 0)
            throw new MailboxException($"het tokenadres {oauth.TokenUrl.Host} is niet bereikbaar");
        try
        {
            using var answer = JsonDocument.Parse(response.Content ?? "");
            if (!response.IsSuccessful)
                throw new MailboxException($"{oauth.TokenUrl.Host} geeft geen token: {(int)response.StatusCode} {(answer.RootElement.TryGetProperty("error", out var error) ? error.ToString() : "")}".TrimEnd());
            var token = answer.RootElement.GetProperty("access_token").GetString()!;
            var lasts = answer.RootElement.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt32(out var number) ? TimeSpan.FromSeconds(number) : TimeSpan.FromMinutes(5);
            // Some give a new one each time; the old one lasts until the next start then.
            if (_refreshToken is not null && answer.RootElement.TryGetProperty("refresh_token", out var next) && next.GetString() is { Length: > 0 } renewed)
                _refreshToken = renewed;
            _access = (token, time.GetUtcNow() + lasts - Margin);
            return token;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new MailboxException($"{oauth.TokenUrl.Host} geeft geen token: het antwoord ({(int)response.StatusCode}) is niet te begrijpen", exception);
        }
    }

    static IEnumerable<string> Secrets(MailboxOptions options)
    {
        foreach (var secret in new[] { options.Password, options.OAuth?.ClientSecret, options.OAuth?.RefreshToken }.OfType<Secret>())
        {
            yield return secret.Reveal();
            yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(secret.Reveal()));
            yield return Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{options.User}\0{secret.Reveal()}"));
        }
    }
}
