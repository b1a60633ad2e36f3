using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// Makes the exact words for a channel. What came from outside passes the neutraliser first; what is too long is cut
/// in the free text, never in the warning, the number to call, the phase or the reference.
/// </summary>
public sealed partial class Composer(TemplateSet templates, TextNeutraliser neutraliser, TimeProvider time)
{
    // Longer than any post may be; it bounds the work a hostile text can cause.
    const int LongestText = 8_000;

    // A name and an age; what is longer would leave no room for the appeal itself.
    const int LongestTitle = 80;

    // Of the networks that take one, X takes the least.
    const int LongestAltText = 1_000;

    // Each try knows more exactly what stands beside the text. Two are enough for anything that was seen.
    const int MostTries = 4;

    /// <summary>The words for one channel.</summary>
    /// <exception cref="TemplateException">The template is wrong, or leaves no room for any text.</exception>
    public ComposedPost Compose(string template, PostLimit limit, AlertModel model) => Compose(template, limit, Clean(model));

    /// <summary>What came from outside made harmless, once for all channels.</summary>
    public CleanModel Clean(AlertModel model)
    {
        var removed = new RemovalLog();
        var text = Clean(model.Text, removed) ?? "";
        // What was taken out of it was told when it was the text itself.
        var openingText = Clean(model.OpeningText, new RemovalLog());
        return new CleanModel(model with
        {
            Now = time.GetUtcNow(),
            Text = text,
            Title = Clean(model.Title, removed) is { } title && !KindName().IsMatch(title) ? Shortening.To(title.ReplaceLineEndings(" "), LongestTitle) : null,
            OpeningText = openingText == text ? null : openingText,
            // A photo elsewhere is not said to be there; the words go out all the same.
            Photo = model.Photo is { } photo && neutraliser.Neutralise(photo).Text == photo ? photo : null,
            Call = model.Call ?? NumberIn(text) ?? (model.Kind == "burgernetmail" ? "0900-8844" : "112"),
        }, removed.Items, removed.LeadsAway);
    }

    /// <summary>The words for one channel, of what was made harmless before.</summary>
    /// <exception cref="TemplateException">The template is wrong, or leaves no room for any text.</exception>
    public ComposedPost Compose(string template, PostLimit limit, CleanModel clean)
    {
        var post = Fit(template, limit, clean.Model);
        if (neutraliser.FindElsewhere(post.Text) is null)
            return post with { Removed = clean.Removed, LeadsAway = clean.LeadsAway };

        // Words that are harmless by themselves became a link, a number or a name beside those of the template.
        var bare = Fit(template, limit, clean.Model with { Text = "", Title = null, OpeningText = null });
        return bare with { Shortened = true, Removed = [.. clean.Removed, "de hele tekst"], LeadsAway = true };
    }

    /// <summary>The same with every link in words, for where a link costs too much.</summary>
    /// <exception cref="TemplateException">The template is wrong, or leaves no room for any text.</exception>
    public ComposedPost ComposeSpelled(string template, PostLimit limit, CleanModel clean)
    {
        // It must fit when its links stand there in words.
        var post = Compose(template, limit with { Count = text => limit.Count(SpelledLinks.In(text)) }, clean);
        return post with { Text = SpelledLinks.In(post.Text) };
    }

    /// <summary>What a photo shows, in words that are harmless; null where nobody says it.</summary>
    public string? AltText(AlertPhoto photo) =>
        photo.AltText is { } words && neutraliser.Neutralise(words).Text is { Length: > 0 } clean ? Shortening.To(clean.ReplaceLineEndings(" "), LongestAltText) : null;

    ComposedPost Fit(string template, PostLimit limit, AlertModel model)
    {
        var whole = Make(template, limit, model);
        if (whole.Length <= limit.Maximum)
            return whole;

        var text = model.Text;
        model = model with { Shortened = true };
        var cuts = Shortening.Cuts(text);
        if (Shorten(template, limit, model, cuts, whole.Length - limit.Count(text)) is { } shortened)
            return shortened;

        // Only with a template that does more with the text than show it once.
        return Longest(cuts, limit.Maximum, cut => limit.Fits(Render(template, model with { Text = Shortening.At(text, cut) }))) is { } longest
            ? Make(template, limit, model with { Text = Shortening.At(text, longest) }) with { Shortened = true }
            : throw new TemplateException(template, $"is zonder tekst al langer dan de {limit.Maximum} tekens die dit kanaal toelaat");
    }

    // The template stands around the text and takes what the text does not. How much that is depends on the text itself: a
    // number that is cut off is named by the template instead, and what can be missed goes.
    ComposedPost? Shorten(string template, PostLimit limit, AlertModel model, List<int> cuts, int beside)
    {
        var (whole, wholeLength) = (model.Text, limit.Count(model.Text));
        var (bestText, tried) = ("", "");
        ComposedPost? best = null;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var room = limit.Maximum - beside;
            var text = tries > 0 && wholeLength <= room ? whole
                : Shortening.At(whole, Shortening.PreferSentence(whole, Longest(cuts, room - 1, cut => limit.Count(Shortening.At(whole, cut)) <= room) ?? 0));
            if (tries > 0 && text == tried)
                break;
            tried = text;

            var post = Make(template, limit, model with { Text = text }) with { Shortened = text != whole };
            var taken = post.Length - limit.Count(text);
            var fits = post.Length <= limit.Maximum;
            if (fits && (best is null || text.Length > bestText.Length))
                (best, bestText) = (post, text);
            if (fits && taken >= beside)
                break;
            beside = fits ? taken : Math.Max(beside + 1, taken);
        }

        return best;
    }

    ComposedPost Make(string template, PostLimit limit, AlertModel model)
    {
        var text = Render(template, model);
        return new ComposedPost(text, limit.Count(text));
    }

    // What is shorter fits where what is longer did. Mostly a character counts for one, so the answer is looked for where
    // the room ends first, and then by halving.
    static int? Longest(List<int> cuts, int room, Func<int, bool> fits)
    {
        var (first, end) = (0, cuts.Count);
        var at = cuts.BinarySearch(room) is var found && found < 0 ? ~found - 1 : found;
        for (var probes = 0; first < end; probes++)
        {
            if (at < first || at >= end || probes > 2)
                at = (first + end) / 2;
            if (fits(cuts[at]))
                at = first = at + 1;
            else
                at = (end = at) - 1;
        }

        return first == 0 ? null : cuts[first - 1];
    }

    string Render(string template, AlertModel model)
    {
        var calls = model is { Phase: "opened" or "updated", Exercise: false };
        return templates.Render(template, model with
        {
            Warn = calls && model.Warn && !AlertClassifier.SaysDoNotApproach(model.Text),
            Call = calls && NumberIn(model.Text) is null ? model.Call : null,
        });
    }

    string? Clean(string? text, RemovalLog removed)
    {
        if (text is null)
            return null;
        var clean = neutraliser.Neutralise(text);
        foreach (var item in clean.Removed)
            removed.Add(item, clean.LeadsAway);
        return clean.Text.Length == 0 ? null
            : clean.Text.Length <= LongestText ? clean.Text
            : Shortening.To(clean.Text, LongestText);
    }

    // Where the police name more than one, the one for what is urgent.
    static string? NumberIn(string text)
    {
        // Quicker than the expression, and mostly the answer.
        if (!text.Contains("112", StringComparison.Ordinal) && !text.Contains("00-", StringComparison.Ordinal))
            return null;
        var named = Number().Matches(text).Select(m => m.Value).ToList();
        return named.Count == 0 ? null : named.Contains("112") ? "112" : named[0];
    }

    [GeneratedRegex(@"(?<!\d)112(?!\d)|(?<!\d)0[89]00-\d{4}(?!\d)")]
    private static partial Regex Number();

    // The mirror of a child alert has its kind for a title; that stands in every post already.
    [GeneratedRegex(@"^\W*(AMBER ?Alert|Vermist Kind Alert)\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex KindName();
}

/// <summary>The exact words for one channel.</summary>
/// <param name="Text">The words.</param>
/// <param name="Length">As the channel counts.</param>
public sealed record ComposedPost(string Text, int Length)
{
    /// <summary>The free text was cut.</summary>
    public bool Shortened { get; init; }

    /// <summary>What was taken out of what came from outside, in Dutch, each thing once.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>A person must be told of it, see <see cref="NeutralisedText"/>.</summary>
    public bool LeadsAway { get; init; }
}

/// <summary>A model whose words from outside are harmless.</summary>
/// <param name="Model">The model.</param>
/// <param name="Removed">What was taken out, in Dutch, each thing once.</param>
/// <param name="LeadsAway">A person must be told of it, see <see cref="NeutralisedText"/>.</param>
public sealed record CleanModel(AlertModel Model, IReadOnlyList<string> Removed, bool LeadsAway)
{
    /// <summary>The same for a channel that does this with photos. Beside a copy only a page is named that is more than the photo.</summary>
    public CleanModel With(PhotoUse photos) =>
        Model.Photo is not null && (photos is PhotoUse.None || photos is PhotoUse.Reupload && Model.Photo != AlertWords.ChildAlertPage) ? this with { Model = Model with { Photo = null } } : this;
}
