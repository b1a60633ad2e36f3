using System.Globalization;
using System.Text.Json;

namespace Burgernet.Syndicate.Connectors.Http;

/// <summary>Reads what others wrote: whatever is absent or of another kind than expected is simply not there.</summary>
static class JsonReading
{
    public static JsonElement Parse(byte[]? bytes)
    {
        try
        {
            return bytes is { Length: > 0 } ? JsonElement.Parse(bytes) : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    public static JsonElement At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    public static string? Text(this JsonElement element, string name) => element.At(name).Text();

    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are not UTF-8.
            return null;
        }
    }

    /// <summary>An id, which platforms write as a string and sometimes as a number.</summary>
    public static string? Id(this JsonElement element, string name) => element.At(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        var value => value.Text() is { Length: > 0 } id && !id.Any(char.IsControl) ? id : null,
    };

    public static long? Number(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : null;

    public static bool IsTrue(this JsonElement element, string name) => element.At(name).ValueKind == JsonValueKind.True;

    /// <summary>Platforms give whole seconds: what was posted within this one must not seem to lie before it.</summary>
    public static DateTimeOffset WholeSecond(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        DateTimeOffset.TryParse(
            element.Text(name),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time)
            ? time
            : null;
}
