using System.Net;
using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>A browser without the browser: keeps cookies, follows nothing by itself and finds the token of a form.</summary>
sealed partial class Visitor : IDisposable
{
    readonly HttpClient _client;

    public Visitor(Uri url) => _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = url };

    public CookieContainer Cookies { get; } = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Visitor> LogInAsync(Uri url, string name, string password)
    {
        var session = new Visitor(url);
        using var answer = await session.TryAsync(name, password);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        return session;
    }

    public async Task<HttpResponseMessage> TryAsync(string name, string password, string back = "") =>
        await PostAsync("/inloggen", from: "/inloggen", ("naam", name), ("wachtwoord", password), ("terug", back));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? host = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Host = host;
        return _client.SendAsync(request, Cancel);
    }

    public async Task<string> GetAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Sends a form with the token that the page it stands on gave.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, string from, params (string Name, string Value)[] fields) =>
        await SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent([.. fields.Select(f => KeyValuePair.Create(f.Name, f.Value)), KeyValuePair.Create("__RequestVerificationToken", await TokenAsync(from))]));

    /// <summary>Sends a form and reads the page it leads back to.</summary>
    public async Task<string> ActAsync(string path, string from, params (string Name, string Value)[] fields)
    {
        using var answer = await PostAsync(path, from, fields);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return await GetAsync(answer.Headers.Location!.OriginalString);
    }

    public async Task<string> TokenAsync(string page) => Token().Match(await GetAsync(page)).Groups[1].Value;

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
