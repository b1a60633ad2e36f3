using Burgernet.Syndicate.Sandbox;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sandbox;

public sealed class WahaSandboxTests
{
    const string Messages = $"/api/default/chats/{SandboxClient.Group}/messages";

    [Fact]
    public async Task A_text_is_answered_with_the_message()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        using var answer = await sandbox.Message("Aanrijding in Zeist");
        Assert.Equal(201, (int)answer.StatusCode);

        var post = Assert.Single(sandbox.Host.Posts(SandboxPlatform.WhatsApp));
        Assert.StartsWith($"true_{SandboxClient.Group}_3EB0", post.Id, StringComparison.Ordinal);
        Assert.Equal(SandboxClient.Group, post.ChatId);
    }

    [Fact]
    public async Task The_same_message_id_sent_twice_is_one_message()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = (string)(await sandbox.Waha(HttpMethod.Get, "/api/default/new-message-id").Json())["id"]!;

        var first = await sandbox.Message("Een keer", id: id).Json();
        var second = await sandbox.Message("Een keer", id: id).Json();

        Assert.Equal($"true_{SandboxClient.Group}_{id}", (string?)first["id"]);
        Assert.Equal((string?)first["id"], (string?)second["id"]);
        Assert.Single(sandbox.Host.Posts(SandboxPlatform.WhatsApp));
    }

    [Fact]
    public async Task A_wrong_key_a_strange_chat_and_another_session_are_refused()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        Assert.Equal(401, await sandbox.Waha(HttpMethod.Get, "/api/sessions/default", key: "other").Status());
        Assert.Equal(400, await sandbox.Message("x", "buurt-midden").Status());
        Assert.Equal(422, await sandbox.Waha(HttpMethod.Post, "/api/sendText", new { session = "other", chatId = SandboxClient.Group, text = "x" }).Status());
        Assert.Equal(404, await sandbox.Waha(HttpMethod.Get, "/api/sessions/other").Status());
        Assert.Empty(sandbox.Host.Posts(SandboxPlatform.WhatsApp));
    }

    [Fact]
    public async Task The_history_is_newest_first_and_follows_its_filters()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        foreach (var text in new[] { "Een", "Twee", "Drie" })
        {
            Assert.Equal(201, await sandbox.Message(text).Status());
            sandbox.Time.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(201, await sandbox.Message("Elders", "120363000000000002@g.us").Status());
        var since = sandbox.Time.GetUtcNow().AddMinutes(-2).ToUnixTimeSeconds();

        async Task<string[]> Texts(string query) =>
            [.. (await sandbox.Waha(HttpMethod.Get, $"{Messages.Replace("@", "%40", StringComparison.Ordinal)}?{query}").Json()).AsArray().Select(message => (string)message!["body"]!)];
        Assert.Equal(["Drie", "Twee", "Een"], await Texts("limit=10&filter.fromMe=true"));
        Assert.Equal(["Twee"], await Texts("limit=1&offset=1"));
        Assert.Equal(["Drie", "Twee"], await Texts($"filter.timestamp.gte={since}"));
        Assert.Empty(await Texts("filter.fromMe=false"));
    }

    [Fact]
    public async Task A_message_can_be_read_edited_and_deleted()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var id = ((string)(await sandbox.Message("Grijze fiets").Json())["id"]!).Replace("@", "%40", StringComparison.Ordinal);
        var path = $"{Messages}/{id}";

        Assert.Equal(200, await sandbox.Waha(HttpMethod.Put, path, new { text = "Rode fiets" }).Status());
        Assert.Equal("Rode fiets", (string?)(await sandbox.Waha(HttpMethod.Get, path).Json())["body"]);
        Assert.Equal(200, await sandbox.Waha(HttpMethod.Delete, path).Status());
        Assert.Equal(404, await sandbox.Waha(HttpMethod.Get, path).Status());
        Assert.Equal(404, await sandbox.Waha(HttpMethod.Delete, path).Status());

        var post = Assert.Single(sandbox.Host.Posts(SandboxPlatform.WhatsApp));
        Assert.True(post is { Deleted: true, Edited: true });
    }

    [Fact]
    public async Task An_image_with_its_caption_quotes_an_earlier_message()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var quoted = (string)(await sandbox.Message("Vermist").Json())["id"]!;

        var body = new
        {
            session = "default",
            chatId = SandboxClient.Group,
            caption = "Foto",
            reply_to = quoted,
            file = new { mimetype = "image/jpeg", filename = "foto.jpg", data = Convert.ToBase64String([0xFF, 0xD8, 0xFF, 1]) },
        };
        Assert.Equal(201, await sandbox.Waha(HttpMethod.Post, "/api/sendImage", body).Status());

        var post = sandbox.Host.Posts(SandboxPlatform.WhatsApp)[1];
        Assert.Equal(("Foto", quoted), (post.Text, post.ReplyTo));
        Assert.Single(post.Images);
    }

    [Fact]
    public async Task The_server_answers_a_ping_without_a_key_and_tells_that_its_session_works()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        Assert.Equal("pong", (string?)(await sandbox.Get("/ping").Json())["message"]);
        Assert.Equal("WORKING", (string?)(await sandbox.Waha(HttpMethod.Get, "/api/sessions/default").Json())["status"]);
    }
}
