using System.Globalization;
using System.Text;

namespace Burgernet.Syndicate.Mail;

/// <summary>
/// A text as the rules for mail look at it: words without case and accents, with the ends of sentences between them.
/// A rule's term is one or more of such words in a row; <c>inbra*</c> is any word that begins so, <c>…</c> stands for up to
/// <see cref="WidestGap"/> other words of the same sentence, and a term that ends in a colon must stand at the beginning.
/// </summary>
public sealed class MailWords
{
    /// <summary>As many words may stand where a term has <c>…</c>.</summary>
    public const int WidestGap = 6;

    const string Gap = "…";
    const string Colon = ":";
    const string End = ".";

    readonly string[] _words;
    readonly Dictionary<string, List<int>> _places = new(StringComparer.Ordinal);

    public MailWords(string text)
    {
        _words = [.. Split(text)];
        for (var place = 0; place < _words.Length; place++)
        {
            if (!_places.TryGetValue(_words[place], out var places))
                _places[_words[place]] = places = [];
            places.Add(place);
        }
    }

    /// <summary>What is wrong with a term (Dutch); null when nothing is.</summary>
    public static string? FaultOf(string term)
    {
        var parts = PartsOf(term);
        return parts.Length == 0 || parts[0] is Gap or Colon || parts[^1] is Gap || parts.All(p => p is Gap or "*") || parts.Any(p => p == "*" || p.IndexOf('*', StringComparison.Ordinal) is >= 0 and var star && star != p.Length - 1)
            ? $"'{term}' is geen woord of zin om naar te zoeken; schrijf bijvoorbeeld getuigen gezocht, inbra* of zoekt … getuigen"
            : null;
    }

    /// <summary>Whether the term stands in it.</summary>
    public bool Has(string term) => Has(PartsOf(term));

    /// <param name="parts">A term, as <see cref="PartsOf"/> takes it apart.</param>
    internal bool Has(string[] parts)
    {
        if (parts.Length == 0)
            return false;
        // What must stand at the beginning: of a mail's subject, or of a sentence.
        if (parts[^1] == Colon)
            return Starts(parts).Any(place => (place == 0 || _words[place - 1] == End) && IsAt(parts, 0, place));
        return Starts(parts).Any(place => IsAt(parts, 0, place));
    }

    IEnumerable<int> Starts(string[] parts) =>
        !parts[0].EndsWith('*') ? _places.TryGetValue(parts[0], out var places) ? places : []
        : _places.Where(p => p.Key.StartsWith(parts[0][..^1], StringComparison.Ordinal)).SelectMany(p => p.Value);

    bool IsAt(string[] parts, int part, int place)
    {
        for (; part < parts.Length; part++, place++)
        {
            if (parts[part] == Gap)
            {
                for (var (words, next) = (0, place); words <= WidestGap && next < _words.Length && _words[next] != End; next++)
                {
                    if (IsAt(parts, part + 1, next))
                        return true;
                    words += _words[next] == Colon ? 0 : 1;
                }

                return false;
            }

            if (place >= _words.Length || !Fits(parts[part], _words[place]))
                return false;
        }

        return true;
    }

    static bool Fits(string part, string word) => part.EndsWith('*') ? word.StartsWith(part.AsSpan(0, part.Length - 1), StringComparison.Ordinal) : part == word;

    internal static string[] PartsOf(string term) => [.. Split(term.Replace("...", Gap, StringComparison.Ordinal), inTerm: true)];

    static IEnumerable<string> Split(string text, bool inTerm = false)
    {
        var word = new StringBuilder();
        var blank = false;
        var decomposed = Decompose(text);
        for (var i = 0; i < decomposed.Length; i++)
        {
            var c = decomposed[i];
            if (char.IsLetterOrDigit(c) || inTerm && c is '*')
            {
                word.Append(char.ToLowerInvariant(c));
                blank = false;
                continue;
            }

            // An apostrophe and an accent are part of a word; a dot inside a number or an abbreviation ends nothing.
            if (c is '\'' or '’' or '‘' || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
                continue;
            if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (inTerm && c is '…')
                yield return Gap;
            else if (c is ':')
                yield return Colon;
            else if (!inTerm && (c is '!' or '?' or ';' or '…' || c is '.' && (i + 1 == decomposed.Length || char.IsWhiteSpace(decomposed[i + 1])) || c is '\n' && blank))
                yield return End;
            if (c is '\n')
                blank = true;
        }

        if (word.Length > 0)
            yield return word.ToString();
    }

    // What is broken (half a surrogate pair) has no decomposition and is none of our words.
    static string Decompose(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormD);
        }
        catch (ArgumentException)
        {
            return string.Create(text.Length, text, (span, its) =>
            {
                for (var i = 0; i < its.Length; i++)
                    span[i] = char.IsSurrogate(its[i]) || its[i] is '\uFFFE' or '\uFFFF' ? ' ' : its[i];
            }).Normalize(NormalizationForm.FormD);
        }
    }
}
