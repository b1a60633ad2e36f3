using Burgernet.Syndicate.Connectors.Channels.X;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels.X;

/// <summary>Our way of counting against the reference implementation.</summary>
public sealed class OracleTests
{
    const int Texts = 20_000;

    // Two emoji that are older than the reference but that it does not take for one. We count them as it does.
    static readonly string[] CountedTwice = ["♾️", "👁️‍🗨️"];

    [Fact]
    public void Every_emoji_of_today_weighs_two()
    {
        Needs.OrSkip(TwitterText.Missing);

        var wrong = Qualified(TwitterText.Emoji()).Where(emoji => WeightedLength.Of(emoji) != 2);

        Assert.Equal(CountedTwice, wrong);
    }

    [Fact]
    public void Any_spelling_of_an_emoji_weighs_what_the_original_says_and_of_a_newer_one_never_too_little()
    {
        Needs.OrSkip(TwitterText.Missing);
        using var original = new TwitterText();

        var wrong = original.Read(TwitterText.Emoji())
            .Where(e => e.Answer.Known ? WeightedLength.Of(e.Text) != e.Answer.Length : WeightedLength.Of(e.Text) != 2 && WeightedLength.Of(e.Text) < Math.Min(e.Answer.Length, e.Answer.Today))
            .Select(e => $"{e.Text} is {WeightedLength.Of(e.Text)}, should be {e.Answer.Length} or {e.Answer.Today}").ToList();

        Assert.Empty(wrong);
    }

    [Fact]
    public void Any_text_has_the_length_that_the_original_gives_it()
    {
        Needs.OrSkip(TwitterText.Missing);
        using var original = new TwitterText();
        // Not those that took a skin tone only later.
        var emoji = original.Read(TwitterText.Emoji()).ToLookup(e => e.Answer.Known, e => e.Text);
        var known = emoji[true].Except(emoji[false].Where(e => e.EndsWith("🏽", StringComparison.Ordinal)).Select(e => e[..^"🏽".Length])).ToList();
        Assert.True(known.Count > 2500);

        var wrong = original.Read(new RandomTexts(20261124, known).Take(Texts))
            .Where(t => WeightedLength.Of(t.Text) != t.Answer.Length || WeightedLength.IsValid(t.Text) != t.Answer.Valid)
            .Select(t => $"{TwitterText.Json(t.Text)} is {WeightedLength.Of(t.Text)}, should be {t.Answer.Length}").ToList();

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_text_with_an_emoji_that_is_newer_than_the_original_has_the_length_it_has_with_an_older_one()
    {
        Needs.OrSkip(TwitterText.Missing);
        using var original = new TwitterText();
        var newer = original.Read(Qualified(TwitterText.Emoji())).Where(e => !e.Answer.Known).Select(e => e.Text).Except(CountedTwice).ToList();
        Assert.True(newer.Count > 1000);
        var random = new Random(20261124);
        var texts = new RandomTexts(20261125).Take(Texts / 4).Select(text => (Old: $"{text} 😀 {text}", New: $"{text} {newer[random.Next(newer.Count)]} {text}")).ToList();

        var wrong = original.Read(texts.Select(t => t.Old)).Zip(texts)
            .Where(t => WeightedLength.Of(t.Second.New) != t.First.Answer.Length)
            .Select(t => $"{TwitterText.Json(t.Second.New)} is {WeightedLength.Of(t.Second.New)}, should be {t.First.Answer.Length}").ToList();

        Assert.Empty(wrong);
    }

    [Fact]
    public void Any_text_has_the_links_that_the_original_finds_in_it()
    {
        Needs.OrSkip(TwitterText.Missing);
        using var original = new TwitterText();

        // Half a surrogate pair does not survive the way there and back.
        var texts = new RandomTexts(20261126).Take(Texts / 4).Select(text => string.Concat(text.EnumerateRunes()));
        var wrong = original.Read(texts)
            .Where(t => !LinkFinder.Find(t.Text).Select(link => link.Url).SequenceEqual(t.Answer.Urls)).Select(t => TwitterText.Json(t.Text)).ToList();

        Assert.Empty(wrong);
    }

    // Of the spellings of one emoji the fully qualified one is the longest: it has every U+FE0F that belongs there.
    static IEnumerable<string> Qualified(IEnumerable<string> spellings) =>
        spellings.GroupBy(emoji => emoji.Replace("\uFE0F", "", StringComparison.Ordinal)).Select(group => group.MaxBy(emoji => emoji.Length)!);
}
