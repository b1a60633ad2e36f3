using System.Globalization;
using System.Text;
using System.Text.Json;
using Burgernet.Syndicate.Channels;
using RestSharp;

namespace Burgernet.Syndicate.Connectors.Http;

/// <summary>
/// What came of one request, and the one place where that becomes a <see cref="PublishResult"/>. A wrong "not sent"
/// doubles a police appeal, a wrong "rejected" loses one, so both need proof: a failure before the first byte, or a
/// refusal in the platform's own words. Everything else is ambiguous and gets looked up.
/// </summary>
sealed class PlatformAnswer
{
    /// <summary>No platform makes us wait longer than we look ahead; after a day we ask again.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>The limits of X: per window, and (undocumented) per day for the user and for the app.</summary>
    static readonly string[] Limits = ["x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour"];

    /// <summary>The Date of an answer is in whole seconds, and some way old when it is read.</summary>
    static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(5);

    static readonly string[] GraphUsage = ["X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage"];

    readonly IReadOnlyCollection<HeaderParameter> _headers = [];
    readonly string _failure = "";
    readonly bool _neverLeft;
    readonly string? _contentType;
    readonly TimeProvider _time;
    readonly Redaction _redaction;

    PlatformAnswer(string failure, bool neverLeft, TimeProvider time, Redaction redaction)
    {
        _failure = failure;
        _neverLeft = neverLeft;
        _time = time;
        _redaction = redaction;
    }

    PlatformAnswer(RestResponse response, TimeProvider time, Redaction redaction)
    {
        Status = (int)response.StatusCode;
        Body = JsonReading.Parse(response.RawBytes);
        _headers = response.Headers ?? [];
        _contentType = response.ContentType;
        _time = time;
        _redaction = redaction;
    }

    /// <summary>The HTTP status; 0 when no whole answer came.</summary>
    public int Status { get; }

    /// <summary>The body; undefined when it is not JSON.</summary>
    public JsonElement Body { get; }

    /// <summary>The time by the platform's clock where ours differs: the moments it names are told by that.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var ours = _time.GetUtcNow();
            return DateTimeOffset.TryParseExact(Header("Date"), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var said) && (said - ours).Duration() > ClockSlack ? said : ours;
        }
    }

    public bool Succeeded => Status is >= 200 and < 300;

    public static PlatformAnswer From(RestResponse response, TimeProvider time, Redaction redaction) =>
        new(response, time, redaction);

    /// <summary>No whole answer came. <paramref name="neverLeft"/>: not one byte of the request was handed to a socket.</summary>
    public static PlatformAnswer None(string failure, bool neverLeft, TimeProvider time, Redaction redaction) =>
        new(failure, neverLeft, time, redaction);

    /// <param name="errors">The platform's table.</param>
    /// <param name="published">The post in a body that reports success; null when it is not there.</param>
    /// <param name="post">What was sent, so that no reason repeats it.</param>
    public PublishResult ToResult(
        PlatformErrors errors, Func<JsonElement, PublishResult.Published?> published, Post? post = null) =>
        Classify(errors, published, post) with { Allowance = Left() };

    /// <summary>Of a question that changes nothing: whether its answer may still come.</summary>
    /// <param name="errors">The platform's table.</param>
    /// <param name="pause">Nothing else has to be asked now either, for so long at least (zero: it was not said how long).</param>
    public bool MayComeLater(PlatformErrors errors, out TimeSpan? pause)
    {
        pause = null;
        if (Succeeded)
            return false;
        var result = Classify(errors, _ => null, post: null);
        pause = result switch
        {
            PublishResult.NotSent throttled => throttled.RetryAfter ?? TimeSpan.Zero,
            PublishResult.Stopped => TimeSpan.Zero,
            _ => Status == 0 ? TimeSpan.Zero : null,
        };
        return result is not PublishResult.Rejected;
    }

    PublishResult Classify(PlatformErrors errors, Func<JsonElement, PublishResult.Published?> published, Post? post)
    {
        if (_neverLeft)
            return new PublishResult.NotSent($"{errors.Platform}: {_failure}");
        if (Status == 0)
            return new PublishResult.Ambiguous($"{errors.Platform}: {_failure}");
        if (Succeeded && published(Body) is { } there)
            return there;

        var error = errors.Read(Body);
        if (error is not null && errors.Known.FirstOrDefault(row => row.Matches(Status, error)) is { } known)
            return Judge(known.Verdict, Reason(known.Reason));

        return Status switch
        {
            429 when error is not null || NamesALimit => Judge(Verdict.Throttled, Reason("te veel verzoeken")),
            400 or 404 or 413 or 415 or 422 when error is not null => Judge(Verdict.Rejected, Reason("geweigerd")),
            >= 200 and < 300 => Judge(Verdict.Ambiguous, Reason("aangenomen, maar zonder bruikbaar nummer")),
            _ => Judge(Verdict.Ambiguous, Reason("en dat zegt niet of het bericht er staat")),
        };

        string Reason(string meaning)
        {
            // Apart, so that a long explanation, or one that quotes the post, does not cost us the code and the trace.
            string[] said = error is not null ? [error.Facts, error.Text]
                : Succeeded ? []
                : [$"dit is geen antwoord van het netwerk zelf: {_contentType ?? "zonder type"}"];
            var words = string.Join(": ", said.Select(part => _redaction.Clean(part, post)).Where(part => part.Length > 0));
            return $"{errors.Platform} antwoordde {Status}, {meaning}{(words.Length > 0 ? $" ({words})" : "")}";
        }
    }

    PublishResult Judge(Verdict verdict, string reason) => verdict switch
    {
        Verdict.Rejected => new PublishResult.Rejected(reason),
        Verdict.Stopped => new PublishResult.Stopped(reason),
        Verdict.Throttled => new PublishResult.NotSent(reason) { RetryAfter = Wait(), WholeChannel = true },
        Verdict.Duplicate => new PublishResult.Ambiguous(reason) { SaysDuplicate = true },
        Verdict.ReplyRefused => new PublishResult.NotSent(reason) { ReplyRefused = true },
        _ => new PublishResult.Ambiguous(reason),
    };

    bool NamesALimit =>
        Header("Retry-After") is not null
        || Limits.Any(limit => Header($"{limit}-reset") is not null)
        || GraphUsage.Any(name => Header(name) is not null);

    /// <summary>
    /// What is left to us of the tightest limit that the platform named. Graph gives only percentages of limits that it
    /// keeps to itself: there nothing is left once it says how long we are shut out.
    /// </summary>
    Allowance? Left()
    {
        var left = Limits
            .Select(limit => Number($"{limit}-remaining") is { } remaining && Number($"{limit}-reset") is { } reset
                ? new Allowance((int)Math.Min(remaining, int.MaxValue), UntilEpoch(reset))
                : null)
            .OfType<Allowance>()
            .Where(allowance => allowance.ResetsIn > TimeSpan.Zero)
            .ToList();
        if (UntilAccessIsRegained() is { } shut)
            left.Add(new Allowance(0, shut));
        return left.OrderBy(allowance => allowance.Remaining).ThenByDescending(allowance => allowance.ResetsIn).FirstOrDefault();
    }

    /// <summary>How long the platform asks us to wait, in whichever of its ways it says so.</summary>
    TimeSpan? Wait()
    {
        TimeSpan?[] waits = [RetryAfter(), .. Limits.Select(UntilReset), UntilAccessIsRegained()];
        return waits.Max() is { } wait
            ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, LongestWait.Ticks))
            : null;
    }

    /// <summary>Seconds or a date (RFC 9110).</summary>
    TimeSpan? RetryAfter()
    {
        var value = Header("Retry-After");
        if (decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return Seconds((double)seconds);

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date - Now
            : null;
    }

    /// <summary>X: the moment the window resets, in epoch seconds. A window that has room left is not why we were refused.</summary>
    TimeSpan? UntilReset(string limit) =>
        Number($"{limit}-reset") is { } epoch && (Header($"{limit}-remaining") is null or "0") ? UntilEpoch(epoch) : null;

    TimeSpan UntilEpoch(long seconds) => Seconds(seconds - Now.ToUnixTimeMilliseconds() / 1000.0);

    /// <summary>Graph: minutes, per business and kind of use; it sends no Retry-After. Zero means it does not know.</summary>
    TimeSpan? UntilAccessIsRegained()
    {
        if (Header("X-Business-Use-Case-Usage") is not { } header)
            return null;

        var usage = JsonReading.Parse(Encoding.UTF8.GetBytes(header));
        var minutes = usage.ValueKind != JsonValueKind.Object
            ? []
            : usage.EnumerateObject()
                .SelectMany(business => business.Value.Items())
                .Select(use => use.Number("estimated_time_to_regain_access"))
                .Where(wait => wait > 0);
        return minutes.Max() is { } longest ? Seconds(longest * 60.0) : null;
    }

    static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds));

    long? Number(string header) =>
        long.TryParse(Header(header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    string? Header(string name) =>
        _headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
}

static class PublishResults
{
    /// <summary>
    /// For a request that may be repeated without harm (an upload that publishes nothing, an edit, a deletion):
    /// not knowing whether it took effect is then no reason to look first.
    /// </summary>
    public static PublishResult Repeatable(this PublishResult result) =>
        result is PublishResult.Ambiguous unknown ? new PublishResult.NotSent(unknown.Reason) : result;
}
