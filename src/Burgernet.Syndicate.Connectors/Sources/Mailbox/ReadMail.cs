using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Tnef;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>A mail that is not read further; the reason is Dutch, one sentence.</summary>
sealed class MailRefusedException(string reason) : Exception(reason);

/// <summary>One header as it stands in the mail, its lines joined.</summary>
readonly record struct RawHeader(string Name, string Value);

/// <summary>A mail, read within bounds: nothing in it was loaded, unpacked or run.</summary>
sealed class ReadMail
{
    /// <summary>What a mailbox hands over at most, in bytes.</summary>
    public const long LargestMail = 10 * 1024 * 1024;

    const int DeepestPart = 16;
    const int MostParts = 50;
    const long MostDecoded = 25 * 1024 * 1024;
    const int MostHeaders = 500;
    const int LongestHeaders = 256 * 1024;

    // Less text than HTML has words for is a stub ("open this mail in your browser").
    const int StubText = 60;

    // What is longer nobody posts, and no person reads it.
    const int LongestText = 100_000;

    static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    readonly List<string> _notes = [];
    readonly List<MailLink> _links = [];
    long _decoded;
    int _parts;

    ReadMail(byte[] raw, MimeMessage message, IReadOnlyList<RawHeader> headers) => (Raw, Message, Headers) = (raw, message, headers);

    public byte[] Raw { get; }

    public MimeMessage Message { get; }

    /// <summary>As they stand there, from the top.</summary>
    public IReadOnlyList<RawHeader> Headers { get; }

    public string Subject { get; private set; } = "";

    /// <summary>The whole text, as its reader sees it.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The links of its HTML, those of a part that was not taken for the text included.</summary>
    public IReadOnlyList<MailLink> Links => _links;

    /// <summary>What was left out (Dutch).</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The same bytes have the same.</summary>
    public string Hash => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Raw))}";

    /// <exception cref="MailRefusedException">It is more, deeper or stranger than a mail for the public is.</exception>
    public static ReadMail Of(byte[] raw)
    {
        if (raw.Length > LargestMail)
            throw new MailRefusedException("De mail is groter dan 10 MB en is niet gelezen.");
        try
        {
            var options = ParserOptions.Default.Clone();
            options.MaxMimeDepth = DeepestPart;
            using var stream = new MemoryStream(raw, writable: false);
            var headers = HeadersOf(raw);
            var mail = new ReadMail(raw, MimeMessage.Load(options, stream), headers);
            mail.Subject = OneLine(mail.Message.Subject ?? "");
            mail.ReadText();
            return mail;
        }
        // MimeKit and AngleSharp say in several ways that something is no mail or no HTML.
        catch (Exception exception) when (exception is not MailRefusedException and not OutOfMemoryException)
        {
            throw new MailRefusedException("De mail is niet te lezen; de opbouw klopt niet.");
        }
    }

    /// <summary>All headers of that name, from the top.</summary>
    public IEnumerable<string> Values(string name) => Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);

    void ReadText()
    {
        Text = Cut(TextOf(Message.Body, 0) ?? "");
    }

    /// <summary>The text of a part and of what is in it; null where it has none.</summary>
    string? TextOf(MimeEntity? part, int depth)
    {
        if (part is null)
            return null;
        if (++_parts > MostParts || depth > DeepestPart)
            throw new MailRefusedException($"De mail bestaat uit meer dan {MostParts} delen en is niet verder gelezen.");

        switch (part)
        {
            case MultipartAlternative alternative:
                return Better([.. alternative.Select(p => (p, TextOf(p, depth + 1)))]);
            // Who reports a bounce encloses the whole mail; only the words of the report count.
            case Multipart { ContentType.MediaSubtype: var subtype } report when subtype.Equals("report", StringComparison.OrdinalIgnoreCase):
                return report.Count == 0 ? null : TextOf(report[0], depth + 1);
            case Multipart several:
                var texts = several.Select(p => TextOf(p, depth + 1)).Where(t => !string.IsNullOrWhiteSpace(t)).ToList();
                return texts.Count == 0 ? null : string.Join("\n\n", texts);
            case TnefPart:
                return Left("een Outlook-bijlage (winmail.dat)");
            case MessagePart:
                return Left("een mail als bijlage");
            case TextPart text when !text.IsAttachment && !text.ContentType.Parameters.Contains("name") && (text.IsPlain || text.IsHtml || text.IsFlowed):
                return text.IsHtml ? Html(Decode(text)) : Decode(text);
            case MimePart { ContentType.MediaType: "image" } image:
                return Left($"een afbeelding{Named(image)}");
            case MimePart { ContentType.MimeType: "message/external-body" }:
                return Left("een verwijzing naar een bestand elders");
            case MimePart other:
                return Left($"een bijlage{Named(other)}");
            default:
                return null;
        }

        string? Left(string what)
        {
            if (_notes.Count < MostParts)
                _notes.Add($"Niet overgenomen: {what}.");
            return null;
        }
    }

    static string? Better(IReadOnlyList<(MimeEntity Part, string? Text)> alternatives)
    {
        var plain = alternatives.FirstOrDefault(a => a.Part is TextPart { IsHtml: false } && !string.IsNullOrWhiteSpace(a.Text)).Text;
        var rich = alternatives.LastOrDefault(a => a.Part is not TextPart { IsHtml: false } && !string.IsNullOrWhiteSpace(a.Text)).Text;
        return plain is null || rich is not null && plain.Trim().Length < StubText && rich.Length > 2 * plain.Trim().Length ? rich ?? plain : plain;
    }

    string Html(string html)
    {
        if (MailHtml.Read(html) is not { } read)
            throw new MailRefusedException("De opmaak van de mail is te ingewikkeld om veilig te lezen.");
        _links.AddRange(read.Links);
        return read.Text;
    }

    string Decode(TextPart part)
    {
        if (part.Content is null)
            return "";
        using var decoded = new CountingStream(MostDecoded - _decoded);
        part.Content.DecodeTo(decoded);
        _decoded += decoded.Length;
        var bytes = decoded.ToArray();
        var text = EncodingOf(part.ContentType.Charset, bytes).GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n");
        return part.IsHtml ? text : Cut(Readable(text));
    }

    static Encoding EncodingOf(string? charset, byte[] bytes)
    {
        try
        {
            // UTF-7 hides markup from whoever looks at the bytes.
            if (charset is not null && !charset.Equals("utf-7", StringComparison.OrdinalIgnoreCase) && !charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
            {
                return charset.Trim('"', '\'').ToLowerInvariant() is "iso-8859-1" or "latin1" or "windows-1252" ? Western
                    : CodePagesEncodingProvider.Instance.GetEncoding(charset.Trim('"', '\'')) ?? Encoding.GetEncoding(charset.Trim('"', '\''));
            }
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
        }

        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8 : Western;
    }

    // Control characters; a database does not take all of them, and no reader sees them.
    static string Readable(string text) => text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) ? string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')) : text;

    static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText] + "\n[…]";

    static string Named(MimePart part) => part.FileName is { Length: > 0 } name ? $" ({OneLine(name.Length > 80 ? name[..80] : name)})" : "";

    internal static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
            line.Append(char.IsControl(c) || char.IsWhiteSpace(c) ? ' ' : c);
        return string.Join(' ', line.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>
    /// Read by hand beside MimeKit, which sorts some headers elsewhere and forgives much: what the two do not agree on is
    /// not believed.
    /// </summary>
    static List<RawHeader> HeadersOf(byte[] raw)
    {
        var headers = new List<(string Name, List<string> Lines)>();
        var at = 0;
        while (at < raw.Length)
        {
            var end = Array.IndexOf(raw, (byte)'\n', at);
            var line = Encoding.Latin1.GetString(raw, at, (end < 0 ? raw.Length : end) - at).TrimEnd('\r');
            at = end < 0 ? raw.Length : end + 1;
            if (line.Length == 0)
                break;
            if (line[0] is ' ' or '\t')
            {
                if (headers.Count > 0)
                    headers[^1].Lines.Add(line.Trim());
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                headers.Add((line[..colon].TrimEnd(), [line[(colon + 1)..].Trim()]));
            }

            if (headers.Count > MostHeaders || at > LongestHeaders)
                throw new MailRefusedException("De mail heeft meer of langere kopregels dan een gewone mail en is niet gelezen.");
        }

        return [.. headers.Select(h => new RawHeader(h.Name, string.Join(' ', h.Lines)))];
    }

    // Ends a decoding that swells.
    sealed class CountingStream(long most) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            Count(count);
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Count(buffer.Length);
            base.Write(buffer);
        }

        void Count(int more)
        {
            if (Length + more > most)
                throw new MailRefusedException("De inhoud van de mail is groter dan 25 MB en is niet verder gelezen.");
        }
    }
}
