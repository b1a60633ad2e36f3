using System.Globalization;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// Makes the exact words for a channel. What came from outside passes the neutraliser first; what is too long is cut
/// in the free text, never in the warning, the number to call or the reference.
/// </summary>
public sealed partial class Composer(TemplateSet templates, TextNeutraliser neutraliser, TimeProvider time)
{
    // Longer than any post may be; it bounds the work a hostile text can cause.
    const int LongestText = 8_000;

    /// <summary>The words for one channel.</summary>
    /// <exception cref="TemplateException">The template is wrong, or leaves no room for any text.</exception>
    public string Compose(string template, PostLimit limit, AlertModel model)
    {
        var (text, openingText) = (Clean(model.Text), CleanOrNull(model.OpeningText));
        model = model with
        {
            Title = CleanOrNull(model.Title) is { } title && !KindName().IsMatch(title) ? title.ReplaceLineEndings(" ") : null,
            OpeningText = openingText == text ? null : openingText,
        };

        var whole = Render(template, model, text);
        if (limit.Fits(whole))
            return whole;

        // The longest cut that fits, found by halving: what is shorter fits where what is longer did.
        var cuts = Cuts(text).ToList();
        var (first, end) = (0, cuts.Count);
        string? best = null;
        while (first < end)
        {
            var middle = (first + end) / 2;
            var shortened = Render(template, model, Shorten(text, cuts[middle]));
            if (limit.Fits(shortened))
                (best, end) = (shortened, middle);
            else
                first = middle + 1;
        }

        if (best is null)
            throw new TemplateException(template, $"without any text it is already longer than the {limit.Maximum} characters this channel takes");

        // If a sentence ends not far before it, there.
        var sentence = LastSentenceEnd(text, cuts[end]);
        return sentence >= cuts[end] * 0.6 && Render(template, model, Shorten(text, sentence)) is var neat && limit.Fits(neat) ? neat : best;
    }

    /// <summary>When it was issued, as a reader says it today.</summary>
    public string Since(DateTimeOffset issuedAt)
    {
        var culture = CultureInfo.GetCultureInfo("nl-NL");
        var local = DutchTime.Of(issuedAt);
        return DutchTime.DayOf(issuedAt) == DutchTime.DayOf(time.GetUtcNow())
            ? local.ToString("H.mm 'uur'", culture)
            : local.ToString("d MMMM H.mm 'uur'", culture);
    }

    string Render(string template, AlertModel model, string text)
    {
        var calls = model is { Phase: "opened" or "updated", Exercise: false };
        return templates.Render(template, model with
        {
            Text = text,
            Warn = calls && model.Warn && !AlertClassifier.SaysDoNotApproach(text),
            Call = calls && !Number().IsMatch(text) ? NumberFor(model) : null,
        });
    }

    string Clean(string text)
    {
        var clean = neutraliser.Neutralise(text).Text;
        return clean.Length <= LongestText ? clean : clean[..LastWholeCharacter(clean, LongestText)];
    }

    string? CleanOrNull(string? text) => text is null ? null : Clean(text) is { Length: > 0 } clean ? clean : null;

    // The number that the police named; where they named none, the one for what is urgent or for what is not.
    static string NumberFor(AlertModel model)
    {
        var named = Number().Matches(model.Text).Select(m => m.Value).ToList();
        return named.Count == 0 ? (model.Kind == "burgernetmail" ? "0900-8844" : "112") : named.Contains("112") ? "112" : named[0];
    }

    static string Shorten(string text, int end) => end == 0 ? "" : text[..end].TrimEnd(' ', '\n', ',', ';', ':', '-') + " …";

    /// <summary>Where the text may be cut, longest first: between words, and inside the first word where nothing else is left.</summary>
    static IEnumerable<int> Cuts(string text)
    {
        var end = text.Length;
        while ((end = text.LastIndexOfAny([' ', '\n'], end - 1)) > 0)
            yield return end;

        var first = text.IndexOfAny([' ', '\n']);
        var starts = StringInfo.ParseCombiningCharacters(first < 0 ? text : text[..first]);
        for (var i = starts.Length - 1; i >= 0; i--)
            yield return starts[i];
    }

    static int LastSentenceEnd(string text, int before)
    {
        var last = 0;
        foreach (Match match in SentenceEnd().Matches(text[..before]))
            last = match.Index + match.Length;
        return last;
    }

    static int LastWholeCharacter(string text, int at) => char.IsLowSurrogate(text[at]) ? at - 1 : at;

    [GeneratedRegex(@"(?<![\d])[.!?](?=\s|$)|\n")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"(?<!\d)112(?!\d)|(?<!\d)0[89]00-\d{4}(?!\d)")]
    private static partial Regex Number();

    // The mirror of a child alert has its kind for a title; that stands in every post already.
    [GeneratedRegex(@"^\W*(AMBER ?Alert|Vermist Kind Alert)\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex KindName();
}
