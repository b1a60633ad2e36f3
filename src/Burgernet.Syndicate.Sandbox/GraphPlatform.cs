using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>Facebook's Graph API for one page.</summary>
internal sealed class GraphPlatform(SandboxOptions options, Timeline timeline, Images images, Ids ids, Func<Uri> address) : IPlatform
{
    public const string PageName = "Politie-eenheid Midden-Nederland (zandbak)";

    const int LongestMessage = 63206;
    const int CallsPerHour = 4800;
    static readonly HashSet<string> Metrics =
    [
        "post_media_view", "post_total_media_view_unique", "post_clicks", "post_clicks_by_type", "post_reactions_like_total",
        "post_reactions_by_type_total", "post_activity_by_action_type", "post_video_views",
    ];

    readonly TimeProvider time = options.TimeProvider;
    readonly FacebookCredentials credentials = options.Credentials.Facebook;
    int calls;

    public SandboxPlatform Name => SandboxPlatform.Facebook;

    public void Map(IEndpointRouteBuilder routes, FaultGate gate)
    {
        RequestDelegate Call(SandboxOperation operation, Func<GraphCall, Answer> handle) => gate.Guard(this, operation, context => AuthorisedAsync(context, handle));

        var graph = routes.MapGroup("/{version:regex(^v\\d+\\.\\d+$)}");
        graph.MapPost("/{id}/feed", Call(SandboxOperation.Create, Publish));
        // A photo that is published at once is a post; one that waits for its post is only stored.
        graph.MapPost("/{id}/photos", gate.Guard(this, PhotoOperationAsync, context => AuthorisedAsync(context, AddPhoto)));
        graph.MapGet("/{id}/published_posts", Call(SandboxOperation.Read, List));
        graph.MapGet("/{id}/posts", Call(SandboxOperation.Read, List));
        graph.MapGet("/{id}/feed", Call(SandboxOperation.Read, List));
        graph.MapGet("/{id}/insights", Call(SandboxOperation.Read, Insights));
        graph.MapGet("/{id}", Call(SandboxOperation.Read, Show));
        graph.MapPost("/{id}", Call(SandboxOperation.Edit, Edit));
        graph.MapDelete("/{id}", Call(SandboxOperation.Delete, Delete));
        var debug = gate.Guard(this, SandboxOperation.Read, DebugTokenAsync);
        graph.MapGet("/debug_token", debug);
        routes.MapGet("/debug_token", debug);
    }

    public Answer Refusal(PlannedFault fault) => fault.Fault switch
    {
        // Told in whole minutes; zero means that it does not know.
        SandboxFault.RateLimit => Usage(Error(400, 32, "(#32) Page request limit reached"), 100, (int)fault.Wait.TotalMinutes),
        SandboxFault.Duplicate => Usage(Duplicate()),
        SandboxFault.ExpiredToken => Usage(Error(400, 190, "Error validating access token: Session has expired.", subcode: 463)),
        _ => Usage(Error(500, 1, "An unknown error occurred")),
    };

    static async Task<SandboxOperation> PhotoOperationAsync(HttpContext context)
    {
        // The form stays with the request: the handler reads it again.
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        var given = context.Request.Query["published"].FirstOrDefault() ?? form?["published"].FirstOrDefault();
        return IsFalse(given) ? SandboxOperation.Upload : SandboxOperation.Create;
    }

    async Task<Answer> AuthorisedAsync(HttpContext context, Func<GraphCall, Answer> handle)
    {
        Interlocked.Increment(ref calls);
        var call = await GraphCall.ReadAsync(context);
        if (call is null) return Usage(Error(400, 100, "(#100) The request body could not be read"));
        return Usage(RefuseToken(call) ?? handle(call));
    }

    Answer? RefuseToken(GraphCall call)
    {
        if (call.Token is null)
            return Error(400, 104, "An access token is required to request this resource.");
        if (call.Token != credentials.AccessToken)
            return Error(401, 190, "Invalid OAuth access token - Cannot parse access token");
        return RefuseProof(call, required: true);
    }

    Answer? RefuseProof(GraphCall call, bool required)
    {
        // Only the query counts: a proof in the body may be ignored, so a caller must not rely on it.
        var proof = call.Context.Request.Query["appsecret_proof"].ToString();
        if (proof.Length == 0)
            return required ? Error(400, 100, "API calls from the server require an appsecret_proof argument", "GraphMethodException") : null;
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(credentials.AppSecret), Encoding.UTF8.GetBytes(call.Token!)));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(proof))
            ? null
            : Error(400, 100, "Invalid appsecret_proof provided in the API argument", "GraphMethodException");
    }

    Answer Publish(GraphCall call)
    {
        if (call.Id != credentials.PageId) return Unknown(call.Id);
        var message = call["message"] ?? "";
        var link = call["link"];
        if (call.AttachedPhotos() is not { } photos)
            return Error(400, 100, "(#100) Param attached_media must be an array of objects with media_fbid");
        if (photos.Find(id => images.Find(id) is null) is { } missing)
            return Error(400, 100, $"(#100) Photo {missing} does not exist");
        if (message.Length == 0 && string.IsNullOrEmpty(link) && photos.Count == 0)
            return Error(400, 100, "(#100) Missing message or attachment");
        return Post(call, message, link, photos, post => Describe(post, call["fields"] ?? "id"));
    }

    Answer AddPhoto(GraphCall call)
    {
        if (call.Id != credentials.PageId) return Unknown(call.Id);
        byte[] bytes;
        if (call.File("source") is { } file)
        {
            using var copy = new MemoryStream();
            file.CopyTo(copy);
            bytes = copy.ToArray();
        }
        // A photo by address is taken on trust: the sandbox fetches nothing.
        else if (Uri.TryCreate(call["url"], UriKind.Absolute, out _))
            bytes = [];
        else
            return Error(400, 324, "(#324) Requires upload file");

        var photo = new Image(ids.Next(), bytes, time.GetUtcNow(), call["alt_text_custom"]);
        if (bytes.Length > 0 && photo.ContentType is null)
            return Error(400, 1, "Invalid parameter: your photos couldn't be uploaded", subcode: 2069019);
        images.Add(photo);
        if (IsFalse(call["published"]))
            return Answer.Json(200, new JsonObject { ["id"] = photo.Id });
        return Post(call, call["message"] ?? call["caption"] ?? "", null, [photo.Id],
            post => new JsonObject { ["id"] = photo.Id, ["post_id"] = post.Id });
    }

    Answer Post(GraphCall call, string message, string? link, List<string> photos, Func<SandboxPost, JsonNode?> describe)
    {
        if (message.Length > LongestMessage)
            return Error(400, 100, "(#100) Name parameter too long");
        var (post, added) = timeline.Add(
            () => new SandboxPost
            {
                Platform = Name,
                Id = $"{credentials.PageId}_{ids.Next()}",
                Text = message,
                At = time.GetUtcNow(),
                Link = link,
                Images = photos,
                Published = !IsFalse(call["published"]),
            },
            posts => posts.FindLast(earlier => !earlier.Deleted) is { } last && message.Length > 0 && last.Text == message && last.Link == link ? last : null);
        if (!added) return Duplicate();
        return describe(post) is { } answer ? Answer.Json(200, answer) : UnknownField(call);
    }

    Answer Show(GraphCall call)
    {
        if (call.Id == credentials.PageId)
            return Answer.Json(200, new JsonObject { ["id"] = credentials.PageId, ["name"] = PageName });
        if (timeline.Find(call.Id) is not { } post) return Unknown(call.Id);
        return Describe(post, call["fields"] ?? "created_time,message,id") is { } answer ? Answer.Json(200, answer) : UnknownField(call);
    }

    Answer Edit(GraphCall call)
    {
        var message = call["message"];
        if (message?.Length > LongestMessage)
            return Error(400, 100, "(#100) Name parameter too long");
        var hidden = IsTrue(call["is_hidden"]) || IsFalse(call["is_published"]);
        if (timeline.Find(call.Id) is null) return Unknown(call.Id);
        if (message is not null) timeline.Edit(call.Id, message);
        if (hidden) timeline.Change(call.Id, post => post with { Published = false });
        return Answer.Json(200, new JsonObject { ["success"] = true });
    }

    Answer Delete(GraphCall call) => options.FacebookRefusesDeletion
        ? Error(403, 200, "(#200) Only select developers can perform this operation using the API")
        // A photo does not go with the post that shows it.
        : timeline.Delete(call.Id) || images.Remove(call.Id) ? Answer.Json(200, new JsonObject { ["success"] = true }) : Unknown(call.Id);

    Answer List(GraphCall call)
    {
        if (call.Id != credentials.PageId) return Unknown(call.Id);
        var limit = 25;
        if (call["limit"] is { } asked && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > 100))
            return Error(400, 100, "(#100) Param limit must be between 1 and 100");
        if (!Instant(call["since"], DateTimeOffset.MinValue, out var since) || !Instant(call["until"], DateTimeOffset.MaxValue, out var until))
            return Error(400, 100, "(#100) Params since and until must be unix timestamps or dates");

        var newestFirst = timeline.Listed
            .Where(post => post.Published && !post.Deleted && post.At.ToUnixTimeSeconds() >= since.ToUnixTimeSeconds() && post.At <= until)
            .Reverse().ToList();
        if (call["after"] is { } after)
            newestFirst = [.. newestFirst.SkipWhile(post => Cursor(post) != after).Skip(1)];
        var page = newestFirst.Take(limit).ToList();
        var fields = call["fields"] ?? "created_time,message,id";
        var described = page.Select(post => Describe(post, fields)).ToList();
        if (described.Contains(null)) return UnknownField(call);

        var answer = new JsonObject { ["data"] = new JsonArray([.. described]) };
        if (page.Count > 0)
        {
            var paging = new JsonObject { ["cursors"] = new JsonObject { ["before"] = Cursor(page[0]), ["after"] = Cursor(page[^1]) } };
            if (newestFirst.Count > page.Count)
            {
                var query = call.Context.Request.Query
                    .Where(pair => pair.Key is not ("after" or "access_token" or "appsecret_proof"))
                    .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value.ToString())}&");
                paging["next"] = new Uri(address(), $"{call.Context.Request.Path}?{string.Concat(query)}after={Cursor(page[^1])}").AbsoluteUri;
            }
            answer["paging"] = paging;
        }
        return Answer.Json(200, answer);
    }

    Answer Insights(GraphCall call)
    {
        if (timeline.Find(call.Id) is not { } post) return Unknown(call.Id);
        var asked = (call["metric"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (asked.Length == 0)
            return Error(400, 3001, "No metric was specified to be fetched. Please specify one or more metrics to be fetched and try again.", subcode: 1504028);
        // One unknown name fails the whole call, the known ones with it.
        if (!asked.All(Metrics.Contains))
            return Error(400, 100, "(#100) The value must be a valid insights metric");

        var views = Audience.Views(post, time);
        JsonNode Value(string metric) => metric switch
        {
            "post_media_view" => views,
            "post_total_media_view_unique" => views * 4 / 5,
            "post_clicks" => views / 40,
            "post_clicks_by_type" => new JsonObject { ["link clicks"] = views / 60, ["other clicks"] = views / 120 },
            "post_reactions_like_total" => views / 75,
            "post_reactions_by_type_total" => new JsonObject { ["like"] = views / 75, ["sorry"] = views / 300 },
            "post_activity_by_action_type" => new JsonObject { ["share"] = views / 50, ["like"] = views / 75 },
            _ => 0,
        };
        return Answer.Json(200, new JsonObject
        {
            ["data"] = new JsonArray([.. asked.Distinct().Select(metric => new JsonObject
            {
                ["name"] = metric,
                ["period"] = "lifetime",
                ["values"] = new JsonArray(new JsonObject { ["value"] = Value(metric) }),
                ["title"] = metric,
                ["id"] = $"{post.Id}/insights/{metric}/lifetime",
            })]),
        });
    }

    async Task<Answer> DebugTokenAsync(HttpContext context)
    {
        Interlocked.Increment(ref calls);
        var call = (await GraphCall.ReadAsync(context))!;
        var isApp = call.Token == $"{credentials.AppId}|{credentials.AppSecret}";
        if ((isApp ? RefuseProof(call, required: false) : RefuseToken(call)) is { } refusal) return Usage(refusal);
        if (call["input_token"] is not { } token)
            return Usage(Error(400, 100, "(#100) input_token should be specified together with an access_token"));

        var valid = token == credentials.AccessToken;
        var data = new JsonObject { ["app_id"] = credentials.AppId, ["is_valid"] = valid };
        if (valid)
        {
            data["type"] = "PAGE";
            data["application"] = "Burgernet (zandbak)";
            data["expires_at"] = 0;
            data["data_access_expires_at"] = time.GetUtcNow().AddDays(90).ToUnixTimeSeconds();
            data["profile_id"] = credentials.PageId;
            data["scopes"] = new JsonArray("pages_show_list", "pages_read_engagement", "pages_manage_posts", "read_insights");
        }
        else
        {
            data["error"] = new JsonObject { ["code"] = 190, ["message"] = "Invalid OAuth access token - Cannot parse access token" };
            data["scopes"] = new JsonArray();
        }
        return Usage(Answer.Json(200, new JsonObject { ["data"] = data }));
    }

    /// <summary>The post in the fields asked for, or null when one of them does not exist.</summary>
    JsonObject? Describe(SandboxPost post, string fields)
    {
        var answer = new JsonObject();
        foreach (var field in SplitFields(fields).Append("id"))
        {
            var name = field.Split('.', '{', '(')[0];
            if (answer.ContainsKey(name)) continue;
            JsonNode? value = name switch
            {
                "id" => post.Id,
                "message" => post.Text,
                "created_time" => Moment(post.At),
                "updated_time" => Moment(post.At),
                "permalink_url" => Permalink(post),
                "is_published" => post.Published,
                "is_hidden" => !post.Published,
                "status_type" => post.Images.Count > 0 ? "added_photos" : "mobile_status_update",
                "attachments" => Attachments(post),
                "from" => new JsonObject { ["name"] = PageName, ["id"] = credentials.PageId },
                "shares" => new JsonObject { ["count"] = Audience.Views(post, time) / 50 },
                "reactions" or "likes" => Summary(Audience.Views(post, time) / 75),
                "comments" => Summary(Audience.Views(post, time) / 150),
                _ => null,
            };
            if (value is null) return null;
            // The platform leaves out what a post does not have.
            var isThere = name switch { "message" => post.Text.Length > 0, "attachments" => post.Images.Count > 0, _ => true };
            if (isThere) answer[name] = value;
        }
        return answer;
    }

    /// <summary>One photo is the attachment itself, several are parts of an album.</summary>
    JsonObject Attachments(SandboxPost post)
    {
        var photos = post.Images.Where(id => images.Find(id) is not null)
            .Select(id => (JsonNode)new JsonObject { ["media_type"] = "photo", ["type"] = "photo", ["target"] = new JsonObject { ["id"] = id } })
            .ToArray();
        return photos.Length < 2
            ? new JsonObject { ["data"] = new JsonArray(photos) }
            : new JsonObject { ["data"] = new JsonArray(new JsonObject { ["media_type"] = "album", ["type"] = "album", ["subattachments"] = new JsonObject { ["data"] = new JsonArray(photos) } }) };
    }

    static JsonObject Summary(long count) => new()
    {
        ["data"] = new JsonArray(),
        ["summary"] = new JsonObject { ["total_count"] = count },
    };

    /// <summary>Splits "id,reactions.summary(total_count).limit(0)" at the commas that stand outside brackets.</summary>
    static IEnumerable<string> SplitFields(string fields)
    {
        var (depth, start) = (0, 0);
        for (var index = 0; index <= fields.Length; index++)
        {
            var character = index < fields.Length ? fields[index] : ',';
            if (character is '(' or '{') depth++;
            else if (character is ')' or '}') depth--;
            else if (character == ',' && (depth == 0 || index == fields.Length))
            {
                if (fields[start..index].Trim() is { Length: > 0 } field) yield return field;
                start = index + 1;
            }
        }
    }

    string Permalink(SandboxPost post) => new Uri(address(), $"/{post.Id.Replace("_", "/posts/", StringComparison.Ordinal)}").AbsoluteUri;

    static string Cursor(SandboxPost post) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(post.Id));

    static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+0000'", CultureInfo.InvariantCulture);

    static bool Instant(string? text, DateTimeOffset otherwise, out DateTimeOffset instant)
    {
        instant = otherwise;
        if (text is null) return true;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253402300800)
        {
            instant = DateTimeOffset.FromUnixTimeSeconds(seconds);
            return true;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
    }

    static bool IsFalse(string? text) => text is "0" || string.Equals(text, "false", StringComparison.OrdinalIgnoreCase);

    static bool IsTrue(string? text) => text is "1" || string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);

    static Answer Duplicate() => Error(400, 506, "(#506) Duplicate status message");

    static Answer Unknown(string id) => Error(400, 100,
        $"Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.",
        "GraphMethodException", 33);

    static Answer UnknownField(GraphCall call) =>
        Error(400, 100, $"(#100) Tried accessing nonexisting field in ({call["fields"]}) on node type (PagePost)");

    static Answer Error(int status, int code, string message, string type = "OAuthException", int? subcode = null)
    {
        var error = new JsonObject { ["message"] = message, ["type"] = type, ["code"] = code };
        if (subcode is { } number) error["error_subcode"] = number;
        if (code is 1 or 2) error["is_transient"] = true;
        error["fbtrace_id"] = $"A{RandomNumberGenerator.GetHexString(20)}";
        return Answer.Json(status, new JsonObject { ["error"] = error });
    }

    Answer Usage(Answer answer) => Usage(answer, Math.Min(99, Volatile.Read(ref calls) * 100 / CallsPerHour), 0);

    Answer Usage(Answer answer, int percent, int minutesToWait)
    {
        var usage = new JsonObject { ["call_count"] = percent, ["total_time"] = percent / 2, ["total_cputime"] = percent / 2 };
        var business = new JsonObject
        {
            [credentials.PageId] = new JsonArray(new JsonObject
            {
                ["type"] = "pages",
                ["call_count"] = percent,
                ["total_cputime"] = percent / 2,
                ["total_time"] = percent / 2,
                ["estimated_time_to_regain_access"] = minutesToWait,
            }),
        };
        return answer
            .With("X-App-Usage", usage.ToJsonString())
            .With("X-Page-Usage", usage.ToJsonString())
            .With("X-Business-Use-Case-Usage", business.ToJsonString())
            .With("x-fb-trace-id", $"A{RandomNumberGenerator.GetHexString(10)}")
            .With("facebook-api-version", credentials.Version);
    }
}

/// <summary>A call to the Graph: its parameters may stand in the query, in a form or in a JSON body.</summary>
internal sealed class GraphCall
{
    readonly Dictionary<string, string> parameters;
    readonly JsonArray? media;
    readonly IFormFileCollection? files;

    GraphCall(HttpContext context, Dictionary<string, string> parameters, JsonArray? media, IFormFileCollection? files)
    {
        (Context, this.parameters, this.media, this.files) = (context, parameters, media, files);
        var header = context.Request.Headers.Authorization.ToString();
        Token = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : this["access_token"];
    }

    public HttpContext Context { get; }

    public string? Token { get; }

    public string Id => (string)Context.Request.RouteValues["id"]!;

    public string? this[string name] => parameters.GetValueOrDefault(name);

    public Stream? File(string name) => files?[name]?.OpenReadStream();

    /// <summary>The call, or null when its body cannot be read.</summary>
    public static async Task<GraphCall?> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        Dictionary<string, string> parameters = new(StringComparer.Ordinal);
        foreach (var (name, values) in request.Query) parameters[name] = values.ToString();

        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(context.RequestAborted);
            foreach (var (name, values) in form) parameters[name] = values.ToString();
            return new GraphCall(context, parameters, null, form.Files);
        }

        var canHaveBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        if (!canHaveBody || !request.HasJsonContentType()) return new GraphCall(context, parameters, null, null);
        if (await RequestJson.ReadAsync(context) is not { } body) return null;
        foreach (var (name, value) in body)
            if (value is JsonValue) parameters[name] = value.ToString();
        return new GraphCall(context, parameters, body["attached_media"] as JsonArray, null);
    }

    /// <summary>The ids in attached_media, in whichever of its notations; null when it cannot be understood.</summary>
    public List<string>? AttachedPhotos()
    {
        try
        {
            var items = media ?? (this["attached_media"] is { } list ? JsonNode.Parse(list) as JsonArray : null);
            if (items is null && this["attached_media"] is not null) return null;
            IEnumerable<JsonNode?> all = items ?? parameters
                .Where(pair => pair.Key.StartsWith("attached_media[", StringComparison.Ordinal))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => JsonNode.Parse(pair.Value));
            var photos = all.Select(item => (item as JsonObject)?.Text("media_fbid")).ToList();
            return photos.Contains(null) ? null : [.. photos.OfType<string>()];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
