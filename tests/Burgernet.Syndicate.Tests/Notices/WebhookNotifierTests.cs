using System.Text.Json;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Notices;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Notices;

/// <summary>Against a real HTTP server.</summary>
public sealed class WebhookNotifierTests
{
    static readonly Telling Some = new()
    {
        Id = "0123456789abcdef", Cause = "held:whatsapp:a1", Subject = "Onderwerp", Channel = "whatsapp", AlertId = "a1", Text = "Kijk bij Café \"Zoë\".\n\nKijk zelf.", At = Pipeline.Noon,
    };

    static async Task<string?> HandOverAsync(Uri url, Telling? telling = null, TimeSpan? timeout = null)
    {
        using var notifier = new WebhookNotifier(new Secret(url.ToString()), timeout);
        return await notifier.HandOverAsync(telling ?? Some);
    }

    [Fact]
    public async Task The_body_is_the_contracts_to_the_letter_and_a_repeat_can_be_recognised()
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(202, ""));
        Assert.Null(await HandOverAsync(new Uri(server.Url, "/hooks/T0/B0?sleutel=a%2Fb")));
        Assert.Null(await HandOverAsync(server.Url, Some with { Channel = null, AlertId = null }));

        var request = server.Requests[0];
        Assert.Equal(("POST", "/hooks/T0/B0?sleutel=a%2Fb", "0123456789abcdef"), (request.Method, request.Target, request.Headers["webhook-id"]));
        Assert.StartsWith("application/json", request.Headers["Content-Type"], StringComparison.Ordinal);
        var body = JsonDocument.Parse(request.BodyText).RootElement;
        Assert.Equal(["cause", "subject", "channel", "alertId", "text", "at"], body.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["held:whatsapp:a1", "Onderwerp", "whatsapp", "a1", Some.Text, "2026-11-25T12:00:00Z"], body.EnumerateObject().Select(p => p.Value.GetString()));
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(server.Requests[1].BodyText).RootElement.GetProperty("channel").ValueKind);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(302, false)]
    [InlineData(400, false)]
    [InlineData(410, false)]
    [InlineData(500, false)]
    public async Task Only_2xx_is_taken_and_nothing_is_sent_elsewhere(int status, bool taken)
    {
        await using var elsewhere = await ScriptedServer.StartAsync(new ScriptedAnswer(200, ""));
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(status, "").With("Location", elsewhere.Url.ToString()));

        Assert.Equal(taken ? null : $"de webhook antwoordde {status}", await HandOverAsync(server.Url));
        Assert.Single(server.Requests);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_an_answer()
    {
        await using var server = new FaultyServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\nabc");
            await connection.UntilTheTestEndsAsync();
        });
        Assert.Null(await HandOverAsync(server.Url));
    }

    [Fact]
    public async Task A_receiver_that_is_away_slow_or_breaks_off_is_told_of_without_its_address()
    {
        await using var server = new FaultyServer(
            async connection => { await connection.ReadRequestAsync(); await connection.UntilTheTestEndsAsync(); },
            async connection => { await connection.ReadRequestAsync(); connection.Reset(); });

        Assert.Equal("de webhook antwoordde niet binnen 0.2 s", await HandOverAsync(server.Url, timeout: TimeSpan.FromSeconds(0.2)));
        Assert.StartsWith("de webhook", await HandOverAsync(new Uri(server.Url, "/t0ken")), StringComparison.Ordinal);
        Assert.Equal("de webhook is niet bereikbaar (ConnectionError)", await HandOverAsync(new Uri("http://127.0.0.1:1/t0ken")));
        Assert.Equal(2, server.Requests.Count);
    }
}
