using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Worker.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Burgernet.Syndicate.Worker.Pages;

/// <summary>Who are you? With an account of this program, or by the organisation's own login.</summary>
[AllowAnonymous]
[RequestSizeLimit(16 * 1024)]
sealed class LoginModel(AccountFile accounts, AccessOptions access, LoginLimit limit, ILogger<LoginModel> log) : PageModel
{
    public bool ByOrganisation => access.Organisation is not null;

    public bool ByAccount { get; private set; }

    public string? Fault { get; private set; }

    public string? Back { get; private set; }

    public string Name { get; private set; } = "";

    public void OnGet(string? terug, string? geen) => Show(terug, geen switch
    {
        "rol" => "Uw organisatie kent u, maar u hebt hier geen rol. Vraag wie de accounts beheert.",
        "antwoord" => "De inlogdienst gaf geen goed antwoord. Probeer het opnieuw.",
        _ => null,
    });

    public async Task<IActionResult> OnPostAsync(string? naam, string? wachtwoord, string? terug)
    {
        var name = (naam ?? "").Trim();
        Name = name;
        if (!limit.MayTry($"{HttpContext.Connection.RemoteIpAddress}", name))
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Shown(terug, "Te veel pogingen. Wacht een minuut en probeer het opnieuw.");
        }

        try
        {
            if (wachtwoord is null or { Length: 0 or > AccountFile.LongestPassword } || await Task.Run(() => accounts.Verify(name, wachtwoord)) is not { } account)
            {
                // Not the name: people type their password there.
                log.LogWarning("A login from {Address} failed", HttpContext.Connection.RemoteIpAddress);
                return Shown(terug, "Deze naam en dit wachtwoord horen niet bij elkaar.");
            }

            await HttpContext.SignInAsync(AccessSetup.PrincipalOf(account));
            log.LogInformation("{Name} logged in from {Address}", account.Name, HttpContext.Connection.RemoteIpAddress);
            return LocalRedirect(Target(terug));
        }
        catch (AccountException exception)
        {
            log.LogError(exception, "The accounts cannot be read");
            return Shown(terug, "De accounts kunnen niet worden gelezen. Vraag de beheerder in het logboek van het programma te kijken.");
        }
    }

    public IActionResult OnPostOrganisatie(string? terug) =>
        ByOrganisation ? Challenge(new AuthenticationProperties { RedirectUri = Target(terug) }, AccessSetup.OrganisationScheme) : NotFound();

    string Target(string? back) => Url.IsLocalUrl(back) ? back : "/";

    PageResult Shown(string? back, string fault)
    {
        Show(back, fault);
        return Page();
    }

    void Show(string? back, string? fault)
    {
        (Back, Fault) = (Url.IsLocalUrl(back) ? back : null, fault);
        try
        {
            ByAccount = accounts.Read().Count > 0;
        }
        catch (AccountException)
        {
            ByAccount = true;
        }
    }
}
