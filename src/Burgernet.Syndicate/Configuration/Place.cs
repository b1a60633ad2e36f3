using System.Text;
using System.Text.Json;

namespace Burgernet.Syndicate.Configuration;

/// <summary>Where something in the configuration was written.</summary>
/// <param name="File">The file as seen from the configuration folder; or the environment variable or the file in the
/// secrets folder that a value came from.</param>
/// <param name="Line">From 1; null where it is the file as a whole.</param>
/// <param name="Column">From 1, in characters as editors count them.</param>
public sealed record Place(string File, int? Line = null, int? Column = null)
{
    public override string ToString() => (Line, Column) switch
    {
        (null, _) => File,
        (_, null) => $"{File}:{Line}",
        _ => $"{File}:{Line}:{Column}",
    };

    /// <summary>The place of a byte in a UTF-8 text.</summary>
    internal static Place At(string file, ReadOnlySpan<byte> utf8, long offset)
    {
        var before = utf8[..(int)Math.Min(offset, utf8.Length)];
        return new Place(file, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }

    /// <summary>Where a JSON text stops being one.</summary>
    internal static Place At(string file, ReadOnlySpan<byte> utf8, JsonException exception)
    {
        var offset = 0L;
        for (var line = exception.LineNumber ?? 0; line > 0 && utf8[(int)offset..].IndexOf((byte)'\n') is >= 0 and var end; line--)
            offset += end + 1;
        return At(file, utf8, offset + (exception.BytePositionInLine ?? 0));
    }

    /// <summary>The place of an item of the array that a JSON object holds under a name; the file alone where there is none.</summary>
    internal static Place OfItem(string file, ReadOnlySpan<byte> utf8, string array, int index)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(array);
            reader.Read();
            if (!found || reader.TokenType is not JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray && index-- > 0)
                reader.Skip();
            return At(file, utf8, reader.TokenStartIndex);
        }

        return new Place(file);
    }
}
