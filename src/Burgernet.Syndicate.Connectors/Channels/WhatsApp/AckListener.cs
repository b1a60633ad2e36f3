using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Connectors.Channels.WhatsApp;

/// <summary>
/// Hears from WAHA who has a message (its webhook events <c>message.ack</c> and <c>message.ack.group</c>), and keeps only that
/// somebody has. Signed with HMAC-SHA512 over the body (https://waha.devlike.pro/docs/how-to/events); WAHA repeats what it is not
/// answered, so the same event may come twice.
/// </summary>
sealed class AckListener : IAlertListener
{
    const string SignatureHeader = "X-Webhook-Hmac";
    const int LargestBody = 256 * 1024;

    // WAHA's ladder: 1 the server has it, 2 a device has it, 3 it was read, 4 it was played.
    const long OnDevice = 2;
    const long WasRead = 3;

    readonly string _channel;
    readonly byte[] _key;
    readonly Func<Acknowledgement, Task> _take;
    readonly ILogger _log;
    readonly WebApplication _app;

    public AckListener(ChannelOptions options, ChannelServices services, Func<Acknowledgement, Task> take)
    {
        (_channel, _take, _log) = (options.Name, take, services.Logs.CreateLogger<AckListener>());
        _key = Encoding.UTF8.GetBytes(options.Secrets["ackKey"].Reveal());

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Settings["ackListen"]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxConcurrentConnections = 100;
        });
        _app = builder.Build();
        _app.MapPost("/", AnswerAsync);
    }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        _log.LogInformation("Channel {Channel} hears of acknowledgements on {Address}", _channel, Address);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (!IsSigned(context.Request.Headers[SignatureHeader], body.ToArray()))
        {
            _log.LogWarning("Channel {Channel}: an event from {Address} was not signed as it must be", _channel, context.Connection.RemoteIpAddress);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            if (Read(JsonReading.Parse(body.ToArray())) is { } acknowledgement)
                await _take(acknowledgement);
        }
        catch (Exception exception)
        {
            _log.LogError(exception, "Channel {Channel}: an acknowledgement could not be stored; WAHA is asked to come back", _channel);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    bool IsSigned(string? signature, byte[] body)
    {
        try
        {
            return signature is not null && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(signature), HMACSHA512.HashData(_key, body));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    // What else WAHA tells is none of ours: its events are set for a whole session.
    Acknowledgement? Read(JsonElement body)
    {
        var payload = body.At("payload");
        if (body.Text("event") is not ("message.ack" or "message.ack.group") || body.Id("id") is not { } eventId || payload.Number("ack") is not (>= OnDevice and var ack))
            return null;
        // true_CHAT_MESSAGE, and in a group _PARTICIPANT behind it, which is not kept. Some engines tell of a group as a whole besides: that is nobody.
        return payload.Id("id")?.Split('_') is ["true", var chat, var message, ..] && chat.EndsWith("@g.us", StringComparison.Ordinal) == (body.Text("event") is "message.ack.group") ? new Acknowledgement(_channel, $"true_{chat}_{message}", eventId, ack >= WasRead) : null;
    }
}
