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
        new(Verdict.Ambiguous, "onbekende fout") { Code = 1 },
        new(Verdict.Ambiguous, "Facebook is even niet bereikbaar") { Code = 2 },

        new(Verdict.Throttled, "de grens van de app is bereikt") { Code = 4 },
        new(Verdict.Throttled, "de grens van de gebruiker is bereikt") { Code = 17 },
        new(Verdict.Throttled, "de grens van de pagina is bereikt") { Code = 32 },
        new(Verdict.Throttled, "de grens van de app is bereikt") { Code = 341 },
        new(Verdict.Throttled, "een grens is bereikt") { Code = 613 },
        new(Verdict.Throttled, "de grens van de pagina is bereikt") { Codes = (80001, 80014) },
        new(Verdict.Throttled, "er is te snel achter elkaar geplaatst") { Subcode = 1390008 },

        // Positive evidence: an earlier attempt, or the same words by hand, may have made it.
        new(Verdict.Duplicate, "Facebook heeft deze tekst al") { Code = 506 },
        new(Verdict.Duplicate, "Facebook heeft deze tekst al") { Code = 368, Text = "already posted" },
        new(Verdict.Duplicate, "Facebook heeft deze foto's al") { Subcode = 1366051 },
        new(Verdict.Stopped, "de pagina is door een regel van Facebook tijdelijk geblokkeerd") { Code = 368 },

        new(Verdict.Stopped, "het toegangstoken is verlopen of ingetrokken") { Code = 190 },
        new(Verdict.Stopped, "de sessie is verlopen") { Code = 102 },
        new(Verdict.Stopped, "de pagina heeft toestemming nodig om te publiceren") { Subcode = 1404078 },
        new(Verdict.Stopped, "Facebook wil eerst weten wie u bent") { Subcode = 1404112 },
        new(Verdict.Stopped, "Facebook wil eerst weten wie u bent") { Subcode = 4854002 },

        new(Verdict.Ambiguous, "tijdelijke fout") { Subcode = 1363047 },
        new(Verdict.Ambiguous, "tijdelijke fout") { Subcode = 1609010 },
        new(Verdict.Rejected, "de foto is te groot") { Subcode = 1366046 },
        new(Verdict.Rejected, "lezers hebben deze tekst als kwetsend gemeld") { Subcode = 1346003 },
        new(Verdict.Rejected, "in strijd met de richtlijnen van Facebook") { Subcode = 1404102 },
        new(Verdict.Rejected, "een link naar Facebook mag niet") { Subcode = 1609008 },
        new(Verdict.Rejected, "de link is niet te lezen") { Code = 1609005 },
        new(Verdict.Rejected, "de link is ongeldig") { Subcode = 2061006 },

        new(Verdict.Stopped, "de app mag dit niet") { Code = 3 },
        new(Verdict.Stopped, "er ontbreekt een recht") { Code = 10 },
        new(Verdict.Stopped, "er ontbreekt een recht, of het token is niet van de pagina") { Codes = (200, 299) },
        new(Verdict.Rejected, "een gegeven klopt niet") { Code = 100 },
        new(Verdict.Stopped, "het toegangstoken wordt niet aangenomen") { Status = 401 },
    ]);

    /// <summary>The object is gone, or was never ours to see; Graph does not tell the two apart.</summary>
    public static bool SaysGone(PlatformAnswer answer) =>
        answer.Body.At("error") is var error
        && (error.Number("code") == 803 || (error.Number("code") == 100 && error.Number("error_subcode") == 33));

    /// <summary>This version of Graph does not know the metric, and will not tomorrow.</summary>
    public static bool SaysUnknownMetric(PlatformAnswer answer) =>
        answer.Body.At("error").Number("code") is 100 or 3001 && !SaysGone(answer);

    /// <summary>The token may not ask this; it may well ask other things.</summary>
    public static bool LacksRight(PlatformAnswer answer) => answer.Body.At("error").Number("code") is 10 or >= 200 and <= 299;

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
