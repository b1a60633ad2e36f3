using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Burgernet.Syndicate.Connectors.Photos;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Photos;

public sealed class PhotoFetcherTests : IAsyncLifetime
{
    static readonly byte[] Picture = [1, 2, 3];
    static readonly X509Certificate2 Certificate = MakeCertificate();

    readonly WebApplication _server;
    readonly List<string> _asked = [];
    int _port;

    public PhotoFetcherTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate)));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(TestContext.Current.CancellationToken);
        _port = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("/foto.jpg")]
    [InlineData("/redirect/3")]
    public async Task A_photo_of_a_host_that_is_listed_is_fetched_and_made_anew(string path)
    {
        using var fetcher = Fetcher();
        Assert.Equal([1, 2, 3, 9], (await FetchAsync(fetcher, $"https://localhost:{_port}{path}")).Jpeg!.Value.ToArray());
    }

    [Theory]
    [InlineData("https://voorbeeld.com:{0}/foto.jpg")]
    [InlineData("https://127.0.0.1:{0}/foto.jpg")]
    [InlineData("https://[::1]:{0}/foto.jpg")]
    [InlineData("https://2130706433:{0}/foto.jpg")]
    [InlineData("http://localhost:{0}/foto.jpg")]
    [InlineData("https://localhost/foto.jpg")]
    [InlineData("https://localhost:1/foto.jpg")]
    [InlineData("https://gast@localhost:{0}/foto.jpg")]
    [InlineData("https://localhost.voorbeeld.com:{0}/foto.jpg")]
    [InlineData("https://eenlocalhost:{0}/foto.jpg")]
    [InlineData("ftp://localhost:{0}/foto.jpg")]
    [InlineData("file:///etc/passwd")]
    [InlineData("foto.jpg")]
    [InlineData("https://localhost:{0}/elsewhere")]
    [InlineData("https://localhost:{0}/to-metadata")]
    public async Task Nothing_is_asked_of_any_other_host(string url)
    {
        using var fetcher = Fetcher();
        var fetched = await FetchAsync(fetcher, string.Format(System.Globalization.CultureInfo.InvariantCulture, url, _port));

        Assert.Null(fetched.Jpeg);
        Assert.NotNull(fetched.Fault);
        Assert.DoesNotContain(_asked, path => path.EndsWith("foto.jpg", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_listed_host_that_leads_into_this_network_is_not_connected_to()
    {
        // The same, without the permission to use this machine's own address.
        using var handler = PhotoFetcher.PublicAddresses();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => Certificate.Equals(shown);
        using var fetcher = new PhotoFetcher(["localhost"], new PassThrough(), NullLogger<PhotoFetcher>.Instance, handler, _port);

        Assert.Equal("de foto staat op een adres waar dit programma niet mag komen", (await FetchAsync(fetcher, $"https://localhost:{_port}/foto.jpg")).Fault);
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("/gone", "antwoordde met 404")]
    [InlineData("/huge", "groter dan 8 MB")]
    [InlineData("/endless", "groter dan 8 MB")]
    [InlineData("/redirect/4", "verwees te vaak door")]
    [InlineData("/broken", "kon niet worden opgehaald")]
    [InlineData("/no-photo", "het is er geen")]
    public async Task What_cannot_be_had_is_said(string path, string fault)
    {
        using var fetcher = Fetcher();
        Assert.Contains(fault, (await FetchAsync(fetcher, $"https://localhost:{_port}{path}")).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_somebody_else_is_not_taken()
    {
        using var handler = PhotoFetcher.PublicAddresses("127.0.0.0/8", "::1/128");
        using var fetcher = new PhotoFetcher(["localhost"], new PassThrough(), NullLogger<PhotoFetcher>.Instance, handler, _port);

        Assert.Equal("de foto kon niet worden opgehaald", (await FetchAsync(fetcher, $"https://localhost:{_port}/foto.jpg")).Fault);
        Assert.Empty(_asked);
    }

    PhotoFetcher Fetcher()
    {
        var handler = PhotoFetcher.PublicAddresses("127.0.0.0/8", "::1/128");
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => Certificate.Equals(shown);
        return new PhotoFetcher(["localhost"], new PassThrough(), NullLogger<PhotoFetcher>.Instance, handler, _port);
    }

    static Task<Syndicate.Channels.FetchedPhoto> FetchAsync(PhotoFetcher fetcher, string url) => fetcher.FetchAsync(url, TestContext.Current.CancellationToken);

    async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        lock (_asked)
            _asked.Add(path);
        switch (path.Split('/') is [_, var what, var number] ? (what, int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)) : (path[1..], 0))
        {
            case ("redirect", > 0 and var left):
                context.Response.Redirect($"/redirect/{left - 1}");
                break;
            case ("elsewhere", _):
                context.Response.Redirect($"https://voorbeeld.com:{_port}/foto.jpg");
                break;
            case ("to-metadata", _):
                context.Response.Redirect("http://169.254.169.254/latest/foto.jpg");
                break;
            case ("gone", _):
                context.Response.StatusCode = 404;
                break;
            case ("huge", _):
                context.Response.ContentLength = 9 << 20;
                await context.Response.Body.WriteAsync(new byte[9 << 20]);
                break;
            case ("endless", _):
                for (var i = 0; i < 1000 && !context.RequestAborted.IsCancellationRequested; i++)
                    await context.Response.Body.WriteAsync(new byte[64 << 10], context.RequestAborted);
                break;
            case ("broken", _):
                context.Response.ContentLength = 100;
                await context.Response.Body.WriteAsync(Picture);
                await context.Response.Body.FlushAsync();
                context.Abort();
                break;
            case ("no-photo", _):
                await context.Response.WriteAsync("tekst");
                break;
            default:
                await context.Response.Body.WriteAsync(Picture);
                break;
        }
    }

    static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    /// <summary>Adds a byte, so that it is seen to have had the photo.</summary>
    sealed class PassThrough : IPhotoEncoder
    {
        public Task<byte[]> EncodeAsync(byte[] original, CancellationToken cancellationToken) =>
            original.Length == Picture.Length ? Task.FromResult<byte[]>([.. original, 9]) : throw new PhotoException("het is er geen");
    }
}
