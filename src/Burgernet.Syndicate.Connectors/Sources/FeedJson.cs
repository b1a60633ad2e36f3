using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Connectors.Sources;

/// <summary>
/// JSON that others wrote: strict about what a document is, patient about how a value is written. Whatever it is given,
/// it answers or throws <see cref="SourceException"/>.
/// </summary>
static class FeedJson
{
    /// <summary>The feeds need six levels; more only helps somebody who wants to exhaust the stack.</summary>
    const int MaxDepth = 32;

    /// <summary>Above this many seconds (the year 5138) a number of seconds was meant as milliseconds.</summary>
    const double LargestSeconds = 1e11;

    /// <summary>The Burgernet pilot began in 2004; an earlier moment, zero above all, is no moment.</summary>
    static readonly DateTimeOffset Earliest = new(2004, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="SourceException">It is not one complete JSON document in UTF-8.</exception>
    public static JsonDocument Parse(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        if (body.Trim(" \t\r\n"u8).IsEmpty)
            throw new SourceException("het antwoord is leeg");
        if (body.TrimStart(" \t\r\n"u8)[0] == '<')
            throw new SourceException("het antwoord is een HTML- of XML-pagina, geen JSON");
        if (!Utf8.IsValid(body))
            throw new SourceException("het antwoord is geen UTF-8");

        var bytes = body.ToArray();
        ReplaceLoneSurrogates(bytes);
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException exception)
        {
            throw new SourceException(
                $"het antwoord is geen JSON, of niet helemaal (regel {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})",
                inner: exception);
        }
    }

    /// <summary>Whether this is good JSON that stops too early, as a file does that is still being written.</summary>
    public static bool IsTruncated(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        var reader = new Utf8JsonReader(
            body, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return reader.CurrentDepth > 0 || reader.TokenType == JsonTokenType.None;
    }

    /// <summary>
    /// Half a surrogate pair written as an escape is valid JSON, but no text: reading such a string throws. It becomes
    /// U+FFFD, which takes as many bytes, so it is done in place.
    /// </summary>
    static void ReplaceLoneSurrogates(Span<byte> json)
    {
        for (var at = 0; at + 1 < json.Length; at++)
        {
            if (json[at] != '\\')
                continue;
            if (Escape(json, at) is not { } first)
            {
                at++; // a short escape such as \\ or \n
                continue;
            }

            if (char.IsHighSurrogate(first) && Escape(json, at + 6) is { } second && char.IsLowSurrogate(second))
                at += 6;
            else if (char.IsSurrogate(first))
                "FFFD"u8.CopyTo(json[(at + 2)..]);
            at += 5;
        }
    }

    /// <summary>The UTF-16 unit of a <c>\uXXXX</c> at this place, if there is one.</summary>
    static char? Escape(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;

    /// <summary>The member; undefined when it is absent, or when this is no object.</summary>
    public static JsonElement Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The string, trimmed; null when it is absent, blank or something else.</summary>
    public static string? Text(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.GetString()!.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A string, or a number as it is written: feeds differ, and change, in whether an id wears quotes.</summary>
    public static string? Scalar(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number ? element.GetRawText() : element.Text();

    /// <summary>A finite number, as such or as a string with a dot. "52,18" is not one: a comma may mean anything.</summary>
    public static double? Number(this JsonElement element) =>
        double.TryParse(element.Scalar(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : null;

    /// <summary>A yes or no, as such, as 1 or 0, or as one of these in quotes.</summary>
    public static bool? Flag(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => element.Scalar()?.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" or "JA" => true,
            "FALSE" or "0" or "NO" or "NEE" => false,
            _ => null,
        },
    };

    /// <summary>A moment as seconds or milliseconds since 1970, or as ISO 8601 with an offset.</summary>
    public static DateTimeOffset? Time(this JsonElement element)
    {
        var time = element.Number() switch
        {
            { } seconds when Math.Abs(seconds) <= LargestSeconds => DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(seconds)),
            { } milliseconds when Math.Abs(milliseconds) <= LargestSeconds * 1000 =>
                DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(milliseconds / 1000)),
            null => Iso(element.Text()),
            _ => null,
        };
        return time >= Earliest ? time : null;
    }

    /// <summary>An ISO 8601 moment that says where on earth it counts, in UTC.</summary>
    public static DateTimeOffset? Iso(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        && HasOffset(text!)
            ? time.ToUniversalTime()
            : null;

    static bool HasOffset(string text) => text[^1] is 'Z' or 'z' || text.IndexOfAny(['+', '-'], "yyyy-MM-ddT".Length) > 0;

    /// <summary>
    /// Whether a key stands twice in one object, at any depth. Readers disagree about which one counts, so nobody
    /// can say what such a record means.
    /// </summary>
    public static bool HasDuplicateKeys(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => HasDuplicates(element.EnumerateObject()),
        JsonValueKind.Array => element.EnumerateArray().Any(HasDuplicateKeys),
        _ => false,
    };

    static bool HasDuplicates(JsonElement.ObjectEnumerator members)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return members.Any(member => !names.Add(member.Name) || member.Value.HasDuplicateKeys());
    }

    /// <summary>For a reason: what is there instead.</summary>
    public static string Describe(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => "niet aanwezig",
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "een object",
        JsonValueKind.Array => "een lijst",
        JsonValueKind.String => "een tekst",
        JsonValueKind.Number => "een getal",
        _ => "true of false",
    };
}
