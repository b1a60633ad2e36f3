using System.Globalization;
using System.Net;
using Burgernet.Syndicate.Alerts;
using RestSharp;

namespace Burgernet.Syndicate.Connectors.Sources;

/// <summary>
/// Reads one feed. No proxy from the environment, no cookies, no redirect: the answer comes from the host that was
/// configured or not at all. It asks "only if it changed", but only against an answer that was confirmed: a validator
/// remembered too early would hide an alert that was fetched and not yet stored when the program died.
/// </summary>
sealed class FeedClient : IDisposable
{
    /// <summary>Counted after decompression.</summary>
    public const int LargestBody = 5 * 1024 * 1024;

    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(20);

    // Whoever runs the feed must be able to see who asks, and where to complain.
    static readonly string UserAgent =
        $"Burgernet.Syndicate/{typeof(FeedClient).Assembly.GetName().Version?.ToString(3)} (+https://github.com/burgernet/syndicate)";

    readonly RestClient _client;
    readonly TimeProvider _time;
    readonly TimeSpan _timeout;
    FeedValidators _confirmed = FeedValidators.None;

    public FeedClient(Uri url, TimeProvider time, TimeSpan? timeout = null)
    {
        _time = time;
        _timeout = timeout ?? DefaultTimeout;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var http = new HttpClient(handler, disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestBody,
        };
        _client = new RestClient(
            http,
            new RestClientOptions(url)
            {
                UserAgent = UserAgent,
                Timeout = _timeout,
                FollowRedirects = false,
                SetErrorExceptionOnUnsuccessfulStatusCode = false,
            },
            disposeHttpClient: true);
    }

    /// <summary>Asks once. Null means that nothing changed since the answer that was confirmed last.</summary>
    /// <exception cref="SourceException">There is no good answer.</exception>
    public async Task<FeedBody?> GetAsync(CancellationToken cancellationToken)
    {
        var asked = _confirmed;
        var request = new RestRequest().AddHeader("Accept", "application/json");
        if (asked.ETag is not null)
            request.AddHeader("If-None-Match", asked.ETag);
        if (asked.LastModified is not null)
            request.AddHeader("If-Modified-Since", asked.LastModified);

        RestResponse response;
        try
        {
            response = await _client.ExecuteAsync(request, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new SourceException($"geen bruikbaar antwoord ({exception.GetType().Name})", inner: exception);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (response.ResponseStatus == ResponseStatus.TimedOut)
            throw new SourceException($"geen volledig antwoord binnen {_timeout.TotalSeconds:0.###} s");
        if (response.StatusCode == 0 || response.ErrorException is not null)
            throw new SourceException(Broken(response.ErrorException), inner: response.ErrorException);

        switch ((int)response.StatusCode)
        {
            case 200:
                break;
            case 304 when asked != FeedValidators.None:
                return null;
            case >= 300 and < 400 and not 304:
                throw new SourceException($"de server antwoordt {(int)response.StatusCode} en verwijst naar elders; controleer de url");
            case var status:
                throw new SourceException($"de server antwoordt {status}", RetryAfter(response));
        }

        if (response.ContentType?.Contains("html", StringComparison.OrdinalIgnoreCase) is true)
            throw new SourceException("het antwoord is een HTML-pagina, geen JSON");

        return new FeedBody(
            response.RawBytes ?? [],
            new FeedValidators(Header(response, "ETag"), Header(response, "Last-Modified")),
            Moment(Header(response, "Date")));
    }

    /// <summary>From now on, ask only for what changed since the answer these came with.</summary>
    public void Remember(FeedValidators validators) => _confirmed = validators;

    static string Broken(Exception? exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            $"het antwoord is groter dan {LargestBody / 1024 / 1024} MB",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "het antwoord houdt halverwege op",
        HttpRequestException { HttpRequestError: var error } => $"de verbinding is mislukt ({error})",
        _ => $"geen bruikbaar antwoord ({exception?.GetType().Name ?? "geen"})",
    };

    /// <summary>In seconds or as a date (RFC 9110 §10.2.3).</summary>
    TimeSpan? RetryAfter(RestResponse response)
    {
        var value = Header(response, "Retry-After");
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        return Moment(value) - _time.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? wait : null;
    }

    static DateTimeOffset? Moment(string? value) =>
        DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    static string? Header(RestResponse response, string name) =>
        (response.Headers ?? []).Concat(response.ContentHeaders ?? [])
            .FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    public void Dispose() => _client.Dispose();
}

/// <summary>A good answer's bytes, and what to ask with next time once they are safe.</summary>
/// <param name="At">When the server says it is.</param>
sealed record FeedBody(byte[] Bytes, FeedValidators Validators, DateTimeOffset? At);

/// <summary>What a server gave to recognise an answer by, exactly as it wrote it.</summary>
readonly record struct FeedValidators(string? ETag, string? LastModified)
{
    public static FeedValidators None => default;
}
