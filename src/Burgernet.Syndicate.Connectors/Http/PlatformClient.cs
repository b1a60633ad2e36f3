using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Burgernet.Syndicate.Configuration;
using RestSharp;
using RestSharp.Authenticators;

namespace Burgernet.Syndicate.Connectors.Http;

/// <summary>
/// One account's way to its platform: one RestSharp client over one pool of connections, for as long as the channel
/// lives. A request leaves once. No retries, because a second POST is a second post; no redirects, because they repeat
/// the request elsewhere; no proxy from the environment, because its answers look like the platform's.
/// </summary>
sealed class PlatformClient : IDisposable
{
    /// <summary>A hundred long posts read back fit; a body that never ends does not.</summary>
    const int LargestAnswer = 4 * 1024 * 1024;

    static readonly string UserAgent = $"Burgernet.Syndicate/{typeof(PlatformClient).Assembly.GetName().Version?.ToString(3)}";

    // What leaves is read by people in logs of platforms: é stays é. It never lands in HTML.
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    readonly RestClient _client;
    readonly TimeProvider _time;
    readonly Redaction _redaction;
    readonly TimeSpan _timeout;
    long _ahead;

    /// <param name="options">The channel; its secrets are kept out of every reason.</param>
    /// <param name="time">The machine's clock, which goes on while that is suspended.</param>
    /// <param name="authenticator">Signs each request, if the platform wants that.</param>
    /// <param name="derived">Values made from the secrets that must not be seen either.</param>
    public PlatformClient(
        ChannelOptions options, TimeProvider time, IAuthenticator? authenticator = null, params IEnumerable<string> derived)
    {
        _time = time;
        _timeout = options.RequestTimeout;
        _redaction = new Redaction([.. options.Secrets.Values.Select(secret => secret.Reveal()), .. derived]);

        // MaxConnectionsPerServer stays unlimited: how much is under way at once is the dispatcher's to say.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult(SentBytes.Watch(context.PlaintextStream)),
        };
        var http = new HttpClient(handler, disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _client = new RestClient(
            http,
            new RestClientOptions(options.BaseUrl)
            {
                UserAgent = UserAgent,
                Timeout = options.RequestTimeout,
                FollowRedirects = false,
                SetErrorExceptionOnUnsuccessfulStatusCode = false,
                Authenticator = authenticator,
            },
            disposeHttpClient: true);
    }

    /// <summary>
    /// From when to read for what we did at <paramref name="ours"/>. When our clock is ahead of the platform's, that has
    /// dated our post earlier than we did; read from too late, what is there would seem not to be.
    /// </summary>
    public DateTimeOffset ReadFrom(DateTimeOffset ours) => ours - TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>The body as JSON; null members are left out.</summary>
    public static string ToJson<T>(T body) => JsonSerializer.Serialize(body, Json);

    /// <summary>Sends the request once and says what came of it; throws for nothing that the network does.</summary>
    public async Task<PlatformAnswer> SendAsync(RestRequest request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return PlatformAnswer.None("gestopt voordat er iets verzonden was", neverLeft: true, _time, _redaction);

        var sent = SentBytes.Begin(_time, _timeout);
        RestResponse response;
        try
        {
            response = await _client.ExecuteAsync(request, cancellationToken);
        }
        catch (Exception exception)
        {
            // RestSharp promises not to throw. Should it do so while it reads an answer, the post may be there, and
            // only an answer that says "unknown" makes somebody look.
            return PlatformAnswer.None($"geen bruikbaar antwoord ({exception.GetType().Name})", neverLeft: false, _time, _redaction);
        }

        if (response.StatusCode != 0 && response.ErrorException is null)
        {
            var answer = PlatformAnswer.From(response, _time, _redaction);
            Interlocked.Exchange(ref _ahead, Math.Max(0, (_time.GetUtcNow() - answer.Now).Ticks));
            return answer;
        }

        return response switch
        {
            { ErrorException: { } exception } when IsTooLate(exception) && sent.Count == 0 => None($"het programma stond stil; er is niets verzonden", neverLeft: true),
            { ErrorException: HttpRequestException { HttpRequestError: var error } } when NeverLeft(error) && sent.Count == 0 =>
                None($"er is geen verbinding ({error})", neverLeft: true),
            { ErrorException: HttpRequestException { HttpRequestError: var error } } =>
                None($"de verbinding brak af ({error}) nadat {sent.Count} bytes verzonden waren"),
            { ResponseStatus: ResponseStatus.TimedOut } =>
                None($"geen antwoord binnen {_timeout.TotalSeconds:0.###} s; {sent.Count} bytes waren verzonden"),
            _ when cancellationToken.IsCancellationRequested =>
                None($"gestopt tijdens het wachten op antwoord; {sent.Count} bytes waren verzonden"),
            _ => None($"geen bruikbaar antwoord ({response.ErrorException?.GetType().Name ?? "geen"}); {sent.Count} bytes waren verzonden"),
        };

        PlatformAnswer None(FormattableString reason, bool neverLeft = false) =>
            PlatformAnswer.None(FormattableString.Invariant(reason), neverLeft, _time, _redaction);
    }

    /// <summary>The failures that happen before a request can begin. All others are unknown, whatever the count says.</summary>
    static bool NeverLeft(HttpRequestError error) => error
        is HttpRequestError.NameResolutionError
        or HttpRequestError.ConnectionError
        or HttpRequestError.SecureConnectionError
        or HttpRequestError.ProxyTunnelError;

    static bool IsTooLate(Exception? exception) => exception is not null && (exception is SentBytes.TooLateException || IsTooLate(exception.InnerException));

    public void Dispose() => _client.Dispose();
}
