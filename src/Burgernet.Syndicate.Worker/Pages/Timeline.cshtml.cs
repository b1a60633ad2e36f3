using System.Globalization;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Burgernet.Syndicate.Worker.Pages;

/// <summary>The course of one alert: what went where, when, how it did, and how it ended.</summary>
sealed class TimelineModel(AlertLog alerts, ReportSetup reports, OutcomeDesk outcomes, LiveConfiguration live) : PageModel
{
    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");

    public AlertEntry Alert { get; private set; } = null!;
    public Timeline Timeline { get; private set; } = null!;
    public OutcomeEntry? Outcome { get; private set; }
    public IReadOnlyList<Happening> Course { get; private set; } = [];

    public string Heading => $"{RouteWords.Of(Alert.Kind)}: {RouteWords.Of(Alert.Category)}";
    public string Place => Alert.Municipality is { } code ? live.Current.Options.Areas.WithCode(code)?.Name ?? code : "landelijk of buiten de regio";

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (await alerts.GetAsync(id) is not { } alert)
            return NotFound();
        (Alert, Timeline, Outcome) = (alert, await reports.Timeline.OfAsync(id), await outcomes.OfAsync(id));
        Course = [.. CourseOf().OrderBy(h => h.At)];
        return Page();
    }

    IEnumerable<Happening> CourseOf()
    {
        foreach (var message in Timeline.Messages)
            yield return new Happening(message.SentAt, $"{Alert.Source}: {Said(message.Phase)}", message.Text.Length > 0 ? message.Text : null);
        if (Timeline.Messages.Count == 0)
            yield return new Happening(Alert.IssuedAt, $"{Alert.Source}: uitgegeven", Alert.Text);
        yield return new Happening(Alert.AcceptedAt, "bij ons binnen", null);
        foreach (var group in Timeline.Deliveries.Where(d => d.PublishedAt is not null && d.Operation is not DeliveryOperation.Takedown).GroupBy(d => (d.Channel, d.Operation)))
        {
            var (first, last) = (group.Min(d => d.PublishedAt!.Value), group.Max(d => d.PublishedAt!.Value));
            yield return new Happening(first, $"{IndexModel.Dutchness(group.Key.Operation)} op {group.Key.Channel}{(group.Count() == 1 ? "" : $" in {group.Count()} groepen, de laatste om {Clock(last)}")}", null);
        }

        if (Outcome is { } outcome)
            yield return new Happening(outcome.At, $"afloop vastgelegd: {Reports.Outcome.Dutchness(outcome.Outcome)}", null);
    }

    /// <summary>The clock time, with the day where that is not the day of issue.</summary>
    public string Clock(DateTimeOffset moment) =>
        DutchTime.Of(moment).ToString(DutchTime.DayOf(moment) == DutchTime.DayOf(Alert.IssuedAt) ? "H.mm.ss" : "d MMM yyyy H.mm", Dutch);

    public static string Summary(IEnumerable<TimelineDelivery> deliveries)
    {
        var all = deliveries.Where(d => d.Operation is not DeliveryOperation.Takedown).ToList();
        var shown = all.Where(d => d.Impressions is not null).ToList();
        return $"{all.Count(d => d.PublishedAt is not null)} van {all.Count} geplaatst{(shown.Count == 0 ? "" : $", samen {ReportTables.Shown(shown.Sum(d => d.Impressions))} keer getoond")}";
    }

    public static string Figure(long? figure) => ReportTables.Shown(figure);

    static string Said(AlertPhase phase) => phase switch
    {
        AlertPhase.Opened => "uitgegeven",
        AlertPhase.Updated => "bijgewerkt",
        AlertPhase.Withdrawn => "ingetrokken",
        _ => "afgesloten",
    };
}

/// <summary>Something that happened to an alert.</summary>
/// <param name="What">In a few words (Dutch).</param>
/// <param name="Words">What was said; null: nothing.</param>
sealed record Happening(DateTimeOffset At, string What, string? Words);
