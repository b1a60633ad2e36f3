using System.Net;
using System.Security.Cryptography;
using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels.WhatsApp;

public sealed class AckListenerTests : IAsyncLifetime
{
    // WAHA's own test vector.
    const string Key = "my-secret-key";
    const string Vector = "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89";

    readonly List<Acknowledgement> _taken = [];
    readonly HttpClient _http = new();
    readonly IAlertListener _listener;
    bool _isFull;

    public AckListenerTests()
    {
        var options = Some.Options("whatsapp", new Uri("http://localhost"));
        options = options with
        {
            Settings = new Dictionary<string, string>(options.Settings) { ["ackListen"] = "http://127.0.0.1:0" },
            Secrets = new Dictionary<string, Secret> { ["ackKey"] = new(Key) },
        };
        _listener = ConnectorRegistry.Channels.Single(c => c.Type == "whatsapp").Hear!(options, new ChannelServices(TimeProvider.System, NullLoggerFactory.Instance), acknowledgement =>
        {
            _taken.Add(acknowledgement);
            return _isFull ? throw new IOException("the disk is full") : Task.CompletedTask;
        })!;
    }

    public async ValueTask InitializeAsync() => await _listener.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _http.Dispose();
    }

    async Task<HttpStatusCode> SendAsync(string body, string? signature = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _listener.Address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Webhook-Hmac", signature ?? Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(body))));
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    static string Event(string id, string kind, string message, int ack) => $$$"""{"id":"{{{id}}}","event":"{{{kind}}}","session":"default","payload":{"id":"{{{message}}}","participant":"9999@lid","ack":{{{ack}}},"ackName":"READ"}}""";

    [Fact]
    public async Task Who_has_a_message_is_counted_and_not_remembered()
    {
        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_1", "message.ack.group", "true_120363@g.us_3EB0AA_9999@lid", 2)));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_2", "message.ack.group", "true_120363@g.us_3EB0AA_8888@lid", 3)));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_3", "message.ack", "true_31600000000@c.us_3EB0BB", 4)));

        Assert.Equal(
            [new("whatsapp_midden", "true_120363@g.us_3EB0AA", "evt_1", false), new("whatsapp_midden", "true_120363@g.us_3EB0AA", "evt_2", true), new("whatsapp_midden", "true_31600000000@c.us_3EB0BB", "evt_3", true)],
            _taken);
    }

    [Theory]
    [InlineData("message.ack.group", "true_120363@g.us_3EB0AA_9999@lid", 1)]
    [InlineData("message.ack.group", "true_120363@g.us_3EB0AA_9999@lid", -1)]
    [InlineData("message.ack.group", "false_120363@g.us_3EB0AA_9999@lid", 3)]
    [InlineData("message.ack.group", "iets", 3)]
    [InlineData("message.ack", "true_120363@g.us_3EB0AA", 3)]
    [InlineData("message", "true_120363@g.us_3EB0AA", 3)]
    public async Task What_is_no_acknowledgement_of_ours_is_none_of_our_business(string kind, string message, int ack)
    {
        Assert.Equal(HttpStatusCode.OK, await SendAsync(Event("evt_1", kind, message, ack)));
        Assert.Equal(HttpStatusCode.OK, await SendAsync("[]"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync("geen json"));
        Assert.Empty(_taken);
    }

    [Fact]
    public async Task It_is_signed_as_WAHA_signs()
    {
        const string Body = """{"event":"message","session":"default","engine":"WEBJS"}""";
        Assert.Equal(HttpStatusCode.OK, await SendAsync(Body, Vector));
        foreach (var signature in (string[])["", "00", "geen hex", Vector[..^2] + "00", Vector[..64]])
            Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Body, signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Event("evt_1", "message.ack.group", "true_1@g.us_A_b", 3), Vector));
        Assert.Empty(_taken);
    }

    [Fact]
    public async Task What_cannot_be_stored_is_asked_for_again()
    {
        _isFull = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(Event("evt_1", "message.ack.group", "true_1@g.us_A_b", 3)));
    }
}
