namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// What a running program takes over of a new configuration. Whatever holds a connection, a schedule or the pace of a
/// channel keeps its value until the next start; everything else counts at once.
/// </summary>
static class Takeover
{
    const string AfterRestart = "geldt na een herstart";

    /// <param name="started">What the program started with: its connections and schedules are of this.</param>
    /// <param name="current">What it runs by now.</param>
    /// <param name="fresh">What was saved.</param>
    public static (SyndicateOptions Options, IReadOnlyList<ConfigurationWarning> Waiting) Of(SyndicateOptions started, SyndicateOptions current, SyndicateOptions fresh)
    {
        var sameChannels = started.Channels.Select(c => (c.Name, c.Type)).ToHashSet().SetEquals(fresh.Channels.Select(c => (c.Name, c.Type)));
        var options = fresh with
        {
            Mode = started.Mode,
            Storage = started.Storage,
            MaxInFlight = started.MaxInFlight,
            Sources = started.Sources,
            Notify = started.Notify,
            Reports = started.Reports,
            Access = started.Access,
            Photos = fresh.Photos with { Hosts = started.Photos.Hosts },
            Channels = [.. started.Channels.Select(Channel)],
        };
        // An alert must not be led to a channel that does not run yet, and so to nobody.
        if (!sameChannels)
            options = options with { Groups = current.Groups, Areas = current.Areas, Routes = current.Routes };
        return (options, [.. Waiting(started, fresh, sameChannels)]);

        ChannelOptions Channel(ChannelOptions its)
        {
            var now = current.Channels.Single(c => c.Name == its.Name);
            return Find(fresh.Channels, its) is not { } wanted ? now : its with
            {
                Test = sameChannels ? wanted.Test : now.Test,
                AtClose = wanted.AtClose,
                Photos = wanted.Photos,
                Links = wanted.Links,
                // Nothing sends what was not published at the start.
                Publish = its.Publish && wanted.Publish,
            };
        }
    }

    static IEnumerable<ConfigurationWarning> Waiting(SyndicateOptions started, SyndicateOptions fresh, bool sameChannels)
    {
        foreach (var (path, same) in new[]
        {
            ("mode", started.Mode == fresh.Mode), ("storage", started.Storage == fresh.Storage), ("maxInFlight", started.MaxInFlight == fresh.MaxInFlight),
            ("notify", IsSame(started.Notify, fresh.Notify)), ("reports", started.Reports.MailTo.SequenceEqual(fresh.Reports.MailTo) && started.Reports with { MailTo = fresh.Reports.MailTo } == fresh.Reports), ("access", IsSame(started.Access, fresh.Access)), ("photos.hosts", started.Photos.Hosts.SequenceEqual(fresh.Photos.Hosts)),
        })
        {
            if (!same)
                yield return new ConfigurationWarning(path, AfterRestart);
        }

        foreach (var name in started.Sources.Concat(fresh.Sources).Select(s => s.Name).Distinct().Where(name => started.Sources.FirstOrDefault(s => s.Name == name) != fresh.Sources.FirstOrDefault(s => s.Name == name)))
            yield return new ConfigurationWarning($"sources.{name}", AfterRestart);

        foreach (var key in started.Channels.SelectMany(c => Find(fresh.Channels, c) is { } wanted ? Changed(c, wanted).Select(key => $"{c.Name}.{key}") : []))
            yield return new ConfigurationWarning($"channels.{key}", AfterRestart);
        foreach (var added in fresh.Channels.Where(c => Find(started.Channels, c) is null))
            yield return new ConfigurationWarning($"channels.{added.Name}", $"is nieuw en {AfterRestart}");
        foreach (var removed in started.Channels.Where(c => Find(fresh.Channels, c) is null))
            yield return new ConfigurationWarning($"channels.{removed.Name}", $"is weggehaald of uitgezet, en dat {AfterRestart}; tot dan doet het kanaal nog mee. Zet het nu stil met 'pause {removed.Name} --by NAAM'");
        if (!sameChannels)
            yield return new ConfigurationWarning("channels", $"er kwam een kanaal bij of er ging een weg; ook een wijziging van wat waarheen gaat (routes, groepen, gemeenten, gebieden, test) {AfterRestart}");
    }

    /// <summary>The keys of a channel that only count after a restart and have another value now.</summary>
    static IEnumerable<string> Changed(ChannelOptions started, ChannelOptions fresh)
    {
        foreach (var (key, same) in new[]
        {
            ("baseUrl", started.BaseUrl == fresh.BaseUrl), ("publish", started.Publish || !fresh.Publish), ("maxInFlight", started.MaxInFlight == fresh.MaxInFlight),
            ("pacing", started.Pacing == fresh.Pacing), ("requestTimeout", started.RequestTimeout == fresh.RequestTimeout), ("listingLag", started.ListingLag == fresh.ListingLag),
            ("quiet", started.Quiet == fresh.Quiet), ("holdAfter", started.HoldAfter == fresh.HoldAfter), ("lease", started.Lease == fresh.Lease),
        })
        {
            if (!same)
                yield return key;
        }

        // Where the groups are is read anew each time.
        foreach (var (key, value) in started.Settings.Where(s => s.Key != SyndicateCheck.GroupsKey))
        {
            if (fresh.Settings.GetValueOrDefault(key) != value)
                yield return key;
        }

        foreach (var key in started.Secrets.Keys.Union(fresh.Secrets.Keys).Where(key => !Equals(started.Secrets.GetValueOrDefault(key), fresh.Secrets.GetValueOrDefault(key))))
            yield return key;
    }

    static ChannelOptions? Find(IEnumerable<ChannelOptions> channels, ChannelOptions its) => channels.FirstOrDefault(c => c.Name == its.Name && c.Type == its.Type);

    static bool IsSame(AccessOptions a, AccessOptions b) =>
        a.Proxies.SequenceEqual(b.Proxies)
        && (a.Organisation is null || b.Organisation is null ? a.Organisation == b.Organisation
            : a.Organisation.Roles.OrderBy(r => r.Key).SequenceEqual(b.Organisation.Roles.OrderBy(r => r.Key)) && a.Organisation with { Roles = b.Organisation.Roles } == b.Organisation);

    static bool IsSame(NotifyOptions a, NotifyOptions b) =>
        Equals(a.WebhookUrl, b.WebhookUrl)
        && (a.Mail is null || b.Mail is null ? a.Mail == b.Mail : a.Mail.To.SequenceEqual(b.Mail.To) && a.Mail with { To = b.Mail.To } == b.Mail);
}
