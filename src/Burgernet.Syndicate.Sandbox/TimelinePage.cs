using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>What a visitor would see: the timelines side by side, and every post on a page of its own.</summary>
internal sealed partial class TimelinePage(SandboxOptions options, SandboxHost host, Images images)
{
    const int PostsShown = 60;
    const int MessagesShownPerChat = 20;
    const int RefreshSeconds = 5;

    static readonly CultureInfo Dutch = CultureInfo.GetCultureInfo("nl-NL");
    static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context => SendAsync(context, 200, "Zandbak", Overview(), refresh: true));
        routes.MapGet("/i/web/status/{id}", context => SendPostAsync(context, SandboxPlatform.X, post => post.Id == Value(context, "id")));
        routes.MapGet("/{user}/status/{id}", context => SendPostAsync(context, SandboxPlatform.X, post => post.Id == Value(context, "id")));
        routes.MapGet("/{page}/posts/{id}", context => SendPostAsync(context, SandboxPlatform.Facebook,
            post => post.Published && post.Id == $"{Value(context, "page")}_{Value(context, "id")}"));
        routes.MapGet("/sandbox/images/{id}", SendImageAsync);
    }

    Task SendPostAsync(HttpContext context, SandboxPlatform platform, Func<SandboxPost, bool> isAsked)
    {
        var post = host.Posts(platform).FirstOrDefault(isAsked);
        return post switch
        {
            null => SendAsync(context, 404, "Niet gevonden", "<main class=\"single\"><p class=\"empty\">Dit bericht bestaat niet.</p></main>"),
            { Deleted: true } => SendAsync(context, 404, "Verwijderd", "<main class=\"single\"><p class=\"empty\">Dit bericht is verwijderd.</p></main>"),
            _ => SendAsync(context, 200, "Bericht", $"<main class=\"single\">{(platform == SandboxPlatform.X ? Tweet(post) : PagePost(post))}<p><a href=\"/\">Alle tijdlijnen</a></p></main>"),
        };
    }

    async Task SendImageAsync(HttpContext context)
    {
        if (images.Find(Value(context, "id")) is not { ContentType: { } type } image)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = type;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "private, max-age=3600";
        await context.Response.Body.WriteAsync(image.Bytes, context.RequestAborted);
    }

    static Task SendAsync(HttpContext context, int status, string title, string body, bool refresh = false)
    {
        var page = $"""
            <!DOCTYPE html>
            <html lang="nl">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            {(refresh ? $"<meta http-equiv=\"refresh\" content=\"{RefreshSeconds}\">" : "")}
            <title>{title} · Burgernet</title>
            <style>{Style}</style>
            </head>
            <body>
            <header class="banner"><h1>Zandbak: niets hiervan is echt</h1><p>Verzonnen berichten op nagebootste platforms</p></header>
            {body}
            </body>
            </html>
            """;
        return Answer.Html(status, page)
            .With("Content-Security-Policy", Policy)
            .With("Referrer-Policy", "no-referrer")
            .With("Cache-Control", "no-store")
            .WriteAsync(context);
    }

    string Overview()
    {
        var x = host.Posts(SandboxPlatform.X).Reverse().ToList();
        var facebook = host.Posts(SandboxPlatform.Facebook).Reverse().ToList();
        var whatsapp = host.Posts(SandboxPlatform.WhatsApp);
        var chats = whatsapp.GroupBy(post => post.ChatId!).OrderByDescending(chat => chat.Max(post => post.At)).Take(PostsShown).ToList();
        var faults = host.Faults.Pending;

        return $"""
            {(faults.Count == 0 ? "" : $"<p class=\"faults\">{(faults.Count == 1 ? "Er staat 1 storing klaar" : $"Er staan {faults.Count} storingen klaar")}: {Encode(string.Join(", ", faults.Take(8).Select(InWords)))}{(faults.Count > 8 ? ", …" : "")}</p>")}
            <nav aria-label="Platforms"><a href="#x">X</a><a href="#facebook">Facebook</a><a href="#whatsapp">WhatsApp</a></nav>
            <main class="timelines">
            <section class="x" aria-labelledby="x"><h2 id="x">X <span>{Count(x.Count)}</span></h2>
            {Joined(x.Take(PostsShown).Select(Tweet))}</section>
            <section class="facebook" aria-labelledby="facebook"><h2 id="facebook">Facebook <span>{Count(facebook.Count)}</span></h2>
            {Joined(facebook.Take(PostsShown).Select(PagePost))}</section>
            <section class="whatsapp" aria-labelledby="whatsapp"><h2 id="whatsapp">WhatsApp <span>{Count(whatsapp.Count)}</span></h2>
            {Joined(chats.Select(chat => Chat(chat.Key, [.. chat])))}</section>
            </main>
            <footer>Ververst elke {RefreshSeconds} seconden. Laatst: {Moment(options.TimeProvider.GetUtcNow())}.</footer>
            """;
    }

    string Tweet(SandboxPost post)
    {
        var answered = post.ReplyTo is null ? null : host.Posts(SandboxPlatform.X).FirstOrDefault(other => other.Id == post.ReplyTo);
        return $"""
            <article class="card{Gone(post)}">
            <header><b class="face" aria-hidden="true">B</b><div><strong>{Encode(XPlatform.DisplayName)}</strong><br>@{XPlatform.UserName} · <a href="/i/web/status/{Encode(post.Id)}">{Moment(post.At)}</a></div></header>
            {(answered is null ? "" : $"<p class=\"quote\">In antwoord op: {Encode(Short(answered.Text))}</p>")}
            <p class="text">{Encode(post.Text)}</p>
            {Pictures(post)}{Marks(post)}
            </article>
            """;
    }

    string PagePost(SandboxPost post) => $"""
        <article class="card{Gone(post)}">
        <header><b class="face" aria-hidden="true">P</b><div><strong>{Encode(GraphPlatform.PageName)}</strong><br><a href="/{Encode(post.Id.Replace("_", "/posts/", StringComparison.Ordinal))}">{Moment(post.At)}</a>{(post.Published ? "" : " · niet gepubliceerd")}</div></header>
        <p class="text">{Encode(post.Text)}</p>
        {(string.IsNullOrEmpty(post.Link) ? "" : $"<p class=\"link\">{Encode(post.Link)}</p>")}
        {Pictures(post)}{Marks(post)}
        </article>
        """;

    string Chat(string chatId, List<SandboxPost> messages)
    {
        var named = options.ChatNames.TryGetValue(chatId, out var name);
        return $"""
            <article class="chat"><h3>{Encode(name ?? chatId)}{(named ? $" <small>{Encode(chatId)}</small>" : "")}</h3>
            {Joined(messages.TakeLast(MessagesShownPerChat).Select(message => Bubble(message, messages)))}</article>
            """;
    }

    string Bubble(SandboxPost message, List<SandboxPost> chat)
    {
        var quoted = chat.Find(other => other.Id == message.ReplyTo);
        return $"""
            <div class="bubble{Gone(message)}">
            {(message.ReplyTo is null ? "" : $"<p class=\"quote\">{WithBold(Encode(quoted is null ? "Eerder bericht" : Short(quoted.Text)))}</p>")}
            {Pictures(message)}<p class="text">{WithBold(Encode(message.Text))}</p>
            {Marks(message)}<p class="time">{Moment(message.At)}</p>
            </div>
            """;
    }

    string Pictures(SandboxPost post) => post.Deleted ? "" : Joined(post.Images.Select(id => images.Find(id) is { ContentType: not null } image
        ? $"<img src=\"/sandbox/images/{Encode(id)}\" alt=\"{Encode(image.AltText ?? "")}\">"
        : "<p class=\"link\">Afbeelding</p>"));

    static string Marks(SandboxPost post) =>
        (post.Deleted ? "<p class=\"mark\">verwijderd</p>" : "")
        + (post.Edited ? $"<p class=\"mark\">bewerkt</p>{Joined(post.EarlierTexts.Reverse().Select(text => $"<p class=\"text earlier\">{Encode($"Eerder: {text}")}</p>"))}" : "");

    static string Gone(SandboxPost post) => post.Deleted ? " gone" : "";

    static string Joined(IEnumerable<string> parts) => string.Join('\n', parts);

    static string Count(int number) => number == 1 ? "1 bericht" : string.Create(Dutch, $"{number} berichten");

    static string InWords(PlannedFault fault) =>
        $"{fault.Platform} {JsonNamingPolicy.KebabCaseLower.ConvertName(fault.Fault.ToString())}";

    static string Moment(DateTimeOffset at) => DutchTime.Local(at).ToString("d MMM HH:mm:ss", Dutch);

    static string Short(string text)
    {
        var runes = text.EnumerateRunes().ToList();
        return runes.Count <= 90 ? text : $"{string.Concat(runes.Take(89))}…";
    }

    /// <summary>WhatsApp shows *words* between asterisks in bold.</summary>
    static string WithBold(string encoded) => Bold().Replace(encoded, "<strong>$1</strong>");

    [GeneratedRegex(@"(?<![\w*])\*(\S(?:[^*\n]*[^\s*])?)\*(?![\w*])")]
    private static partial Regex Bold();

    static string Encode(string text) => Encoder.Encode(text);

    static string Value(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;

    const string Style = """
        :root { color-scheme: light; --ink: #16202c; --soft: #55616f; --line: #d6dde5; --ground: #eef1f4; }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
        .banner { position: sticky; top: 0; z-index: 1; padding: .6rem 1rem; background: #ffd84d; color: #241c00; text-align: center; }
        .banner h1 { margin: 0; font-size: 1rem; }
        .banner p { display: none; margin: 0 0 0 .6rem; }
        nav { display: flex; justify-content: center; gap: 1.5rem; padding: .7rem 1rem 0; }
        .faults { margin: 0; padding: .5rem 1rem; background: #fbe3e0; color: #6e140a; text-align: center; overflow-wrap: anywhere; }
        .timelines { display: grid; gap: 1rem; padding: 1rem; max-width: 90rem; margin: 0 auto; }
        .single { max-width: 36rem; margin: 0 auto; padding: 1rem; }
        section { min-width: 0; }
        h2 { scroll-margin-top: 3.5rem; display: flex; align-items: baseline; justify-content: space-between; margin: 0 0 .75rem; padding: 0 0 .3rem; border-bottom: 3px solid var(--ink); font-size: 1.2rem; }
        h2 span { color: var(--soft); font-size: .85rem; font-weight: 400; }
        .facebook h2 { border-color: #1461c9; }
        .whatsapp h2 { border-color: #128c50; }
        section:not(:has(article))::after { content: "Nog geen berichten."; }
        section::after, .empty { color: var(--soft); }
        .card, .chat { margin: 0 0 .75rem; padding: .9rem; background: #fff; border: 1px solid var(--line); border-radius: .75rem; }
        .card header { display: flex; gap: .6rem; font-size: .85rem; line-height: 1.3; color: var(--soft); }
        .card header strong { color: var(--ink); font-size: .95rem; }
        .face { flex: none; display: grid; place-items: center; width: 2.4rem; height: 2.4rem; border-radius: 50%; background: var(--ink); color: #fff; }
        .facebook .face { background: #1461c9; }
        a { color: #0b55b3; }
        .text { margin: .6rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
        .quote { margin: .6rem 0 0; padding: .35rem .6rem; border-left: 3px solid #8a99ad; background: #f1f4f7; font-size: .85rem; color: var(--soft); overflow-wrap: anywhere; }
        .link { margin: .6rem 0 0; padding: .5rem .7rem; border: 1px solid var(--line); border-radius: .5rem; font-size: .85rem; overflow-wrap: anywhere; }
        .mark { display: inline-block; margin: .6rem .4rem 0 0; padding: .05rem .5rem; border-radius: 1rem; background: #fff0b8; color: #4d3b00; font-size: .8rem; }
        .earlier { padding-left: .7rem; border-left: 3px solid #e4c65a; color: var(--soft); font-size: .85rem; }
        .timelines .earlier { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; }
        .gone > .text { color: var(--soft); text-decoration: line-through; }
        .gone > .mark { background: #fbe3e0; color: #6e140a; }
        img { display: block; max-width: 100%; max-height: 12rem; margin: .6rem 0 0; border-radius: .5rem; }
        .chat { background: #efe9e0; border-color: #ddd3c4; }
        .chat h3 { margin: 0 0 .5rem; font-size: 1rem; overflow-wrap: anywhere; }
        .chat small { color: var(--soft); font-weight: 400; }
        .bubble { width: fit-content; max-width: 95%; margin: 0 0 .5rem auto; padding: .45rem .7rem .3rem; background: #dcf8c9; border-radius: .7rem .1rem .7rem .7rem; }
        .bubble .text { margin-top: .1rem; }
        .bubble .quote { margin: 0 0 .3rem; border-color: #128c50; background: #cbeeb4; color: #2c4a1c; }
        .bubble .time { margin: .1rem 0 0; text-align: right; font-size: .75rem; color: #4a5f3d; }
        footer { padding: 0 1rem 1.5rem; text-align: center; color: var(--soft); font-size: .85rem; }
        @media (min-width: 60rem) { .banner h1, .banner p { display: inline; } nav { display: none; } .timelines { grid-template-columns: repeat(3, minmax(0, 1fr)); align-items: start; } }
        """;
}
