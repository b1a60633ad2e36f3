using System.Text.Json.Nodes;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels.WhatsApp;

public sealed class WhatsAppChannelTests
{
    [Fact]
    public async Task How_far_a_message_got_and_how_many_are_in_its_group_is_asked()
    {
        await using var server = await ScriptedServer.StartAsync(request => request.Path.EndsWith("/participants/v2", StringComparison.Ordinal)
            ? new(200, """[{"id":"1@c.us"},{"id":"2@c.us"},{"id":"3@c.us"}]""")
            : request.Path.EndsWith("_weg", StringComparison.Ordinal) ? new(404, """{"statusCode":404,"message":"Message not found"}""") : new(200, """{"id":"true_1@g.us_A","ack":3,"ackName":"READ","body":"x"}"""));
        var measured = await ((IMeasuresReach)Some.Channel("whatsapp", server.Url)).MeasureAsync(
            [new("true_120363@g.us_A", "120363@g.us"), new("true_120363@g.us_weg", "120363@g.us"), new("true_31600000000@c.us_B", "31600000000@c.us")], TestContext.Current.CancellationToken);

        Assert.True(measured.Complete);
        Assert.Equal(new Dictionary<string, long> { ["ack"] = 3, ["groupSize"] = 3 }, measured.Figures["true_120363@g.us_A"]);
        Assert.Equal(new Dictionary<string, long> { ["groupSize"] = 3 }, measured.Figures["true_120363@g.us_weg"]);
        Assert.Equal(new Dictionary<string, long> { ["ack"] = 3 }, measured.Figures["true_31600000000@c.us_B"]);
    }

    [Theory]
    [InlineData(404, """{"statusCode":404,"message":"Session \"default\" does not exist","error":"Not Found"}""", 1)]
    [InlineData(422, """{"error":"Session status is not as expected. Try again later or restart the session","session":"default","status":"SCAN_QR_CODE","expected":["WORKING"]}""", 1)]
    [InlineData(404, "<html>", 4)]
    [InlineData(500, """{"statusCode":500,"message":"x"}""", 4)]
    public async Task A_bridge_in_trouble_does_not_pass_for_one_that_has_no_figures(int status, string body, int requests)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var measured = await ((IMeasuresReach)Some.Channel("whatsapp", server.Url)).MeasureAsync([new("a", "120363@g.us"), new("b", "120363@g.us")], TestContext.Current.CancellationToken);

        Assert.False(measured.Complete);
        Assert.Contains("a", measured.Lacking);
        Assert.Equal((requests, requests == 1), (server.Requests.Count, measured.Pause is not null));
    }

    const string Newsletter = "120363049876543210@newsletter";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_post_is_one_text_message_without_a_link_preview()
    {
        await using var server = await ScriptedServer.StartAsync(
            new ScriptedAnswer(201, """{"id":"true_120363041234567890@g.us_3EB0AA","timestamp":1795521600}"""));
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post);

        Assert.Equal(new PublishResult.Published("true_120363041234567890@g.us_3EB0AA"), result);
        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /api/sendText", request.ToString());
        Assert.Equal("s3cr3t/apiKey+waarde=", request.Headers["X-Api-Key"]);
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.StartsWith("Burgernet.Syndicate/", request.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal(
            """{"session":"default","chatId":"120363041234567890@g.us","text":"Vermist in Zeist: meisje van 9 jaar, rode jas & blauwe fiets. Bel 112. Ref. BN-7F3K2 é💙","linkPreview":false}""",
            System.Text.RegularExpressions.Regex.Unescape(request.BodyText));
    }

    [Fact]
    public async Task An_update_replies_in_a_group_and_stands_alone_in_a_channel()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(201, """{"id":"b"}"""));
        var channel = Some.Channel("whatsapp", server.Url);
        await channel.PublishAsync(Some.Post with { InReplyTo = "true_a" });
        await channel.PublishAsync(Some.Post with { InReplyTo = "true_a", Address = Newsletter });

        Assert.Equal("true_a", (string?)JsonNode.Parse(server.Requests[0].Body)!["reply_to"]);
        Assert.Null(JsonNode.Parse(server.Requests[1].Body)!["reply_to"]);
        Assert.Equal(Newsletter, (string?)JsonNode.Parse(server.Requests[1].Body)!["chatId"]);
    }

    [Fact]
    public async Task A_photo_goes_as_one_image_with_the_post_as_its_caption()
    {
        await using var server = await ScriptedServer.StartAsync(
            new ScriptedAnswer(201, """{"id":{"fromMe":true,"_serialized":"true_x_3EB0"}}"""));
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post with { Photos = [Some.Photo] });

        Assert.Equal(new PublishResult.Published("true_x_3EB0"), result);
        var request = Assert.Single(server.Requests);
        Assert.Equal("POST /api/sendImage", request.ToString());
        var expected = new JsonObject
        {
            ["session"] = "default",
            ["chatId"] = Some.Chat,
            ["caption"] = Some.Post.Text,
            ["file"] = new JsonObject
            {
                ["mimetype"] = "image/jpeg",
                ["filename"] = "photo.jpg",
                ["data"] = Convert.ToBase64String(Some.Photo.Bytes.Span),
            },
        };
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(request.Body)), request.BodyText);
    }

    [Theory]
    [InlineData(422, """{"message":"The method is not available in this version","statusCode":422}""")]
    [InlineData(400, """{"message":["file must be an object"],"statusCode":400}""")]
    public async Task A_picture_that_the_bridge_refuses_keeps_no_appeal_back(int status, string body)
    {
        await using var server = await ScriptedServer.StartAsync(request => request.Path == "/api/sendImage" ? new(status, body) : new(201, """{"id":"true_x_3EB0"}"""));
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post with { Photos = [Some.Photo] });

        Assert.Equal(new PublishResult.Published("true_x_3EB0") { WithoutPhoto = "WhatsApp nam de foto niet aan" }, result);
        Assert.Equal(["/api/sendImage", "/api/sendText"], server.Requests.Select(r => r.Path));
    }

    [Fact]
    public async Task A_picture_of_which_nobody_knows_whether_it_is_there_is_not_followed_by_its_words()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(500, """{"statusCode":500,"message":"Internal server error"}"""));
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post with { Photos = [Some.Photo] });

        Assert.IsType<PublishResult.Ambiguous>(result);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Words_that_are_too_long_for_a_caption_go_without_the_picture()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(201, """{"id":"true_x_3EB0"}"""));
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post with { Text = new string('a', 1025), Photos = [Some.Photo] });

        Assert.NotNull(Assert.IsType<PublishResult.Published>(result).WithoutPhoto);
        Assert.Equal("POST /api/sendText", Assert.Single(server.Requests).ToString());
    }

    [Fact]
    public async Task An_address_that_is_no_chat_id_is_rejected_and_nothing_leaves()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(201, """{"id":"b"}"""));
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post with { Address = "Zeist-Noord" });

        Assert.IsType<PublishResult.Rejected>(result);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(401, """{"message":"Unauthorized","statusCode":401}""", typeof(PublishResult.Stopped))]
    [InlineData(403, """{"message":"Forbidden resource","error":"Forbidden","statusCode":403}""", typeof(PublishResult.Stopped))]
    [InlineData(422, """{"error":"Session status is not as expected. Try again later or restart the session","session":"default","status":"SCAN_QR_CODE","expected":["WORKING"]}""", typeof(PublishResult.Stopped))]
    [InlineData(404, """{"message":"Session \"default\" does not exist","error":"Not Found","statusCode":404}""", typeof(PublishResult.Stopped))]
    [InlineData(404, """{"message":"Chat not found","error":"Not Found","statusCode":404}""", typeof(PublishResult.Rejected))]
    [InlineData(400, """{"message":["chatId must be a string","text should not be empty"],"error":"Bad Request","statusCode":400}""", typeof(PublishResult.Rejected))]
    [InlineData(422, """{"message":"Unprocessable","error":"Unprocessable Entity","statusCode":422}""", typeof(PublishResult.Rejected))]
    [InlineData(429, """{"message":"ThrottlerException: Too Many Requests","statusCode":429}""", typeof(PublishResult.NotSent))]
    [InlineData(500, """{"statusCode":500,"message":"Internal server error"}""", typeof(PublishResult.Ambiguous))]
    [InlineData(500, """{"statusCode":500,"timestamp":"2026-11-24T12:00:00Z","exception":{"message":"Evaluation failed"}}""", typeof(PublishResult.Ambiguous))]
    [InlineData(201, """{"id":null}""", typeof(PublishResult.Ambiguous))]
    [InlineData(201, """{"id":{"id":"half"}}""", typeof(PublishResult.Ambiguous))]
    public async Task Each_known_error_has_its_meaning(int status, string body, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var result = await Some.Channel("whatsapp", server.Url).PublishAsync(Some.Post);

        Assert.IsType(expected, result);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_deletion_escapes_the_at_sign_and_keeps_the_base_path()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(200, ""));
        var channel = (IDeletesPosts)Some.Channel("whatsapp", new Uri(server.Url, "waha/midden"));
        var result = await channel.DeleteAsync(Some.Chat, "true_1@g.us_A/..", Cancellation);

        Assert.Equal(new PublishResult.Published("true_1@g.us_A/.."), result);
        Assert.Equal(
            "DELETE /waha/midden/api/default/chats/120363041234567890%40g.us/messages/true_1%40g.us_A%2F..",
            Assert.Single(server.Requests).ToString());
    }

    [Theory]
    [InlineData(404, """{"message":"Message not found","statusCode":404}""", typeof(PublishResult.Published))]
    [InlineData(404, """{"message":"Session \"default\" does not exist","statusCode":404}""", typeof(PublishResult.Stopped))]
    [InlineData(404, "<html>", typeof(PublishResult.NotSent))]
    [InlineData(500, """{"message":"Internal server error","statusCode":500}""", typeof(PublishResult.NotSent))]
    [InlineData(400, """{"message":"too late","statusCode":400}""", typeof(PublishResult.Rejected))]
    public async Task A_deletion_may_be_repeated_and_what_is_not_there_is_gone(int status, string body, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var channel = (IDeletesPosts)Some.Channel("whatsapp", server.Url);

        Assert.IsType(expected, await channel.DeleteAsync(Some.Chat, "true_1", Cancellation));
    }

    [Fact]
    public async Task Our_own_messages_are_read_page_after_page()
    {
        await using var server = await ScriptedServer.StartAsync(request => new ScriptedAnswer(
            200,
            request.Target.Contains("offset=0", StringComparison.Ordinal)
                ? Messages(50, 1_795_521_600)
                : """[{"id":{"_serialized":"true_old"},"timestamp":1795521000,"fromMe":true,"body":"Oud"},{"id":"false_x","timestamp":1795521600,"fromMe":false,"body":"Van een ander"}]"""));
        var channel = (IFindsPosts)Some.Channel("whatsapp", server.Url);
        var found = await channel.FindPostsAsync(Some.Chat, DateTimeOffset.FromUnixTimeMilliseconds(1_795_521_000_900), Cancellation);

        Assert.True(found.Complete);
        Assert.Equal(51, found.Posts.Count);
        Assert.Equal(new FoundPost("true_old", "Oud", DateTimeOffset.FromUnixTimeSeconds(1_795_521_000), null), found.Posts[^1]);
        Assert.Equal(
            "GET /api/default/chats/120363041234567890%40g.us/messages?limit=50&offset=0&sortOrder=desc&downloadMedia=false&filter.fromMe=true&filter.timestamp.gte=1795521000",
            server.Requests[0].ToString());
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(500, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, "<html>")]
    public async Task A_reading_that_failed_is_not_complete(int status, string body)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var channel = (IFindsPosts)Some.Channel("whatsapp", server.Url);

        Assert.False((await channel.FindPostsAsync(Some.Chat, Some.Now, Cancellation)).Complete);
    }

    [Theory]
    [InlineData(200, """{"name":"default","status":"WORKING"}""", true)]
    [InlineData(200, """{"name":"default","status":"SCAN_QR_CODE"}""", false)]
    [InlineData(200, """{"name":"default","status":"FAILED"}""", false)]
    [InlineData(200, """{"name":"default","status":"STARTING"}""", null)]
    [InlineData(502, "<html>", null)]
    public async Task Waha_is_asked_whether_the_phone_is_still_linked(int status, string body, bool? works)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var access = await ((IChecksAccess)Some.Channel("whatsapp", server.Url)).CheckAccessAsync(Cancellation);

        Assert.Equal(works, access.Works);
        Assert.Equal("GET /api/sessions/default", Assert.Single(server.Requests).ToString());
    }

    static string Messages(int count, long from) => "[" + string.Join(',', Enumerable.Range(0, count).Select(
        index => $$"""{"id":"true_{{index}}","timestamp":{{from - index}},"fromMe":true,"body":"Bericht {{index}}"}""")) + "]";

    [Fact]
    public async Task A_text_carries_a_name_of_our_own_that_is_the_same_at_every_attempt_and_differs_per_post()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(500, "{}"));
        var channel = Some.Channel("whatsapp", server.Url);
        foreach (var key in (string[])["BN-7F3K2-1", "BN-7F3K2-1", "BN-7F3K2-2"])
            await channel.PublishAsync(Some.Post with { Key = key });

        var ids = server.Requests.Select(r => (string)JsonNode.Parse(r.Body)!["id"]!).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.All(ids, id => Assert.Matches("^3EB0[0-9A-F]{18}$", id));
        Assert.Equal($"true_{Some.Chat}_{ids[0]}", ((INamesPosts)channel).PostIdOf(Some.Post with { Key = "BN-7F3K2-1" }));
    }

    [Fact]
    public async Task A_caption_and_a_message_in_a_channel_get_their_name_from_WhatsApp()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(201, """{"id":"b"}"""));
        var channel = Some.Channel("whatsapp", server.Url);
        foreach (var post in (Post[])[Some.Post with { Key = "a", Photos = [Some.Photo] }, Some.Post with { Key = "a", Address = Newsletter }])
        {
            await channel.PublishAsync(post);
            Assert.Null(((INamesPosts)channel).PostIdOf(post));
        }

        Assert.All(server.Requests, r => Assert.Null(JsonNode.Parse(r.Body)!["id"]));
    }

    [Theory]
    [InlineData(200, """{"id":"true_x_3EB0AA","body":"Vermist"}""", true)]
    [InlineData(200, """{"id":"true_x_3EB0AA","body":"","hasMedia":true}""", true)]
    [InlineData(200, """{"id":"true_x_3EB0AA","body":""}""", false)]
    [InlineData(404, """{"statusCode":404,"message":"Message not found","error":"Not Found"}""", false)]
    [InlineData(404, """{"statusCode":404,"message":"Session \"default\" does not exist","error":"Not Found"}""", null)]
    [InlineData(404, "<html>", null)]
    [InlineData(200, "{}", null)]
    [InlineData(500, """{"statusCode":500,"message":"x"}""", null)]
    public async Task A_message_is_asked_for_by_its_name(int status, string body, bool? expected)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        Assert.Equal(expected, await ((INamesPosts)Some.Channel("whatsapp", server.Url)).ExistsAsync(Some.Chat, "true_x_3EB0AA", Cancellation));
        Assert.Equal("GET /api/default/chats/120363041234567890%40g.us/messages/true_x_3EB0AA", Assert.Single(server.Requests).ToString());
    }

    [Theory]
    [InlineData(200, """{"id":"true_x_3EB0AA"}""", typeof(PublishResult.Published))]
    [InlineData(404, """{"statusCode":404,"message":"Message not found","error":"Not Found"}""", typeof(PublishResult.Rejected))]
    [InlineData(500, "{}", typeof(PublishResult.NotSent))]
    public async Task Words_are_changed_in_place_and_may_be_changed_again(int status, string body, Type expected)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, body));
        var result = await ((IEditsPosts)Some.Channel("whatsapp", server.Url)).EditAsync("true_x_3EB0AA", Some.Post, Cancellation);

        Assert.IsType(expected, result);
        var request = Assert.Single(server.Requests);
        Assert.Equal("PUT /api/default/chats/120363041234567890%40g.us/messages/true_x_3EB0AA", request.ToString());
        Assert.Equal(Some.Post.Text, (string?)JsonNode.Parse(request.Body)!["text"]);
    }
}
