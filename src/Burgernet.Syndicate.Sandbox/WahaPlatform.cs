using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>WhatsApp behind a WAHA server with one linked number.</summary>
internal sealed partial class WahaPlatform(SandboxOptions options, Timeline timeline, Images images) : IPlatform
{
    const string OwnNumber = "31600000000@c.us";

    readonly TimeProvider time = options.TimeProvider;
    readonly WhatsAppCredentials credentials = options.Credentials.WhatsApp;

    public SandboxPlatform Name => SandboxPlatform.WhatsApp;

    public void Map(IEndpointRouteBuilder routes, FaultGate gate)
    {
        RequestDelegate Call(SandboxOperation operation, Func<HttpContext, Task<Answer>> handle) => gate.Guard(this, operation, context => AuthorisedAsync(context, handle));

        routes.MapPost("/api/sendText", Call(SandboxOperation.Create, SendTextAsync));
        routes.MapPost("/api/sendImage", Call(SandboxOperation.Create, SendImageAsync));
        routes.MapGet("/api/sessions/{session}", Call(SandboxOperation.Read, context => Task.FromResult(Session())));
        routes.MapGet("/api/{session}/new-message-id", Call(SandboxOperation.Read, context => Task.FromResult(
            Answer.Json(200, new JsonObject { ["id"] = NewKey() }))));
        const string messages = "/api/{session}/chats/{chatId}/messages";
        routes.MapGet(messages, Call(SandboxOperation.Read, context => Task.FromResult(History(context))));
        routes.MapGet(messages + "/{messageId}", Call(SandboxOperation.Read, context => Task.FromResult(
            Find(context) is { } post ? Answer.Json(200, Describe(post)) : Missing())));
        routes.MapGet("/api/{session}/groups/{chatId}/participants/v2", Call(SandboxOperation.Read, context => Task.FromResult(Participants((string)context.Request.RouteValues["chatId"]!))));
        routes.MapPut(messages + "/{messageId}", Call(SandboxOperation.Edit, EditAsync));
        routes.MapDelete(messages + "/{messageId}", Call(SandboxOperation.Delete, context => Task.FromResult(
            Find(context) is { } post && timeline.Delete(post.Id) ? new Answer(200) : Missing())));
        routes.MapGet("/ping", context => Answer.Json(200, new JsonObject { ["message"] = "pong" }).WriteAsync(context));
    }

    public Answer Refusal(PlannedFault fault) => fault.Fault switch
    {
        SandboxFault.RateLimit => Error(429, "rate-overlimit", "Too Many Requests").With("Retry-After", (long)Math.Ceiling(fault.Wait.TotalSeconds)),
        SandboxFault.ExpiredToken => Unauthorized(),
        _ => Error(500, "Internal server error"),
    };

    async Task<Answer> AuthorisedAsync(HttpContext context, Func<HttpContext, Task<Answer>> handle)
    {
        var given = Encoding.UTF8.GetBytes(context.Request.Headers["X-Api-Key"].ToString());
        if (!CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(credentials.ApiKey)))
            return Unauthorized();
        if (context.Request.RouteValues["session"] is string session && session != credentials.Session)
            return Error(404, "Session not found", "Not Found");
        return await handle(context);
    }

    async Task<Answer> SendTextAsync(HttpContext context)
    {
        if (await RequestJson.ReadAsync(context) is not { } body) return Error(400, "Unexpected token in JSON", "Bad Request");
        if (Refuse(body) is { } refusal) return refusal;
        if (body.Text("text") is not { Length: > 0 } text) return Error(400, "text should not be empty", "Bad Request");
        return Send(body, text, []);
    }

    async Task<Answer> SendImageAsync(HttpContext context)
    {
        if (await RequestJson.ReadAsync(context) is not { } body) return Error(400, "Unexpected token in JSON", "Bad Request");
        if (Refuse(body) is { } refusal) return refusal;
        if (body["file"] is not JsonObject file || file.Text("mimetype") is null) return Error(400, "file should have a mimetype", "Bad Request");
        byte[] bytes = [];
        if (file.Text("data") is { Length: > 0 } data)
        {
            var buffer = new byte[data.Length / 4 * 3 + 3];
            if (!Convert.TryFromBase64String(data, buffer, out var written)) return Error(400, "file.data is not base64", "Bad Request");
            bytes = buffer[..written];
        }
        // A file by address is taken on trust: the sandbox fetches nothing.
        else if (!Uri.TryCreate(file.Text("url"), UriKind.Absolute, out _))
            return Error(400, "file should have either data or url", "Bad Request");

        var image = new Image(NewKey(), bytes, time.GetUtcNow());
        images.Add(image);
        // The server gives an image its id: only a text may bring its own.
        body.Remove("id");
        return Send(body, body.Text("caption") ?? "", [image.Id]);
    }

    Answer? Refuse(JsonObject body)
    {
        if (body.Text("session") != credentials.Session)
            return Answer.Json(422, new JsonObject { ["error"] = $"Session \"{body.Text("session")}\" does not exist", ["session"] = body.Text("session") });
        return ChatId().IsMatch(body.Text("chatId") ?? "") ? null : Error(400, "chatId is not a WhatsApp id", "Bad Request");
    }

    Answer Send(JsonObject body, string text, IReadOnlyList<string> pictures)
    {
        var chatId = body.Text("chatId")!;
        var key = body.Text("id") is { Length: > 0 } own ? Key(own) : NewKey();
        var id = $"true_{chatId}_{key}";
        // A message that brings an id which is already there is the same message: nobody sees it twice.
        var (post, _) = timeline.Add(
            () => new SandboxPost
            {
                Platform = Name,
                Id = id,
                Text = text,
                At = time.GetUtcNow(),
                ChatId = chatId,
                ReplyTo = body.Text("reply_to") is { Length: > 0 } quoted ? $"true_{chatId}_{Key(quoted)}" : null,
                Images = pictures,
            },
            posts => posts.Find(earlier => earlier.Id == id));
        return Answer.Json(201, Describe(post));
    }

    async Task<Answer> EditAsync(HttpContext context)
    {
        var body = await RequestJson.ReadAsync(context);
        if (body?.Text("text") is not { Length: > 0 } text) return Error(400, "text should not be empty", "Bad Request");
        return Find(context) is { } post && timeline.Edit(post.Id, text)
            ? Answer.Json(200, Describe(timeline.Find(post.Id) ?? post))
            : Missing();
    }

    Answer History(HttpContext context)
    {
        var query = context.Request.Query;
        var chatId = (string)context.Request.RouteValues["chatId"]!;
        if (!ChatId().IsMatch(chatId)) return Error(400, "chatId is not a WhatsApp id", "Bad Request");
        var limit = Number(query["limit"]) ?? 10;
        var offset = Number(query["offset"]) ?? 0;

        var found = timeline.Listed.Where(post => post.ChatId == chatId && !post.Deleted);
        // Everything here is our own: whoever asks for what others wrote gets nothing.
        if (query["filter.fromMe"].ToString() == "false") found = [];
        if (Number(query["filter.timestamp.gte"]) is { } from) found = found.Where(post => post.At.ToUnixTimeSeconds() >= from);
        if (Number(query["filter.timestamp.lte"]) is { } until) found = found.Where(post => post.At.ToUnixTimeSeconds() <= until);
        if (query["sortOrder"].ToString() != "asc") found = found.Reverse();
        return Answer.Json(200, new JsonArray([.. found.Skip((int)offset).Take((int)limit).Select(Describe)]));
    }

    Answer Session() => Answer.Json(200, new JsonObject
    {
        ["name"] = credentials.Session,
        ["status"] = "WORKING",
        ["config"] = new JsonObject(),
        ["me"] = new JsonObject { ["id"] = OwnNumber, ["pushName"] = "Burgernet (zandbak)" },
        ["presence"] = new JsonObject(),
        ["timestamps"] = new JsonObject { ["activity"] = time.GetUtcNow().ToUnixTimeMilliseconds() },
    });

    // As many as its number says, always the same.
    static Answer Participants(string chatId) => Answer.Json(200, new JsonArray([.. Enumerable.Range(0, 20 + chatId.Where(char.IsAsciiDigit).Sum(digit => digit - '0'))
        .Select(number => new JsonObject { ["id"] = $"{31600000000 + number}@c.us", ["role"] = "participant" })]));

    SandboxPost? Find(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var id = $"true_{values["chatId"]}_{Key((string)values["messageId"]!)}";
        return timeline.Find(id);
    }

    JsonObject Describe(SandboxPost post)
    {
        var (ack, ackName) = (time.GetUtcNow() - post.At).TotalSeconds switch
        {
            < 3 => (1, "SERVER"),
            < 30 => (2, "DEVICE"),
            _ => (3, "READ"),
        };
        var message = new JsonObject
        {
            ["id"] = post.Id,
            ["timestamp"] = post.At.ToUnixTimeSeconds(),
            ["from"] = OwnNumber,
            ["fromMe"] = true,
            ["source"] = "api",
            ["to"] = post.ChatId,
            ["participant"] = OwnNumber,
            ["body"] = post.Text,
            ["hasMedia"] = post.Images.Count > 0,
            ["ack"] = ack,
            ["ackName"] = ackName,
        };
        if (post.ReplyTo is not null)
            message["replyTo"] = new JsonObject { ["id"] = Key(post.ReplyTo), ["body"] = timeline.Find(post.ReplyTo)?.Text };
        return message;
    }

    /// <summary>The part of a message id that is its own: "true_120363@g.us_3EB0AA" and "3EB0AA" are the same message.</summary>
    static string Key(string id) => id[(id.LastIndexOf('_') + 1)..];

    static string NewKey() => $"3EB0{RandomNumberGenerator.GetHexString(18)}";

    static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, int.MaxValue) : null;

    static Answer Missing() => Error(404, "Message not found", "Not Found");

    static Answer Unauthorized() => Error(401, "Unauthorized");

    static Answer Error(int status, string message, string? error = null)
    {
        var body = new JsonObject { ["statusCode"] = status, ["message"] = message };
        if (error is not null) body["error"] = error;
        return Answer.Json(status, body);
    }

    [GeneratedRegex(@"^\d{5,20}(-\d{5,20})?@(g\.us|c\.us|s\.whatsapp\.net|newsletter|lid)\z")]
    private static partial Regex ChatId();
}
