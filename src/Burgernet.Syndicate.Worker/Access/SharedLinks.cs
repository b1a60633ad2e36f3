using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Burgernet.Syndicate.Worker.Access;

/// <summary>Marks a page that also opens for who has a key to it, to look and no more.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class OpensWithKeyAttribute : Attribute;

/// <summary>
/// Keys to the page of one municipality, for who has no account. A key is sealed, says which municipality it is for, and
/// ends by itself; there is nothing to store.
/// </summary>
sealed class SharedLinks(IDataProtectionProvider protection)
{
    /// <summary>The part of the address that holds the key.</summary>
    public const string Query = "sleutel";

    /// <summary>The part of the route that says which municipality.</summary>
    public const string Route = "gemeente";

    /// <summary>So long a key opens.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(30);

    readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("Burgernet.Syndicate.SharedLinks").ToTimeLimitedDataProtector();

    /// <summary>An address that opens the page of this municipality from anywhere.</summary>
    /// <param name="site">Where others find the pages; null: where this request found them.</param>
    /// <param name="code">CBS code.</param>
    public string AddressOf(HttpRequest request, Uri? site, string code) =>
        new Uri(site ?? new Uri($"{request.Scheme}://{request.Host}"), $"/bereik/{Uri.EscapeDataString(code)}?{Query}={_seal.Protect(code, Lasts)}").AbsoluteUri;

    /// <summary>The key of this request is for what it asks.</summary>
    public bool Opens(HttpContext context)
    {
        var key = context.Request.Query[Query].ToString();
        if (key.Length is 0 or > 1000 || context.Request.RouteValues[Route] is not string code)
            return false;
        try
        {
            return string.Equals(_seal.Unprotect(key), code, StringComparison.Ordinal);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
