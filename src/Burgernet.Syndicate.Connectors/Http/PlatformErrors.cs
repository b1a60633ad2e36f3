using System.Text.Json;

namespace Burgernet.Syndicate.Connectors.Http;

/// <summary>What a known error means for the post.</summary>
enum Verdict
{
    /// <summary>This post, as it is, will never be taken.</summary>
    Rejected,

    /// <summary>It may be there.</summary>
    Ambiguous,

    /// <summary>It may be there, and the network says that it has these words.</summary>
    Duplicate,

    /// <summary>The account cannot publish until a person has acted.</summary>
    Stopped,

    /// <summary>The account has had its share for now; nothing was sent.</summary>
    Throttled,

    /// <summary>The reply was refused, not the words; nothing was sent.</summary>
    ReplyRefused,
}

/// <summary>An error in a platform's own body, brought to one shape.</summary>
sealed record PlatformError
{
    /// <summary>The kind of problem by name, if the platform has names.</summary>
    public string? Type { get; init; }

    public long? Code { get; init; }

    public long? Subcode { get; init; }

    /// <summary>The platform's explanation, for people and for rows that have nothing better to go by.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the platform's support asks for.</summary>
    public string? Trace { get; init; }

    /// <summary>What is not prose, in one line for a reason; still to be cleaned.</summary>
    public string Facts
    {
        get
        {
            FormattableString[] parts = [$"type {Type}", $"code {Code}", $"subcode {Subcode}", $"trace {Trace}"];
            return string.Join(' ', parts
                .Where(part => part.GetArgument(0) is not (null or ""))
                .Select(FormattableString.Invariant));
        }
    }
}

/// <summary>One row of a platform's table: everything that is set must match.</summary>
sealed record KnownError(Verdict Verdict, string Reason)
{
    public int? Status { get; init; }

    /// <summary>Stands in the name of the problem.</summary>
    public string? Type { get; init; }

    public (long First, long Last)? Codes { get; init; }

    public long? Code { init => Codes = value is { } code ? (code, code) : null; }

    public long? Subcode { get; init; }

    /// <summary>Stands in the explanation.</summary>
    public string? Text { get; init; }

    public bool Matches(int status, PlatformError error) =>
        (Status is null || Status == status)
        && (Type is null || error.Type?.Contains(Type, StringComparison.OrdinalIgnoreCase) == true)
        && (Codes is not { } codes || (error.Code >= codes.First && error.Code <= codes.Last))
        && (Subcode is null || Subcode == error.Subcode)
        && (Text is null || error.Text.Contains(Text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>How one platform speaks of failure. The first known row that matches decides, whatever the HTTP status.</summary>
/// <param name="Platform">Its name in reasons.</param>
/// <param name="Read">The error in a body; null when the body is not this platform's, for instance a proxy's HTML.</param>
/// <param name="Known">The rows, special before general.</param>
sealed record PlatformErrors(string Platform, Func<JsonElement, PlatformError?> Read, IReadOnlyList<KnownError> Known);
