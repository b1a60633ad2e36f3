using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Sandbox;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sandbox;

/// <summary>A started sandbox and a plain HTTP client that knows its keys.</summary>
internal sealed class SandboxClient : IAsyncDisposable
{
    public const string Group = "120363000000000001@g.us";

    // No connection is kept: HttpClient repeats a GET or DELETE by itself when an old connection turns out to be broken.
    readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });

    SandboxClient(SandboxHost host, FakeTimeProvider time)
    {
        (Host, Time) = (host, time);
        http.BaseAddress = host.Address;
    }

    public SandboxHost Host { get; }

    public FakeTimeProvider Time { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SandboxClient> StartAsync(Func<SandboxOptions, SandboxOptions>? change = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 13, 0, 0, TimeSpan.Zero));
        var options = new SandboxOptions { TimeProvider = time };
        return new SandboxClient(await SandboxHost.StartAsync(change?.Invoke(options) ?? options, Cancel), time);
    }

    public Task<HttpResponseMessage> X(HttpMethod method, string path, JsonNode? body = null, XCredentials? keys = null) =>
        Send(SignedX(method, path, keys ?? Host.Credentials.X, body is null ? null : JsonContent.Create(body)));

    public Task<HttpResponseMessage> Post(string text, string? replyTo = null)
    {
        var body = new JsonObject { ["text"] = text };
        if (replyTo is not null) body["reply"] = new JsonObject { ["in_reply_to_tweet_id"] = replyTo };
        return X(HttpMethod.Post, "/2/tweets", body);
    }

    public HttpRequestMessage SignedX(HttpMethod method, string path, XCredentials keys, HttpContent? content)
    {
        var url = new Uri(Host.Address, path);
        Dictionary<string, string> oauth = new()
        {
            ["oauth_consumer_key"] = keys.ConsumerKey,
            ["oauth_nonce"] = RandomNumberGenerator.GetHexString(16),
            ["oauth_signature_method"] = "HMAC-SHA1",
            ["oauth_timestamp"] = "1795525200",
            ["oauth_token"] = keys.AccessToken,
            ["oauth_version"] = "1.0",
        };
        var query = url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => (Uri.UnescapeDataString(pair.Split('=')[0]), Uri.UnescapeDataString(pair.Split('=')[1])));
        oauth["oauth_signature"] = OAuth1.Sign(method.Method, url.GetLeftPart(UriPartial.Path),
            oauth.Select(pair => (pair.Key, pair.Value)).Concat(query), keys.ConsumerSecret, keys.AccessTokenSecret);
        var header = string.Join(", ", oauth.Select(pair => $"{pair.Key}=\"{Uri.EscapeDataString(pair.Value)}\""));
        return new HttpRequestMessage(method, url) { Content = content, Headers = { Authorization = new AuthenticationHeaderValue("OAuth", header) } };
    }

    public Task<HttpResponseMessage> Graph(HttpMethod method, string path, HttpContent? content = null)
    {
        var url = $"/v26.0/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}appsecret_proof={Proof()}";
        return Send(new HttpRequestMessage(method, url)
        {
            Content = content,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Host.Credentials.Facebook.AccessToken) },
        });
    }

    public Task<HttpResponseMessage> PagePost(string message) =>
        Graph(HttpMethod.Post, $"{Page}/feed?fields=id,permalink_url,created_time", JsonContent.Create(new { message }));

    public string Page => Host.Credentials.Facebook.PageId;

    public string Proof() => Convert.ToHexStringLower(HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(Host.Credentials.Facebook.AppSecret), Encoding.UTF8.GetBytes(Host.Credentials.Facebook.AccessToken)));

    public Task<HttpResponseMessage> Waha(HttpMethod method, string path, object? body = null, string? key = null) =>
        Send(new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
            Headers = { { "X-Api-Key", key ?? Host.Credentials.WhatsApp.ApiKey } },
        });

    public Task<HttpResponseMessage> Message(string text, string chatId = Group, string? id = null) =>
        Waha(HttpMethod.Post, "/api/sendText", new { session = "default", chatId, text, id });

    public Task<HttpResponseMessage> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) => http.SendAsync(request, Cancel);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Host.DisposeAsync();
    }
}

internal static class AnswerReading
{
    public static async Task<JsonNode> Json(this Task<HttpResponseMessage> answering)
    {
        using var answer = await answering;
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(SandboxClient.Cancel))!;
    }

    public static async Task<string> Words(this Task<HttpResponseMessage> answering)
    {
        using var answer = await answering;
        return await answer.Content.ReadAsStringAsync(SandboxClient.Cancel);
    }

    public static async Task<int> Status(this Task<HttpResponseMessage> answering)
    {
        using var answer = await answering;
        return (int)answer.StatusCode;
    }

    public static string Header(this HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
