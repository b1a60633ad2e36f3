using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>
/// Random texts, each through the neutraliser and through one sort of post on one channel, both drawn at random, and
/// what is wrong with what comes out.
/// </summary>
sealed partial class RandomPosts(int seed, SyndicateOptions options)
{
    static readonly string[] Phases = ["opened", "updated", "closed", "withdrawn"];
    static readonly string[] Kinds = [.. Wire.All<AlertKind>()];
    static readonly string[] Categories = [.. Wire.All<AlertCategory>()];

    readonly Random _random = new(seed);
    readonly RandomTexts _texts = new(seed + 1);
    readonly TextNeutraliser _neutraliser = new(options.Texts);
    readonly Composer _composer = new(options.Templates, new TextNeutraliser(options.Texts), TimeProvider.System);
    readonly (string Template, PostLimit Limit)[] _channels =
        [.. options.Channels.Select(c => (options.TemplateOf(c), ConnectorRegistry.Channels.Single(type => type.Type == c.Type).Limit))];

    /// <summary>What went wrong: a crash, a mention, a link, a number, a length or a second time that differs.</summary>
    public sealed record Fault(FaultKind Kind, string Text, string Post)
    {
        public override string ToString() => $"{Kind}: {TwitterText.Json(Text)} became {TwitterText.Json(Post)}";
    }

    public enum FaultKind
    {
        Crash,
        Mention,
        Hashtag,
        Link,
        Number,
        OverLimit,
        NotIdempotent,
    }

    /// <summary>The faults in this many posts.</summary>
    /// <param name="original">Judges the posts; null: only what can be seen without it.</param>
    public IEnumerable<Fault> Judge(int count, TwitterText? original)
    {
        var made = Make(count);
        var read = original is null ? made.Select(m => (m, (TwitterText.Answer?)null)) : Read(original, made);
        foreach (var (post, answer) in read)
        {
            if (post.Crash is { } crash)
            {
                yield return new Fault(FaultKind.Crash, post.Text, crash);
                continue;
            }

            if (post.Length > post.Limit || post.Limit == 280 && answer?.Length > 280)
                yield return new Fault(FaultKind.OverLimit, post.Text, post.Words);
            if (post.Again != post.Clean)
                yield return new Fault(FaultKind.NotIdempotent, post.Text, post.Clean);
            // Ours before it was put in a template too: no template of ours needs a sign to hide behind.
            if (answer?.Mentions.Length > 0 || post.Clean.AsSpan().IndexOfAny('@', '＠') >= 0 || post.Words.Contains("@[", StringComparison.Ordinal))
                yield return new Fault(FaultKind.Mention, post.Text, post.Words);
            if (answer?.Hashtags.Length > 0 || answer?.Cashtags.Length > 0)
                yield return new Fault(FaultKind.Hashtag, post.Text, post.Words);
            if (answer?.Urls.Any(url => !Listed().IsMatch(url)) ?? false)
                yield return new Fault(FaultKind.Link, post.Text, post.Words);
            if (Digits().Matches(post.Words).Any(m => !Numbers.Contains(m.Value)))
                yield return new Fault(FaultKind.Number, post.Text, post.Words);
        }
    }

    static IEnumerable<(Made, TwitterText.Answer?)> Read(TwitterText original, IEnumerable<Made> made)
    {
        foreach (var batch in made.Chunk(10_000))
        {
            foreach (var (post, answer) in batch.Zip(original.Read(batch.Select(m => m.Words)), (m, a) => (m, a.Answer)))
                yield return (post, answer);
        }
    }

    IEnumerable<Made> Make(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var text = _texts.Next();
            var (template, limit) = _channels[_random.Next(_channels.Length)];
            var model = new AlertModel
            {
                Kind = Draw(Kinds), Category = Draw(Categories), Phase = Draw(Phases), Exercise = _random.Next(10) == 0, Text = text, Warn = _random.Next(2) == 0,
                Title = _random.Next(4) == 0 ? _texts.Next() : null, OpeningText = _random.Next(4) == 0 ? _texts.Next() : null,
                Municipality = _random.Next(2) == 0 ? "Wijk bij Duurstede" : null, IssuedAt = TimeProvider.System.GetUtcNow(), Reference = "BN-7F3K2",
            };
            yield return Make(text, template, limit, model);
        }
    }

    Made Make(string text, string template, PostLimit limit, AlertModel model)
    {
        try
        {
            var clean = _neutraliser.Neutralise(text).Text;
            var post = _composer.Compose(template, limit, model);
            return new Made(text, clean, _neutraliser.Neutralise(clean).Text, post.Text, limit.Count(post.Text), limit.Maximum, null);
        }
        catch (Exception exception)
        {
            return new Made(text, "", "", "", 0, limit.Maximum, exception.Message);
        }
    }

    string Draw(string[] from) => from[_random.Next(from.Length)];

    sealed record Made(string Text, string Clean, string Again, string Words, int Length, int Limit, string? Crash);

    static readonly string[] Numbers = ["09008844", "08006070", "08000011", "08007000"];

    [GeneratedRegex(@"^(?:https://)?(?:[a-z0-9.-]+\.)?(?:politie\.nl|burgernet\.nl|amberalert\.nl)(?:[/?#].*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Listed();

    // A row of digits as long as a telephone number, and no amount of money; what is written with signs in between is judged
    // by the finder's own tests.
    [GeneratedRegex(@"(?<![0-9])(?!(?<=€ ?)[1-9][0-9]{6,7}(?![0-9]))[0-9]{7,}")]
    private static partial Regex Digits();
}
