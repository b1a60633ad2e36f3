using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Burgernet.Syndicate.Tests.Channels.X;

/// <summary>OAuth 1.0a signatures, written from the RFC and from nothing else, to check those on the wire.</summary>
static class Rfc5849
{
    /// <param name="url">Without its query.</param>
    /// <param name="parameters">Query, form and oauth_ parameters, decoded.</param>
    public static string Signature(
        string method, string url, IEnumerable<(string Name, string Value)> parameters, string consumerSecret, string tokenSecret)
    {
        var normalized = string.Join('&', parameters
            .Select(parameter => (Name: Escape(parameter.Name), Value: Escape(parameter.Value)))
            .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Name}={parameter.Value}"));
        var text = $"{method}&{Escape(url)}&{Escape(normalized)}";
        var key = $"{Escape(consumerSecret)}&{Escape(tokenSecret)}";
#pragma warning disable CA5350 // HMAC-SHA1 is what the platform asks for.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5350
    }

    /// <summary>The parameters of an Authorization header, decoded.</summary>
    public static Dictionary<string, string> Parse(string header) => header["OAuth ".Length..]
        .Split(',', StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2))
        .ToDictionary(part => part[0], part => Uri.UnescapeDataString(part[1].Trim('"')));

    static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                escaped.Append((char)octet);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        return escaped.ToString();
    }
}
