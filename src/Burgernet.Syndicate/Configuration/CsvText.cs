using System.Text;

namespace Burgernet.Syndicate.Configuration;

/// <summary>A table as a spreadsheet saves it, made into text: which letters it uses and what stands between its cells.</summary>
sealed record CsvText(string Text, char Delimiter, int SkippedLines)
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // What Excel in the Netherlands writes unless it is asked for UTF-8.
    static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    public static CsvText Of(byte[] bytes)
    {
        var text = Decode(bytes);
        // Some programs say on a line of its own what the delimiter is.
        if (text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text.IndexOf('\n', StringComparison.Ordinal) is var end and >= 5)
            return new CsvText(text[(end + 1)..], text[4], 1);
        return new CsvText(text, DelimiterOf(text), 0);
    }

    /// <summary>How many lines end in a text, however they do.</summary>
    public static int LinesIn(ReadOnlySpan<char> text) => text.Count('\n') + text.Count('\r') - text.Count("\r\n");

    static string Decode(byte[] bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(bytes.AsSpan(3)),
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(bytes.AsSpan(2)),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(bytes.AsSpan(2)),
        _ => Utf8(bytes) ?? Windows1252.GetString(bytes),
    };

    static string? Utf8(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The one that stands most often in the header, which has neither decimals nor sentences.</summary>
    static char DelimiterOf(string text)
    {
        var header = text.AsSpan().TrimStart("\r\n ");
        header = header[..(header.IndexOfAny('\r', '\n') is var end and >= 0 ? end : header.Length)];
        var (best, most) = (';', 0);
        foreach (var candidate in (ReadOnlySpan<char>)[';', ',', '\t'])
        {
            if (header.Count(candidate) > most)
                (best, most) = (candidate, header.Count(candidate));
        }

        return best;
    }
}
