using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Alerts;

/// <summary>Finds the words for an alert on each channel.</summary>
public sealed class Wording(Composer composer, LinkBudget links, AreaIndex areas, NoticeBoard notices, IntakeOptions options, ILogger<Wording> log)
{
    /// <summary>What the templates are told.</summary>
    internal AlertWords Words { get; } = new(areas);

    /// <summary>
    /// The words by channel. A template that fails costs its own channel this post and tells a person; the others go on.
    /// </summary>
    internal async Task<Dictionary<string, string>> ComposeAsync(Session session, AlertEntry entry, IEnumerable<string> channels, AlertModel model)
    {
        var posts = new Dictionary<string, string>();
        var clean = composer.Clean(model);
        var (removed, leadsAway) = (clean.Removed, clean.LeadsAway);
        foreach (var name in channels)
        {
            if (!options.Channels.TryGetValue(name, out var channel))
                continue;
            try
            {
                var its = clean.With(channel.Photos);
                var post = composer.Compose(channel.Template, channel.Limit, its);
                posts[name] = post.Text;
                if (channel.Links is { } limit && LinkBudget.IsLinked(post.Text) && !await links.HasRoomAsync(session, name, limit).ConfigureAwait(false))
                    posts[name] = composer.ComposeSpelled(channel.Template, channel.Limit, its).Text;
                (removed, leadsAway) = ([.. removed.Union(post.Removed)], leadsAway || post.LeadsAway);
            }
            catch (TemplateException exception)
            {
                log.LogError(exception, "No words for alert {Alert} on {Channel}", entry.Id, name);
                await notices.TellAsync(session, $"template:{name}:{model.Reference}",
                    $"Kanaal {name} kreeg bericht {model.Reference} niet: {exception.Message}. Herstel het sjabloon en plaats dit bericht met de hand.", entry.Id, name).ConfigureAwait(false);
            }
        }

        if (leadsAway && posts.Count > 0)
            await notices.TellAsync(session, $"removed:{entry.Id}:{entry.Revision}-{model.Phase}",
                $"Uit bericht {model.Reference} is weggelaten wat niet op de lijst staat: {string.Join(", ", removed)}. De rest is geplaatst. Kijk bij de bron of het klopt; wat erin mag, staat in syndicate.json onder texts.", entry.Id).ConfigureAwait(false);
        return posts;
    }

    /// <summary>
    /// The photo by channel, where a copy of it goes along. A picture that nobody can hear described goes nowhere, and a
    /// person is told.
    /// </summary>
    internal async Task<IReadOnlyDictionary<string, AlertPhoto>> PhotoAsync(Session session, AlertEntry entry, IEnumerable<string> channels, AlertPhoto? photo)
    {
        var shows = channels.Where(c => options.Channels[c].Photos is PhotoUse.Reupload).ToList();
        if (photo is not { Url.Length: > 0 } || shows.Count == 0)
            return new Dictionary<string, AlertPhoto>();
        if (composer.AltText(photo) is { } words)
            return shows.ToDictionary(c => c, _ => new AlertPhoto(photo.Url, words));
        await notices.TellAsync(session, $"photo:{entry.Id}",
            $"De foto bij {entry.SourceId} van bron {entry.Source} is niet meegegaan: er staat niet bij wat erop te zien is. De tekst is geplaatst. Vraag de bron om een omschrijving.", entry.Id).ConfigureAwait(false);
        return new Dictionary<string, AlertPhoto>();
    }
}
