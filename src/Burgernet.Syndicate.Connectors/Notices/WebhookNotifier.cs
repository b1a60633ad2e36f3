using System.Text.Encodings.Web;
using System.Text.Json;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Notices;
using RestSharp;

namespace Burgernet.Syndicate.Connectors.Notices;

/// <summary>
/// Posts a telling as JSON to an address of the receiver's own. Any 2xx is "taken". The same telling carries the same
/// <c>webhook-id</c>, so that a receiver whose answer was lost can recognise the repeat. No redirect, no proxy.
/// </summary>
sealed class WebhookNotifier : INotifier, IDisposable
{
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    static readonly string UserAgent = $"Burgernet.Syndicate/{typeof(WebhookNotifier).Assembly.GetName().Version?.ToString(3)}";

    // It is read as text too, and never lands in HTML: é stays é.
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly RestClient _client;
    readonly TimeSpan _timeout;

    public WebhookNotifier(Secret url, TimeSpan? timeout = null)
    {
        _timeout = timeout ?? DefaultTimeout;
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        _client = new RestClient(
            new HttpClient(handler, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan },
            new RestClientOptions(url.Reveal())
            {
                UserAgent = UserAgent,
                Timeout = _timeout,
                FollowRedirects = false,
                SetErrorExceptionOnUnsuccessfulStatusCode = false,
            },
            disposeHttpClient: true);
    }

    public string Name => "webhook";

    public async Task<string?> HandOverAsync(Telling telling)
    {
        var request = new RestRequest("", Method.Post)
        {
            // Whatever else it answers is of no use to us, and may be endless.
            CompletionOption = HttpCompletionOption.ResponseHeadersRead,
            AdvancedResponseWriter = (response, sent) => new RestResponse(sent) { StatusCode = response.StatusCode, ResponseStatus = ResponseStatus.Completed },
        };
        request.AddHeader("webhook-id", telling.Id);
        request.AddStringBody(JsonSerializer.Serialize(new
        {
            telling.Cause, telling.Subject, telling.Channel, telling.AlertId, telling.Text, at = telling.At.UtcDateTime,
        }, Json), ContentType.Json);

        var response = await _client.ExecuteAsync(request);
        return response switch
        {
            { StatusCode: not 0, ErrorException: null } when (int)response.StatusCode is >= 200 and < 300 => null,
            { StatusCode: not 0, ErrorException: null } => $"de webhook antwoordde {(int)response.StatusCode}",
            { ResponseStatus: ResponseStatus.TimedOut } => FormattableString.Invariant($"de webhook antwoordde niet binnen {_timeout.TotalSeconds:0.###} s"),
            { ErrorException: HttpRequestException { HttpRequestError: var error } } => $"de webhook is niet bereikbaar ({error})",
            _ => $"de webhook gaf geen bruikbaar antwoord ({response.ErrorException?.GetType().Name ?? "geen"})",
        };
    }

    public void Dispose() => _client.Dispose();
}
