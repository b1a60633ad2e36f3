using System.Text;
using Burgernet.Syndicate.Connectors.Sources;
using Burgernet.Syndicate.Connectors.Sources.Webhook;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>Bodies that a control room might push, damaged in every way: bytes, structure, numbers, words, lengths.</summary>
sealed class RandomPushes(int seed)
{
    static readonly string[] Whole =
    [
        """{"id":"2026-0412","kind":"actie","phase":"opened","sent":"2026-11-25T12:00:00Z","title":"Fenna (9)","text":"Vermist: meisje van 9 jaar. Bel 112.","municipality":"Amersfoort","area":{"lat":52.1796,"lon":5.3861,"radius":1500},"photo":{"url":"https://services.burgernet.nl/1.jpg","alt":"Meisje"}}""",
        """{"id":"2026-0412","kind":"actie","phase":"closed","sent":"2026-11-25T12:30:00Z","text":"Terecht.","outcome":"found"}""",
        """{"id":"m-1","kind":"burgernetmail","phase":"opened","sent":"2026-11-25T12:00:00+01:00","text":"Pas op.","municipality":"Soest","expires":"2026-11-26T12:00:00Z","exercise":false}""",
    ];

    static readonly string[] Pieces =
    [
        "null", "true", "-1", "1e308", "1e-400", "99999999999999999999999999", "0x10", "\"\"", "[]", "{}", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "{\"a\":", "\\u0000", "\\ud800", "\\uDFFF\\uD800", "\"\\x\"",
        "NaN", "Infinity", "//", "/*", "\ufeff", "\u202e", "😀", "\u0000", "2026-02-30T25:61:61Z", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00Z", ",,", "}}", "\"id\":\"x\"", "__proto__", "{{7*7}}", "{% for %}", "<script>",
    ];

    readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole[_random.Next(Whole.Length)]).ToList();
        for (var damage = _random.Next(8); damage > 0; damage--)
        {
            var at = _random.Next(bytes.Count + 1);
            switch (_random.Next(7))
            {
                case 0 when bytes.Count > 0:
                    bytes[Math.Min(at, bytes.Count - 1)] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.Insert(at, (byte)_random.Next(256));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(_random.Next(1, 20), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[_random.Next(Pieces.Length)]));
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(_random.Next(1, 60), bytes.Count - at)));
                    break;
                case 5:
                    Replace(bytes, Pieces[_random.Next(Pieces.Length)]);
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\"a0,9"[_random.Next(7)], _random.Next(1, 300)));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>What came of the next one: an alert, or why it is none; a crash is a crash.</summary>
    public (byte[] Body, bool Understood) ReadNext(DateTimeOffset now)
    {
        var body = Next();
        var (pushed, errors) = WebhookListener.Understand("msg_1", body, new FeedContext("meldkamer", now, false));
        if ((pushed.Alert is null) != (pushed.Fault is not null) || (pushed.Alert is null) != (errors.Count > 0))
            throw new InvalidOperationException($"neither an alert nor a reason: {Encoding.UTF8.GetString(body)}");
        return (body, pushed.Alert is not null);
    }

    // A value of the message gives way to something else.
    void Replace(List<byte> bytes, string piece)
    {
        var colons = Enumerable.Range(0, bytes.Count).Where(i => bytes[i] == ':').ToList();
        if (colons.Count == 0)
            return;
        var start = colons[_random.Next(colons.Count)] + 1;
        var end = start;
        while (end < bytes.Count && bytes[end] is not ((byte)',' or (byte)'}'))
            end++;
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.UTF8.GetBytes(piece));
    }
}
