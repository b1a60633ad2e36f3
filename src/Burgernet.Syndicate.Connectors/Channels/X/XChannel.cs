using System.Globalization;
using System.Net;
using System.Text.Json;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Http;
using Burgernet.Syndicate.Reach;
using RestSharp;
using RestSharp.Authenticators;

namespace Burgernet.Syndicate.Connectors.Channels.X;

/// <summary>
/// Publishes to one X account over API v2 (https://docs.x.com). OAuth 1.0a: four keys that do not expire, which suits
/// a worker that nobody logs in to.
/// </summary>
/// <remarks>
/// Two rules keep RestSharp's signatures right: a query goes in with AddQueryParameter, never inside the resource, and
/// a multipart request has no query. X can edit posts, but only for Premium accounts, within the hour, and under a new
/// id; we post a reply instead.
/// </remarks>
sealed class XChannel : IChannel, IDeletesPosts, IFindsPosts, IMeasuresReach, IChecksAccess, IDisposable
{
    public const int MaximumPhotos = 4;
    public const int MaximumAltText = 1_000;

    const int PageSize = 100;

    // X API v2, metrics: what only the owner sees is given for posts of the last thirty days.
    static readonly TimeSpan OwnersSeeFor = TimeSpan.FromDays(29);

    static readonly DateTimeOffset SnowflakeEpoch = DateTimeOffset.FromUnixTimeMilliseconds(1_288_834_974_657);

    /// <summary>X shows no more than the last 3,200 posts of an account.</summary>
    const int MaximumPages = 32;

    readonly TimeSpan _photosWithin;
    readonly PlatformClient _client;
    readonly TimeProvider _time;
    readonly string _webUrl;
    string? _userId;

    public XChannel(ChannelOptions options, ChannelServices services)
    {
        _photosWithin = options.RequestTimeout;
        Name = options.Name;
        _time = services.Time;
        _webUrl = options.BaseUrl.Host == "api.x.com" ? "https://x.com" : options.BaseUrl.AbsoluteUri.TrimEnd('/');
        _client = new PlatformClient(options, services.Time, OAuth1Authenticator.ForProtectedResource(
            Secret("consumerKey"), Secret("consumerSecret"), Secret("accessToken"), Secret("accessTokenSecret")));

        string Secret(string name) => options.Secrets.GetValueOrDefault(name)?.Reveal() ?? "";
    }

    internal static PostLimit TextLimit { get; } = new(WeightedLength.Maximum, WeightedLength.Of) { Refused = WeightedLength.Refused };

    public string Name { get; }

    public PostLimit Limit => TextLimit;

    public async Task<PublishResult> PublishAsync(Post post, CancellationToken cancellationToken)
    {
        var (media, fault) = await PhotoUploads.AllAsync(post.Photos.Take(MaximumPhotos), _photosWithin, (photo, cancellation) => UploadAsync(photo, post, cancellation), cancellationToken);

        var request = Request("2/tweets", Method.Post, new
        {
            text = post.Text,
            media = media.Count > 0 ? new { media_ids = media } : null,
            reply = post.InReplyTo is { } parent ? new { in_reply_to_tweet_id = parent } : null,
        });
        var answer = await _client.SendAsync(request, cancellationToken);
        var result = answer.ToResult(
            XErrors.Table,
            body => body.At("data").Id("id") is { } id ? new PublishResult.Published(id, Permalink(id)) { WithoutPhoto = fault } : null,
            post);

        // Without a reply there is nothing to leave out next time.
        return result is PublishResult.NotSent { ReplyRefused: true } refused && post.InReplyTo is null
            ? new PublishResult.Rejected(refused.Reason)
            : result;
    }

    async Task<PublishResult> UploadAsync(PostPhoto photo, Post post, CancellationToken cancellationToken)
    {
        var upload = new RestRequest("2/media/upload", Method.Post) { AlwaysMultipartFormData = true }
            .AddParameter("media_category", "tweet_image")
            .AddFile("media", photo.Bytes.ToArray(), "photo", photo.ContentType);
        var uploaded = (await _client.SendAsync(upload, cancellationToken)).ToResult(XErrors.Table, MediaId, post);
        if (uploaded is not PublishResult.Published { PostId: var mediaId })
            return uploaded;

        var metadata = Request("2/media/metadata", Method.Post, new
        {
            id = mediaId,
            metadata = new { alt_text = new { text = Shorten(photo.AltText, MaximumAltText) } },
        });
        var described = await _client.SendAsync(metadata, cancellationToken);
        return described.ToResult(XErrors.Table, _ => new PublishResult.Published(mediaId), post);

        static PublishResult.Published? MediaId(JsonElement body) =>
            body.At("data") is var data && data.Id("id") is { } id && data.At("processing_info").Text("state") != "failed"
                ? new PublishResult.Published(id)
                : null;
    }

    public async Task<PublishResult> DeleteAsync(string address, string postId, CancellationToken cancellationToken)
    {
        var request = Request("2/tweets/{id}", Method.Delete).AddUrlSegment("id", postId);
        var answer = await _client.SendAsync(request, cancellationToken);
        var result = answer.ToResult(
            XErrors.Table,
            body => body.At("data").IsTrue("deleted") ? new PublishResult.Published(postId) : null);

        return answer.Status == 404 && result is PublishResult.Rejected
            ? new PublishResult.Published(postId)
            : result.Repeatable();
    }

    public async Task<FoundPosts> FindPostsAsync(string address, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var from = _client.ReadFrom(since).WholeSecond();
        var start = from.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var (posts, complete, _) = await ReadTimelineAsync(
            request => request
                .AddQueryParameter("tweet.fields", "created_at,author_id,entities")
                .AddQueryParameter("start_time", start),
            post => post.Time("created_at") < from,
            cancellationToken);

        return new FoundPosts([.. posts.Select(Read).OfType<FoundPost>()], complete);
    }

    /// <remarks>The bookmarks are people's own; X counts them in public all the same.</remarks>
    internal static ReachTerms ReachTerms { get; } = new(["impression_count"], [], ["like_count", "retweet_count", "reply_count", "quote_count", "bookmark_count"]);

    public ReachTerms Terms => ReachTerms;

    /// <summary>As many as X shows at all; a hundred per request.</summary>
    public int MostAtOnce => MaximumPages * PageSize;

    /// <remarks>
    /// By way of our own timeline: reading it costs a fifth of reading posts by id. Names are given as the
    /// documentation has them; the renaming of August 2026 (repost for retweet) reaches answers at its own pace.
    /// </remarks>
    public async Task<MeasuredPosts> MeasureAsync(IReadOnlyList<AskedPost> posts, CancellationToken cancellationToken)
    {
        var wanted = posts.Select(p => Number(p.PostId)).Where(id => id > 0).Order().ToArray();
        var reach = new Dictionary<string, IReadOnlyDictionary<string, long>>();
        if (wanted.Length == 0)
            return new MeasuredPosts(reach, Complete: true);

        var (found, complete, pause) = await ReadTimelineAsync(
            request => request
                .AddQueryParameter("tweet.fields", $"created_at,author_id,public_metrics{(IsYoung(wanted[0]) ? ",non_public_metrics" : "")}")
                .AddQueryParameter("since_id", (wanted[0] - 1).ToString(CultureInfo.InvariantCulture))
                .AddQueryParameter("until_id", (wanted[^1] + 1).ToString(CultureInfo.InvariantCulture)),
            post => Number(post.Id("id")) < wanted[0],
            cancellationToken);

        var asked = posts.Select(p => p.PostId).ToHashSet();
        foreach (var post in found)
            if (post.Id("id") is { } id && asked.Contains(id) && Metrics(post) is { Count: > 0 } metrics)
                reach[id] = metrics;

        return new MeasuredPosts(reach, complete) { Pause = pause };

        static ulong Number(string? id) =>
            ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < ulong.MaxValue ? number : 0;
    }

    // Asked about an older post, X refuses what only its owner may see. An id holds the moment it was made in its upper bits.
    bool IsYoung(ulong id) => _time.GetUtcNow() - SnowflakeEpoch.AddMilliseconds(id >> 22) < OwnersSeeFor;

    /// <summary>Asks X who we are; X does not say until when the keys work, because they have no end.</summary>
    public async Task<AccessCheck> CheckAccessAsync(CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(Request("2/users/me", Method.Get), cancellationToken);
        return answer.ToResult(XErrors.Table, body => body.At("data").Id("id") is { } id ? new PublishResult.Published(id) : null) switch
        {
            PublishResult.Published => new AccessCheck(true, "de sleutels werken"),
            PublishResult.Stopped stopped => new AccessCheck(false, stopped.Reason),
            _ => new AccessCheck(null, "X zegt niet of de sleutels werken"),
        };
    }

    /// <summary>Leads to the post without knowing the account's name.</summary>
    internal string Permalink(string id) => $"{_webUrl}/i/web/status/{id}";

    public void Dispose() => _client.Dispose();

    /// <summary>Our own posts, newest first, page after page until one lies past the bounds.</summary>
    async Task<(IReadOnlyList<JsonElement> Posts, bool Complete, TimeSpan? Pause)> ReadTimelineAsync(
        Action<RestRequest> bound, Func<JsonElement, bool> isPast, CancellationToken cancellationToken)
    {
        var posts = new List<JsonElement>();
        var (userId, pause) = await UserIdAsync(cancellationToken);
        if (userId is null)
            return (posts, false, pause);

        string? next = null;
        for (var page = 0; page < MaximumPages; page++)
        {
            var request = Request("2/users/{user}/tweets", Method.Get)
                .AddUrlSegment("user", userId)
                .AddQueryParameter("max_results", PageSize.ToString(CultureInfo.InvariantCulture));
            bound(request);
            if (next is not null)
                request.AddQueryParameter("pagination_token", next);

            var answer = await _client.SendAsync(request, cancellationToken);
            var meta = answer.Body.At("meta");
            if (answer.MayComeLater(XErrors.Table, out pause) || !answer.Succeeded || meta.ValueKind != JsonValueKind.Object || answer.Body.At("errors").Items().Any())
                return (posts, false, pause);

            foreach (var post in answer.Body.At("data").Items())
            {
                if (isPast(post))
                    return (posts, true, null);
                // An answer about another account proves nothing about ours.
                if (post.Id("author_id") is { } author && author != userId)
                    return ([], false, null);
                posts.Add(post);
            }

            next = meta.Text("next_token");
            if (next is null)
                return (posts, true, null);
        }

        return (posts, false, null);
    }

    /// <summary>Asked once; two callers that come at the same time may ask twice, which does no harm.</summary>
    async ValueTask<(string? UserId, TimeSpan? Pause)> UserIdAsync(CancellationToken cancellationToken)
    {
        if (_userId is not null)
            return (_userId, null);
        var answer = await _client.SendAsync(Request("2/users/me", Method.Get), cancellationToken);
        answer.MayComeLater(XErrors.Table, out var pause);
        return (_userId = answer.Succeeded ? answer.Body.At("data").Id("id") : null, pause);
    }

    FoundPost? Read(JsonElement post) =>
        post.Id("id") is { } id && post.Time("created_at") is { } created
            ? new FoundPost(id, OriginalText(post), created, Permalink(id))
            : null;

    /// <summary>X gives back &amp;amp; for &amp; and t.co for every link; undone here, so that the words compare.</summary>
    static string OriginalText(JsonElement post)
    {
        var text = post.Text("text") ?? "";
        foreach (var link in post.At("entities").At("urls").Items())
            if (link.Text("url") is { Length: > 0 } shortened && link.Text("expanded_url") is { } expanded)
                text = text.Replace(shortened, expanded, StringComparison.Ordinal);

        return WebUtility.HtmlDecode(text);
    }

    static Dictionary<string, long> Metrics(JsonElement post)
    {
        var metrics = new Dictionary<string, long>();
        foreach (var given in new[] { post.At("public_metrics"), post.At("non_public_metrics") }.Where(m => m.ValueKind == JsonValueKind.Object))
            foreach (var metric in given.EnumerateObject())
                if (metric.Value.ValueKind == JsonValueKind.Number && metric.Value.TryGetInt64(out var value))
                    metrics[metric.Name == "repost_count" ? "retweet_count" : metric.Name] = value;

        return metrics;
    }

    static RestRequest Request(string resource, Method method, object? body = null)
    {
        var request = new RestRequest(resource, method);
        return body is null ? request : request.AddStringBody(PlatformClient.ToJson(body), ContentType.Json);
    }

    static string Shorten(string text, int maximum) =>
        text.Length <= maximum ? text : text[..(char.IsHighSurrogate(text[maximum - 2]) ? maximum - 2 : maximum - 1)] + "…";
}
