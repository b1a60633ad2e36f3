using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Previews;

/// <summary>
/// Shows what every channel would make of the newest that an alert says. The words come from the code that makes the real
/// ones and the targets from the real routes; it asks the configuration alone, never the database or a network.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="types">The networks: how they count and what they cost.</param>
public sealed class Previewer(SyndicateOptions options, IReadOnlyList<ChannelConnector> types)
{
    /// <summary>Stands where a real post has a code of its own; as long as those.</summary>
    public const string Reference = "BN-00000";

    readonly Router _router = options.ToRouter();
    readonly AlertWords _words = new(options.Areas);
    readonly TextNeutraliser _neutraliser = new(options.Texts);

    /// <summary>
    /// What each channel would show, in the order in which they are served, as if the newest message came in at the moment it was
    /// sent; so the same alert always gives the same. Channels it does not go to are there too.
    /// </summary>
    public IReadOnlyList<Preview> Of(Alert alert)
    {
        var location = options.Areas.Locate(alert, alert.IssuedAt);
        var at = alert.Messages[^1].SentAt;
        var model = Intake.NewestOf(alert, Intake.EntryOf(alert, location, at, DateTimeOffset.MaxValue), _words, Reference);
        var composer = new Composer(options.Templates, _neutraliser, new Moment(at));
        var clean = composer.Clean(model);

        var here = location.InRegion || alert.Kind is AlertKind.AmberAlert;
        var targets = here ? _router.Routes(alert.Kind, alert.Category, alert.Exercise, location, alert.IssuedAt).ToLookup(r => r.Channel, r => r.Target) : null;
        var notTo = here ? _router.NotTo(alert.Kind, alert.Category, alert.Exercise, location, alert.IssuedAt) : null;
        var altText = alert.Photo is { } picture && !alert.Ended ? composer.AltText(picture) : null;
        return [.. options.Channels.Select(channel =>
        {
            var type = types.Single(t => t.Type == channel.Type);
            var its = clean.With(channel.Photos);
            var (post, fault) = Compose(composer, channel, type.Limit, its);
            var isLinked = LinkBudget.IsLinked(post.Text);
            return new Preview
            {
                Channel = channel.Name,
                Type = channel.Type,
                Alert = alert.SourceId,
                Phase = model.Phase,
                Text = post.Text,
                TextWithoutLinks = isLinked && channel.Links is { Posts: > 0 } ? composer.ComposeSpelled(options.TemplateOf(channel), type.Limit, its).Text : null,
                Length = post.Length,
                Limit = type.Limit.Maximum,
                Valid = fault is null && type.Limit.Takes(post.Text),
                Shortened = post.Shortened,
                Neutralised = altText is null ? post.Removed : [.. post.Removed.Union(_neutraliser.Neutralise(alert.Photo!.AltText!).Removed)],
                Photo = alert.Photo is null || model.Phase != "opened" ? null : channel.Photos,
                AltText = channel.Photos is PhotoUse.None ? null : altText,
                Cost = isLinked && type.LinkPrice is { } linked ? channel.Links?.Price ?? linked : type.PostPrice,
                Targets = [.. targets?[channel.Name] ?? []],
                NotSent = here ? notTo!.GetValueOrDefault(channel.Name) : "het bericht is niet van deze regio, of noemt geen gebied en geen gemeente",
                Fault = fault,
            };
        })];
    }

    (ComposedPost Post, string? Fault) Compose(Composer composer, ChannelOptions channel, PostLimit limit, CleanModel clean)
    {
        try
        {
            var template = options.TemplateOf(channel);
            // How much of a budget is left only the database knows; a budget of none needs no database.
            return (channel.Links is { Posts: 0 } ? composer.ComposeSpelled(template, limit, clean) : composer.Compose(template, limit, clean), null);
        }
        catch (TemplateException exception)
        {
            return (new ComposedPost("", 0) { Removed = clean.Removed }, exception.Message);
        }
    }

    sealed class Moment(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}

/// <summary>What one channel would show of an alert.</summary>
public sealed record Preview
{
    /// <summary>The channel's name in syndicate.json.</summary>
    public required string Channel { get; init; }

    /// <summary>Its type: <c>x</c>, <c>facebook</c>, <c>whatsapp</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The alert, as its source calls it.</summary>
    public required string Alert { get; init; }

    /// <summary><c>opened</c>, <c>updated</c>, <c>closed</c> or <c>withdrawn</c>: the newest that the alert says.</summary>
    public required string Phase { get; init; }

    /// <summary>The exact words, except for the code of the post.</summary>
    public required string Text { get; init; }

    /// <summary>What goes out instead when the month's budget for links is used up; null where there is none or nothing is a link.</summary>
    public string? TextWithoutLinks { get; init; }

    /// <summary>As the network counts.</summary>
    public required int Length { get; init; }

    /// <summary>The most that the network takes, counted in the same way.</summary>
    public required int Limit { get; init; }

    /// <summary>The network would take it.</summary>
    public required bool Valid { get; init; }

    /// <summary>The free text was cut.</summary>
    public required bool Shortened { get; init; }

    /// <summary>What was taken out of the words from outside (Dutch), each thing once.</summary>
    public required IReadOnlyList<string> Neutralised { get; init; }

    /// <summary>What the channel does with the photo; null where there is none. Without words that say what it shows no copy goes along.</summary>
    public required PhotoUse? Photo { get; init; }

    /// <summary>What the photo shows, in words; null where there is none, or nobody said it.</summary>
    public required string? AltText { get; init; }

    /// <summary>What the network asks for the post, in US dollars.</summary>
    public required decimal Cost { get; init; }

    /// <summary>The groups or the account, nearest first; none where it does not go.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Why it does not go there (Dutch); null where it does.</summary>
    public string? NotSent { get; init; }

    /// <summary>Why the template makes no words (Dutch); null where it does.</summary>
    public string? Fault { get; init; }
}
