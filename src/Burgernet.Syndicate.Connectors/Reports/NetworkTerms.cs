using Burgernet.Syndicate.Reach;

namespace Burgernet.Syndicate.Connectors.Reports;

/// <summary>What each type of network calls the figures of a post.</summary>
public static class NetworkTerms
{
    public static IReadOnlyDictionary<string, ReachTerms> ByType { get; } = new Dictionary<string, ReachTerms>
    {
        ["x"] = new(["impression_count"], [], ["like_count", "retweet_count", "reply_count", "quote_count", "bookmark_count"]),
        ["facebook"] = new(["post_media_view"], ["post_total_media_view_unique"], ["shares", "reactions", "comments", "post_clicks"]),
        ["whatsapp"] = new(["delivered"], ["read"], []),
    };
}
