using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Sandbox;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sandbox;

public sealed class XSandboxTests
{
    [Fact]
    public void The_signature_is_that_of_the_published_example()
    {
        var signature = OAuth1.Sign("POST", "https://api.twitter.com/1.1/statuses/update.json",
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
            "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE");

        Assert.Equal("hCtSmYh+iHYCEqBWrE7C7hYmtUk=", signature);
    }

    [Fact]
    public async Task A_post_is_answered_with_its_id_and_stands_on_the_timeline()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        using var answer = await sandbox.Post("Vermist in Amersfoort: jongen van 7 jaar.");

        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal("100", answer.Header("x-rate-limit-limit"));
        Assert.Equal("99", answer.Header("x-rate-limit-remaining"));
        var post = Assert.Single(sandbox.Host.Posts(SandboxPlatform.X));
        var data = (await answer.Content.ReadFromJsonAsync<JsonNode>(SandboxClient.Cancel))!["data"]!;
        Assert.Equal(post.Id, (string?)data["id"]);
        Assert.Equal("Vermist in Amersfoort: jongen van 7 jaar.", post.Text);
    }

    [Fact]
    public async Task Links_come_back_shortened_and_markup_escaped()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await sandbox.Post("Meer & beeld: https://www.politie.nl/gezocht?id=1&x=2").Json();

        Assert.Matches("^Meer &amp; beeld: https://t\\.co/[0-9a-f]{10}$", (string?)answer["data"]!["text"]);
    }

    [Theory]
    [InlineData("wrong token")]
    [InlineData("wrong secret")]
    [InlineData("no header")]
    public async Task A_call_that_is_not_rightly_signed_is_refused_in_the_platforms_shape(string mistake)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var keys = sandbox.Host.Credentials.X;
        using var request = sandbox.SignedX(HttpMethod.Get, "/2/users/me", mistake switch
        {
            "wrong token" => keys with { AccessToken = "other" },
            "wrong secret" => keys with { AccessTokenSecret = "other" },
            _ => keys,
        }, null);
        if (mistake == "no header") request.Headers.Authorization = null;

        using var answer = await sandbox.Send(request);

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal("Unauthorized", (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>(SandboxClient.Cancel))!["title"]);
    }

    [Fact]
    public async Task The_same_text_twice_is_refused_as_a_duplicate_until_the_first_is_deleted()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var first = await sandbox.Post("Overval in Nieuwegein").Json();

        using var second = await sandbox.Post("Overval in Nieuwegein");
        Assert.Equal(403, (int)second.StatusCode);
        Assert.Contains("duplicate content", await second.Content.ReadAsStringAsync(SandboxClient.Cancel), StringComparison.Ordinal);

        var deleted = await sandbox.X(HttpMethod.Delete, $"/2/tweets/{first["data"]!["id"]}").Json();
        Assert.True((bool)deleted["data"]!["deleted"]!);
        Assert.Equal(201, await sandbox.Post("Overval in Nieuwegein").Status());
    }

    [Fact]
    public async Task An_unknown_property_is_refused()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = sandbox.X(HttpMethod.Post, "/2/tweets", new JsonObject { ["text"] = "x", ["idempotency_key"] = "1" });

        Assert.Equal(400, await answer.Status());
        Assert.Empty(sandbox.Host.Posts(SandboxPlatform.X));
    }

    [Fact]
    public async Task A_text_that_is_too_long_gets_the_answer_that_does_not_say_why()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var link = $"https://www.politie.nl/{new string('a', 300)}";

        Assert.Equal(201, await sandbox.Post($"{new string('b', 256)} {link}").Status());
        var refused = await sandbox.Post($"{new string('b', 257)} {link}").Json();

        Assert.Equal("You are not permitted to perform this action.", (string?)refused["detail"]);
    }

    [Fact]
    public async Task A_reply_names_its_post_and_a_reply_to_a_deleted_one_is_refused()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = (string)(await sandbox.Post("Begin").Json())["data"]!["id"]!;

        Assert.Equal(201, await sandbox.Post("Vervolg", id).Status());
        Assert.Equal(id, sandbox.Host.Posts(SandboxPlatform.X)[1].ReplyTo);

        Assert.Equal(200, await sandbox.X(HttpMethod.Delete, $"/2/tweets/{id}").Status());
        Assert.Equal(403, await sandbox.Post("Nog een vervolg", id).Status());
        Assert.Equal(404, await sandbox.X(HttpMethod.Delete, $"/2/tweets/{id}").Status());
    }

    [Fact]
    public async Task Own_posts_come_newest_first_in_pages()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        for (var number = 1; number <= 7; number++)
        {
            Assert.Equal(201, await sandbox.Post($"Bericht {number}").Status());
            sandbox.Time.Advance(TimeSpan.FromSeconds(10));
        }
        var me = (string)(await sandbox.X(HttpMethod.Get, "/2/users/me").Json())["data"]!["id"]!;

        var path = $"/2/users/{me}/tweets?max_results=5&start_time=2026-11-24T13:00:10Z&tweet.fields=created_at,public_metrics";
        var first = await sandbox.X(HttpMethod.Get, path).Json();
        var second = await sandbox.X(HttpMethod.Get, $"{path}&pagination_token={first["meta"]!["next_token"]}").Json();

        string[] texts = [.. first["data"]!.AsArray().Concat(second["data"]!.AsArray()).Select(post => (string)post!["text"]!)];
        Assert.Equal(["Bericht 7", "Bericht 6", "Bericht 5", "Bericht 4", "Bericht 3", "Bericht 2"], texts);
        Assert.Equal("2026-11-24T13:01:00.000Z", (string?)first["data"]![0]!["created_at"]);
        Assert.NotNull(first["data"]![0]!["public_metrics"]!["impression_count"]);
        Assert.Null(second["meta"]!["next_token"]);
        Assert.Equal(400, await sandbox.X(HttpMethod.Get, $"/2/users/{me}/tweets?max_results=4").Status());
    }

    [Fact]
    public async Task An_image_is_uploaded_described_and_attached()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]), "media", "foto.jpg" },
            { new StringContent("tweet_image"), "media_category" },
        };
        using var upload = sandbox.SignedX(HttpMethod.Post, "/2/media/upload", sandbox.Host.Credentials.X, form);
        var id = (string)(await sandbox.Send(upload).Json())["data"]!["id"]!;

        var described = sandbox.X(HttpMethod.Post, "/2/media/metadata",
            new JsonObject { ["id"] = id, ["metadata"] = new JsonObject { ["alt_text"] = new JsonObject { ["text"] = "Een jongen" } } });
        Assert.Equal(200, await described.Status());
        JsonObject Body(string media) => new() { ["text"] = "Met foto", ["media"] = new JsonObject { ["media_ids"] = new JsonArray(media) } };
        Assert.Equal(400, await sandbox.X(HttpMethod.Post, "/2/tweets", Body("404")).Status());
        Assert.Equal(201, await sandbox.X(HttpMethod.Post, "/2/tweets", Body(id)).Status());

        Assert.Equal([id], Assert.Single(sandbox.Host.Posts(SandboxPlatform.X)).Images);
        using var image = await sandbox.Get($"/sandbox/images/{id}");
        Assert.Equal("image/jpeg", image.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_platforms_own_limit_holds_until_its_window_ends()
    {
        await using var sandbox = await SandboxClient.StartAsync(options => options with { XPostsPerWindow = 1 });
        Assert.Equal(201, await sandbox.Post("Een").Status());

        using var refused = await sandbox.Post("Twee");
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("0", refused.Header("x-rate-limit-remaining"));
        Assert.Equal(sandbox.Time.GetUtcNow().AddMinutes(15).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Header("x-rate-limit-reset"));

        sandbox.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(201, await sandbox.Post("Twee").Status());
    }
}
