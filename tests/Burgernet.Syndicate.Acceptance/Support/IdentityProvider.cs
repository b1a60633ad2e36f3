using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>
/// An OpenID Connect provider on loopback: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636). Whoever comes
/// is logged in as it is told.
/// </summary>
sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "burgernet-syndicate";
    public const string ClientSecret = "geheim-van-de-inlogdienst";

    readonly WebApplication _app;
    readonly RSA _key = RSA.Create(2048);
    readonly ConcurrentDictionary<string, (string Challenge, string Nonce, string RedirectUri)> _codes = [];

    IdentityProvider(WebApplication app, Uri url) => (_app, Url) = (app, url);

    public Uri Url { get; }

    /// <summary>What the token says of who logs in.</summary>
    public JsonObject Claims { get; set; } = [];

    /// <summary>Signs tokens with a key that it does not show.</summary>
    public bool Forges { get; set; }

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var url = new Uri($"http://127.0.0.1:{TestMachine.FreePort()}");
        builder.WebHost.UseUrls(url.AbsoluteUri);
        var provider = new IdentityProvider(builder.Build(), url);
        provider.Map();
        await provider._app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    string At(string path) => new Uri(Url, path).AbsoluteUri;

    void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new JsonObject
        {
            ["issuer"] = Url.AbsoluteUri, ["authorization_endpoint"] = At("/authorize"), ["token_endpoint"] = At("/token"), ["jwks_uri"] = At("/keys"),
            ["response_types_supported"] = new JsonArray("code"), ["subject_types_supported"] = new JsonArray("public"), ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        }));
        _app.MapGet("/keys", () =>
        {
            var key = _key.ExportParameters(false);
            return Results.Json(new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = "1", ["n"] = Text(key.Modulus!), ["e"] = Text(key.Exponent!) }) });
        });
        _app.MapGet("/authorize", (HttpRequest request) =>
        {
            var query = request.Query;
            Assert.Equal((ClientId, "code", "S256"), ($"{query["client_id"]}", $"{query["response_type"]}", $"{query["code_challenge_method"]}"));
            var code = RandomNumberGenerator.GetHexString(32);
            _codes[code] = ($"{query["code_challenge"]}", $"{query["nonce"]}", $"{query["redirect_uri"]}");
            return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString($"{query["state"]}")}");
        });
        _app.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            var isGood = _codes.TryRemove($"{form["code"]}", out var asked) && form["client_secret"] == ClientSecret && form["redirect_uri"] == asked.RedirectUri
                && Text(SHA256.HashData(Encoding.ASCII.GetBytes($"{form["code_verifier"]}"))) == asked.Challenge;
            return isGood
                ? Results.Json(new JsonObject { ["access_token"] = "x", ["token_type"] = "Bearer", ["expires_in"] = 300, ["id_token"] = Token(asked.Nonce) })
                : Results.Json(new JsonObject { ["error"] = "invalid_grant" }, statusCode: 400);
        });
    }

    string Token(string nonce)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = (JsonObject)Claims.DeepClone();
        foreach (var (name, value) in new JsonObject { ["iss"] = Url.AbsoluteUri, ["aud"] = ClientId, ["sub"] = "u-1", ["iat"] = now, ["exp"] = now + 300, ["nonce"] = nonce })
            claims[name] = value!.DeepClone();
        var signed = $"{Text("""{"alg":"RS256","kid":"1","typ":"JWT"}"""u8.ToArray())}.{Text(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        using var other = RSA.Create(2048);
        return $"{signed}.{Text((Forges ? other : _key).SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
