using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;

namespace Burgernet.Syndicate.Sandbox;

/// <summary>X API v2 for one account with OAuth 1.0a.</summary>
internal sealed partial class XPlatform(SandboxOptions options, Timeline timeline, Images images, Ids ids) : IPlatform
{
    public const string UserId = "1580000000000000001";
    public const string UserName = "burgernetmn_zb";
    public const string DisplayName = "Burgernet Midden-Nederland (zandbak)";

    const string InvalidRequest = "https://api.x.com/2/problems/invalid-request";
    const int LongestText = 280;
    const int LengthOfLink = 23;
    const int LargestImage = 5 * 1024 * 1024;
    static readonly TimeSpan MediaLives = TimeSpan.FromHours(24);
    static readonly TimeSpan DuplicatesRemembered = TimeSpan.FromHours(24);

    static readonly HashSet<string> PostProperties =
    [
        "text", "media", "reply", "reply_settings", "quote_tweet_id", "edit_options", "made_with_ai", "paid_partnership",
        "community_id", "nullcast", "geo", "poll", "for_super_followers_only", "direct_message_deep_link", "card_uri", "share_with_followers",
    ];
    static readonly HashSet<string> MediaProperties = ["media", "media_category", "media_type", "shared", "additional_owners"];

    readonly TimeProvider time = options.TimeProvider;
    readonly XCredentials credentials = options.Credentials.X;
    readonly RateWindows windows = new(options.TimeProvider);

    public SandboxPlatform Name => SandboxPlatform.X;

    public void Map(IEndpointRouteBuilder routes, FaultGate gate)
    {
        RequestDelegate Call(SandboxOperation operation, int limit, Func<HttpContext, Task<Answer>> handle) =>
            gate.Guard(this, operation, context => LimitedAsync(context, limit, handle));

        routes.MapPost("/2/tweets", Call(SandboxOperation.Create, options.XPostsPerWindow, CreateAsync));
        routes.MapDelete("/2/tweets/{id}", Call(SandboxOperation.Delete, 50, context => Task.FromResult(Delete(Id(context)))));
        routes.MapGet("/2/tweets/{id}", Call(SandboxOperation.Read, 900, context => Task.FromResult(Show(context))));
        routes.MapGet("/2/users/me", Call(SandboxOperation.Read, 75, _ => Task.FromResult(Me())));
        routes.MapGet("/2/users/{id}/tweets", Call(SandboxOperation.Read, 900, context => Task.FromResult(List(context))));
        routes.MapPost("/2/media/upload", Call(SandboxOperation.Upload, 500, UploadAsync));
        routes.MapPost("/2/media/metadata", Call(SandboxOperation.Upload, 500, DescribeAsync));
    }

    public Answer Refusal(PlannedFault fault) => fault.Fault switch
    {
        SandboxFault.RateLimit => RateLimited(fault.Operation == SandboxOperation.Create ? options.XPostsPerWindow : 900, time.GetUtcNow() + fault.Wait),
        SandboxFault.Duplicate => Duplicate(),
        SandboxFault.ExpiredToken => Answer.Json(401, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["message"] = "Invalid or expired token", ["code"] = 89 }) }),
        _ => Problem(500, "Internal Server Error", "Something is broken. Please try again later.", "about:blank"),
    };

    async Task<Answer> LimitedAsync(HttpContext context, int limit, Func<HttpContext, Task<Answer>> handle)
    {
        if (!await OAuth1.IsSignedAsync(context.Request, credentials, context.RequestAborted))
            return Problem(401, "Unauthorized", "Unauthorized", "about:blank");

        var endpoint = $"{context.Request.Method} {((RouteEndpoint)context.GetEndpoint()!).RoutePattern.RawText}";
        var (allowed, remaining, reset) = windows.Take(endpoint, limit);
        if (!allowed) return RateLimited(limit, reset);
        return WithLimits(await handle(context), limit, remaining, reset);
    }

    async Task<Answer> CreateAsync(HttpContext context)
    {
        if (await RequestJson.ReadAsync(context) is not { } body)
            return Invalid("Request body is not valid JSON.");
        foreach (var (name, _) in body)
            if (!PostProperties.Contains(name))
                return Invalid($"$.{name}: is not defined in the schema and the schema does not allow additional properties");

        var text = body.Text("text") ?? "";
        var mediaIds = (body["media"] as JsonObject)?["media_ids"] as JsonArray ?? [];
        if (text.Length == 0 && mediaIds.Count == 0)
            return Invalid("Either `text` or `media` must be given.");
        if (mediaIds.Count > 4)
            return Invalid("$.media.media_ids: there must be a maximum of 4 items in the array");
        List<string> attached = [];
        foreach (var node in mediaIds)
        {
            var id = node is JsonValue value && value.TryGetValue(out string? given) ? given : "";
            if (images.Find(id) is not { } image || image.At + MediaLives < time.GetUtcNow())
                return Invalid("Your media IDs are invalid.");
            attached.Add(id);
        }

        if (Length(text) > LongestText)
            return NotPermitted();
        if (body.ContainsKey("quote_tweet_id") || body.ContainsKey("edit_options"))
            return Problem(403, "Forbidden", "Your account is not permitted to access this feature.", "about:blank");
        var replyTo = (body["reply"] as JsonObject)?.Text("in_reply_to_tweet_id");
        if (replyTo is not null && timeline.Find(replyTo) is null)
            return Problem(403, "Forbidden", "You attempted to reply to a Tweet that is deleted or not visible to you.", "about:blank");

        var now = time.GetUtcNow();
        var (post, added) = timeline.Add(
            () => new SandboxPost { Platform = Name, Id = ids.Next(), Text = text, At = now, ReplyTo = replyTo, Images = attached },
            posts => text.Length == 0 ? null : posts.Find(earlier => !earlier.Deleted && earlier.Text == text && earlier.At > now - DuplicatesRemembered));
        if (!added) return Duplicate();
        return Answer.Json(201, new JsonObject
        {
            ["data"] = new JsonObject { ["id"] = post.Id, ["text"] = AsReturned(post.Text), ["edit_history_tweet_ids"] = new JsonArray(post.Id) },
        });
    }

    Answer Delete(string id) => timeline.Delete(id)
        ? Answer.Json(200, new JsonObject { ["data"] = new JsonObject { ["deleted"] = true } })
        : Problem(404, "Not Found Error", $"Could not find tweet with id: [{id}].", "https://api.x.com/2/problems/resource-not-found");

    Answer Show(HttpContext context)
    {
        var id = Id(context);
        if (timeline.Find(id) is { } post)
            return Answer.Json(200, new JsonObject { ["data"] = Describe(post, Fields(context)) });
        return Answer.Json(200, new JsonObject
        {
            ["errors"] = new JsonArray(new JsonObject
            {
                ["value"] = id,
                ["parameter"] = "id",
                ["resource_id"] = id,
                ["resource_type"] = "tweet",
                ["title"] = "Not Found Error",
                ["detail"] = $"Could not find tweet with id: [{id}].",
                ["type"] = "https://api.x.com/2/problems/resource-not-found",
            }),
        });
    }

    static Answer Me() => Answer.Json(200, new JsonObject
    {
        ["data"] = new JsonObject { ["id"] = UserId, ["name"] = DisplayName, ["username"] = UserName },
    });

    Answer List(HttpContext context)
    {
        var query = context.Request.Query;
        var most = 10;
        if (query["max_results"].ToString() is { Length: > 0 } asked
            && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 5 or > 100))
            return Invalid($"The `max_results` query parameter value [{asked}] is not between 5 and 100");

        IEnumerable<SandboxPost> found = timeline.Listed.Where(post => !post.Deleted);
        if (Id(context) != UserId) found = [];
        if (query["start_time"].ToString() is { Length: > 0 } start)
        {
            if (!Instant(start, out var from)) return Invalid($"The `start_time` query parameter value [{start}] is not a valid ISO 8601 timestamp");
            // The platform keeps its times in whole seconds: a post of 12:00:00.4 is one of 12:00:00.
            found = found.Where(post => post.At.ToUnixTimeSeconds() >= from.ToUnixTimeSeconds());
        }
        if (query["end_time"].ToString() is { Length: > 0 } end)
        {
            if (!Instant(end, out var until)) return Invalid($"The `end_time` query parameter value [{end}] is not a valid ISO 8601 timestamp");
            found = found.Where(post => post.At.ToUnixTimeSeconds() < until.ToUnixTimeSeconds());
        }
        if (query["since_id"].ToString() is { Length: > 0 } since)
            found = found.Where(post => IdOf(post.Id) > IdOf(since));
        if (query["exclude"].ToString().Split(',').Contains("replies"))
            found = found.Where(post => post.ReplyTo is null);
        if (query["pagination_token"].ToString() is { Length: > 0 } token)
        {
            if (!token.StartsWith("older-", StringComparison.Ordinal) || IdOf(token[6..]) == 0)
                return Invalid($"The `pagination_token` query parameter value [{token}] is not valid");
            found = found.Where(post => IdOf(post.Id) < IdOf(token[6..]));
        }

        var newestFirst = found.Reverse().ToList();
        var page = newestFirst.Take(most).ToList();
        if (page.Count == 0)
            return Answer.Json(200, new JsonObject { ["meta"] = new JsonObject { ["result_count"] = 0 } });
        var meta = new JsonObject { ["result_count"] = page.Count, ["newest_id"] = page[0].Id, ["oldest_id"] = page[^1].Id };
        if (newestFirst.Count > page.Count) meta["next_token"] = $"older-{page[^1].Id}";
        var fields = Fields(context);
        return Answer.Json(200, new JsonObject
        {
            ["data"] = new JsonArray([.. page.Select(post => Describe(post, fields))]),
            ["meta"] = meta,
        });
    }

    async Task<Answer> UploadAsync(HttpContext context)
    {
        var (bytes, category, unknown) = await ReadMediaAsync(context);
        if (unknown is not null)
            return Invalid($"$.{unknown}: is not defined in the schema and the schema does not allow additional properties");
        if (bytes is not { Length: > 0 } || string.IsNullOrEmpty(category))
            return Invalid("$.media and $.media_category are required");
        if (bytes.Length > LargestImage)
            return Invalid($"File size exceeds {LargestImage} bytes.");

        var image = new Image(ids.Next(), bytes, time.GetUtcNow());
        if (image.ContentType is not { } type)
            return Invalid("The media type could not be recognised.");
        images.Add(image);
        return Answer.Json(200, new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["id"] = image.Id,
                ["media_key"] = $"3_{image.Id}",
                ["size"] = bytes.Length,
                ["expires_after_secs"] = (int)MediaLives.TotalSeconds,
                ["image"] = new JsonObject { ["image_type"] = type },
            },
        });
    }

    static async Task<(byte[]? Bytes, string? Category, string? Unknown)> ReadMediaAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            var stranger = form.Keys.Concat(form.Files.Select(file => file.Name)).FirstOrDefault(name => !MediaProperties.Contains(name));
            if (form.Files["media"] is not { } file) return (null, form["media_category"], stranger);
            using var copy = new MemoryStream();
            await file.CopyToAsync(copy, context.RequestAborted);
            return (copy.ToArray(), form["media_category"], stranger);
        }

        if (await RequestJson.ReadAsync(context) is not { } body) return default;
        var unknown = body.Select(property => property.Key).FirstOrDefault(name => !MediaProperties.Contains(name));
        var buffer = new byte[(body.Text("media")?.Length ?? 0) / 4 * 3 + 3];
        return Convert.TryFromBase64String(body.Text("media") ?? "", buffer, out var written)
            ? (buffer[..written], body.Text("media_category"), unknown)
            : (null, body.Text("media_category"), unknown);
    }

    async Task<Answer> DescribeAsync(HttpContext context)
    {
        var body = await RequestJson.ReadAsync(context);
        var text = ((body?["metadata"] as JsonObject)?["alt_text"] as JsonObject)?.Text("text");
        if (body?.Text("id") is not { } id || text is not { Length: > 0 and <= 1000 })
            return Invalid("$.id and $.metadata.alt_text.text (at most 1000 characters) are required");
        if (!images.Describe(id, text))
            return Invalid("Your media IDs are invalid.");
        return Answer.Json(200, new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["id"] = id,
                ["associated_metadata"] = new JsonObject { ["alt_text"] = new JsonObject { ["text"] = text } },
            },
        });
    }

    JsonObject Describe(SandboxPost post, HashSet<string> fields)
    {
        var tweet = new JsonObject { ["id"] = post.Id, ["text"] = AsReturned(post.Text), ["edit_history_tweet_ids"] = new JsonArray(post.Id) };
        if (fields.Contains("created_at"))
            tweet["created_at"] = post.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'.000Z'", CultureInfo.InvariantCulture);
        if (fields.Contains("author_id"))
            tweet["author_id"] = UserId;
        if (fields.Contains("referenced_tweets") && post.ReplyTo is not null)
            tweet["referenced_tweets"] = new JsonArray(new JsonObject { ["type"] = "replied_to", ["id"] = post.ReplyTo });
        if (fields.Contains("entities") && Links().Matches(post.Text) is { Count: > 0 } links)
            tweet["entities"] = new JsonObject
            {
                ["urls"] = new JsonArray([.. links.Select(link => new JsonObject { ["url"] = Shortened(link.Value), ["expanded_url"] = link.Value })]),
            };
        if (fields.Contains("public_metrics") || fields.Contains("non_public_metrics"))
        {
            var views = Audience.Views(post, time);
            var answers = timeline.Posts.Count(other => other.ReplyTo == post.Id && !other.Deleted);
            if (fields.Contains("public_metrics"))
                tweet["public_metrics"] = new JsonObject
                {
                    ["retweet_count"] = views / 90,
                    ["reply_count"] = answers,
                    ["like_count"] = views / 140,
                    ["quote_count"] = views / 900,
                    ["bookmark_count"] = views / 700,
                    ["impression_count"] = views,
                };
            if (fields.Contains("non_public_metrics"))
                tweet["non_public_metrics"] = new JsonObject { ["impression_count"] = views, ["url_link_clicks"] = views / 60, ["user_profile_clicks"] = views / 200 };
        }
        return tweet;
    }

    /// <summary>X gives a text back with its links shortened and its markup characters escaped.</summary>
    static string AsReturned(string text) => Links().Replace(
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal),
        link => Shortened(link.Value.Replace("&amp;", "&", StringComparison.Ordinal)));

    static string Shortened(string link) =>
        $"https://t.co/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(link)))[..10]}";

    static int Length(string text)
    {
        var links = Links().Matches(text);
        return Links().Replace(text, "").EnumerateRunes().Count() + links.Count * LengthOfLink;
    }

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.IgnoreCase)]
    private static partial Regex Links();

    static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    static long IdOf(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    // Both spellings are about: the reference names them post.fields, the guides tweet.fields.
    static HashSet<string> Fields(HttpContext context) =>
        [.. context.Request.Query["tweet.fields"].Concat(context.Request.Query["post.fields"]).SelectMany(list => (list ?? "").Split(','))];

    static bool Instant(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    static Answer Duplicate() => Problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.", "about:blank");

    static Answer NotPermitted() => Problem(403, "Forbidden", "You are not permitted to perform this action.", "about:blank");

    static Answer Problem(int status, string title, string detail, string type) =>
        Answer.Json(status, new JsonObject { ["detail"] = detail, ["type"] = type, ["title"] = title, ["status"] = status });

    static Answer Invalid(string message) => Answer.Json(400, new JsonObject
    {
        ["errors"] = new JsonArray(new JsonObject { ["parameters"] = new JsonObject(), ["message"] = message }),
        ["title"] = "Invalid Request",
        ["detail"] = "One or more parameters to your request was invalid.",
        ["type"] = InvalidRequest,
    });

    static Answer RateLimited(int limit, DateTimeOffset reset) =>
        WithLimits(Problem(429, "Too Many Requests", "Too Many Requests", "about:blank"), limit, 0, reset);

    static Answer WithLimits(Answer answer, int limit, int remaining, DateTimeOffset reset) => answer
        .With("x-rate-limit-limit", limit)
        .With("x-rate-limit-remaining", remaining)
        .With("x-rate-limit-reset", reset.ToUnixTimeSeconds());

    /// <summary>A quarter of an hour per endpoint, counted from its first call.</summary>
    sealed class RateWindows(TimeProvider time)
    {
        static readonly TimeSpan Length = TimeSpan.FromMinutes(15);
        readonly Lock gate = new();
        readonly Dictionary<string, (int Used, DateTimeOffset Reset)> windows = [];

        public (bool Allowed, int Remaining, DateTimeOffset Reset) Take(string endpoint, int limit)
        {
            lock (gate)
            {
                var now = time.GetUtcNow();
                if (!windows.TryGetValue(endpoint, out var window) || window.Reset <= now) window = (0, now + Length);
                var allowed = window.Used < limit;
                windows[endpoint] = window = (window.Used + (allowed ? 1 : 0), window.Reset);
                return (allowed, limit - window.Used, window.Reset);
            }
        }
    }
}

/// <summary>Checks the signature of OAuth 1.0a (RFC 5849) with HMAC-SHA1, from the text of the request alone.</summary>
internal static class OAuth1
{
    public static async Task<bool> IsSignedAsync(HttpRequest request, XCredentials credentials, CancellationToken cancellationToken)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || !header.Scheme.Equals("OAuth", StringComparison.OrdinalIgnoreCase) || header.Parameter is null)
            return false;

        Dictionary<string, string> oauth = [];
        foreach (var part in header.Parameter.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) return false;
            oauth[Uri.UnescapeDataString(part[..equals].Trim())] = Uri.UnescapeDataString(part[(equals + 1)..].Trim().Trim('"'));
        }

        if (oauth.GetValueOrDefault("oauth_consumer_key") != credentials.ConsumerKey
            || oauth.GetValueOrDefault("oauth_token") != credentials.AccessToken
            || oauth.GetValueOrDefault("oauth_signature_method") != "HMAC-SHA1"
            || oauth.GetValueOrDefault("oauth_version", "1.0") != "1.0"
            || string.IsNullOrEmpty(oauth.GetValueOrDefault("oauth_nonce"))
            || !long.TryParse(oauth.GetValueOrDefault("oauth_timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || !oauth.Remove("oauth_signature", out var signature))
            return false;

        oauth.Remove("realm");
        var parameters = oauth.Select(pair => (pair.Key, pair.Value)).ToList();
        parameters.AddRange(request.Query.SelectMany(pair => pair.Value.Select(value => (pair.Key, value ?? ""))));
        // Only a urlencoded body is part of what is signed; JSON and multipart are not.
        if (request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is true)
            parameters.AddRange((await request.ReadFormAsync(cancellationToken)).SelectMany(pair => pair.Value.Select(value => (pair.Key, value ?? ""))));

        var url = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path);
        var expected = Sign(request.Method, url, parameters, credentials.ConsumerSecret, credentials.AccessTokenSecret);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(signature));
    }

    /// <summary>The signature over a method, an address without its query, and all parameters.</summary>
    public static string Sign(string method, string url, IEnumerable<(string Name, string Value)> parameters, string consumerSecret, string tokenSecret)
    {
        var pairs = parameters
            .Select(pair => (Name: Escape(pair.Name), Value: Escape(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}");
        var text = $"{method.ToUpperInvariant()}&{Escape(url)}&{Escape(string.Join('&', pairs))}";
        var key = $"{Escape(consumerSecret)}&{Escape(tokenSecret)}";
#pragma warning disable CA5350 // The protocol prescribes SHA-1.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    static string Escape(string text) => Uri.EscapeDataString(text);
}
