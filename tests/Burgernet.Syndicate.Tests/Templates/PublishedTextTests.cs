using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Templates;

/// <summary>What comes out, whatever comes in, judged by the reference implementation of how X reads a text.</summary>
public sealed class PublishedTextTests
{
    const int Texts = 20_000;

    [Fact]
    public void Whatever_comes_in_no_post_mentions_anyone_leads_anywhere_else_or_is_too_long()
    {
        Needs.OrSkip(TwitterText.Missing);
        using var original = new TwitterText();
        var publishing = new RandomPosts(20261124, Pipeline.Options);

        var faults = publishing.Judge(Texts, original).ToList();

        Assert.Empty(faults.Select(f => f.ToString()));
    }
}
