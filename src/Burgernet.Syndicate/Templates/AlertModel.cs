namespace Burgernet.Syndicate.Templates;

/// <summary>
/// Everything a template may say. Flat on purpose: a template can read nothing but this. Names in templates are in
/// snake_case (<c>opening_text</c>). What is null is false in an <c>if</c>.
/// </summary>
public sealed record AlertModel
{
    /// <summary><c>opened</c>, <c>updated</c>, <c>closed</c> or <c>withdrawn</c>.</summary>
    public required string Phase { get; init; }

    /// <summary><c>actie</c>, <c>amber-alert</c>, <c>vermist-kind-alert</c> or <c>burgernetmail</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>missing-person</c>, <c>robbery</c> and so on; <c>other</c> where unknown.</summary>
    public required string Category { get; init; }

    public required bool Exercise { get; init; }

    /// <summary>For a child alert the first name and age; never in a closing.</summary>
    public string? Title { get; init; }

    /// <summary>The free text. The only part that is shortened to fit.</summary>
    public required string Text { get; init; }

    /// <summary>The text of the opening, in an update; for networks where the update replaces the opening's words.</summary>
    public string? OpeningText { get; init; }

    /// <summary>Where its photo is to be seen: <c>politie.nl/amberalert</c>, or the address of the photo; null where there is none, or the channel says nothing of it.</summary>
    public string? Photo { get; init; }

    /// <summary>The municipality's name; null where it is national or unknown.</summary>
    public string? Municipality { get; init; }

    /// <summary>When it was issued (UTC). In a template <c>issued_at</c>, and as <c>since</c> the words "20.15 uur".</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The moment from which "vanavond" counts (UTC): when the words are made.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>People must not approach whoever is looked for, and the text does not say so itself.</summary>
    public bool Warn { get; init; }

    /// <summary>The number to call, where the text does not name one itself.</summary>
    public string? Call { get; init; }

    /// <summary>The code that makes this post recognisable, <c>BN-7F3K2</c>.</summary>
    public required string Reference { get; init; }

    /// <summary>The text does not fit whole, and it may have been cut; what can be missed should go.</summary>
    public bool Shortened { get; init; }
}
