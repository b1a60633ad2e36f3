using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Burgernet.Syndicate.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Burgernet.Syndicate.Worker.Access;

/// <summary>Sessions, roles, limits and the headers that keep a browser from doing more than a page asks.</summary>
static class AccessSetup
{
    public const string LoginPath = "/inloggen";
    public const string ActLimit = "acts";

    const string Cookie = CookieAuthenticationDefaults.AuthenticationScheme;
    const string StampClaim = "stamp";

    /// <summary>The scheme of the organisation's own login, where there is one.</summary>
    public const string OrganisationScheme = OpenIdConnectDefaults.AuthenticationScheme;

    const string ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // A working day, however busy: the organisation may have taken a role away meanwhile, and an open page asks for itself.
    static readonly TimeSpan SessionLasts = TimeSpan.FromHours(8);

    public static void Add(IServiceCollection services, AccessOptions options, AccountFile accounts)
    {
        services.AddSingleton(options).AddSingleton(accounts).AddSingleton<LoginLimit>();
        services.AddHttpContextAccessor();
        services.AddDataProtection().SetApplicationName("Burgernet.Syndicate");
        services.AddSingleton<KeyStore>();
        services.AddSingleton<SharedLinks>();
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = provider.GetRequiredService<KeyStore>()));

        var authentication = services.AddAuthentication(Cookie).AddCookie(cookie =>
        {
            cookie.Cookie.Name = "syndicate";
            cookie.Cookie.HttpOnly = true;
            // On the way back from another site a strict cookie does not come along.
            cookie.Cookie.SameSite = options.Organisation is null ? SameSiteMode.Strict : SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = SessionLasts;
            cookie.SlidingExpiration = false;
            cookie.LoginPath = LoginPath;
            cookie.ReturnUrlParameter = "terug";
            cookie.Events.OnRedirectToLogin = context => AskToLogInAsync(context.HttpContext, context.RedirectUri);
            cookie.Events.OnRedirectToAccessDenied = context => RefuseAsync(context.HttpContext);
            cookie.Events.OnValidatePrincipal = ValidateAsync;
        });
        if (options.Organisation is { } organisation)
            authentication.AddOpenIdConnect(oidc => Configure(oidc, organisation));

        services.AddSingleton<IAuthorizationHandler, Permission.Handler>();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(Permission.Of(Role.Reader))
            .AddPolicy(Roles.Reader, Permission.Of(Role.Reader))
            .AddPolicy(Roles.Editor, Permission.Of(Role.Editor))
            .AddPolicy(Roles.Administrator, Permission.Of(Role.Administrator));
        services.AddAntiforgery(forgery => (forgery.Cookie.Name, forgery.Cookie.SameSite, forgery.Cookie.HttpOnly) = ("syndicate-formulier", SameSiteMode.Strict, true));

        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => Permission.IsLocal(context)
                ? RateLimitPartition.GetNoLimiter("")
                : RateLimitPartition.GetFixedWindowLimiter($"{context.Connection.RemoteIpAddress}", _ => PerMinute(600)));
            limits.AddPolicy(ActLimit, context => RateLimitPartition.GetFixedWindowLimiter(context.User.Identity?.Name ?? "", _ => PerMinute(60)));
        });

        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            foreach (var proxy in options.Proxies)
                forwarded.KnownProxies.Add(proxy);
        });
    }

    public static void Use(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.Use(async (context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            context.Response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
            context.Response.Headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            context.Response.Headers.CacheControl = "no-cache, no-store";
            await next();
        });
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
    }

    public static ClaimsPrincipal PrincipalOf(Account account) => PrincipalOf(account.Name, account.Role, new Claim(StampClaim, account.Stamp));

    static ClaimsPrincipal PrincipalOf(string name, string role, params Claim[] more) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name), new Claim(Permission.RoleClaim, role), .. more], Cookie));

    static FixedWindowRateLimiterOptions PerMinute(int requests) => new() { PermitLimit = requests, Window = TimeSpan.FromMinutes(1) };

    static Task AskToLogInAsync(HttpContext context, string loginPage)
    {
        // A program cannot fill in a form; and a form that was sent after the session ended must not seem to have worked.
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            context.Response.Redirect(HttpMethods.IsGet(context.Request.Method) ? loginPage : LoginPath);
        return Task.CompletedTask;
    }

    static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("Hiervoor hebt u een andere rol nodig. Vraag wie de accounts beheert.");
    }

    // An account that was removed, or that got another role or password, is logged out at once.
    static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (context.Principal?.FindFirstValue(StampClaim) is not { } stamp)
            return;
        try
        {
            if (context.HttpContext.RequestServices.GetRequiredService<AccountFile>().Find(context.Principal.Identity?.Name ?? "")?.Stamp == stamp)
                return;
        }
        catch (AccountException exception)
        {
            context.HttpContext.RequestServices.GetRequiredService<ILogger<AccountFile>>().LogError(exception, "The accounts cannot be read; nobody is logged in");
        }

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Cookie);
    }

    static void Configure(OpenIdConnectOptions oidc, OrganisationLogin organisation)
    {
        oidc.SignInScheme = Cookie;
        oidc.Authority = organisation.Authority.AbsoluteUri;
        oidc.RequireHttpsMetadata = !organisation.Authority.IsLoopback;
        oidc.ClientId = organisation.ClientId;
        oidc.ClientSecret = organisation.ClientSecret.Reveal();
        oidc.ResponseType = "code";
        // A form that another site posts would need cookies that every site may send along.
        oidc.ResponseMode = "query";
        foreach (var cookie in (CookieBuilder[])[oidc.CorrelationCookie, oidc.NonceCookie])
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        oidc.UsePkce = true;
        oidc.CallbackPath = $"{LoginPath}/terug";
        oidc.MapInboundClaims = false;
        oidc.GetClaimsFromUserInfoEndpoint = false;
        oidc.Scope.Clear();
        foreach (var scope in (string[])["openid", "profile", "email"])
            oidc.Scope.Add(scope);
        oidc.Events.OnTokenValidated = context =>
        {
            var name = context.Principal?.FindFirstValue(organisation.NameClaim);
            var theirs = context.Principal?.FindAll(organisation.RoleClaim).Select(c => c.Value).ToHashSet() ?? [];
            var role = Enum.GetValues<Role>().Cast<Role?>().LastOrDefault(r => organisation.Roles.TryGetValue(Roles.Name(r!.Value), out var value) && theirs.Contains(value));
            if (string.IsNullOrWhiteSpace(name) || role is null)
            {
                context.HandleResponse();
                context.Response.Redirect($"{LoginPath}?geen=rol");
                return Task.CompletedTask;
            }

            // Only these two come along: the rest of the token is nobody's business here.
            context.Principal = PrincipalOf(name, Roles.Name(role.Value));
            return Task.CompletedTask;
        };
        oidc.Events.OnRemoteFailure = context =>
        {
            context.HttpContext.RequestServices.GetRequiredService<ILogger<OrganisationLogin>>().LogWarning(context.Failure, "The organisation's login gave no good answer");
            context.HandleResponse();
            context.Response.Redirect($"{LoginPath}?geen=antwoord");
            return Task.CompletedTask;
        };
    }
}
