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
        new(Verdict.Duplicate, "X heeft deze tekst al") { Text = "duplicate content" },
        new(Verdict.Duplicate, "X heeft deze tekst al") { Code = 187 },

        new(Verdict.ReplyRefused, "het antwoord onder een bericht is geweigerd") { Text = "reply to this conversation is not allowed" },
        new(Verdict.ReplyRefused, "het antwoord onder een bericht is geweigerd") { Text = "reply to a tweet that is deleted or not visible" },

        new(Verdict.Stopped, "het tegoed is op") { Type = "credits" },
        new(Verdict.Stopped, "het tegoed is op") { Status = 402 },
        new(Verdict.Stopped, "de gebruiksgrens is bereikt") { Type = "usage-capped" },
        new(Verdict.Stopped, "de gebruiksgrens is bereikt") { Text = "UsageCap" },

        new(Verdict.Stopped, "de app mag alleen lezen; geef hem schrijfrechten en maak een nieuw toegangstoken") { Type = "oauth1-permissions" },
        new(Verdict.Stopped, "met dit soort toegang mag de app dit niet") { Type = "unsupported-authentication" },
        new(Verdict.Stopped, "de app hoort niet bij een project met toegang") { Type = "client-not-enrolled" },
        new(Verdict.Stopped, "de app is uitgesloten") { Type = "client-forbidden" },
        new(Verdict.Stopped, "het account is geschorst") { Type = "suspended" },
        new(Verdict.Stopped, "het account is geschorst") { Code = 64 },
        new(Verdict.Stopped, "het account is vergrendeld; log in en ontgrendel het") { Code = 326 },
        new(Verdict.Stopped, "X ziet het account aan voor een spammer") { Code = 226 },
        new(Verdict.Stopped, "de sleutels worden niet aangenomen") { Code = 32 },
        new(Verdict.Stopped, "het toegangstoken is ongeldig of ingetrokken") { Code = 89 },
        new(Verdict.Stopped, "de sleutels worden niet aangenomen") { Status = 401 },

        new(Verdict.Throttled, "te veel verzoeken") { Code = 88 },
        new(Verdict.Throttled, "het account heeft vandaag genoeg berichten geplaatst") { Code = 185 },

        // X says no more than "not permitted": too long, taken for spam, or a feature the account lacks.
        new(Verdict.Rejected, "geweigerd: te lang, aangezien voor spam, of dit account mag het niet") { Status = 403 },
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
