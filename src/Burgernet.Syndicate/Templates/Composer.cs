using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;

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
        var openingText = Clean(model.OpeningText, removed);
        return new CleanModel(model with
        {
            Now = time.GetUtcNow(),
            Text = text,
            Title = Clean(model.Title, removed) is { } title && !KindName().IsMatch(title) ? Shortening.To(title.ReplaceLineEndings(" "), LongestTitle) : null,
            OpeningText = openingText == text ? null : openingText,
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

    ComposedPost Fit(string template, PostLimit limit, AlertModel model)
    {
        var text = model.Text;
        var whole = Render(template, model);
        var length = limit.Count(whole);
        if (length <= limit.Maximum)
            return new ComposedPost(whole, length);

        // Without what can be missed it may still fit whole.
        model = model with { Shortened = true };
        whole = Render(template, model);
        length = limit.Count(whole);
        if (length <= limit.Maximum)
            return new ComposedPost(whole, length);

        // The template stands around the text; what it takes is what the text does not.
        var cuts = Shortening.Cuts(text);
        var beside = length - limit.Count(text);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var room = limit.Maximum - beside;
            var longest = Longest(cuts, cut => limit.Count(Shortening.At(text, cut)) <= room) ?? 0;
            var shortened = Shortening.At(text, Shortening.PreferSentence(text, longest));
            var post = Render(template, model with { Text = shortened });
            length = limit.Count(post);
            if (length <= limit.Maximum)
                return new ComposedPost(post, length) { Shortened = true };
            beside = Math.Max(beside + 1, length - limit.Count(shortened));
        }

        // A template that does more with the text than show it once.
        if (Longest(cuts, cut => limit.Fits(Render(template, model with { Text = Shortening.At(text, cut) }))) is not { } last)
            throw new TemplateException(template, $"is zonder tekst al langer dan de {limit.Maximum} tekens die dit kanaal toelaat");
        var best = Render(template, model with { Text = Shortening.At(text, last) });
        return new ComposedPost(best, limit.Count(best)) { Shortened = true };
    }

    // By halving: what is shorter fits where what is longer did.
    static int? Longest(List<int> cuts, Func<int, bool> fits)
    {
        var (first, end) = (0, cuts.Count);
        while (first < end)
        {
            var middle = (first + end) / 2;
            if (fits(cuts[middle]))
                first = middle + 1;
            else
                end = middle;
        }

        return first == 0 ? null : cuts[first - 1];
    }

    string Render(string template, AlertModel model)
    {
        var calls = model is { Phase: "opened" or "updated", Exercise: false };
        return templates.Render(template, model with
        {
            Warn = calls && model.Warn && !AlertClassifier.SaysDoNotApproach(model.Text),
            Call = calls && !Number().IsMatch(model.Text) ? model.Call : null,
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
public sealed record CleanModel(AlertModel Model, IReadOnlyList<string> Removed, bool LeadsAway);
