using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Templates;

namespace Burgernet.Syndicate.Routing;

/// <summary>Where an alert would go, why, and when everyone would have it.</summary>
public sealed record Explanation
{
    public required Alert Alert { get; init; }

    public required Location Location { get; init; }

    /// <summary>When it is taken to be issued and to come in (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The targets, channel by channel, nearest first.</summary>
    public required IReadOnlyList<ExplainedTarget> Targets { get; init; }

    /// <summary>Why it does not go to the other channels, by channel (Dutch).</summary>
    public required IReadOnlyDictionary<string, string> NotTo { get; init; }

    /// <summary>What is worth knowing before (Dutch).</summary>
    public required IReadOnlyList<string> Remarks { get; init; }

    /// <summary>What should be mended (Dutch).</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>
    /// Explains an alert as if it were issued and came in at <paramref name="at"/>, with nothing else waiting. It asks
    /// the configuration alone, never the database.
    /// </summary>
    public static Explanation Of(Alert alert, SyndicateOptions options, DateTimeOffset at)
    {
        var router = options.ToRouter();
        var location = options.Areas.Locate(alert, at);
        var remarks = new List<string>();
        if (!location.InRegion && alert.Kind is not AlertKind.AmberAlert)
        {
            remarks.Add(alert.Area is null && alert.Municipality is null ? "het bericht noemt geen gebied en geen gemeente, dus het gaat nergens heen" : "het bericht is niet van deze regio en gaat nergens heen");
            return new Explanation { Alert = alert, Location = location, At = at, Targets = [], NotTo = new Dictionary<string, string>(), Remarks = remarks, Warnings = [] };
        }

        if (alert.Ended)
            remarks.Add("de oproep is al voorbij: het slotbericht gaat waar de oproep heen ging, en dat is met deze instellingen hieronder te zien");
        else if (alert.Messages.All(m => m.Phase is not AlertPhase.Opened))
            remarks.Add("dit is een aanvulling: die gaat waar de oproep heen ging, en dat is met deze instellingen hieronder te zien");
        if (alert.Mirror)
            remarks.Add("een kinderalarm uit de actiesfeed wacht vijf minuten op het alarm zelf; komt dat, dan vervalt dit");

        var limit = options.NotAfter[alert.Kind];
        var notAfter = at + (alert.ExpiresAt - alert.IssuedAt is { } given && given < limit ? given : limit);
        var planned = DeliveryPlan.Of(router.Routes(alert.Kind, alert.Category, alert.Exercise, location, at), alert.Mirror ? at + Intake.MirrorWaits : at, notAfter, alert.SourceId);
        var expected = Forecast.Of(planned, options.Channels, options.MaxInFlight);
        var targets = planned.Zip(expected, (p, e) => new ExplainedTarget(p.Route, e)).ToList();
        return new Explanation
        {
            Alert = alert,
            Location = location,
            At = at,
            Targets = targets,
            NotTo = router.NotTo(alert.Kind, alert.Category, alert.Exercise, location, at),
            Remarks = remarks,
            Warnings = [.. WarningsOf(alert, options, targets, at, notAfter)],
        };
    }

    static IEnumerable<string> WarningsOf(Alert alert, SyndicateOptions options, List<ExplainedTarget> targets, DateTimeOffset at, DateTimeOffset notAfter)
    {
        if (targets.Count == 0 && !alert.Exercise)
            yield return "dit bericht bereikt geen enkel kanaal; vul de routes of de groepen aan";
        foreach (var channel in targets.GroupBy(t => t.Route.Channel))
        {
            var settings = options.Channels.First(c => c.Name == channel.Key);
            if (channel.MaxBy(t => t.ExpectedAt) is not { ExpectedAt: { } last } slowest)
                continue;
            if (last - at > Forecast.Late)
                yield return $"kanaal {channel.Key}: de laatste ({slowest.Route.Target}) heeft het pas na {Long(last - at)}, {Moment(last, at)}; {Cure(slowest.Route, settings)}";
            if (channel.Count(t => t.ExpectedAt > notAfter) is var late and > 0)
                yield return $"kanaal {channel.Key}: {late} van de {channel.Count()} krijgen het niet, want het vervalt {Moment(notAfter, at)}";
        }
    }

    static string Cure(Route slowest, ChannelOptions settings) =>
        slowest.Windows.Count > 0 ? "het kanaal wacht op het bezorgvenster van de route"
        : settings.Pacing.Max > TimeSpan.Zero ? "verdeel de groepen over meer nummers of verkort pacing"
        : "verhoog maxInFlight of verdeel de groepen over meer kanalen";

    static string Long(TimeSpan time) => time < TimeSpan.FromHours(2) ? $"{time.TotalMinutes:0} minuten" : $"{time.TotalHours:0} uur";

    /// <summary>A moment as staff read it: the time, with the day when that is another one.</summary>
    public static string Moment(DateTimeOffset moment, DateTimeOffset now) =>
        DutchTime.Of(moment).ToString(DutchTime.DayOf(moment) == DutchTime.DayOf(now) ? "'om' H.mm 'uur'" : "ddd d-M 'om' H.mm 'uur'", System.Globalization.CultureInfo.GetCultureInfo("nl-NL"));
}

/// <summary>One target, and when it will have the alert (UTC); null where its channel only records.</summary>
public sealed record ExplainedTarget(Route Route, DateTimeOffset? ExpectedAt);
