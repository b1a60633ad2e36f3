using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Sources.Folder;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Burgernet.Syndicate.Connectors.Sources.Webhook;

/// <summary>
/// <c>POST /api/alerts</c> on an address of its own: one alert in the project's own format (<c>docs/alert.schema.json</c>),
/// signed as <see cref="StandardWebhook"/> says. 202 means that it is on disk, also when it is of no use; the body says what
/// came of it. 401 says no more than that; 503 asks to come back.
/// </summary>
sealed class WebhookListener : IAlertListener
{
    public const string Path = "/api/alerts";

    // A message is a few kilobytes.
    const int LargestBody = 256 * 1024;

    static readonly TimeSpan WholeBody = TimeSpan.FromSeconds(15);

    readonly SourceOptions _options;
    readonly SourceServices _services;
    readonly Func<PushedAlert, Task<IntakeResult>> _take;
    readonly IReadOnlyList<Secret> _secrets;
    readonly ILogger _log;
    readonly WebApplication _app;

    public WebhookListener(SourceOptions options, SourceServices services, Func<PushedAlert, Task<IntakeResult>> take)
    {
        (_options, _services, _take, _log) = (options, services, take, services.Logs.CreateLogger<WebhookListener>());
        _secrets = [.. new[] { options.Secret, options.NextSecret }.OfType<Secret>()];

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(options.Listen!.AbsoluteUri);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
            kestrel.Limits.MaxConcurrentConnections = 200;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        _app = builder.Build();
        _app.MapPost(Path, AnswerAsync);
    }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        _log.LogInformation("Source {Source} listens on {Address}", _options.Name, new Uri(Address, Path));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsJson(request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (await ReadAsync(context) is not { } body)
            return;

        var now = _services.Time.GetUtcNow();
        var id = Only(request, StandardWebhook.IdHeader);
        if (!StandardWebhook.Verify(_secrets, id, Only(request, StandardWebhook.TimestampHeader), Only(request, StandardWebhook.SignatureHeader), body, now))
        {
            _log.LogWarning("Source {Source}: a push from {Address} was not signed as it must be", _options.Name, context.Connection.RemoteIpAddress);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            var (pushed, errors) = Understand(id!, body, new FeedContext(_options.Name, now, _options.Test));
            var result = await _take(pushed);
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.WriteAsJsonAsync(new WebhookAnswer(JsonNamingPolicy.CamelCase.ConvertName(result.Outcome.ToString()), result.AlertId, result.Reason, errors.Count > 0 ? errors : null), WebhookAnswer.Json);
        }
        catch (Exception exception)
        {
            _log.LogError(exception, "Source {Source}: a push could not be stored; its sender is asked to come back", _options.Name);
            AskAgain(context);
        }
    }

    static void AskAgain(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "5";
    }

    // Signed, so it comes from who may; what cannot be understood of it is kept and a person is told.
    internal static (PushedAlert Pushed, IReadOnlyList<string> Errors) Understand(string id, byte[] body, FeedContext source)
    {
        IReadOnlyList<string> errors;
        try
        {
            using var document = FeedJson.Parse(body);
            (var alert, errors) = OwnFormat.Read(document.RootElement, source);
            if (alert is not null)
                return (new PushedAlert(source.Source, id, alert), []);
        }
        catch (SourceException exception)
        {
            errors = [exception.Message.Replace("het antwoord", "het bericht", StringComparison.Ordinal)];
        }

        return (new PushedAlert(source.Source, id, null, new SourceFault(id, string.Join("; ", errors), Encoding.UTF8.GetString(body))), errors);
    }

    /// <summary>The raw bytes, as they were signed; null, and answered, when they are too many or too slow.</summary>
    async Task<byte[]?> ReadAsync(HttpContext context)
    {
        using var late = new CancellationTokenSource(WholeBody, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, either.Token);
            return body.ToArray();
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            _log.LogWarning("Source {Source}: a push from {Address} did not come in whole ({Reason}); its sender is asked to come back", _options.Name, context.Connection.RemoteIpAddress, exception.Message);
            AskAgain(context);
        }

        return null;
    }

    static bool IsJson(string? contentType) =>
        System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType is { } media && media.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    // Twice the same header: two readers could each take another one.
    static string? Only(HttpRequest request, string name) => request.Headers.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;
}

/// <summary>What came of a push.</summary>
/// <param name="Outcome"><c>accepted</c>, <c>known</c>, <c>stored</c>, <c>confirmed</c>, <c>ignored</c> or <c>quarantined</c>.</param>
/// <param name="AlertId">Our id of the alert.</param>
/// <param name="Reason">Why nothing is posted of it.</param>
/// <param name="Errors">All that is wrong with a message that could not be understood.</param>
public sealed record WebhookAnswer(string Outcome, string? AlertId, string? Reason, IReadOnlyList<string>? Errors)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
}
