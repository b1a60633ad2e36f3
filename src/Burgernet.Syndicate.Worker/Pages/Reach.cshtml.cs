using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Burgernet.Syndicate.Worker.Pages;

/// <summary>What the region did and reached in a period.</summary>
sealed class ReachModel(ReportSetup reports) : PageModel
{
    public Report Report { get; private set; } = null!;
    public string? Fault { get; private set; }
    public IReadOnlyList<(string Name, ReportPeriod Period)> Usual { get; } = [.. reports.Usual()];

    public async Task OnGetAsync(string? van, string? tot)
    {
        var period = reports.PeriodOf(van, tot, out var fault);
        (Report, Fault) = (await reports.Query.ReportAsync(period, area: null), fault);
    }

    /// <summary>Where more is to be seen, of the same period.</summary>
    public string Link(ReportLinkKind kind, string key) => kind switch
    {
        ReportLinkKind.Alert => $"/acties/{Uri.EscapeDataString(key)}",
        _ => $"/bereik/{Uri.EscapeDataString(key)}?{PeriodPicker.QueryOf(Report.Period)}",
    };
}

/// <summary>What is needed to choose a period.</summary>
/// <param name="Report">The one that is shown.</param>
/// <param name="Fault">What was wrong with what was asked (Dutch).</param>
/// <param name="Usual">Periods to choose from.</param>
/// <param name="Path">The page.</param>
/// <param name="Area">CBS code; empty: the whole region.</param>
sealed record PeriodPicker(Report Report, string? Fault, IReadOnlyList<(string Name, ReportPeriod Period)> Usual, string Path, string Area)
{
    /// <summary>The key of who has no account; it must come along.</summary>
    public string? Key { get; init; }

    public static string QueryOf(ReportPeriod period) => $"van={ReportPeriod.Written(period.From)}&tot={ReportPeriod.Written(period.To)}";
}
