using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Burgernet.Syndicate.Worker.Access;

/// <summary>Marks what takes a form and changes nothing, here or elsewhere: who may read may do it.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class ChangesNothingAttribute : Attribute;

/// <summary>
/// Who may do what. Without a word of its own a route asks this: reading needs nothing on this machine and a login from
/// elsewhere, and everything that may change something needs an editor. So what is added later is closed until it says otherwise.
/// A page may also be read with a key to it, see <see cref="SharedLinks"/>.
/// </summary>
sealed class Permission(Role least) : IAuthorizationRequirement
{
    public const string RoleClaim = "role";

    public static AuthorizationPolicy Of(Role least) => new AuthorizationPolicyBuilder().AddRequirements(new Permission(least)).Build();

    /// <summary>The role of who is logged in; null: nobody is.</summary>
    public static Role? RoleOf(ClaimsPrincipal user) =>
        user.Identity is { IsAuthenticated: true } ? Roles.Parse(user.FindFirstValue(RoleClaim)) : null;

    public static bool Has(ClaimsPrincipal user, Role least) => RoleOf(user) >= least;

    /// <summary>
    /// The request comes from this machine and was meant for it. Behind a proxy on this machine it says the name that the
    /// world knows; and a page elsewhere that leads a browser here does not know ours.
    /// </summary>
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && (context.Request.Host.Host is "localhost" || IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out var named) && IPAddress.IsLoopback(named));

    public sealed class Handler(IHttpContextAccessor accessor) : AuthorizationHandler<Permission>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Permission requirement)
        {
            var http = context.Resource as HttpContext ?? accessor.HttpContext!;
            var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<ChangesNothingAttribute>() is not null;
            var least = reads || requirement.Least > Role.Editor ? requirement.Least : Role.Editor;
            if (Has(context.User, least) || reads && least is Role.Reader && (IsLocal(http) || OpensWithKey(http)))
                context.Succeed(requirement);
            return Task.CompletedTask;
        }

        static bool OpensWithKey(HttpContext http) =>
            HttpMethods.IsGet(http.Request.Method) && http.GetEndpoint()?.Metadata.GetMetadata<OpensWithKeyAttribute>() is not null && http.RequestServices.GetRequiredService<SharedLinks>().Opens(http);
    }

    Role Least => least;
}
