using System.Net;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Security.AntiSSRF;

namespace Burgernet.Syndicate.Connectors.Photos;

/// <summary>
/// Fetches photos from the hosts of the configuration and from nowhere else: an alert comes from outside, and its address
/// of a photo must not make this program ask for anything within the network it runs in (OWASP, Server-Side Request Forgery).
/// </summary>
public sealed class PhotoFetcher : IPhotoFetcher, IDisposable
{
    const int MostBytes = 8 * 1024 * 1024;
    const int MostRedirects = 3;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    readonly IReadOnlyList<string> _hosts;
    readonly IPhotoEncoder _encoder;
    readonly ILogger<PhotoFetcher> _log;
    readonly HttpMessageInvoker _http;
    readonly int _port;

    /// <param name="hosts">These, and what is below them.</param>
    /// <param name="encoder">Makes a new picture of what came.</param>
    /// <param name="log">Says why there is no photo.</param>
    public PhotoFetcher(IReadOnlyList<string> hosts, IPhotoEncoder encoder, ILogger<PhotoFetcher> log)
        : this(hosts, encoder, log, PublicAddresses(), 443)
    {
    }

    internal PhotoFetcher(IReadOnlyList<string> hosts, IPhotoEncoder encoder, ILogger<PhotoFetcher> log, AntiSSRFHandler handler, int port)
    {
        (_hosts, _encoder, _log, _port) = (hosts, encoder, log, port);
        // Each hop is looked at here. A connection is made to the address that was checked, and to none of an earlier moment.
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.ConnectTimeout = TimeSpan.FromSeconds(5);
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        handler.MaxResponseHeadersLength = 16;
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>Connections to addresses of the public internet, and over TLS only.</summary>
    internal static AntiSSRFHandler PublicAddresses(params string[] also)
    {
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest) { AllowPlainTextHttp = false, AddXFFHeader = false };
        if (also.Length > 0)
            policy.AddAllowedAddresses(also);
        return policy.GetHandler();
    }

    public async Task<FetchedPhoto> FetchAsync(string url, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Longest);
        try
        {
            return new FetchedPhoto(await _encoder.EncodeAsync(await DownloadAsync(url, late.Token).ConfigureAwait(false), late.Token).ConfigureAwait(false));
        }
        catch (PhotoException exception)
        {
            return Without(exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Without($"de foto was er na {Longest.TotalSeconds:0} seconden nog niet", exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever it is, the appeal goes out.
            return Without(exception.GetBaseException() is AntiSSRFException ? "de foto staat op een adres waar dit programma niet mag komen" : "de foto kon niet worden opgehaald", exception);
        }
    }

    FetchedPhoto Without(string fault, Exception exception)
    {
        _log.LogWarning("A photo was not fetched: {Fault} ({Exception})", fault, exception.GetBaseException().Message);
        return new FetchedPhoto(Jpeg: null, fault);
    }

    async Task<byte[]> DownloadAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            throw new PhotoException("het adres van de foto is niet te lezen");
        for (var hop = 0; hop <= MostRedirects; hop++)
        {
            Check(address);
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
                && response.Headers.Location is { } location)
            {
                address = new Uri(address, location);
                continue;
            }

            if (!response.IsSuccessStatusCode)
                throw new PhotoException($"de server van de foto antwoordde met {(int)response.StatusCode}");
            return await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        }

        throw new PhotoException("het adres van de foto verwees te vaak door");
    }

    void Check(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0 || address.Port != _port || address.HostNameType is not UriHostNameType.Dns
            || !_hosts.Any(host => address.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase) || address.IdnHost.EndsWith($".{host}", StringComparison.OrdinalIgnoreCase)))
            throw new PhotoException($"de foto staat op {address.Host}, en dat staat niet in photos.hosts");
    }

    static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var whole = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (whole.Length + read > MostBytes)
                throw new PhotoException($"de foto is groter dan {MostBytes / 1024 / 1024} MB");
            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }

    public void Dispose()
    {
        _http.Dispose();
        (_encoder as IDisposable)?.Dispose();
    }
}

/// <summary>Why a photo cannot be published (Dutch).</summary>
public sealed class PhotoException(string message) : Exception(message);
