using System.Text.Json;
using Burgernet.Syndicate.Connectors.Http;

namespace Burgernet.Syndicate.Connectors.Channels.X;

/// <summary>
/// X speaks of failure in two ways: <c>{"title","detail","type","status"}</c>, where only the last segment of the type
/// is to be relied upon (the host in front of it changed), and the older <c>{"errors":[{"code","message"}]}</c>.
/// </summary>
static class XErrors
{
    public static PlatformErrors Table { get; } = new("X", Read,
    [
        // Positive evidence: an earlier attempt, or the same words by hand, may have made it.
        new(Verdict.Duplicate, "X has these words already") { Text = "duplicate content" },
        new(Verdict.Duplicate, "X has these words already") { Code = 187 },

        new(Verdict.ReplyRefused, "the reply was refused") { Text = "reply to this conversation is not allowed" },
        new(Verdict.ReplyRefused, "the reply was refused") { Text = "reply to a tweet that is deleted or not visible" },

        new(Verdict.Stopped, "the credits are used up") { Type = "credits" },
        new(Verdict.Stopped, "the credits are used up") { Status = 402 },
        new(Verdict.Stopped, "the usage cap is reached") { Type = "usage-capped" },
        new(Verdict.Stopped, "the usage cap is reached") { Text = "UsageCap" },

        new(Verdict.Stopped, "the app may only read; grant write and make a new access token") { Type = "oauth1-permissions" },
        new(Verdict.Stopped, "the app's kind of access does not allow this") { Type = "unsupported-authentication" },
        new(Verdict.Stopped, "the app is not in a project with access") { Type = "client-not-enrolled" },
        new(Verdict.Stopped, "the app is barred") { Type = "client-forbidden" },
        new(Verdict.Stopped, "the account is suspended") { Type = "suspended" },
        new(Verdict.Stopped, "the account is suspended") { Code = 64 },
        new(Verdict.Stopped, "the account is locked; log in and unlock it") { Code = 326 },
        new(Verdict.Stopped, "X takes the account for a spammer") { Code = 226 },
        new(Verdict.Stopped, "the keys are not accepted") { Code = 32 },
        new(Verdict.Stopped, "the access token is invalid or withdrawn") { Code = 89 },
        new(Verdict.Stopped, "the keys are not accepted") { Status = 401 },

        new(Verdict.Throttled, "rate limit") { Code = 88 },
        new(Verdict.Throttled, "the account's posts for today are used up") { Code = 185 },

        // X says no more than "not permitted": too long, taken for spam, or a feature the account lacks.
        new(Verdict.Rejected, "refused: too long, taken for spam, or not allowed to this account") { Status = 403 },
    ]);

    static PlatformError? Read(JsonElement body)
    {
        var legacy = body.At("errors").Items().FirstOrDefault(error => error.Number("code") is not null);
        var title = body.Text("title");
        var detail = body.Text("detail");
        var type = body.Text("type");
        if (title is null && detail is null && type is null && legacy.ValueKind == JsonValueKind.Undefined)
            return null;

        return new PlatformError
        {
            Type = type?[(type.LastIndexOf('/') + 1)..],
            Code = legacy.Number("code"),
            Text = string.Join(": ", new[] { title, detail, legacy.Text("message") }.Where(part => part is not null)),
        };
    }
}
