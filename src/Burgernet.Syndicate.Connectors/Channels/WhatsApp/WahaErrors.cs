using System.Text.Json;
using Burgernet.Syndicate.Connectors.Http;

namespace Burgernet.Syndicate.Connectors.Channels.WhatsApp;

/// <summary>
/// WAHA is a NestJS application: <c>{"statusCode":404,"message":"…","error":"Not Found"}</c>, where message may be a
/// list, and <c>{"error":"…","session":"…","status":"…","expected":["WORKING"]}</c> when the phone is not linked.
/// </summary>
static class WahaErrors
{
    public static PlatformErrors Table { get; } = new("WhatsApp", Read,
    [
        new(Verdict.Stopped, "de sessie werkt niet; koppel de telefoon opnieuw") { Text = "session status is not as expected" },
        new(Verdict.Stopped, "de sessie bestaat niet") { Status = 404, Text = "session \"" },
        new(Verdict.Stopped, "de API-sleutel wordt niet aangenomen") { Status = 401 },
        new(Verdict.Stopped, "de API-sleutel mag dit niet") { Status = 403 },
    ]);

    static PlatformError? Read(JsonElement body)
    {
        var message = body.At("message") is { ValueKind: JsonValueKind.Array } several
            ? string.Join("; ", several.Items().Select(JsonReading.Text))
            : body.Text("message");
        var error = body.Text("error");
        var isNest = body.Number("statusCode") is not null && (message ?? error) is not null;
        var isSession = error is not null && body.Text("session") is not null && body.Text("status") is not null;
        if (!isNest && !isSession)
            return null;

        return new PlatformError
        {
            Text = string.Join(": ", new[] { error, message, isSession ? body.Text("status") : null }.Where(part => part is not null)),
        };
    }
}
