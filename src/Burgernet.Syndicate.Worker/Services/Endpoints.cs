using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Worker.Access;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>What programs ask: alerts with their deliveries, and whether the service is well.</summary>
static class Endpoints
{
    // A loop that has not gone round for this long stands still.
    static readonly TimeSpan StandsStill = TimeSpan.FromMinutes(1);

    public static void Map(WebApplication app)
    {
        app.MapGet("/api/alerts", async (AlertQuery query, string? limit) =>
            int.TryParse(limit ?? "50", out var count) && count is >= 1 and <= 1000
                ? Results.Ok(await query.NewestAsync(count))
                : Results.BadRequest(new { error = "limit must be a number from 1 to 1000" }));

        app.MapGet("/api/alerts/{id}", async (AlertQuery query, string id) =>
            await query.GetAsync(id) is { } alert ? Results.Ok(alert) : Results.NotFound(new { error = "there is no alert with this id" }));

        app.MapGet("/health/live", (DispatcherService dispatcher) =>
            dispatcher.SinceLastRound < StandsStill
                ? Results.Ok(new { status = "alive" })
                : Results.Json(new { status = "stands still" }, statusCode: StatusCodes.Status503ServiceUnavailable)).AllowAnonymous();

        app.MapGet("/health/ready", async (HttpContext context, Database database, LiveConfiguration live, TimeProvider time, ILogger<Database> log) =>
        {
            var (generation, _, wrong, waiting) = live.State;
            var mode = Wire.Name(generation.Options.Mode);
            try
            {
                // A real write: a disk that is full or read-only can still be read.
                await database.WriteAsync(session => session.ExecuteAsync("update channel set next_at = next_at where name = ''"));
                if (time is DatabaseTime { IsTrusted: false, Offset: var offset })
                    return Results.Json(new { status = $"the clock of this machine is {offset.TotalSeconds:0.0} s off the database's", mode }, statusCode: StatusCodes.Status503ServiceUnavailable);
                // Whether it is well is everybody's; how it is set up is not.
                if (!Permission.IsLocal(context) && Permission.RoleOf(context.User) is null)
                    return Results.Ok(new { status = "ready" });
                return Results.Ok(new { status = "ready", mode, version = SyndicateHost.Version, configuration = new { errors = wrong.Select(FaultView.Of), waiting = waiting.Select(w => w.ToString()) } });
            }
            catch (Exception exception)
            {
                log.LogError(exception, "The database cannot be written");
                return Results.Json(new { status = "the database cannot be written", mode }, statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        }).AllowAnonymous();

        app.MapGet("/metrics", async (LiveConfiguration live, Outbox outbox, AlertLog alerts, SubmissionDesk submissions, ReachLog reach) =>
            Results.Text(await Metrics.WriteAsync(live.Current.Options.Channels.Select(c => c.Name), outbox, alerts, submissions, reach), Metrics.ContentType));

        app.MapGet("/site.css", () => Resource("site.css", "text/css; charset=utf-8")).AllowAnonymous();
        app.MapGet("/overview.js", () => Resource("overview.js", "text/javascript; charset=utf-8")).AllowAnonymous();
        app.MapGet("/sjablonen.js", () => Resource("sjablonen.js", "text/javascript; charset=utf-8")).AllowAnonymous();
    }

    static IResult Resource(string name, string type) => Results.Stream(typeof(Endpoints).Assembly.GetManifestResourceStream(name)!, type);
}
