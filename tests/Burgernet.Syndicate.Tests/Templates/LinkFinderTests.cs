using System.Diagnostics;
using Burgernet.Syndicate.Templates;
using Xunit;

namespace Burgernet.Syndicate.Tests.Templates;

public sealed class LinkFinderTests
{
    [Theory]
    [InlineData("Kijk op https://www.politie.nl/gezocht?id=1&x=2.", "https://www.politie.nl/gezocht?id=1&x=2")]
    [InlineData("Kijk op politie.nl.", "politie.nl")]
    [InlineData("Kijk op WWW.POLITIE.NL!", "WWW.POLITIE.NL")]
    [InlineData("in de straat.Op de hoek.", null)]
    [InlineData("naar huis.In de tuin", "huis.In")]
    [InlineData("om 20.15.De man", "20.15.De")]
    [InlineData("om 20.15 uur, 1.80 m, o.a. een jas", null)]
    [InlineData("(zie politie.nl/a_(b))", "politie.nl/a_(b)")]
    [InlineData("https://politie.nl/(a(b)c).", "https://politie.nl/(a(b)c)")]
    [InlineData("info@politie.nl", null)]
    [InlineData("@politie.nl #politie.nl $politie.nl", null)]
    [InlineData("-politie.nl /politie.nl _politie.nl", null)]
    [InlineData("https://t.co/abc/def", "https://t.co/abc")]
    [InlineData("https://bücher.de/één", "https://bücher.de/één")]
    [InlineData("https://пример.рф", "https://пример.рф")]
    [InlineData("пример.рф", null)]
    [InlineData("https://twitter.भारतम्", "https://twitter.भारतम्")]
    [InlineData("politie.nl?id=1", "politie.nl")]
    [InlineData("politie.nl:80/pad", "politie.nl:80/pad")]
    [InlineData("politie.onbekend", null)]
    [InlineData("ftp://politie.nl", null)]
    [InlineData("sub_domein.politie.nl", "domein.politie.nl")]
    public void A_link_is_what_X_makes_a_link(string text, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], LinkFinder.Find(text).Select(link => link.Url));

    [Fact]
    public void A_link_says_where_it_stands_and_whether_it_names_a_protocol()
    {
        const string text = "🚨 Zie politie.nl/x of HTTP://burgernet.nl";

        Assert.Equal([new(7, 12, "politie.nl/x", false), new(23, 19, "HTTP://burgernet.nl", true)], LinkFinder.Find(text));
    }

    [Fact]
    public void The_top_level_domains_are_sorted_lower_case_and_within_the_stated_length()
    {
        Assert.Equal(1574, TopLevelDomains.All.Count);
        Assert.Equal(TopLevelDomains.LongestLength, TopLevelDomains.All.Max(domain => domain.Length));
        Assert.All(TopLevelDomains.All, domain => Assert.Equal(domain.ToLowerInvariant(), domain));
    }

    [Theory]
    [InlineData("é")]
    [InlineData("é.")]
    [InlineData("a.")]
    [InlineData("a.한")]
    [InlineData("a.nl한")]
    [InlineData("https://")]
    [InlineData("a.nl/(((")]
    [InlineData("xn--")]
    public void No_text_makes_it_slow(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 100_000 / part.Length)) + ".";
        var watch = Stopwatch.StartNew();

        LinkFinder.Find(text);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
