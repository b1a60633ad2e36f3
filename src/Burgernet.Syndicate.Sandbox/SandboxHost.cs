using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>The platforms and a Burgernet feed, in memory, on one port of this computer.</summary>
public sealed class SandboxHost : IAsyncDisposable
{
    const long LargestRequest = 16 * 1024 * 1024;

    readonly WebApplication application;
    readonly Dictionary<SandboxPlatform, Timeline> timelines;
    readonly BurgernetFeed feed;

    SandboxHost(SandboxOptions options)
    {
        Credentials = options.Credentials;
        timelines = new()
        {
            [SandboxPlatform.X] = Line(),
            [SandboxPlatform.Facebook] = Line(),
            [SandboxPlatform.WhatsApp] = Line(),
        };
        Timeline Line() => new(options.PostsKept, options.TimeProvider, options.Lies);
        var (images, ids, gate) = (new Images(), new Ids(options.TimeProvider), new FaultGate(Faults, options.TimeProvider, options.Lies));
        feed = new BurgernetFeed(options, () => Address);
        application = Build(options.Port);

        application.Use(TellWhatBrokeAsync);
        application.Use((context, next) =>
        {
            context.Response.Headers.Date = options.TimeProvider.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
            return next(context);
        });
        application.UseRouting();
        new XPlatform(options, timelines[SandboxPlatform.X], images, ids).Map(application, gate);
        new GraphPlatform(options, timelines[SandboxPlatform.Facebook], images, ids, () => Address).Map(application, gate);
        new WahaPlatform(options, timelines[SandboxPlatform.WhatsApp], images).Map(application, gate);
        feed.Map(application, gate);
        new TimelinePage(options, this, images).Map(application);
        MapControls(application);
    }

    /// <summary>Where it listens; always on 127.0.0.1.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The keys that it accepts.</summary>
    public SandboxCredentials Credentials { get; }

    /// <summary>What is about to go wrong.</summary>
    public SandboxFaults Faults { get; } = new();

    /// <summary>Starts a sandbox.</summary>
    public static async Task<SandboxHost> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var host = new SandboxHost(options);
        try
        {
            await host.application.StartAsync(cancellationToken);
            var addresses = host.application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
            host.Address = new Uri(addresses.Addresses.Single());
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The posts of a platform, oldest first, the deleted ones too.</summary>
    public IReadOnlyList<SandboxPost> Posts(SandboxPlatform platform) =>
        timelines.TryGetValue(platform, out var timeline) ? timeline.Posts : [];

    /// <summary>Lets the actions feed say exactly this instead of its scenario; null gives the scenario back.</summary>
    public void ServeActions(string? json) => feed.ServeActions(json);

    /// <summary>Lets the landactiehost feed say exactly this instead of its scenario; null gives the scenario back.</summary>
    public void ServeAlerts(string? json) => feed.ServeAlerts(json);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => application.DisposeAsync();

    static WebApplication Build(int port)
    {
        // Empty, so that no setting, argument or variable of the surrounding process reaches this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddRoutingCore().Configure<RouteOptions>(routing => routing.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        builder.Services.AddSingleton<IHostLifetime, LifetimeOfItsOwner>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }

    static async Task TellWhatBrokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller did not wait for the end.
        }
        catch (Exception error) when (!context.Response.HasStarted && error is not BadHttpRequestException)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsync($"The sandbox itself failed: {error}");
        }
    }

    void MapControls(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox/posts", context => Answer.Json(200, new JsonObject
        {
            ["x"] = Describe(SandboxPlatform.X),
            ["facebook"] = Describe(SandboxPlatform.Facebook),
            ["whatsapp"] = Describe(SandboxPlatform.WhatsApp),
        }).WriteAsync(context));
        routes.MapGet("/sandbox/faults", context => Answer.Json(200, new JsonArray([.. Faults.Pending.Select(Describe)])).WriteAsync(context));
        routes.MapPost("/sandbox/faults", async context => await (await AddFaultAsync(context)).WriteAsync(context));
        routes.MapDelete("/sandbox/faults", context =>
        {
            Faults.Clear();
            return new Answer(204).WriteAsync(context);
        });
    }

    async Task<Answer> AddFaultAsync(HttpContext context)
    {
        // A page elsewhere can make a browser send a form to this port, but no JSON.
        if (!context.Request.HasJsonContentType())
            return Wrong("Send application/json.");
        if (await RequestJson.ReadAsync(context) is not { } body)
            return Wrong("Send a JSON object.");
        if (!Named(body.Text("platform"), out SandboxPlatform platform))
            return Wrong("platform: x, facebook, whatsapp or feed");
        if (!Named(body.Text("fault"), out SandboxFault fault))
            return Wrong($"fault: {string.Join(", ", Enum.GetNames<SandboxFault>().Select(JsonNamingPolicy.KebabCaseLower.ConvertName))}");
        var operation = default(SandboxOperation);
        if (body["on"] is not null && !Named(body.Text("on"), out operation))
            return Wrong("on: create, edit, delete, read or upload");
        if (!Number(body, "times", out var times) || !Number(body, "seconds", out var seconds) || seconds is < 0 or > 86400)
            return Wrong("times and seconds: numbers");

        try
        {
            Faults.Add(platform, fault, (int)(times ?? 1), seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, body["on"] is null ? null : operation);
            return new Answer(204);
        }
        catch (ArgumentException error)
        {
            return Wrong(error.Message);
        }
    }

    static Answer Wrong(string message) => Answer.Json(400, new JsonObject { ["error"] = message });

    static bool Named<T>(string? text, out T value) where T : struct, Enum
    {
        value = default;
        return text is [>= 'a' and <= 'z', ..] && Enum.TryParse(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out value);
    }

    static bool Number(JsonObject body, string name, out double? number)
    {
        number = null;
        if (body[name] is not { } node) return true;
        if (node is not JsonValue value || !value.TryGetValue(out double given)) return false;
        number = given;
        return true;
    }

    static JsonNode Describe(PlannedFault fault) => new JsonObject
    {
        ["platform"] = JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Platform.ToString()).Replace("-", "", StringComparison.Ordinal),
        ["fault"] = JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Fault.ToString()),
        ["on"] = JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Operation.ToString()),
        ["seconds"] = fault.Wait.TotalSeconds,
    };

    JsonArray Describe(SandboxPlatform platform) => new([.. Posts(platform).Select(post => new JsonObject
    {
        ["id"] = post.Id,
        ["text"] = post.Text,
        ["at"] = post.At.ToString("O"),
        ["replyTo"] = post.ReplyTo,
        ["chatId"] = post.ChatId,
        ["link"] = post.Link,
        ["images"] = new JsonArray([.. post.Images.Select(image => (JsonNode)image)]),
        ["published"] = post.Published,
        ["deleted"] = post.Deleted,
        ["edited"] = post.Edited,
        ["earlierTexts"] = new JsonArray([.. post.EarlierTexts.Select(text => (JsonNode)text)]),
    })]);

    /// <summary>The owner starts and stops it; the console's signals are for the owner alone.</summary>
    sealed class LifetimeOfItsOwner : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
