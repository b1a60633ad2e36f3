using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels.X;

/// <summary>Every kind of request we send to X is signed as RFC 5849 wants it.</summary>
public sealed class SignatureTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://api.x.com/1.1/statuses/update.json", "Ls93hJiZbQ3akF3HF3x1Bz8/zU4=")]
    [InlineData("https://api.twitter.com/1.1/statuses/update.json", "hCtSmYh+iHYCEqBWrE7C7hYmtUk=")]
    public void Our_own_routine_reproduces_the_example_of_the_documentation(string url, string expected)
    {
        var signature = Rfc5849.Signature(
            "POST",
            url,
            [
                ("include_entities", "true"),
                ("status", "Hello Ladies + Gentlemen, a signed OAuth request!"),
                ("oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"),
                ("oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
                ("oauth_signature_method", "HMAC-SHA1"),
                ("oauth_timestamp", "1318622958"),
                ("oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"),
                ("oauth_version", "1.0"),
            ],
            "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
            "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE");

        Assert.Equal(expected, signature);
    }

    [Fact]
    public async Task Every_request_is_signed_right_with_a_nonce_of_its_own()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(
            200, """{"data":{"id":"42","deleted":true},"meta":{"next_token":null}}"""));
        var url = new Uri(server.Url, "basis/pad");
        var channel = Some.Channel("x", url);
        await channel.PublishAsync(Some.Post with { Photos = [Some.Photo], InReplyTo = "41" });
        await channel.PublishAsync(Some.Post);
        await ((IDeletesPosts)channel).DeleteAsync("", "42", Cancellation);
        await ((IFindsPosts)channel).FindPostsAsync("", Some.Now, Cancellation);
        await ((IMeasuresReach)channel).MeasureAsync([new AskedPost("42")], Cancellation);

        Assert.Equal(
            ["POST 2/media/upload", "POST 2/media/metadata", "POST 2/tweets", "POST 2/tweets", "DELETE 2/tweets/42",
                "GET 2/users/me", "GET 2/users/42/tweets", "GET 2/users/42/tweets"],
            server.Requests.Select(request => $"{request.Method} {request.Path["/basis/pad/".Length..]}"));
        Assert.All(server.Requests, request => AssertSigned(request, server.Url));
        Assert.Equal(8, server.Requests.Select(request => Rfc5849.Parse(request.Headers["Authorization"])["oauth_nonce"]).Distinct().Count());
    }

    static void AssertSigned(ReceivedRequest request, Uri server)
    {
        var oauth = Rfc5849.Parse(request.Headers["Authorization"]);
        Assert.Equal("s3cr3t/consumerKey+waarde=", oauth["oauth_consumer_key"]);
        Assert.Equal("s3cr3t/accessToken+waarde=", oauth["oauth_token"]);
        Assert.Equal("HMAC-SHA1", oauth["oauth_signature_method"]);
        Assert.True(oauth.Remove("oauth_signature", out var signature));

        var query = request.Target.Split('?') is [_, var given]
            ? given.Split('&').Select(pair => pair.Split('=')).Select(pair => (Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1])))
            : [];
        Assert.Equal(
            Rfc5849.Signature(
                request.Method,
                new Uri(server, request.Path).AbsoluteUri,
                [.. query, .. oauth.Select(parameter => (parameter.Key, parameter.Value))],
                "s3cr3t/consumerSecret+waarde=",
                "s3cr3t/accessTokenSecret+waarde="),
            signature);
    }
}
