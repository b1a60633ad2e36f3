using System.Text.Json;
using Burgernet.Syndicate.Connectors.Channels.X;
using Xunit;

namespace Burgernet.Syndicate.Tests.Channels.X;

public sealed class WeightedLengthTests
{
    [Fact]
    public void Every_golden_text_has_the_length_and_the_verdict_that_twitter_text_gives_it()
    {
        var wrong = Golden().Where(line => WeightedLength.Of(line.Text) != line.Length || WeightedLength.IsValid(line.Text) != line.Valid)
            .Select(line => $"{line.Text} is {WeightedLength.Of(line.Text)}, should be {line.Length}");

        Assert.Empty(wrong);
        Assert.True(Golden().Count > 300);
    }

    [Theory]
    [InlineData("🐈‍⬛")]
    [InlineData("🧑🏿‍🤝‍🧑🏻")]
    [InlineData("🏃🏽‍♀️‍➡️")]
    [InlineData("🏳️‍⚧️")]
    [InlineData("❤️‍🔥")]
    [InlineData("🫱🏻‍🫲🏿")]
    [InlineData("🫩")]
    [InlineData("🇨🇶")]
    public void An_emoji_newer_than_the_original_weighs_two_like_any_other(string emoji) =>
        Assert.Equal(2, WeightedLength.Of(emoji));

    [Fact]
    public void A_chain_of_joined_faces_does_not_pass_for_one_emoji() =>
        Assert.Equal(8, WeightedLength.Of("😀‍😀‍😀"));

    // No theory: an attribute cannot hold half a surrogate pair.
    [Fact]
    public void Broken_text_is_counted_instead_of_refused()
    {
        Assert.Equal(2, WeightedLength.Of("\uD83D"));
        Assert.Equal(4, WeightedLength.Of("e\u0301\uDE00e\u0301"));
        Assert.Equal(3, WeightedLength.Of("\uFFFEé"));
    }

    [Fact]
    public void A_link_costs_the_same_however_long_it_is() =>
        Assert.Equal(WeightedLength.Of("politie.nl"), WeightedLength.Of("https://www.politie.nl/" + new string('a', 500)));

    static List<GoldenLine> Golden() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "x-length.jsonl"))
            .Select(line => JsonSerializer.Deserialize<GoldenLine>(line, JsonSerializerOptions.Web)!)];

    sealed record GoldenLine(string Text, int Length, bool Valid);
}
