using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Worker.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Burgernet.Syndicate.Worker.Pages;

/// <summary>Who did what by hand.</summary>
[Authorize(Policy = Roles.Administrator)]
sealed class LogModel(AuditLog audit) : PageModel
{
    const int Shown = 200;

    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    public async Task OnGetAsync() => Entries = await audit.NewestAsync(Shown);

    public static string Dutchness(string action) => action switch
    {
        "account" => "account gemaakt of gewijzigd",
        "account-removed" => "account weggehaald",
        "approve" => "akkoord",
        "close" => "afgesloten",
        "context-import" => "gemeentecijfers overgenomen",
        "edit" => "tekst gewijzigd",
        "outcome" => "afloop vastgelegd",
        "outcome-import" => "afloop overgenomen uit een tabel",
        "pause" => "kanaal stilgezet",
        "reject" => "afgewezen",
        "resolve" => "plaatsing beslist",
        "resume" => "kanaal hervat",
        "retract" => "ingetrokken",
        "share" => "pagina van een gemeente gedeeld",
        "success-post" => "succesbericht klaargezet",
        "template" => "sjabloon bewaard",
        "template-unsaved" => "sjabloon toch niet bewaard",
        _ => action,
    };
}
