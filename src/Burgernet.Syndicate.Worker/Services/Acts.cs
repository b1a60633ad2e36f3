using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Worker.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>
/// Everything that people can do on a page: a form, a role, a token against forged forms, and a row in the log of the
/// person who did it. Each leads back to the page it came from, which says what came of it.
/// </summary>
static class Acts
{
    public const string Said = "said";
    public const string Refused = "refused";

    /// <summary>An address that an act made.</summary>
    public const string Link = "link";

    const int LongestForm = 256 * 1024;
    const int LongestReason = 500;

    delegate Task<Refusal?> Act(HttpContext context, IFormCollection form, Signature by);

    public static void Map(WebApplication app)
    {
        var acts = app.MapGroup("").RequireRateLimiting(AccessSetup.ActLimit).WithMetadata(new RequestSizeLimitAttribute(LongestForm)).AddEndpointFilter(RefuseForgedAsync);

        Map("/oproepen/{id}/afsluiten", Roles.Editor, "/", "De oproep is afgesloten.", (context, _, by) => Get<OperatorDesk>(context).CloseAsync(Route(context, "id"), by));
        Map("/oproepen/{id}/intrekken", Roles.Editor, "/", "De oproep is ingetrokken; alles ervan gaat weg.", (context, _, by) => Get<OperatorDesk>(context).RetractAsync(Route(context, "id"), by));
        Map("/plaatsingen/{id}/besluit", Roles.Editor, "/", "Uw besluit is vastgelegd.", ResolveAsync);
        Map("/kanalen/{naam}/stilzetten", Roles.Administrator, "/", "Het kanaal staat stil. Weghalen gaat door.", (context, _, by) => ChannelAsync(context, (desk, names) => desk.PauseAsync(names, by)));
        Map("/kanalen/{naam}/hervatten", Roles.Administrator, "/", "Het kanaal plaatst weer.", (context, _, by) => ChannelAsync(context, (desk, names) => desk.ResumeAsync(names, by)));

        Map("/postvak/goedkeuren", Roles.Editor, "/postvak", "Uw akkoord is vastgelegd.", (context, form, by) =>
            Get<SubmissionDesk>(context).ApproveAsync(form["bron"].ToString(), form["bericht"].ToString(), Edition(form), form["hash"].ToString(), by));
        Map("/postvak/afwijzen", Roles.Editor, "/postvak", "Het bericht wordt niet geplaatst.", (context, form, by) =>
            Get<SubmissionDesk>(context).RejectAsync(form["bron"].ToString(), form["bericht"].ToString(), by));
        Map("/postvak/wijzigen", Roles.Editor, "/postvak", "De tekst is gewijzigd. Eerdere akkoorden gelden niet meer.", EditAsync, keepsTyping: true);

        Map("/sjablonen/{naam}", Roles.Editor, "/sjablonen", "Het sjabloon is bewaard en geldt binnen twee seconden.", (context, form, by) =>
            Get<TemplateDesk>(context).SaveAsync(Route(context, "naam"), form["getoond-als"].ToString(), form["bron"].ToString(), by), keepsTyping: true);

        Map("/acties/{id}/afloop", Roles.Editor, "/acties/{id}", "De afloop is vastgelegd.", (context, form, by) =>
            Outcome.Parse(form["afloop"].ToString()) is { } outcome ? Get<OutcomeDesk>(context).SetAsync(Route(context, "id"), outcome, by) : Refuse("kies hoe het afliep"));
        Map("/acties/{id}/succesbericht", Roles.Editor, "/acties/{id}", "Het succesbericht staat klaar in het postvak en wacht daar op akkoord.", (context, _, by) =>
            Get<OutcomeDesk>(context).ProposeSuccessAsync(Route(context, "id"), Get<SubmissionDesk>(context), Get<LiveConfiguration>(context).Current.Options.Areas, by));
        Map("/bereik/{gemeente}/delen", Roles.Editor, "/bereik/{gemeente}", "De link is gemaakt.", ShareAsync);

        acts.MapPost("/uitloggen", async context =>
        {
            await context.SignOutAsync();
            context.Response.Redirect("/");
        }).WithMetadata(new ChangesNothingAttribute());

        void Map(string route, string role, string page, string done, Act act, bool keepsTyping = false) =>
            acts.MapPost(route, Task<IResult> (HttpContext context, CancellationToken _) => DoAsync(context, page, done, keepsTyping, act)).RequireAuthorization(role);
    }

    static async Task<IResult> DoAsync(HttpContext context, string page, string done, bool keepsTyping, Act act)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var why = form["reden"].ToString().Trim();
        var refusal = await act(context, form, new Signature(context.User.Identity!.Name!, why.Length == 0 ? null : why[..Math.Min(why.Length, LongestReason)]));

        var told = context.RequestServices.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(context);
        told[refusal is null ? Said : Refused] = refusal is null ? done : $"Niet gedaan: {refusal.Reason}.";
        told.Save();
        context.Response.Headers.Location = context.Request.RouteValues.Aggregate(page, (path, value) => path.Replace($"{{{value.Key}}}", Uri.EscapeDataString($"{value.Value}"), StringComparison.Ordinal));
        // 303: the page is asked for anew, so that going back does not do it again. 307: what was typed comes along.
        return Results.StatusCode(refusal is not null && keepsTyping ? StatusCodes.Status307TemporaryRedirect : StatusCodes.Status303SeeOther);
    }

    static async ValueTask<object?> RefuseForgedAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        try
        {
            await Get<IAntiforgery>(context).ValidateRequestAsync(context);
        }
        catch (Exception exception) when (exception is AntiforgeryValidationException or BadHttpRequestException or InvalidDataException)
        {
            return Results.Text("Dit formulier is te oud of komt niet van deze site. Ga terug, ververs de pagina en probeer het opnieuw.", "text/plain; charset=utf-8", statusCode: StatusCodes.Status400BadRequest);
        }

        return await next(invocation);
    }

    static Task<Refusal?> ResolveAsync(HttpContext context, IFormCollection form, Signature by)
    {
        var post = form["nummer"].ToString().Trim();
        return !Wire.TryParse(form["besluit"].ToString(), out Resolution resolution) ? Refuse("kies wat er met de plaatsing moet gebeuren")
            : resolution is Resolution.Adopt && post.Length == 0 ? Refuse("noem het nummer dat het bericht op het kanaal heeft")
            : resolution is Resolution.Send && form["zeker"] != "ja" ? Refuse("kijk eerst op het kanaal of het er echt niet staat, en vink dat aan")
            : Get<OperatorDesk>(context).ResolveAsync(Route(context, "id"), resolution, resolution is Resolution.Adopt ? post : null, by);
    }

    static Task<Refusal?> ChannelAsync(HttpContext context, Func<OperatorDesk, IReadOnlyList<string>, Task<Refusal?>> act)
    {
        var name = Route(context, "naam");
        return Get<LiveConfiguration>(context).Current.Options.Channels.Any(c => c.Name == name) ? act(Get<OperatorDesk>(context), [name]) : Refuse($"er is geen kanaal {name}");
    }

    static Task<Refusal?> EditAsync(HttpContext context, IFormCollection form, Signature by)
    {
        var areas = Get<LiveConfiguration>(context).Current.Options.Areas;
        var codes = new List<string>();
        foreach (var name in form["gemeenten"].ToString().Split([',', ';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (areas.Find(name, Get<TimeProvider>(context).GetUtcNow()) is not { } municipality)
                return Refuse($"{name} is geen gemeente van deze regio; schrijf namen met een komma ertussen");
            codes.Add(municipality.Code);
        }

        return Get<SubmissionDesk>(context).EditAsync(form["bron"].ToString(), form["bericht"].ToString(), Edition(form), form["titel"], form["tekst"].ToString().ReplaceLineEndings("\n"), [.. codes.Distinct()], by);
    }

    static Task<Refusal?> ShareAsync(HttpContext context, IFormCollection form, Signature by)
    {
        if (Get<ReportSetup>(context).Find(Route(context, "gemeente")) is not { } municipality)
            return Refuse("deze gemeente hoort niet bij de regio");
        context.RequestServices.GetRequiredService<ITempDataDictionaryFactory>().GetTempData(context)[Link] = Get<SharedLinks>(context).AddressOf(context.Request, Get<LiveConfiguration>(context).Current.Options.Reports.Site, municipality.Code);
        return Get<AuditLog>(context).DoAsync("share", municipality.Code, by, _ => Task.FromResult<Refusal?>(null));
    }

    static Task<Refusal?> Refuse(string reason) => Task.FromResult<Refusal?>(new Refusal(reason));

    static int Edition(IFormCollection form) => int.TryParse(form["editie"], out var edition) ? edition : 0;

    static string Route(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    static T Get<T>(HttpContext context) where T : notnull => context.RequestServices.GetRequiredService<T>();
}
