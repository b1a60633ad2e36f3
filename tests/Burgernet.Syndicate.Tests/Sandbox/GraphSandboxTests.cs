using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Sandbox;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sandbox;

public sealed class GraphSandboxTests
{
    [Fact]
    public async Task A_page_post_is_answered_with_the_fields_asked_for_and_its_permalink_shows_it()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        using var answer = await sandbox.PagePost("Woninginbraak in <Hilversum>");
        var body = (await answer.Content.ReadFromJsonAsync<JsonNode>(SandboxClient.Cancel))!;

        Assert.StartsWith($"{sandbox.Page}_", (string?)body["id"], StringComparison.Ordinal);
        Assert.Equal("2026-11-24T13:00:00+0000", (string?)body["created_time"]);
        Assert.Contains("call_count", answer.Header("X-App-Usage"), StringComparison.Ordinal);
        Assert.Contains("estimated_time_to_regain_access", answer.Header("X-Business-Use-Case-Usage"), StringComparison.Ordinal);
        Assert.NotEmpty(answer.Header("x-fb-trace-id"));
        Assert.Contains("Woninginbraak in &lt;Hilversum&gt;", await sandbox.Get((string)body["permalink_url"]!).Words(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("header")]
    [InlineData("query")]
    [InlineData("body")]
    public async Task The_token_may_stand_in_the_header_the_query_or_the_body(string place)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var token = sandbox.Host.Credentials.Facebook.AccessToken;
        Dictionary<string, string> form = new() { ["message"] = "Geweld in Almere" };
        if (place == "body") form["access_token"] = token;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v26.0/{sandbox.Page}/feed?appsecret_proof={sandbox.Proof()}{(place == "query" ? $"&access_token={token}" : "")}")
        {
            Content = new FormUrlEncodedContent(form),
        };
        if (place == "header") request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        Assert.Equal(200, await sandbox.Send(request).Status());
    }

    [Theory]
    [InlineData("", 190)]
    [InlineData("proof of another", 100)]
    [InlineData("no proof", 100)]
    public async Task A_wrong_token_or_proof_is_refused_in_the_envelope(string mistake, int code)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var token = mistake.Length == 0 ? "other" : sandbox.Host.Credentials.Facebook.AccessToken;
        var proof = mistake switch { "no proof" => "", "proof of another" => "&appsecret_proof=00ff", _ => $"&appsecret_proof={sandbox.Proof()}" };

        var answer = await sandbox.Get($"/v26.0/{sandbox.Page}?access_token={token}{proof}").Json();

        Assert.Equal(code, (int)answer["error"]!["code"]!);
        Assert.NotNull(answer["error"]!["fbtrace_id"]);
    }

    [Fact]
    public async Task Only_the_last_post_counts_as_a_duplicate()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        Assert.Equal(200, await sandbox.PagePost("Een").Status());

        Assert.Equal(506, (int)(await sandbox.PagePost("Een").Json())["error"]!["code"]!);
        Assert.Equal(200, await sandbox.PagePost("Twee").Status());
        Assert.Equal(200, await sandbox.PagePost("Een").Status());
    }

    [Fact]
    public async Task An_edited_post_keeps_its_earlier_words_and_a_deleted_one_is_gone()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = (string)(await sandbox.PagePost("Uitkijken naar een Golf").Json())["id"]!;

        var edited = await sandbox.Graph(HttpMethod.Post, id, JsonContent.Create(new { message = "Uitkijken naar een Leon" })).Json();
        Assert.True((bool)edited["success"]!);
        Assert.Equal("Uitkijken naar een Leon", (string?)(await sandbox.Graph(HttpMethod.Get, $"{id}?fields=message").Json())["message"]);
        var post = Assert.Single(sandbox.Host.Posts(SandboxPlatform.Facebook));
        Assert.True(post.Edited);
        Assert.Equal(["Uitkijken naar een Golf"], post.EarlierTexts);

        Assert.Equal(200, await sandbox.Graph(HttpMethod.Delete, id).Status());
        var gone = await sandbox.Graph(HttpMethod.Get, $"{id}?fields=message").Json();
        Assert.Equal(100, (int)gone["error"]!["code"]!);
        Assert.Equal(33, (int)gone["error"]!["error_subcode"]!);
        Assert.True(Assert.Single(sandbox.Host.Posts(SandboxPlatform.Facebook)).Deleted);
    }

    [Fact]
    public async Task Published_posts_come_newest_first_in_pages_since_a_moment()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        foreach (var text in new[] { "Een", "Twee", "Drie", "Vier" })
        {
            Assert.Equal(200, await sandbox.PagePost(text).Status());
            sandbox.Time.Advance(TimeSpan.FromMinutes(1));
        }
        var since = sandbox.Time.GetUtcNow().AddMinutes(-3).ToUnixTimeSeconds();

        var path = $"{sandbox.Page}/published_posts?fields=id,message,created_time,permalink_url&limit=2&since={since}";
        var first = await sandbox.Graph(HttpMethod.Get, path).Json();
        var second = await sandbox.Graph(HttpMethod.Get, $"{path}&after={first["paging"]!["cursors"]!["after"]}").Json();

        Assert.Equal(["Vier", "Drie"], first["data"]!.AsArray().Select(post => (string)post!["message"]!));
        Assert.Equal(["Twee"], second["data"]!.AsArray().Select(post => (string)post!["message"]!));
        Assert.NotNull(first["paging"]!["next"]);
        Assert.Null(second["paging"]!["next"]);
    }

    [Fact]
    public async Task A_photo_is_uploaded_unseen_and_then_published_with_a_post()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 1]), "source", "foto.png" },
            { new StringContent("false"), "published" },
            { new StringContent("Een jongen met een gele jas"), "alt_text_custom" },
        };
        var photo = (string)(await sandbox.Graph(HttpMethod.Post, $"{sandbox.Page}/photos", form).Json())["id"]!;
        Assert.Empty(sandbox.Host.Posts(SandboxPlatform.Facebook));

        var body = new { message = "Vermist", attached_media = new[] { new { media_fbid = photo } } };
        Assert.Equal(200, await sandbox.Graph(HttpMethod.Post, $"{sandbox.Page}/feed", JsonContent.Create(body)).Status());

        Assert.Equal([photo], Assert.Single(sandbox.Host.Posts(SandboxPlatform.Facebook)).Images);
        Assert.Contains("alt=\"Een jongen met een gele jas\"", await sandbox.Get("/").Words(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_photo_outlives_its_post_and_is_deleted_by_itself()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 1]), "source", "foto.png" }, { new StringContent("Vermist"), "message" } };
        var answer = await sandbox.Graph(HttpMethod.Post, $"{sandbox.Page}/photos", form).Json();
        var (photo, post) = ((string)answer["id"]!, (string)answer["post_id"]!);
        Assert.Equal(photo, (string?)(await sandbox.Graph(HttpMethod.Get, $"{post}?fields=attachments{{target{{id}}}}").Json())["attachments"]!["data"]![0]!["target"]!["id"]);

        Assert.Equal(200, await sandbox.Graph(HttpMethod.Delete, post).Status());
        Assert.Equal(200, await sandbox.Get($"/sandbox/images/{photo}").Status());
        Assert.Equal(200, await sandbox.Graph(HttpMethod.Delete, photo).Status());
        Assert.Equal(404, await sandbox.Get($"/sandbox/images/{photo}").Status());
    }

    [Fact]
    public async Task One_unknown_metric_fails_the_whole_call()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = (string)(await sandbox.PagePost("Bereik").Json())["id"]!;
        sandbox.Time.Advance(TimeSpan.FromDays(1));

        var good = await sandbox.Graph(HttpMethod.Get, $"{id}/insights?metric=post_media_view,post_total_media_view_unique").Json();
        Assert.True((int)good["data"]![0]!["values"]![0]!["value"]! > 100);
        var bad = await sandbox.Graph(HttpMethod.Get, $"{id}/insights?metric=post_media_view,post_impressions").Json();
        Assert.Equal("(#100) The value must be a valid insights metric", (string?)bad["error"]!["message"]);
    }

    [Fact]
    public async Task Fields_with_brackets_are_understood_and_unknown_ones_refused()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = (string)(await sandbox.PagePost("Velden").Json())["id"]!;

        var post = await sandbox.Graph(HttpMethod.Get, $"{id}?fields=shares,reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0)").Json();
        Assert.NotNull(post["reactions"]!["summary"]!["total_count"]);
        Assert.NotNull(post["comments"]!["summary"]!["total_count"]);
        Assert.Equal(100, (int)(await sandbox.Graph(HttpMethod.Get, $"{id}?fields=impressions").Json())["error"]!["code"]!);
    }

    [Fact]
    public async Task A_read_that_announces_json_but_has_no_body_is_answered()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get,
            $"/v26.0/{sandbox.Page}?access_token={sandbox.Host.Credentials.Facebook.AccessToken}&appsecret_proof={sandbox.Proof()}")
        {
            Content = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };

        Assert.Equal(sandbox.Page, (string?)(await sandbox.Send(request).Json())["id"]);
    }

    [Fact]
    public async Task The_app_itself_may_ask_how_the_token_is()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var keys = sandbox.Host.Credentials.Facebook;

        var answer = await sandbox.Get($"/debug_token?input_token={keys.AccessToken}&access_token={keys.AppId}%7C{keys.AppSecret}").Json();
        Assert.True((bool)answer["data"]!["is_valid"]!);
        Assert.Equal(0, (int)answer["data"]!["expires_at"]!);
        var other = await sandbox.Get($"/v26.0/debug_token?input_token=other&access_token={keys.AppId}%7C{keys.AppSecret}").Json();
        Assert.False((bool)other["data"]!["is_valid"]!);
    }
}
