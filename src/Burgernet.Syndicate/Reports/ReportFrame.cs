using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Reach;

namespace Burgernet.Syndicate.Reports;

/// <summary>What a report needs to know of the configuration: the region and its channels.</summary>
public sealed record ReportFrame(AreaIndex Areas, IReadOnlyList<ReportChannel> Channels)
{
    /// <param name="types">The networks, for their prices and for what they call the figures.</param>
    public static ReportFrame Of(SyndicateOptions options, IReadOnlyList<ChannelConnector> types) => new(options.Areas,
    [
        .. options.Channels.Where(c => !c.Test).Select(c =>
        {
            var type = types.Single(t => t.Type == c.Type);
            return new ReportChannel(c.Name, type.PostPrice, type.LinkPrice ?? type.PostPrice, type.Terms);
        }),
    ]);
}

/// <summary>A channel as reports see it.</summary>
/// <param name="Price">Of a post, in dollars; 0: it costs nothing.</param>
/// <param name="LinkPrice">Of a post with a link, in dollars.</param>
/// <param name="Terms">What its network calls the figures; null: it gives none.</param>
public sealed record ReportChannel(string Name, decimal Price, decimal LinkPrice, ReachTerms? Terms);
