using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Http;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Routing;
using RestSharp;

namespace Burgernet.Syndicate.Connectors.Channels.WhatsApp;

/// <summary>
/// Publishes to WhatsApp groups and channels through WAHA, a linked device of our own (https://waha.devlike.pro).
/// It is not an official API: WhatsApp may block the number, and a phone that is unlinked stops the channel.
/// </summary>
sealed class WhatsAppChannel : IChannel, IEditsPosts, IDeletesPosts, IFindsPosts, INamesPosts, IMeasuresReach, IChecksAccess, IDisposable
{
    public const int MaximumLength = 65_536;

    const int PageSize = 50;

    /// <summary>A group in which more than this was said since the moment asked for is not read to the end.</summary>
    const int MaximumPages = 40;

    /// <summary>The words beside a picture may be this long (the WhatsApp Business Platform documents it).</summary>
    const int MaximumCaption = 1024;

    readonly PlatformClient _client;
    readonly string _session;
    readonly string _apiKey;

    public WhatsAppChannel(ChannelOptions options, ChannelServices services)
    {
        Name = options.Name;
        _session = options.Settings.GetValueOrDefault("session") ?? "default";
        _apiKey = options.Secrets.GetValueOrDefault("apiKey")?.Reveal() ?? "";
        _client = new PlatformClient(options, services.Time);
    }

    internal static PostLimit TextLimit { get; } = new(MaximumLength, text => text.Length);

    public string Name { get; }

    public PostLimit Limit => TextLimit;

    public TimeSpan? EditWindow => TimeSpan.FromMinutes(15);

    /// <summary>A change makes no sound and raises no badge: an update is a reply, which people see.</summary>
    public bool UpdatesInPlace => false;

    public TimeSpan? DeletionWindow => TimeSpan.FromHours(48);

    public bool ThreadSurvives => true;

    public async Task<PublishResult> PublishAsync(Post post, CancellationToken cancellationToken)
    {
        if (!ChatId.IsChatId(post.Address))
            return new PublishResult.Rejected("het adres is geen nummer van een WhatsApp-chat (…@g.us, …@c.us or …@newsletter)");

        // A channel (newsletter) has no replies.
        var replyTo = post.Address.EndsWith("@newsletter", StringComparison.Ordinal) ? null : post.InReplyTo;

        if (post.Photos is not [var photo, ..])
            return await SendAsync(post, photo: null, replyTo, cancellationToken);

        var result = post.Text.Length <= MaximumCaption ? await SendAsync(post, photo, replyTo, cancellationToken) : new PublishResult.Rejected("de tekst is te lang om bij een foto te staan");
        // Certainly refused, as where the bridge cannot send pictures: the words must not be lost with the photo.
        return result is PublishResult.Rejected && await SendAsync(post, photo: null, replyTo, cancellationToken) is var words
            ? words is PublishResult.Published published ? published with { WithoutPhoto = "WhatsApp nam de foto niet aan" } : words
            : result;
    }

    // One message is one post: of several photos the first goes along. WhatsApp has no alternative text; the caption is
    // the post itself.
    async Task<PublishResult> SendAsync(Post post, PostPhoto? photo, string? replyTo, CancellationToken cancellationToken)
    {
        var request = photo is not null
            ? Request("api/sendImage", Method.Post, new
            {
                session = _session,
                chatId = post.Address,
                caption = post.Text,
                file = new
                {
                    mimetype = photo.ContentType,
                    filename = photo.ContentType == "image/png" ? "photo.png" : "photo.jpg",
                    data = Convert.ToBase64String(photo.Bytes.Span),
                },
                reply_to = replyTo,
            })
            : Request("api/sendText", Method.Post, new
            {
                session = _session,
                chatId = post.Address,
                id = HasOwnName(post) ? NameOf(post) : null,
                text = post.Text,
                linkPreview = false,
                reply_to = replyTo,
            });

        var answer = await _client.SendAsync(request, cancellationToken);
        return answer.ToResult(
            WahaErrors.Table,
            body => MessageId(body) is { } id ? new PublishResult.Published(id) : null,
            post);
    }

    /// <remarks>Giving a message the same words twice leaves one message with those words: safe to repeat.</remarks>
    public async Task<PublishResult> EditAsync(string postId, Post post, CancellationToken cancellationToken)
    {
        var request = Message(post.Address, postId, Method.Put, new { text = post.Text, linkPreview = false });
        var answer = await _client.SendAsync(request, cancellationToken);
        return answer.ToResult(WahaErrors.Table, _ => new PublishResult.Published(postId), post).Repeatable();
    }

    public string? PostIdOf(Post post) => HasOwnName(post) ? $"true_{post.Address}_{NameOf(post)}" : null;

    /// <remarks>A message that was taken back may stay behind as an empty shell.</remarks>
    public async Task<bool?> ExistsAsync(string address, string postId, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(Message(address, postId, Method.Get), cancellationToken);
        if (answer.Succeeded && MessageId(answer.Body) is not null)
            return answer.Body.IsTrue("hasMedia") || answer.Body.Text("body") is { Length: > 0 };
        return answer.Status == 404 && answer.ToResult(WahaErrors.Table, _ => null) is PublishResult.Rejected ? false : null;
    }

    public async Task<PublishResult> DeleteAsync(string address, string postId, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(Message(address, postId, Method.Delete), cancellationToken);
        var result = answer.ToResult(WahaErrors.Table, _ => new PublishResult.Published(postId)).Repeatable();
        return answer.Status == 404 && result is PublishResult.Rejected ? new PublishResult.Published(postId) : result;
    }

    public async Task<FoundPosts> FindPostsAsync(string address, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var from = _client.ReadFrom(since).WholeSecond();
        var found = new List<FoundPost>();
        var complete = false;
        for (var page = 0; page < MaximumPages && !complete; page++)
        {
            var request = Request("api/{session}/chats/{chat}/messages", Method.Get)
                .AddUrlSegment("chat", address)
                .AddQueryParameter("limit", Invariant(PageSize))
                .AddQueryParameter("offset", Invariant(page * PageSize))
                .AddQueryParameter("sortOrder", "desc")
                .AddQueryParameter("downloadMedia", "false")
                .AddQueryParameter("filter.fromMe", "true")
                .AddQueryParameter("filter.timestamp.gte", Invariant(from.ToUnixTimeSeconds()));

            var answer = await _client.SendAsync(request, cancellationToken);
            if (!answer.Succeeded || answer.Body.ValueKind != JsonValueKind.Array)
                break;

            foreach (var message in answer.Body.Items())
                if (Read(message) is { } post && post.CreatedAt >= from)
                    found.Add(post);

            complete = answer.Body.GetArrayLength() < PageSize;
        }

        // Messages that came in while we paged shift the pages: the same one may be seen twice.
        return new FoundPosts(
            [.. found.DistinctBy(post => post.PostId).OrderByDescending(post => post.CreatedAt)], complete);
    }

    /// <remarks>
    /// How many have it and how many read it is counted as the acknowledgements come in (<see cref="AckListener"/>), and is a
    /// lower bound: who switched read receipts off is not counted. What can be asked is how far the message got, and how many
    /// are in the group.
    /// </remarks>
    internal static ReachTerms ReachTerms { get; } = new(["delivered"], ["read"], []);

    public ReachTerms Terms => ReachTerms;

    /// <summary>Each is two requests.</summary>
    public int MostAtOnce => 50;

    public async Task<MeasuredPosts> MeasureAsync(IReadOnlyList<AskedPost> posts, CancellationToken cancellationToken)
    {
        var reach = new Dictionary<string, IReadOnlyDictionary<string, long>>();
        var (complete, lacking) = (true, new HashSet<string>());
        TimeSpan? pause = null;
        foreach (var post in posts)
        {
            var figures = new Dictionary<string, long>();
            var answer = await _client.SendAsync(Message(post.Address, post.PostId, Method.Get), cancellationToken);
            var later = answer.MayComeLater(WahaErrors.Table, out pause);
            // -1 is an error of WhatsApp's, no figure.
            if (answer.Succeeded && answer.Body.Number("ack") is >= 0 and var ack)
                figures["ack"] = ack;
            if (pause is null && post.Address.EndsWith("@g.us", StringComparison.Ordinal))
            {
                var group = await _client.SendAsync(Request("api/{session}/groups/{chat}/participants/v2", Method.Get).AddUrlSegment("chat", post.Address), cancellationToken);
                later |= group.MayComeLater(WahaErrors.Table, out pause);
                if (group.Succeeded && group.Body.ValueKind == JsonValueKind.Array)
                    figures["groupSize"] = group.Body.GetArrayLength();
            }

            if (figures.Count > 0)
                reach[post.PostId] = figures;
            if (later)
                lacking.Add(post.PostId);
            complete &= !later;
            // Who does not answer one question keeps the next waiting just as long.
            if (pause is not null || cancellationToken.IsCancellationRequested)
                return new MeasuredPosts(reach, Complete: false) { Lacking = lacking, Pause = pause };
        }

        return new MeasuredPosts(reach, complete) { Lacking = lacking };
    }

    /// <remarks>WORKING can lie: WAHA was seen to keep saying so after the phone had stopped sending.</remarks>
    public async Task<AccessCheck> CheckAccessAsync(CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync(Request("api/sessions/{session}", Method.Get), cancellationToken);
        return (answer.Succeeded ? answer.Body.Text("status") : null) switch
        {
            "WORKING" => new AccessCheck(true, "de sessie werkt"),
            "SCAN_QR_CODE" or "PASSKEY_REQUIRED" or "PASSKEY_CONFIRMATION_REQUIRED" =>
                new AccessCheck(false, "de telefoon is niet gekoppeld; scan de QR-code"),
            "STOPPED" or "FAILED" => new AccessCheck(false, "de sessie staat stil; start haar opnieuw"),
            _ => new AccessCheck(null, "WAHA zegt niet of de sessie werkt"),
        };
    }

    public void Dispose() => _client.Dispose();

    RestRequest Request(string resource, Method method, object? body = null)
    {
        var request = new RestRequest(resource, method).AddHeader("X-Api-Key", _apiKey);
        if (resource.Contains("{session}", StringComparison.Ordinal))
            request.AddUrlSegment("session", _session);
        return body is null ? request : request.AddStringBody(PlatformClient.ToJson(body), ContentType.Json);
    }

    RestRequest Message(string chat, string id, Method method, object? body = null) =>
        Request("api/{session}/chats/{chat}/messages/{message}", method, body).AddUrlSegment("chat", chat).AddUrlSegment("message", id);

    // A caption's id, and that of anything in a channel, is WhatsApp's to give.
    static bool HasOwnName(Post post) => post is { Photos.Count: 0, Key.Length: > 0 } && !post.Address.EndsWith("@newsletter", StringComparison.Ordinal);

    /// <summary>An id as WhatsApp Web makes them (3EB0 and 18 hexadecimal digits), the same at every attempt.</summary>
    static string NameOf(Post post) => $"3EB0{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(post.Key)))[..18]}";

    static FoundPost? Read(JsonElement message) =>
        message.IsTrue("fromMe") && MessageId(message) is { } id && message.Number("timestamp") is > 0 and var time
            ? new FoundPost(id, message.Text("body") ?? message.Text("caption") ?? "", Moment(time), Url: null)
            : null;

    /// <summary>The engines behind WAHA differ: a string, or the object whatsapp-web.js makes of it.</summary>
    static string? MessageId(JsonElement message) =>
        message.Id("id") ?? message.At("id").Id("_serialized");

    /// <summary>Seconds, as documented; milliseconds, as one engine was seen to send.</summary>
    static DateTimeOffset Moment(long time) => time switch
    {
        > 253_402_300_799_999 => DateTimeOffset.MaxValue,
        > 100_000_000_000 => DateTimeOffset.FromUnixTimeMilliseconds(time),
        _ => DateTimeOffset.FromUnixTimeSeconds(time),
    };

    static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
}
