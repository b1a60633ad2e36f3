using System.Text.Json;
using Burgernet.Syndicate.Connectors.Http;

namespace Burgernet.Syndicate.Connectors.Channels.Facebook;

/// <summary>
/// Graph puts everything in <c>{"error":{"code","error_subcode","message","fbtrace_id"}}</c> and means the code: the
/// HTTP status is 400 for a throttle, a dead token and a bad parameter alike.
/// </summary>
static class FacebookErrors
{
    public static PlatformErrors Table { get; } = new("Facebook", Read,
    [
        // "Please retry your request later", it says, while the post appears. Never believe it.
        new(Verdict.Ambiguous, "unknown error") { Code = 1 },
        new(Verdict.Ambiguous, "service temporarily unavailable") { Code = 2 },

        new(Verdict.Throttled, "the app's limit is reached") { Code = 4 },
        new(Verdict.Throttled, "the user's limit is reached") { Code = 17 },
        new(Verdict.Throttled, "the Page's limit is reached") { Code = 32 },
        new(Verdict.Throttled, "the app's limit is reached") { Code = 341 },
        new(Verdict.Throttled, "a limit is reached") { Code = 613 },
        new(Verdict.Throttled, "the Page's limit is reached") { Codes = (80001, 80014) },
        new(Verdict.Throttled, "posting too fast") { Subcode = 1390008 },

        // Positive evidence: an earlier attempt, or the same words by hand, may have made it.
        new(Verdict.Duplicate, "Facebook has these words already") { Code = 506 },
        new(Verdict.Duplicate, "Facebook has these words already") { Code = 368, Text = "already posted" },
        new(Verdict.Duplicate, "Facebook has these photos already") { Subcode = 1366051 },
        new(Verdict.Stopped, "the Page is blocked for a time by a rule of Facebook") { Code = 368 },

        new(Verdict.Stopped, "the access token is dead") { Code = 190 },
        new(Verdict.Stopped, "the session is dead") { Code = 102 },
        new(Verdict.Stopped, "the Page needs publishing authorization") { Subcode = 1404078 },
        new(Verdict.Stopped, "Facebook asks for an identity check") { Subcode = 1404112 },
        new(Verdict.Stopped, "Facebook asks for an identity check") { Subcode = 4854002 },

        new(Verdict.Ambiguous, "temporary error") { Subcode = 1363047 },
        new(Verdict.Ambiguous, "temporary error") { Subcode = 1609010 },
        new(Verdict.Rejected, "the photo is too big") { Subcode = 1366046 },
        new(Verdict.Rejected, "readers have reported these words as abusive") { Subcode = 1346003 },
        new(Verdict.Rejected, "against the community standards") { Subcode = 1404102 },
        new(Verdict.Rejected, "a link to Facebook is not allowed") { Subcode = 1609008 },
        new(Verdict.Rejected, "the link cannot be read") { Code = 1609005 },
        new(Verdict.Rejected, "the link is invalid") { Subcode = 2061006 },

        new(Verdict.Stopped, "the app may not do this") { Code = 3 },
        new(Verdict.Stopped, "a permission is missing") { Code = 10 },
        new(Verdict.Stopped, "a permission is missing, or the token is not the Page's") { Codes = (200, 299) },
        new(Verdict.Rejected, "a parameter is wrong") { Code = 100 },
        new(Verdict.Stopped, "the access token is not accepted") { Status = 401 },
    ]);

    /// <summary>The object is gone, or was never ours to see; Graph does not tell the two apart.</summary>
    public static bool SaysGone(PlatformAnswer answer) =>
        answer.Body.At("error") is var error
        && (error.Number("code") == 803 || (error.Number("code") == 100 && error.Number("error_subcode") == 33));

    /// <summary>This version of Graph does not know the metric, and will not tomorrow.</summary>
    public static bool SaysUnknownMetric(PlatformAnswer answer) =>
        answer.Body.At("error").Number("code") is 100 or 3001 && !SaysGone(answer);

    static PlatformError? Read(JsonElement body)
    {
        var error = body.At("error");
        return error.Number("code") is { } code
            ? new PlatformError
            {
                Type = error.Text("type"),
                Code = code,
                Subcode = error.Number("error_subcode"),
                Text = error.Text("message") ?? "",
                Trace = error.Text("fbtrace_id"),
            }
            : null;
    }
}
