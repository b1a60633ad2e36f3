using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>What a platform says, made before it is sent, so that a fault can still put something else in its place.</summary>
internal sealed record Answer(int Status, string? Body = null, string ContentType = "application/json; charset=utf-8")
{
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>No answer: the connection is broken off.</summary>
    public static readonly Answer Cut = new(0);

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public bool IsSuccess => Status is >= 200 and < 300;

    public static Answer Json(int status, JsonNode body) => new(status, body.ToJsonString(Readable));

    public static Answer Html(int status, string body) => new(status, body, "text/html; charset=utf-8");

    public Answer With(string name, string value) =>
        this with { Headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase) { [name] = value } };

    public Answer With(string name, long value) => With(name, value.ToString(CultureInfo.InvariantCulture));

    public async Task WriteAsync(HttpContext context)
    {
        if (ReferenceEquals(this, Cut))
        {
            context.Abort();
            return;
        }

        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.XContentTypeOptions = "nosniff";
        foreach (var (name, value) in Headers) response.Headers[name] = value;
        if (Body is null) return;
        response.ContentType = ContentType;
        await response.WriteAsync(Body, context.RequestAborted);
    }
}

/// <summary>A request body that should be a JSON object.</summary>
internal static class RequestJson
{
    /// <summary>The object, or null when the body is something else.</summary>
    public static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        try
        {
            var node = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            if (node is not JsonObject body) return null;
            // Duplicate names are only found on first access; a caller's mistake must not look like a crash here.
            _ = body.Count;
            return body;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return null;
        }
    }

    public static string? Text(this JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
