using System.Net;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels;

/// <summary>The default proxy belongs to the whole process, so nothing else runs meanwhile.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ProxyTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("facebook")]
    [InlineData("whatsapp")]
    public async Task A_proxy_of_the_environment_is_not_asked(string type)
    {
        await using var server = await ScriptedServer.StartAsync(new ScriptedAnswer(201, """{"id":"1","data":{"id":"1"}}"""));
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(TransportTests.ClosedPort());
        try
        {
            Assert.IsType<PublishResult.Published>(await Some.Channel(type, server.Url).PublishAsync(Some.Post));
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }
}
