using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Worker.Access;
using Burgernet.Syndicate.Worker.Services;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Burgernet.Syndicate.Worker.Pages;

/// <summary>
/// What one municipality did and reached. With a key it opens for who has no account; a guest does not see the words of
/// posts, because those tell of people.
/// </summary>
[OpensWithKey]
sealed class MunicipalityModel(ReportSetup reports) : PageModel
{
    public Report Report { get; private set; } = null!;

    /// <summary>What was asked for; the report may be of its successor.</summary>
    public string Code { get; private set; } = null!;
    public string? Fault { get; private set; }
    public IReadOnlyList<(string Name, ReportPeriod Period)> Usual { get; } = [.. reports.Usual()];

    /// <summary>Only the key let this one in.</summary>
    public bool IsGuest { get; private set; }

    public string? Key => IsGuest ? Request.Query[SharedLinks.Query].ToString() : null;

    public async Task<IActionResult> OnGetAsync(string gemeente, string? van, string? tot)
    {
        if (reports.Find(gemeente) is not { } municipality)
            return NotFound();
        // One address per municipality, so that a key fits it.
        if (municipality.Code != gemeente)
            return Redirect($"/bereik/{municipality.Code}{Request.QueryString}");
        IsGuest = Permission.RoleOf(User) is null && !Permission.IsLocal(HttpContext);
        Code = municipality.Code;
        var period = reports.PeriodOf(van, tot, out var fault);
        (Report, Fault) = (await reports.Query.ReportAsync(period, municipality.Code, withWords: !IsGuest), fault);
        return Page();
    }

    public string Link(ReportLinkKind kind, string key) =>
        kind is ReportLinkKind.Alert ? $"/acties/{Uri.EscapeDataString(key)}" : $"/bereik?{PeriodPicker.QueryOf(Report.Period)}";
}
