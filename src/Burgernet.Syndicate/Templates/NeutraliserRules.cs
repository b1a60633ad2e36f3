namespace Burgernet.Syndicate.Templates;

/// <summary>What text from outside may still point to.</summary>
public sealed record NeutraliserRules
{
    /// <summary>The sites and numbers of the police itself.</summary>
    public static NeutraliserRules Default { get; } = new();

    /// <summary>Hosts that a link may lead to, with their subdomains.</summary>
    public IReadOnlyList<string> LinkHosts { get; init; } = ["politie.nl", "burgernet.nl", "amberalert.nl"];

    /// <summary>Telephone numbers that may be named, in any spelling.</summary>
    public IReadOnlyList<string> PhoneNumbers { get; init; } = ["112", "0900-8844", "0800-6070", "0800-0011", "0800-7000"];
}

/// <summary>Text that is safe to publish.</summary>
/// <param name="Text">Contains no mention, hashtag, mark-up, hidden character, unlisted link or unlisted telephone number.</param>
/// <param name="Removed">What was taken away, in Dutch, for the person who checks the alert. Each thing once.</param>
/// <param name="LeadsAway">
/// A link, number or handle that is not on the lists was among it, or letters that pose as others. From an official feed
/// or a signed webhook the rest is posted and a person is told; what came by mail is put aside.
/// </param>
public sealed record NeutralisedText(string Text, IReadOnlyList<string> Removed, bool LeadsAway);
