using System.Globalization;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Burgernet.Syndicate.Worker.Pages;

/// <summary>The overview: what came in, where it stands, and what a person must know.</summary>
sealed class IndexModel(AlertLog alertLog, AlertQuery query, Outbox outbox, NoticeBoard notices, LiveConfiguration live, Surroundings surroundings, TimeProvider time) : PageModel
{
    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    public bool Live => surroundings.Mode is SyndicateMode.Live;
    public Uri? Sandbox => surroundings.Sandbox;
    public DateTimeOffset Now { get; private set; }
    public IReadOnlyList<AlertView> Alerts { get; private set; } = [];
    public IReadOnlyList<SourceLine> Sources { get; private set; } = [];
    public IReadOnlyList<ChannelLine> Channels { get; private set; } = [];
    public ConfigurationState Configuration { get; } = live.State;
    public IReadOnlyList<Notice> Notices { get; private set; } = [];

    public async Task OnGetAsync()
    {
        Now = time.GetUtcNow();
        Alerts = await query.NewestAsync(30);
        Notices = await notices.RecentAsync(10);

        var sources = (await alertLog.SourcesAsync()).ToDictionary(s => s.Name);
        Sources = [.. Configuration.Generation.Options.Sources.Select(s => new SourceLine(s.Name, sources.GetValueOrDefault(s.Name), s.Test))];

        var channels = (await outbox.ChannelsAsync()).ToDictionary(c => c.Name);
        Channels = [.. Configuration.Generation.Options.Channels.Select(c => LineOf(c, channels.GetValueOrDefault(c.Name)))];
    }

    ChannelLine LineOf(ChannelOptions channel, ChannelHealth? health)
    {
        // The average pause, plus a second for the sending itself.
        var each = (channel.Pacing.Min + channel.Pacing.Max) / 2 + TimeSpan.FromSeconds(1);
        var waiting = health?.Waiting ?? 0;
        return new ChannelLine(channel.Name, channel.Test, channel.Publish, waiting, waiting > 1 ? Now + each * waiting / channel.MaxInFlight : null, health?.StoppedReason, health?.PausedBy);
    }

    public string Name(string? code) => code is null ? "landelijk" : Configuration.Generation.Options.Areas.WithCode(code)?.Name ?? code;

    /// <summary>The clock time, with the day where that is not today.</summary>
    public string Clock(DateTimeOffset moment) =>
        DutchTime.Of(moment).ToString(DutchTime.DayOf(moment) == DutchTime.DayOf(Now) ? "H.mm.ss" : "d MMM H.mm", Dutch);

    public static string Seconds(TimeSpan span) => span.TotalSeconds < 90 ? $"{Math.Max(0, span.TotalSeconds):0} s" : span.TotalMinutes < 90 ? $"{span.TotalMinutes:0} min" : $"{span.TotalHours:0} uur";

    public static string Dutchness(AlertView alert) => alert.Kind switch
    {
        AlertKind.AmberAlert => "AMBER Alert",
        AlertKind.VermistKindAlert => "Vermist Kind Alert",
        AlertKind.Burgernetmail => "Burgernetmail",
        _ => alert.Category switch
        {
            AlertCategory.MissingPerson => "Vermissing",
            AlertCategory.Robbery => "Overval",
            AlertCategory.StreetRobbery => "Straatroof",
            AlertCategory.Burglary => "Inbraak",
            AlertCategory.Violence => "Geweld",
            AlertCategory.HitAndRun => "Doorrijden na aanrijding",
            AlertCategory.Fraud => "Oplichting",
            AlertCategory.RamRaid => "Ram- of plofkraak",
            _ => "Actie",
        },
    };

    public static string Dutchness(AlertPhase phase) => phase switch
    {
        AlertPhase.Opened => "loopt",
        AlertPhase.Updated => "loopt, bijgewerkt",
        AlertPhase.Closed => "afgesloten",
        AlertPhase.Withdrawn => "ingetrokken",
        AlertPhase.Expired => "verlopen",
        _ => "niet meer te zien",
    };

    public static string Dutchness(DeliveryOperation operation) => operation switch
    {
        DeliveryOperation.Create => "oproep",
        DeliveryOperation.Update => "update",
        DeliveryOperation.Close => "slot",
        _ => "verwijdering",
    };

    public static string Dutchness(DeliveryState state) => state switch
    {
        DeliveryState.Planned => "gepland",
        DeliveryState.Pending => "wacht",
        DeliveryState.Sending => "onderweg",
        DeliveryState.Unknown => "onbekend",
        DeliveryState.Published => "geplaatst",
        DeliveryState.Held => "vastgehouden",
        DeliveryState.Failed => "geweigerd",
        DeliveryState.Expired => "vervallen",
        DeliveryState.Cancelled => "geannuleerd",
        DeliveryState.Superseded => "vervangen",
        DeliveryState.Gone => "verwijderd",
        _ => "verdwenen",
    };

    /// <summary>What draws the eye: good, waiting, wrong or done with.</summary>
    public static string Tone(DeliveryState state) => state switch
    {
        DeliveryState.Published or DeliveryState.Gone => "good",
        DeliveryState.Planned or DeliveryState.Pending or DeliveryState.Sending => "waiting",
        DeliveryState.Unknown or DeliveryState.Held or DeliveryState.Failed or DeliveryState.Expired or DeliveryState.Vanished => "wrong",
        _ => "past",
    };
}

sealed record SourceLine(string Name, SourceHealth? Health, bool Test);

sealed record ChannelLine(string Name, bool Test, bool Publish, int Waiting, DateTimeOffset? ExpectedFinish, string? StoppedReason, string? PausedBy);
