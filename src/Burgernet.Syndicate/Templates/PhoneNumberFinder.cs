using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// Finds what a reader, or a telephone, takes for a telephone number: Dutch and international notations, with spaces,
/// dots, dashes, slashes and brackets. Leaves times, dates, lengths, plates and house numbers alone.
/// </summary>
sealed class PhoneNumberFinder(IEnumerable<string> allowed)
{
    const int ShortestPlain = 7;
    const int LongestAmount = 8;
    const int ShortestInternational = 8;
    const int LongestInternational = 15;

    readonly HashSet<string> _allowed = allowed.Select(Digits).ToHashSet(StringComparer.Ordinal);

    /// <summary>Start and length of each telephone number that is not allowed.</summary>
    public IEnumerable<(int Start, int Length)> FindUnlisted(string text)
    {
        foreach (Match run in NumberRun.Matches(text))
        {
            foreach (var (start, length) in FindInRun(run.Value, text, run.Index))
                yield return (run.Index + start, length);
        }
    }

    IEnumerable<(int Start, int Length)> FindInRun(string run, string text, int runStart)
    {
        for (var at = 0; at < run.Length;)
        {
            if (!MayBegin(run, at))
            {
                at++;
            }
            else if (MomentLength(run, at) is var moment and > 0)
            {
                at += moment;
            }
            else if (Measure(run, at, IsMoney(text, runStart + at)) is var (length, listed) && length > 0)
            {
                if (!listed)
                    yield return (at, length);
                at += length;
            }
            else
            {
                at = EndOfGroup(run, at);
            }
        }
    }

    // "112 + 0800-0011" adds two numbers up; only a plus right before the digits is part of one.
    static bool MayBegin(string run, int at) => run[at] switch
    {
        '+' => char.IsAsciiDigit(run[at + 1]) || run[at + 1] == '(',
        '(' => MomentLength(run, at + 1) == 0,
        _ => char.IsAsciiDigit(run[at]),
    };

    // "09.30-10.30" and "01-12-2026" begin with a zero too.
    static int MomentLength(string run, int at)
    {
        var length = LengthOfMomentShape(run, at);
        return MayBeginNumber(run, at, length) ? 0 : length;
    }

    static int LengthOfMomentShape(string run, int at)
    {
        if (at > 0 && (char.IsAsciiDigit(run[at - 1]) || run[at - 1] == '+'))
            return 0;
        foreach (var shape in Moments)
        {
            // Anchored at the start, and nothing that looks like a moment is longer than this.
            var match = shape.Match(run.Substring(at, Math.Min(run.Length - at, 24)));
            if (match.Success && !ContinuesTightly(run, at + match.Length))
                return match.Length;
        }

        return 0;
    }

    static bool ContinuesTightly(string run, int end) =>
        end < run.Length && (char.IsAsciiDigit(run[end])
            || end + 1 < run.Length && run[end] is '.' or '-' or '/' or '–' or '—' or '\u2011' && char.IsAsciiDigit(run[end + 1]));

    // "06.12 34 56 78" and "06-12-34 56 78": what looks like a time or a short date may be the first half of a number.
    static bool MayBeginNumber(string run, int at, int length)
    {
        var next = at + length + 1;
        return length > 0 && length <= "01-12-26".Length && run[at] == '0' && next < run.Length && char.IsAsciiDigit(run[next]) 
            && LengthOfMomentShape(run, next) == 0;
    }

    (int Length, bool Listed) Measure(string run, int at, bool money)
    {
        var lead = at;
        while (lead < run.Length && !char.IsAsciiDigit(run[lead]))
            lead++;

        var international = run[at..lead].Contains('+', StringComparison.Ordinal) || string.CompareOrdinal(run, lead, "00", 0, 2) == 0;
        var group = EndOfGroup(run, lead);
        if (!international && run[lead] != '0' && group - lead >= ShortestPlain)
            return money && group - lead <= LongestAmount ? default : (group - at, _allowed.Contains(run[lead..group]));

        var digits = "";
        var best = 0;
        for (var start = lead; start < run.Length && digits.Length <= LongestInternational;)
        {
            var end = EndOfGroup(run, start);
            digits += run[start..Math.Min(end, start + LongestInternational + 1)];
            if (!international && _allowed.Contains(digits))
                return (end - at, true);
            if (international ? digits.Length is >= ShortestInternational and <= LongestInternational : IsService(digits) || best == 0 && IsNational(digits))
                best = end;
            for (start = end; start < run.Length && !char.IsAsciiDigit(run[start]);)
                start++;
        }

        if (best > 0)
            return (best - at, false);
        // Too long for a number, or cut up in an unknown way: a long row of digits is not shown either.
        return group - lead >= ShortestPlain ? (group - at, false) : default;
    }

    // 0900-1234, 0800-1234567 and the like.
    static bool IsService(string digits) =>
        digits.Length is >= 8 and <= 11 && digits[0] == '0' && digits[1] is '8' or '9' && digits[2] == '0' && digits[3] is '0' or '6' or '9';

    // Ten digits from a zero; a mobile number may have lost its zero.
    static bool IsNational(string digits) => digits[0] switch
    {
        '0' => digits.Length is >= 10 and <= 12,
        '6' => digits.Length == 9,
        _ => false,
    };

    static bool IsMoney(string text, int at)
    {
        var before = at - 1;
        if (before >= 0 && text[before] == ' ')
            before--;
        return before >= 0 && text[before] == '€' && text[at] != '0';
    }

    static int EndOfGroup(string run, int start)
    {
        var end = start + 1;
        while (end < run.Length && char.IsAsciiDigit(run[end]))
            end++;
        return end;
    }

    static string Digits(string number) => string.Concat(number.Where(char.IsAsciiDigit));

    static readonly Regex NumberRun = new(@"[+(]{0,2}[0-9](?:[-+ ./()–—\u2011]{0,4}[0-9])*", RegexOptions.NonBacktracking);

    static readonly Regex[] Moments =
    [
        // Date: 24-11-2026, 24-11-26, 2026-11-24.
        new(@"^(?:(?:0?[1-9]|[12][0-9]|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:(?:19|20)[0-9]{2}|[0-9]{2})|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])", RegexOptions.NonBacktracking),
        // Time, or from one time to another: 20.15, 18.30-19.30, 09.00 - 17.00.
        new(@"^(?:[01]?[0-9]|2[0-4])\.[0-5][0-9](?: ?[-–—/] ?(?:[01]?[0-9]|2[0-4])\.[0-5][0-9])?", RegexOptions.NonBacktracking),
    ];
}
