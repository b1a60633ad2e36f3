using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels;

/// <summary>Channels and posts as tests need them.</summary>
static class Some
{
    public const string Chat = "120363041234567890@g.us";

    public static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static readonly Post Post = new()
    {
        Text = "Vermist in Zeist: meisje van 9 jaar, rode jas & blauwe fiets. Bel 112. Ref. BN-7F3K2 é💙",
        Address = Chat,
    };

    public static readonly PostPhoto Photo =
        new(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0, 0, 13, 10, 45, 45, 0xFF, 0xD9 }, "image/jpeg", "Foto van het meisje in een rode jas");

    public static ChannelOptions Options(string type, Uri url, TimeSpan? timeout = null)
    {
        var connector = ConnectorRegistry.Channels.Single(connector => connector.Type == type);
        return new ChannelOptions
        {
            Name = $"{type}_midden",
            Type = type,
            BaseUrl = url,
            RequestTimeout = timeout ?? TimeSpan.FromSeconds(15),
            Settings = connector.Settings.ToDictionary(setting => setting.Name, setting => setting.Default ?? "1234509876"),
            Secrets = connector.Secrets.ToDictionary(name => name, name => new Secret($"s3cr3t/{name}+waarde=")),
        };
    }

    public static IChannel Channel(string type, Uri url, TimeSpan? timeout = null, TimeProvider? time = null) =>
        ConnectorRegistry.Channels.Single(connector => connector.Type == type).Create(
            Options(type, url, timeout), new ChannelServices(time ?? new FakeTimeProvider(Now), NullLoggerFactory.Instance));

    public static Task<PublishResult> PublishAsync(this IChannel channel, Post post) =>
        channel.PublishAsync(post, TestContext.Current.CancellationToken);
}
