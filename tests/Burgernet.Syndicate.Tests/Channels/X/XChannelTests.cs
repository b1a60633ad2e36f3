using System.Text;
using System.Text.Json.Nodes;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels.X;

public sealed class XChannelTests
{
    const string Created = """{"data":{"id":"1880028106020515840","text":"…","edit_history_tweet_ids":["1880028106020515840"]}}""";
    const string Me = """{"data":{"id":"77","name":"Burgernet","username":"burgernet_mn"}}""";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_post_is_one_request_with_exactly_its_words()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(201, Created));
        var result = await Some.Channel("x", new Uri(server.Url, "x/")).PublishAsync(Some.Post);

        Assert.Equal(
            new PublishResult.Published("1880028106020515840", $"{server.Url}x/i/web/status/1880028106020515840"), result);
        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /x/2/tweets", request.ToString());
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(new JsonObject { ["text"] = Some.Post.Text }, JsonNode.Parse(request.Body)), request.BodyText);
    }

    [Fact]
    public void On_the_real_x_the_permalink_is_the_public_one()
    {
        using var channel = (IDisposable)ConnectorRegistry.Channels.Single(connector => connector.Type == "x").Create(
            Some.Options("x", new Uri("https://api.x.com")), new ChannelServices(TimeProvider.System, NullLoggerFactory.Instance));

        Assert.Equal(280, ((IChannel)channel).Limit.Maximum);
        Assert.Equal("https://x.com/i/web/status/1", ((Connectors.Channels.X.XChannel)channel).Permalink("1"));
    }

    [Fact]
    public async Task An_update_replies_to_our_own_post()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(201, Created));
        await Some.Channel("x", server.Url).PublishAsync(Some.Post with { InReplyTo = "18800" });

        Assert.Equal("""{"in_reply_to_tweet_id":"18800"}""", JsonNode.Parse(server.Requests[0].Body)!["reply"]!.ToJsonString());
    }

    [Fact]
    public async Task Photos_are_uploaded_and_described_before_the_post_that_shows_them()
    {
        var uploads = 0;
        await using var server = await ScriptedServer.StartAsync(request => request.Path switch
        {
            "/2/media/upload" => new(200, $$$"""{"data":{"media_key":"3_99","id":"99{{{++uploads}}}" } }"""),
            "/2/media/metadata" => new(200, """{"data":{"id":"99"}}"""),
            _ => new(201, Created),
        });
        var longText = new string('a', 998) + "💙💙";
        var result = await Some.Channel("x", server.Url).PublishAsync(
            Some.Post with { Photos = [Some.Photo, Some.Photo with { AltText = longText }] });

        Assert.IsType<PublishResult.Published>(result);
        Assert.Equal(
            ["/2/media/upload", "/2/media/metadata", "/2/media/upload", "/2/media/metadata", "/2/tweets"],
            server.Requests.Select(request => request.Target));
        Assert.Equal("""{"media_ids":["991","992"]}""", JsonNode.Parse(server.Requests[4].Body)!["media"]!.ToJsonString());

        var upload = server.Requests[0];
        Assert.StartsWith("multipart/form-data", upload.Headers["Content-Type"], StringComparison.Ordinal);
        var parts = Encoding.Latin1.GetString(upload.Body);
        Assert.Matches("name=\"?media_category\"?\r\n\r\ntweet_image\r\n", parts);
        Assert.Matches("name=\"?media\"?;", parts);
        Assert.Contains($"\r\n\r\n{Encoding.Latin1.GetString(Some.Photo.Bytes.Span)}\r\n", parts, StringComparison.Ordinal);

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$$$"""{"id":"991","metadata":{"alt_text":{"text":"{{{{Some.Photo.AltText}}}}"}}}"""),
            JsonNode.Parse(server.Requests[1].Body)));
        var shortened = (string)JsonNode.Parse(server.Requests[3].Body)!["metadata"]!["alt_text"]!["text"]!;
        Assert.Equal(new string('a', 998) + "…", shortened);
    }

    [Theory]
    [InlineData("/2/media/upload", 500, "<html>")]
    [InlineData("/2/media/upload", 200, "{}")]
    [InlineData("/2/media/upload", 200, """{"data":{"id":"9","processing_info":{"state":"failed"}}}""")]
    [InlineData("/2/media/upload", 429, """{"title":"Too Many Requests","type":"about:blank"}""")]
    [InlineData("/2/media/upload", 400, """{"title":"Invalid Request","detail":"media is too big"}""")]
    [InlineData("/2/media/upload", 403, """{"type":"https://api.twitter.com/2/problems/oauth1-permissions"}""")]
    [InlineData("/2/media/metadata", 503, "")]
    [InlineData("/2/media/metadata", 401, """{"title":"Unauthorized"}""")]
    public async Task A_photo_that_is_not_taken_keeps_no_appeal_back(string path, int status, string body)
    {
        await using var server = await ScriptedServer.StartAsync(request =>
            request.Path == path ? new(status, body) : new(200, """{"data":{"id":"9"}}"""));
        var result = await Some.Channel("x", server.Url).PublishAsync(Some.Post with { Photos = [Some.Photo] });

        Assert.Equal("het netwerk nam de foto niet aan", Assert.IsType<PublishResult.Published>(result).WithoutPhoto);
        var post = JsonNode.Parse(Assert.Single(server.Requests, request => request.Path == "/2/tweets").Body)!;
        Assert.Equal(Some.Post.Text, (string?)post["text"]);
        Assert.Null(post["media"]);
    }

    public static TheoryData<int, string, Type> KnownErrors => new()
    {
        { 403, Problem("You are not allowed to create a Tweet with duplicate content."), typeof(PublishResult.Ambiguous) },
        { 403, Legacy(187, "Status is a duplicate."), typeof(PublishResult.Ambiguous) },
        { 402, Problem("Your enrolled account [12] does not have any credits to fulfill this request.", "credits", "CreditsDepleted"), typeof(PublishResult.Stopped) },
        { 402, Problem("Payment Required"), typeof(PublishResult.Stopped) },
        { 429, Problem("Usage cap exceeded: Monthly product cap", "usage-capped", "UsageCapExceeded"), typeof(PublishResult.Stopped) },
        { 403, Problem("Usage cap exceeded", "usage-capped", "UsageCapped"), typeof(PublishResult.Stopped) },
        { 429, """{"title":"UsageCapExceeded","detail":"Monthly"}""", typeof(PublishResult.Stopped) },
        { 401, Problem("Unauthorized", title: "Unauthorized"), typeof(PublishResult.Stopped) },
        { 401, Legacy(89, "Invalid or expired token"), typeof(PublishResult.Stopped) },
        { 401, Legacy(32, "Could not authenticate you."), typeof(PublishResult.Stopped) },
        { 403, Problem("Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.", "oauth1-permissions"), typeof(PublishResult.Stopped) },
        { 403, """{"title":"Forbidden","type":"https://api.x.com/2/problems/oauth1-permissions","detail":"…"}""", typeof(PublishResult.Stopped) },
        { 403, Problem("Application-Only is forbidden for this endpoint", "unsupported-authentication"), typeof(PublishResult.Stopped) },
        { 403, Problem("must use keys from a developer App attached to a Project", "client-not-enrolled"), typeof(PublishResult.Stopped) },
        { 403, Problem("barred", "client-forbidden"), typeof(PublishResult.Stopped) },
        { 403, Problem("suspended", "user-suspended"), typeof(PublishResult.Stopped) },
        { 403, Legacy(64, "Your account is suspended"), typeof(PublishResult.Stopped) },
        { 403, Legacy(326, "This account is temporarily locked."), typeof(PublishResult.Stopped) },
        { 403, Legacy(226, "This request looks like it might be automated."), typeof(PublishResult.Stopped) },
        { 403, Problem("You are not permitted to perform this action."), typeof(PublishResult.Rejected) },
        { 403, Problem("Your account is not permitted to access this feature."), typeof(PublishResult.Rejected) },
        { 400, Problem("The Tweet contains an invalid URL.", "invalid-request", "Invalid Request"), typeof(PublishResult.Rejected) },
        { 400, """{"errors":[{"message":"$.text: too short","parameters":{}}],"title":"Invalid Request","detail":"One or more parameters was invalid.","type":"https://api.x.com/2/problems/invalid-request"}""", typeof(PublishResult.Rejected) },
        { 429, Legacy(88, "Rate limit exceeded"), typeof(PublishResult.NotSent) },
        { 403, Legacy(185, "User is over daily status update limit."), typeof(PublishResult.NotSent) },
        { 503, Problem("Service Unavailable", title: "Service Unavailable"), typeof(PublishResult.Ambiguous) },
        { 503, "<html>over capacity</html>", typeof(PublishResult.Ambiguous) },
        { 200, """{"data":{"text":"no id"}}""", typeof(PublishResult.Ambiguous) },
        { 201, """{"errors":[{"title":"Odd","detail":"Something"}]}""", typeof(PublishResult.Ambiguous) },
    };

    [Theory, MemberData(nameof(KnownErrors))]
    public async Task Each_known_error_has_its_meaning(int status, string body, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body, "application/problem+json"));
        var result = await Some.Channel("x", server.Url).PublishAsync(Some.Post);

        Assert.IsType(expected, result);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.")]
    [InlineData("You attempted to reply to a Tweet that is deleted or not visible to you.")]
    public async Task A_refused_reply_is_not_sent_so_that_the_next_attempt_stands_alone(string detail)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(403, Problem(detail)));
        var channel = Some.Channel("x", server.Url);

        var refused = Assert.IsType<PublishResult.NotSent>(await channel.PublishAsync(Some.Post with { InReplyTo = "1" }));
        Assert.True(refused.ReplyRefused);
        Assert.False(refused.WholeChannel);
        Assert.IsType<PublishResult.Rejected>(await channel.PublishAsync(Some.Post));
    }

    [Theory]
    [InlineData(200, """{"data":{"deleted":true}}""", typeof(PublishResult.Published))]
    [InlineData(200, """{"data":{"deleted":false}}""", typeof(PublishResult.NotSent))]
    [InlineData(404, """{"title":"Not Found Error","detail":"Could not find tweet","type":"https://api.x.com/2/problems/resource-not-found"}""", typeof(PublishResult.Published))]
    [InlineData(404, "<html>", typeof(PublishResult.NotSent))]
    [InlineData(500, "", typeof(PublishResult.NotSent))]
    [InlineData(401, """{"title":"Unauthorized"}""", typeof(PublishResult.Stopped))]
    public async Task A_deletion_may_be_repeated_and_what_is_not_there_is_gone(int status, string body, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var result = await ((IDeletesPosts)Some.Channel("x", server.Url)).DeleteAsync("", "42", Cancellation);

        Assert.IsType(expected, result);
        Assert.Equal("DELETE /2/tweets/42", Assert.Single(server.Requests).ToString());
    }

    [Fact]
    public async Task Our_own_posts_are_read_back_until_one_is_older()
    {
        await using var server = await ScriptedServer.StartAsync(request => new(200, request switch
        {
            { Path: "/2/users/me" } => Me,
            _ when request.Target.Contains("pagination_token=p2", StringComparison.Ordinal) =>
                """{"data":[{"id":"2","author_id":"77","text":"Tweede","created_at":"2026-11-24T12:00:00.000Z"},{"id":"1","author_id":"77","text":"Te oud","created_at":"2026-11-24T11:59:59.000Z"}],"meta":{"next_token":"p3"}}""",
            _ => """{"data":[{"id":"3","author_id":"77","text":"Rood &amp; blauw https://t.co/abc","created_at":"2026-11-24T12:10:00.000Z","entities":{"urls":[{"url":"https://t.co/abc","expanded_url":"https://burgernet.nl/3"}]}}],"meta":{"next_token":"p2"}}""",
        }));
        var channel = (IFindsPosts)Some.Channel("x", server.Url);
        var found = await channel.FindPostsAsync("", Some.Now.AddMilliseconds(700), Cancellation);
        await channel.FindPostsAsync("", Some.Now, Cancellation);

        Assert.True(found.Complete);
        Assert.Equal(["3", "2"], found.Posts.Select(post => post.PostId));
        Assert.Equal("Rood & blauw https://burgernet.nl/3", found.Posts[0].Text);
        Assert.Equal($"{server.Url}i/web/status/3", found.Posts[0].Url);
        Assert.Equal(
            "/2/users/77/tweets?max_results=100&tweet.fields=created_at,author_id,entities&start_time=2026-11-24T12:00:00Z",
            Uri.UnescapeDataString(server.Requests[1].Target));
        Assert.Single(server.Requests, request => request.Path == "/2/users/me");
    }

    [Fact]
    public async Task A_clock_of_ours_that_is_ahead_does_not_hide_what_was_posted()
    {
        await using var server = await ScriptedServer.StartAsync(request =>
            new ScriptedAnswer(200, request.Path == "/2/users/me" ? Me : """{"meta":{"result_count":0}}""").With("Date", Some.Now.AddHours(-1).ToString("r")));
        var channel = Some.Channel("x", server.Url);
        await channel.PublishAsync(Some.Post);
        await ((IFindsPosts)channel).FindPostsAsync("", Some.Now.AddMinutes(-5), Cancellation);

        Assert.EndsWith("start_time=2026-11-24T10:55:00Z", Uri.UnescapeDataString(server.Requests[^1].Target), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"meta":{"result_count":0}}""", 200, true)]
    [InlineData("""{"data":[]}""", 200, false)]
    [InlineData("<html>", 200, false)]
    [InlineData("""{"meta":{"result_count":0}}""", 500, false)]
    [InlineData("""{"data":[{"id":"9","author_id":"78","text":"","created_at":"2026-11-24T12:10:00Z"}],"meta":{}}""", 200, false)]
    [InlineData("""{"meta":{"result_count":0},"errors":[{"title":"Partial"}]}""", 200, false)]
    public async Task Only_a_whole_reading_of_our_own_account_is_complete(string timeline, int status, bool complete)
    {
        await using var server = await ScriptedServer.StartAsync(request =>
            request.Path == "/2/users/me" ? new(200, Me) : new(status, timeline));
        var found = await ((IFindsPosts)Some.Channel("x", server.Url)).FindPostsAsync("", Some.Now, Cancellation);

        Assert.Equal(complete, found.Complete);
        Assert.Empty(found.Posts);
    }

    [Fact]
    public async Task Reach_is_read_from_our_timeline_under_old_and_new_names_and_absent_is_not_zero()
    {
        await using var server = await ScriptedServer.StartAsync(request => new(200, request.Path == "/2/users/me" ? Me : """
            {"data":[
              {"id":"30","author_id":"77","public_metrics":{"repost_count":4,"like_count":2,"impression_count":900}},
              {"id":"25","author_id":"77","public_metrics":{"retweet_count":1}},
              {"id":"20","author_id":"77","public_metrics":{"retweet_count":7,"impression_count":1200,"odd":"x"}},
              {"id":"10","author_id":"77","public_metrics":{"retweet_count":9}}],"meta":{"next_token":"more"}}
            """));
        var reach = await ((IMeasuresReach)Some.Channel("x", server.Url)).MeasureAsync([new("30"), new("20"), new("22"), new("geen-id")], Cancellation);

        Assert.True(reach.Complete);
        Assert.Equal(["20", "30"], reach.Figures.Keys.Order());
        Assert.Equal(new Dictionary<string, long> { ["retweet_count"] = 4, ["like_count"] = 2, ["impression_count"] = 900 }, reach.Figures["30"]);
        Assert.Equal(new Dictionary<string, long> { ["retweet_count"] = 7, ["impression_count"] = 1200 }, reach.Figures["20"]);
        Assert.Equal(2, server.Requests.Count);
        Assert.EndsWith("since_id=19&until_id=31", server.Requests[1].Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(31, false)]
    public async Task What_only_the_owner_sees_is_asked_of_young_posts_alone(int days, bool asked)
    {
        await using var server = await ScriptedServer.StartAsync(request => new(200, request.Path == "/2/users/me" ? Me : """{"data":[],"meta":{}}"""));
        var id = (ulong)(Some.Now.AddDays(-days).ToUnixTimeMilliseconds() - 1_288_834_974_657) << 22;
        await ((IMeasuresReach)Some.Channel("x", server.Url)).MeasureAsync([new($"{id}")], Cancellation);

        Assert.Equal(asked, server.Requests[^1].Target.Contains("non_public_metrics", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_network_that_fails_gives_no_reach()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(500, ""));

        var measured = await ((IMeasuresReach)Some.Channel("x", server.Url)).MeasureAsync([new("30")], Cancellation);
        Assert.Empty(measured.Figures);
        Assert.False(measured.Complete);
    }

    static string Problem(string detail, string? type = null, string title = "Forbidden") => new JsonObject
    {
        ["title"] = title,
        ["detail"] = detail,
        ["type"] = type is null ? "about:blank" : $"https://api.twitter.com/2/problems/{type}",
    }.ToJsonString();

    static string Legacy(int code, string message) =>
        new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }) }.ToJsonString();
}
