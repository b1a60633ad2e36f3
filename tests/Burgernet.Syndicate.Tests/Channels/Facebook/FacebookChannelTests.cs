using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Sandbox;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels.Facebook;

public sealed class FacebookChannelTests
{
    const string PostId = "1234509876_55";
    const string Created = """{"id":"1234509876_55","permalink_url":"https://www.facebook.com/1234509876/posts/55","created_time":"2026-11-24T12:00:00+0000"}""";

    static readonly string Proof = Convert.ToHexStringLower(HMACSHA256.HashData(
        Encoding.UTF8.GetBytes("s3cr3t/appSecret+waarde="), Encoding.UTF8.GetBytes("s3cr3t/accessToken+waarde=")));

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_post_is_one_request_whose_answer_carries_the_permalink()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(200, Created));
        var result = await Some.Channel("facebook", new Uri(server.Url, "graph")).PublishAsync(Some.Post);

        Assert.Equal(new PublishResult.Published(PostId, "https://www.facebook.com/1234509876/posts/55"), result);
        var request = Assert.Single(server.Requests);
        Assert.Equal(
            $"POST /graph/v26.0/1234509876/feed?appsecret_proof={Proof}&fields=id,permalink_url,created_time",
            Uri.UnescapeDataString(request.ToString()));
        Assert.Equal("Bearer s3cr3t/accessToken+waarde=", request.Headers["Authorization"]);
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["message"] = Some.Post.Text }, JsonNode.Parse(request.Body)), request.BodyText);
    }

    [Theory]
    [InlineData("""{"id":"1_2"}""")]
    [InlineData("""{"id":"1_2","permalink_url":"/1/posts/2"}""")]
    [InlineData("""{"id":"1_2","permalink_url":"javascript:alert(1)"}""")]
    public async Task A_permalink_that_is_no_address_is_left_out(string body)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(200, body));

        Assert.Equal(new PublishResult.Published("1_2"), await Some.Channel("facebook", server.Url).PublishAsync(Some.Post));
    }

    [Fact]
    public async Task Photos_are_uploaded_unpublished_with_their_text_and_attached_to_the_one_post()
    {
        var uploads = 0;
        await using var server = await ScriptedServer.StartAsync(request =>
            request.Path.EndsWith("/photos", StringComparison.Ordinal) ? new(200, $$"""{"id":"70{{++uploads}}"}""") : new(200, Created));
        var result = await Some.Channel("facebook", server.Url).PublishAsync(Some.Post with { Photos = [Some.Photo, Some.Photo] });

        Assert.Equal(["701", "702"], Assert.IsType<PublishResult.Published>(result).PhotoIds);
        Assert.Equal(
            ["/v26.0/1234509876/photos", "/v26.0/1234509876/photos", "/v26.0/1234509876/feed"],
            server.Requests.Select(request => request.Path));
        var upload = Encoding.Latin1.GetString(server.Requests[0].Body);
        Assert.Matches("name=\"?published\"?\r\n\r\nfalse\r\n", upload);
        Assert.Matches($"name=\"?alt_text_custom\"?\r\n\r\n{Some.Photo.AltText}\r\n", upload);
        Assert.Matches("name=\"?source\"?;", upload);
        Assert.Contains($"\r\n\r\n{Encoding.Latin1.GetString(Some.Photo.Bytes.Span)}\r\n", upload, StringComparison.Ordinal);
        Assert.Equal(
            """[{"media_fbid":"701"},{"media_fbid":"702"}]""",
            JsonNode.Parse(server.Requests[2].Body)!["attached_media"]!.ToJsonString());
    }

    [Theory]
    [InlineData(500, 1)]
    [InlineData(400, 32)]
    [InlineData(400, 190)]
    [InlineData(400, 100)]
    public async Task A_photo_that_is_not_taken_keeps_no_appeal_back(int status, int code)
    {
        await using var server = await ScriptedServer.StartAsync(request =>
            request.Path.EndsWith("/photos", StringComparison.Ordinal) ? new(status, Error(code)) : new(200, """{"id":"1_2"}"""));
        var result = await Some.Channel("facebook", server.Url).PublishAsync(Some.Post with { Photos = [Some.Photo] });

        Assert.Equal("het netwerk nam de foto niet aan", Assert.IsType<PublishResult.Published>(result).WithoutPhoto);
        Assert.Equal(["photos", "feed"], server.Requests.Select(r => r.Path.Split('/')[^1]));
        Assert.Null(JsonNode.Parse(server.Requests[1].Body)!["attached_media"]);
    }

    public static TheoryData<int, int, int?, string, Type> KnownErrors => new()
    {
        { 500, 1, null, "An unknown error occurred", typeof(PublishResult.Ambiguous) },
        { 400, 1, 99, "An unknown error occurred", typeof(PublishResult.Ambiguous) },
        { 500, 2, null, "Please retry your request later", typeof(PublishResult.Ambiguous) },
        { 400, 2, null, "Service temporarily unavailable", typeof(PublishResult.Ambiguous) },
        { 403, 4, null, "Application request limit reached", typeof(PublishResult.NotSent) },
        { 400, 17, null, "User request limit reached", typeof(PublishResult.NotSent) },
        { 400, 32, null, "Page request limit reached", typeof(PublishResult.NotSent) },
        { 400, 341, null, "Application limit reached", typeof(PublishResult.NotSent) },
        { 400, 613, 1996, "Calls to this api have exceeded the rate limit", typeof(PublishResult.NotSent) },
        { 400, 80001, null, "There have been too many calls to this Page account", typeof(PublishResult.NotSent) },
        { 500, 80014, null, "Too many calls", typeof(PublishResult.NotSent) },
        { 400, 368, 1390008, "Posting too fast", typeof(PublishResult.NotSent) },
        { 400, 506, null, "(#506) Duplicate status message", typeof(PublishResult.Ambiguous) },
        { 400, 368, null, "You've already posted this. Posting the same content repeatedly isn't allowed.", typeof(PublishResult.Ambiguous) },
        { 400, 100, 1366051, "These photos were already posted", typeof(PublishResult.Ambiguous) },
        { 400, 368, null, "The action attempted has been deemed abusive", typeof(PublishResult.Stopped) },
        { 400, 368, 1346003, "It includes content that people have reported as abusive", typeof(PublishResult.Stopped) },
        { 400, 190, 463, "Session has expired", typeof(PublishResult.Stopped) },
        { 401, 190, 467, "The access token is invalid", typeof(PublishResult.Stopped) },
        { 500, 190, null, "The access token could not be decrypted", typeof(PublishResult.Stopped) },
        { 400, 102, null, "Session key invalid", typeof(PublishResult.Stopped) },
        { 403, 3, null, "Application does not have the capability", typeof(PublishResult.Stopped) },
        { 403, 10, null, "Application does not have permission for this action", typeof(PublishResult.Stopped) },
        { 403, 200, null, "(#200) the required permission publish_actions is deprecated", typeof(PublishResult.Stopped) },
        { 400, 299, null, "Permission error", typeof(PublishResult.Stopped) },
        { 400, 200, 1404078, "Page Publishing Authorization needed", typeof(PublishResult.Stopped) },
        { 400, 100, 1404112, "Confirm your identity", typeof(PublishResult.Stopped) },
        { 400, 100, null, "Invalid parameter", typeof(PublishResult.Rejected) },
        { 400, 100, 1404102, "Goes against our Community Standards", typeof(PublishResult.Rejected) },
        { 400, 200, 1609008, "Posting Facebook links is not allowed", typeof(PublishResult.Rejected) },
        { 400, 1609005, null, "There was a problem scraping data from the provided link", typeof(PublishResult.Rejected) },
        { 400, 6000, 1366046, "Your photos couldn't be uploaded", typeof(PublishResult.Rejected) },
        { 400, 300, 1363047, "Temporary", typeof(PublishResult.Ambiguous) },
    };

    [Theory, MemberData(nameof(KnownErrors))]
    public async Task The_code_decides_whatever_the_status(int status, int code, int? subcode, string message, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, Error(code, subcode, message)));
        var result = await Some.Channel("facebook", server.Url).PublishAsync(Some.Post);

        Assert.IsType(expected, result);
        Assert.Contains("trace AbC123", result.ToString(), StringComparison.Ordinal);
        Assert.Equal(result is PublishResult.NotSent, result is PublishResult.NotSent { WholeChannel: true });
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_throttle_waits_as_long_as_graph_says_though_it_is_a_400()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(400, Error(32)).With(
            "X-Business-Use-Case-Usage", """{"99":[{"type":"pages","call_count":101,"estimated_time_to_regain_access":14}]}"""));
        var result = await Some.Channel("facebook", server.Url).PublishAsync(Some.Post);

        Assert.Equal(TimeSpan.FromMinutes(14), Assert.IsType<PublishResult.NotSent>(result).RetryAfter);
    }

    [Fact]
    public async Task A_reason_keeps_code_and_trace_when_the_explanation_quotes_the_post()
    {
        await using var server = await ScriptedServer.StartAsync(
            new ScriptedAnswer(400, Error(100, 7, $"Cannot post '{Some.Post.Text}' here")));
        var result = await Some.Channel("facebook", server.Url).PublishAsync(Some.Post);

        Assert.Equal(
            new PublishResult.Rejected(
                "Facebook antwoordde 400, een gegeven klopt niet (type OAuthException code 100 subcode 7 trace AbC123: weggelaten, het herhaalt het bericht)"),
            result);
    }

    [Theory]
    [InlineData(200, """{"success":true}""", typeof(PublishResult.Published))]
    [InlineData(200, """{"success":false}""", typeof(PublishResult.NotSent))]
    [InlineData(500, """{"error":{"message":"unknown","code":1}}""", typeof(PublishResult.NotSent))]
    [InlineData(502, "<html>", typeof(PublishResult.NotSent))]
    [InlineData(400, """{"error":{"message":"limit","code":32}}""", typeof(PublishResult.NotSent))]
    [InlineData(400, """{"error":{"message":"bad","code":100}}""", typeof(PublishResult.Rejected))]
    [InlineData(403, """{"error":{"message":"not your app's post","code":200}}""", typeof(PublishResult.Stopped))]
    public async Task An_edit_is_never_ambiguous_because_it_may_be_repeated(int status, string body, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var channel = (IEditsPosts)Some.Channel("facebook", server.Url);
        var result = await channel.EditAsync(PostId, Some.Post, Cancellation);

        Assert.IsType(expected, result);
        if (result is PublishResult.Published published)
            Assert.Equal(PostId, published.PostId);
        var request = Assert.Single(server.Requests);
        Assert.Equal($"POST /v26.0/{PostId}?appsecret_proof={Proof}", request.ToString());
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["message"] = Some.Post.Text }, JsonNode.Parse(request.Body)), request.BodyText);
    }

    [Theory]
    [InlineData(200, """{"success":true}""", typeof(PublishResult.Published))]
    [InlineData(400, """{"error":{"message":"Object with ID '1_2' does not exist","code":100,"error_subcode":33}}""", typeof(PublishResult.Published))]
    [InlineData(404, """{"error":{"message":"aliases do not exist","code":803}}""", typeof(PublishResult.Published))]
    [InlineData(400, """{"error":{"message":"bad","code":100}}""", typeof(PublishResult.Rejected))]
    [InlineData(500, """{"error":{"message":"unknown","code":2}}""", typeof(PublishResult.NotSent))]
    [InlineData(400, """{"error":{"message":"expired","code":190}}""", typeof(PublishResult.Stopped))]
    public async Task A_deletion_may_be_repeated_and_what_is_not_there_is_gone(int status, string body, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(request =>
            request.Method == "GET" ? new(200, $$"""{"id":"{{PostId}}"}""") : new ScriptedAnswer(status, body));
        var result = await ((IDeletesPosts)Some.Channel("facebook", server.Url)).DeleteAsync("", PostId, Cancellation);

        Assert.IsType(expected, result);
        Assert.Equal($"DELETE /v26.0/{PostId}?appsecret_proof={Proof}", server.Requests[^1].ToString());
    }

    [Theory]
    [InlineData("""{"media_type":"photo","target":{"id":"701"}}""", new[] { "701" })]
    [InlineData("""{"media_type":"album","target":{"id":"9"},"subattachments":{"data":[{"media_type":"photo","target":{"id":"701"}},{"media_type":"photo","target":{"id":702}}]}}""", new[] { "701", "702" })]
    [InlineData("""{"media_type":"link","target":{"id":"9"}}""", new string[0])]
    public async Task The_photos_that_a_post_shows_are_deleted_before_it(string attachment, string[] photos)
    {
        await using var server = await ScriptedServer.StartAsync(request =>
            new(200, request.Method == "GET" ? $$$"""{"id":"{{{PostId}}}","attachments":{"data":[{{{attachment}}}]}}""" : """{"success":true}"""));

        Assert.IsType<PublishResult.Published>(await ((IDeletesPosts)Some.Channel("facebook", server.Url)).DeleteAsync("", PostId, Cancellation));
        Assert.Equal([.. photos, PostId], server.Requests.Where(r => r.Method == "DELETE").Select(r => r.Path.Split('/')[^1]));
    }

    [Fact]
    public async Task A_post_stays_to_be_deleted_until_its_photos_are()
    {
        await using var server = await ScriptedServer.StartAsync(request => request.Method == "GET"
            ? new ScriptedAnswer(200, """{"attachments":{"data":[{"media_type":"photo","target":{"id":"701"}}]}}""") : new(500, Error(2)));

        Assert.IsType<PublishResult.NotSent>(await ((IDeletesPosts)Some.Channel("facebook", server.Url)).DeleteAsync("", PostId, Cancellation));
        Assert.DoesNotContain(server.Requests, r => r.Method == "DELETE" && r.Path.EndsWith(PostId, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500, 2, 0, typeof(PublishResult.NotSent))]
    [InlineData(400, 100, 1, typeof(PublishResult.Published))]
    [InlineData(400, 10, 1, typeof(PublishResult.Published))]
    public async Task Only_a_reading_that_is_refused_leaves_a_post_to_be_deleted_without_asking_for_its_photos(int status, int code, int deletions, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(request =>
            request.Method == "GET" ? new(status, Error(code)) : new(200, """{"success":true}"""));

        Assert.IsType(expected, await ((IDeletesPosts)Some.Channel("facebook", server.Url)).DeleteAsync("", PostId, Cancellation));
        Assert.Equal(deletions, server.Requests.Count(r => r.Method == "DELETE"));
    }

    [Fact]
    public async Task A_reading_that_fails_again_and_again_does_not_keep_a_post_up()
    {
        await using var server = await ScriptedServer.StartAsync(request => request.Method == "GET" ? new(500, Error(1)) : new(200, """{"success":true}"""));
        var channel = (IDeletesPosts)Some.Channel("facebook", server.Url);

        Assert.IsType<PublishResult.NotSent>(await channel.DeleteAsync("", PostId, Cancellation));
        Assert.IsType<PublishResult.NotSent>(await channel.DeleteAsync("", PostId, Cancellation));
        Assert.IsType<PublishResult.Published>(await channel.DeleteAsync("", PostId, Cancellation));
        Assert.Single(server.Requests, r => r.Method == "DELETE");
    }

    [Fact]
    public async Task Not_even_the_photo_of_a_post_whose_answer_was_lost_stays()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions(), Cancellation);
        var keys = sandbox.Credentials.Facebook;
        var channel = ConnectorRegistry.Channels.Single(c => c.Type == "facebook").Create(
            Some.Options("facebook", sandbox.Address) with
            {
                Settings = new Dictionary<string, string> { ["pageId"] = keys.PageId, ["version"] = keys.Version },
                Secrets = new Dictionary<string, Secret> { ["accessToken"] = new(keys.AccessToken), ["appId"] = new(keys.AppId), ["appSecret"] = new(keys.AppSecret) },
            },
            new ChannelServices(TimeProvider.System, NullLoggerFactory.Instance));
        sandbox.Faults.Add(SandboxPlatform.Facebook, SandboxFault.Cut);

        Assert.IsType<PublishResult.Ambiguous>(await channel.PublishAsync(Some.Post with { Photos = [Some.Photo] }));
        var photo = new Uri(sandbox.Address, $"/sandbox/images/{Assert.Single(Assert.Single(sandbox.Posts(SandboxPlatform.Facebook)).Images)}");
        using var client = new HttpClient();
        Assert.True((await client.GetAsync(photo, Cancellation)).IsSuccessStatusCode);

        var found = Assert.Single((await ((IFindsPosts)channel).FindPostsAsync("", DateTimeOffset.UtcNow.AddMinutes(-1), Cancellation)).Posts);
        Assert.IsType<PublishResult.Published>(await ((IDeletesPosts)channel).DeleteAsync("", found.PostId, Cancellation));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(photo, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Published_posts_are_read_back_until_one_is_older()
    {
        await using var server = await ScriptedServer.StartAsync(request => new(200, request.Target.Contains("after=c2", StringComparison.Ordinal)
            ? """{"data":[{"id":"1234509876_2","message":"Tweede","created_time":"2026-11-24T13:00:00+0100"},{"id":"1234509876_1","created_time":"2026-11-24T11:59:59+0000"}],"paging":{"cursors":{"after":"c3"},"next":"https://elders.example/"}}"""
            : """{"data":[{"id":"1234509876_3","message":"Derde","created_time":"2026-11-24T12:10:00+0000","permalink_url":"https://www.facebook.com/3"}],"paging":{"cursors":{"after":"c2"},"next":"https://elders.example/"}}"""));
        var found = await ((IFindsPosts)Some.Channel("facebook", server.Url)).FindPostsAsync("", Some.Now.AddMilliseconds(700), Cancellation);

        Assert.True(found.Complete);
        Assert.Equal(
            [
                new FoundPost("1234509876_3", "Derde", new(2026, 11, 24, 12, 10, 0, TimeSpan.Zero), "https://www.facebook.com/3"),
                new FoundPost("1234509876_2", "Tweede", Some.Now, null),
            ],
            found.Posts);
        Assert.Equal("/v26.0/1234509876/published_posts", server.Requests[0].Path);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(200, """{"data":[]}""", true)]
    [InlineData(200, """{"data":[{"id":"1234509876_9","created_time":"2026-11-24T12:10:00+0000"}],"paging":{"cursors":{"after":"c2"}}}""", true)]
    [InlineData(200, """{"data":[{"id":"1234509876_9","created_time":"2026-11-24T12:10:00+0000"}],"paging":{"next":"https://elders.example/"}}""", false)]
    [InlineData(200, """{"data":[{"id":"666_9","created_time":"2026-11-24T12:10:00+0000"}],"paging":{"cursors":{"after":"c2"}}}""", false)]
    [InlineData(200, "{}", false)]
    [InlineData(400, """{"error":{"message":"limit","code":32}}""", false)]
    public async Task Only_a_whole_reading_is_complete(int status, string body, bool complete)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var found = await ((IFindsPosts)Some.Channel("facebook", server.Url)).FindPostsAsync("", Some.Now, Cancellation);

        Assert.Equal(complete, found.Complete);
    }

    [Fact]
    public async Task Each_metric_is_asked_alone_and_one_that_graph_does_not_know_is_not_asked_again()
    {
        await using var server = await ScriptedServer.StartAsync(request => request.Target switch
        {
            var target when target.Contains("metric=post_media_view", StringComparison.Ordinal) =>
                new(200, """{"data":[{"name":"post_media_view","period":"lifetime","values":[{"value":4321}]}]}"""),
            var target when target.Contains("metric=post_clicks", StringComparison.Ordinal) =>
                new(400, """{"error":{"message":"(#100) The value must be a valid insights metric","code":100}}"""),
            var target when target.Contains("/insights", StringComparison.Ordinal) => new(200, """{"data":[]}"""),
            _ => new(200, """{"id":"1_2","shares":{"count":8},"reactions":{"data":[],"summary":{"total_count":21}}}"""),
        });
        var channel = (IMeasuresReach)Some.Channel("facebook", server.Url);
        var reach = await channel.MeasureAsync([new("1_2")], Cancellation);
        await channel.MeasureAsync([new("1_2")], Cancellation);

        Assert.Equal(new Dictionary<string, long> { ["shares"] = 8, ["reactions"] = 21, ["post_media_view"] = 4321 }, Assert.Single(reach.Figures).Value);
        Assert.Single(server.Requests, request => request.Target.Contains("post_clicks", StringComparison.Ordinal));
        Assert.Equal(2, server.Requests.Count(request => request.Target.Contains("post_total_media_view_unique", StringComparison.Ordinal)));
    }

    [Theory]
    // Facebook is ill: the other figures may still come.
    [InlineData(500, "<html>", true, null)]
    // It had enough: nothing more is asked.
    [InlineData(400, """{"error":{"code":32,"message":"Page request limit reached"}}""", true, 0)]
    [InlineData(401, """{"error":{"code":190,"message":"expired"}}""", true, 0)]
    // The page may not see it: the other figures are all there is.
    [InlineData(403, """{"error":{"code":200,"message":"requires read_insights"}}""", false, null)]
    public async Task An_insight_that_fails_does_not_pass_for_one_that_is_not_given(int status, string body, bool lacking, int? pause)
    {
        await using var server = await ScriptedServer.StartAsync(request => request.Target.Contains("/insights", StringComparison.Ordinal)
            ? new(status, body) : new(200, """{"id":"1_2","shares":{"count":8}}"""));
        var reach = await ((IMeasuresReach)Some.Channel("facebook", server.Url)).MeasureAsync([new("1_2"), new("1_3")], Cancellation);

        Assert.Equal(8, reach.Figures["1_2"]["shares"]);
        Assert.Equal((lacking, !lacking), (reach.Lacking.Contains("1_2"), reach.Complete));
        Assert.Equal(pause, (int?)reach.Pause?.TotalSeconds);
        Assert.Equal(pause is null, server.Requests.Any(r => r.Target.Contains("1_3", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(200, """{"data":{"is_valid":true,"expires_at":0}}""", true, null)]
    [InlineData(200, """{"data":{"is_valid":true,"expires_at":1795608000}}""", true, 1_795_608_000L)]
    [InlineData(200, """{"data":{"is_valid":false,"error":{"code":190}}}""", false, null)]
    [InlineData(500, "<html>", null, null)]
    public async Task Facebook_is_asked_whether_the_token_still_works(int status, string body, bool? works, long? expires)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var access = await ((IChecksAccess)Some.Channel("facebook", server.Url)).CheckAccessAsync(Cancellation);

        Assert.Equal(works, access.Works);
        Assert.Equal(expires, access.ExpiresAt?.ToUnixTimeSeconds());
        var request = Assert.Single(server.Requests);
        Assert.Equal("GET /v26.0/debug_token?input_token=s3cr3t/accessToken+waarde=", Uri.UnescapeDataString(request.ToString()));
        Assert.Equal("Bearer s3cr3t/appId+waarde=|s3cr3t/appSecret+waarde=", request.Headers["Authorization"]);
    }

    static string Error(int code, int? subcode = null, string message = "…") => new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = message,
            ["type"] = "OAuthException",
            ["code"] = code,
            ["error_subcode"] = subcode,
            ["fbtrace_id"] = "AbC123",
        },
    }.ToJsonString();
}
