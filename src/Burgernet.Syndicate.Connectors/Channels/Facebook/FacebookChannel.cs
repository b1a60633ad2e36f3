using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Http;
using Burgernet.Syndicate.Reach;
using RestSharp;

namespace Burgernet.Syndicate.Connectors.Channels.Facebook;

/// <summary>
/// Publishes to one Facebook Page over the Graph API (https://developers.facebook.com/docs/pages-api). The token is
/// best a system user's: it belongs to no person and does not expire.
/// </summary>
/// <remarks>
/// An update changes the post itself, so <see cref="Post.InReplyTo"/> has no use here: a post that comes with it
/// stands alone.
/// </remarks>
sealed class FacebookChannel : IChannel, IEditsPosts, IDeletesPosts, IFindsPosts, IMeasuresReach, IChecksAccess, IDisposable
{
    public const int MaximumLength = 63_206;

    const int PageSize = 100;
    const int MaximumPages = 20;

    // Take-downs are tried again within a minute.
    const int MostUnread = 3;

    const string AttachedPhotos = "attachments{media_type,target{id},subattachments{media_type,target{id}}}";

    /// <summary>Views and viewers first. Graph drops and renames metrics every year; those it refuses are not asked again.</summary>
    static readonly string[] Metrics = ["post_media_view", "post_total_media_view_unique", "post_clicks"];

    readonly TimeSpan _photosWithin;
    readonly PlatformClient _client;
    readonly string _version;
    readonly string _pageId;
    readonly string _token;
    readonly string _appToken;
    readonly string _proof;
    readonly ConcurrentDictionary<string, bool> _refusedMetrics = [];
    readonly ConcurrentDictionary<string, int> _unread = [];

    public FacebookChannel(ChannelOptions options, ChannelServices services)
    {
        _photosWithin = options.RequestTimeout;
        Name = options.Name;
        _version = options.Settings.GetValueOrDefault("version") ?? "v26.0";
        _pageId = options.Settings.GetValueOrDefault("pageId") ?? "";
        _token = Secret("accessToken");
        _appToken = $"{Secret("appId")}|{Secret("appSecret")}";
        _proof = Proof(Secret("appSecret"), _token);
        _client = new PlatformClient(options, services.Time, derived: _proof);

        string Secret(string name) => options.Secrets.GetValueOrDefault(name)?.Reveal() ?? "";
    }

    internal static PostLimit TextLimit { get; } = new(MaximumLength, text => text.Length);

    public string Name { get; }

    public PostLimit Limit => TextLimit;

    public async Task<PublishResult> PublishAsync(Post post, CancellationToken cancellationToken)
    {
        var (photos, fault) = await PhotoUploads.AllAsync(post.Photos, _photosWithin, (photo, cancellation) => UploadAsync(photo, post, cancellation), cancellationToken);

        // The fields make the answer carry the permalink, which saves a read.
        var request = Request(Method.Post, _pageId, "feed")
            .AddQueryParameter("fields", "id,permalink_url,created_time")
            .AddStringBody(
                PlatformClient.ToJson(new { message = post.Text, attached_media = photos.Count > 0 ? photos.Select(id => new { media_fbid = id }) : null }),
                ContentType.Json);
        var answer = await _client.SendAsync(request, cancellationToken);
        return answer.ToResult(
            FacebookErrors.Table,
            body => body.Id("id") is { } id ? new PublishResult.Published(id, Permalink(body)) { PhotoIds = photos, WithoutPhoto = fault } : null,
            post);
    }

    async Task<PublishResult> UploadAsync(PostPhoto photo, Post post, CancellationToken cancellationToken)
    {
        var request = Request(Method.Post, _pageId, "photos")
            .AddParameter("published", "false")
            .AddParameter("alt_text_custom", photo.AltText)
            .AddFile("source", photo.Bytes.ToArray(), "photo", photo.ContentType);
        request.AlwaysMultipartFormData = true;

        var answer = await _client.SendAsync(request, cancellationToken);
        return answer.ToResult(
            FacebookErrors.Table, body => body.Id("id") is { } id ? new PublishResult.Published(id) : null, post);
    }

    /// <remarks>Giving a post the same words twice leaves one post with those words: safe to repeat.</remarks>
    public async Task<PublishResult> EditAsync(string postId, Post post, CancellationToken cancellationToken)
    {
        var request = Request(Method.Post, postId)
            .AddStringBody(PlatformClient.ToJson(new { message = post.Text }), ContentType.Json);
        var answer = await _client.SendAsync(request, cancellationToken);
        return answer.ToResult(FacebookErrors.Table, Done(postId), post).Repeatable();
    }

    /// <remarks>
    /// A post's photos are objects of their own that outlive it, and once it is gone nothing tells any more which they
    /// were: so the post itself is asked, and they go first. What was stored may not be all: of a post whose answer was
    /// lost nobody knows them.
    /// </remarks>
    public async Task<PublishResult> DeleteAsync(string address, string postId, CancellationToken cancellationToken)
    {
        if (postId.StartsWith($"{_pageId}_", StringComparison.Ordinal))
        {
            var answer = await _client.SendAsync(Request(Method.Get, postId).AddQueryParameter("fields", AttachedPhotos), cancellationToken);
            if (FacebookErrors.SaysGone(answer))
                return new PublishResult.Published(postId);
            var asked = answer.ToResult(FacebookErrors.Table, _ => new PublishResult.Published(postId)).Repeatable();
            // A reading that is refused, or fails again and again, must not keep the post up: it is worse than a photo without one.
            if (asked is PublishResult.NotSent && _unread.AddOrUpdate(postId, 1, (_, times) => times + 1) < MostUnread)
                return asked;
            _unread.TryRemove(postId, out _);
            foreach (var photo in PhotosIn(answer.Body.At("attachments")).Distinct())
                if (await DeleteOneAsync(photo, cancellationToken) is var result and not PublishResult.Published)
                    return result;
        }

        return await DeleteOneAsync(postId, cancellationToken);
    }

    async Task<PublishResult> DeleteOneAsync(string id, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(Request(Method.Delete, id), cancellationToken);
        return FacebookErrors.SaysGone(answer)
            ? new PublishResult.Published(id)
            : answer.ToResult(FacebookErrors.Table, Done(id)).Repeatable();
    }

    // One photo is the attachment's target; several are below an album's.
    static IEnumerable<string> PhotosIn(JsonElement attachments) =>
        attachments.At("data").Items().SelectMany(attachment =>
            (attachment.Text("media_type") is "photo" && attachment.At("target").Id("id") is { } id ? [id] : Enumerable.Empty<string>())
                .Concat(PhotosIn(attachment.At("subattachments"))));

    public async Task<FoundPosts> FindPostsAsync(string address, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var from = _client.ReadFrom(since).WholeSecond();
        var found = new List<FoundPost>();
        string? after = null;
        for (var page = 0; page < MaximumPages; page++)
        {
            var request = Request(Method.Get, _pageId, "published_posts")
                .AddQueryParameter("fields", "id,message,created_time,permalink_url")
                .AddQueryParameter("limit", PageSize.ToString(CultureInfo.InvariantCulture));
            if (after is not null)
                request.AddQueryParameter("after", after);

            var answer = await _client.SendAsync(request, cancellationToken);
            if (!answer.Succeeded || answer.Body.At("data").ValueKind != JsonValueKind.Array)
                return new FoundPosts(found, Complete: false);

            foreach (var post in answer.Body.At("data").Items())
            {
                if (post.Time("created_time") is not { } created || post.Id("id") is not { } id)
                    continue;
                // An answer about another Page proves nothing about ours.
                if (!id.StartsWith($"{_pageId}_", StringComparison.Ordinal))
                    return new FoundPosts([], Complete: false);
                if (created < from)
                    return new FoundPosts(found, Complete: true);
                found.Add(new FoundPost(id, post.Text("message") ?? "", created, Permalink(post)));
            }

            // The ready-made link to the next page carries the token and could lead anywhere; its cursor is enough.
            var paging = answer.Body.At("paging");
            after = paging.At("cursors").Text("after");
            var isLast = paging.Text("next") is null;
            if (isLast || after is null)
                return new FoundPosts(found, isLast);
        }

        return new FoundPosts(found, Complete: false);
    }

    internal static ReachTerms ReachTerms { get; } = new(["post_media_view"], ["post_total_media_view_unique"], ["shares", "reactions", "comments", "post_clicks"]);

    public ReachTerms Terms => ReachTerms;

    /// <summary>Each is four requests.</summary>
    public int MostAtOnce => 25;

    /// <remarks>
    /// One refused metric fails a whole call, so each is asked alone. Insights are also missing below 100 likes; the
    /// counts of shares, reactions and comments come from the post itself.
    /// </remarks>
    public async Task<MeasuredPosts> MeasureAsync(IReadOnlyList<AskedPost> posts, CancellationToken cancellationToken)
    {
        var reach = new Dictionary<string, IReadOnlyDictionary<string, long>>();
        var lacking = new HashSet<string>();
        foreach (var postId in posts.Select(p => p.PostId).Distinct())
        {
            var figures = new Dictionary<string, long>();
            var (later, pause) = await AddCountsAsync(postId, figures, cancellationToken);
            foreach (var metric in Metrics.Where(metric => !_refusedMetrics.ContainsKey(metric)))
            {
                if (pause is not null)
                    break;
                var (insightLater, insightPause) = await AddInsightAsync(postId, metric, figures, cancellationToken);
                (later, pause) = (later || insightLater, insightPause);
            }

            if (figures.Count > 0)
                reach[postId] = figures;
            if (later)
                lacking.Add(postId);
            // Who does not answer one question keeps the next waiting just as long.
            if (pause is not null || cancellationToken.IsCancellationRequested)
                return new MeasuredPosts(reach, Complete: false) { Lacking = lacking, Pause = pause };
        }

        return new MeasuredPosts(reach, Complete: lacking.Count == 0) { Lacking = lacking };
    }

    /// <summary>Asks Facebook about the token: whether it works, and until when (a system user's has no end).</summary>
    public async Task<AccessCheck> CheckAccessAsync(CancellationToken cancellationToken)
    {
        var request = new RestRequest("{version}/debug_token")
            .AddUrlSegment("version", _version)
            .AddHeader("Authorization", $"Bearer {_appToken}")
            .AddQueryParameter("input_token", _token);
        var data = (await _client.SendAsync(request, cancellationToken)).Body.At("data");

        return data.At("is_valid").ValueKind switch
        {
            JsonValueKind.True => new AccessCheck(true, "het toegangstoken werkt")
            {
                ExpiresAt = data.Number("expires_at") is > 0 and <= 253_402_300_799 and var end
                    ? DateTimeOffset.FromUnixTimeSeconds(end)
                    : null,
            },
            JsonValueKind.False => new AccessCheck(false, "het toegangstoken is verlopen of ingetrokken; maak een nieuw"),
            _ => new AccessCheck(null, "Facebook zegt niet of het toegangstoken werkt"),
        };
    }

    public void Dispose() => _client.Dispose();

    // Whether the answer may still come; that the post is gone is one.
    async Task<(bool Later, TimeSpan? Pause)> AddCountsAsync(string postId, Dictionary<string, long> figures, CancellationToken cancellationToken)
    {
        var request = Request(Method.Get, postId).AddQueryParameter(
            "fields", "shares,reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0)");
        var answer = await _client.SendAsync(request, cancellationToken);
        if (FacebookErrors.SaysGone(answer))
            return (false, null);
        if (!answer.Succeeded)
            return (answer.MayComeLater(FacebookErrors.Table, out var pause), pause);

        Add("shares", answer.Body.At("shares").Number("count"));
        Add("reactions", answer.Body.At("reactions").At("summary").Number("total_count"));
        Add("comments", answer.Body.At("comments").At("summary").Number("total_count"));
        return (false, null);

        void Add(string name, long? value)
        {
            if (value is { } given)
                figures[name] = given;
        }
    }

    async Task<(bool Later, TimeSpan? Pause)> AddInsightAsync(
        string postId, string metric, Dictionary<string, long> figures, CancellationToken cancellationToken)
    {
        var request = Request(Method.Get, postId, "insights").AddQueryParameter("metric", metric);
        var answer = await _client.SendAsync(request, cancellationToken);
        if (FacebookErrors.SaysUnknownMetric(answer))
            _refusedMetrics[metric] = true;
        // The page may lack the right to it; that is for who keeps the page, and the other figures come all the same.
        if (FacebookErrors.LacksRight(answer))
            return (false, null);
        if (!answer.Succeeded)
            return (answer.MayComeLater(FacebookErrors.Table, out var pause), pause);

        foreach (var insight in answer.Body.At("data").Items().Where(insight => insight.Text("name") == metric))
            if (insight.At("values").Items().LastOrDefault().Number("value") is { } value)
                figures[metric] = value;
        return (false, null);
    }

    RestRequest Request(Method method, string node, string? edge = null)
    {
        var request = new RestRequest(edge is null ? "{version}/{node}" : "{version}/{node}/{edge}", method)
            .AddUrlSegment("version", _version)
            .AddUrlSegment("node", node)
            .AddHeader("Authorization", $"Bearer {_token}")
            .AddQueryParameter("appsecret_proof", _proof);
        return edge is null ? request : request.AddUrlSegment("edge", edge);
    }

    static Func<JsonElement, PublishResult.Published?> Done(string postId) =>
        body => body.IsTrue("success") ? new PublishResult.Published(postId) : null;

    static string? Permalink(JsonElement post) =>
        Uri.TryCreate(post.Text("permalink_url"), UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
            ? url.AbsoluteUri
            : null;

    /// <summary>Shows Graph that who holds the token also knows the app's secret; a stolen token alone is then useless.</summary>
    static string Proof(string appSecret, string token) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(appSecret), Encoding.UTF8.GetBytes(token)));
}
