using Burgernet.Syndicate.Alerts;

namespace Burgernet.Syndicate.Mail;

/// <summary>What a rule for mail is held against.</summary>
/// <param name="Subject">The whole subject.</param>
/// <param name="Text">The subject and the words of this mail, quoted history not included.</param>
/// <param name="Headers">The values of every header, by its name without regard to case.</param>
public sealed record RuledMail(string Subject, string Text, ILookup<string, string> Headers);

/// <summary>
/// One rule of <c>mail.rules</c> in syndicate.json: what sort of mail has these words, and what is done with it. All
/// conditions that it has must hold; in a list one word is enough. Words as <see cref="MailWords"/> has them.
/// </summary>
public sealed record MailRule
{
    /// <summary>The sort of mail, in small letters: <c>getuigenoproep</c>.</summary>
    public required string Kind { get; init; }

    public required SubmissionDecision Decision { get; init; }

    /// <summary>Why, in one Dutch sentence for who looks at it.</summary>
    public required string Reason { get; init; }

    /// <summary>By header: words of which it has one; <c>*</c> is any value, an empty list means that the header is not there.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Words in the subject; empty: it does not matter.</summary>
    public IReadOnlyList<string> Subject { get; init; } = [];

    /// <summary>Words in the subject or the text; empty: it does not matter.</summary>
    public IReadOnlyList<string> Text { get; init; } = [];

    /// <summary>Words of which none stands in the subject or the text.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];
}

/// <summary>The rules in their order: the first that fits decides.</summary>
public sealed class MailRules(IReadOnlyList<MailRule> rules)
{
    // Hundreds of terms for each mail: taken apart once.
    readonly IReadOnlyList<Taken> _rules = [.. rules.Select(rule => new Taken(rule))];

    /// <summary>What no rule fits: a person looks.</summary>
    public static MailRule Unknown { get; } = new()
    {
        Kind = "onbekend",
        Decision = SubmissionDecision.Hold,
        Reason = "Geen enkele regel herkent deze mail, dus een mens moet beslissen.",
    };

    /// <summary>The rules of a configuration that has none of its own, as config/syndicate.json ships them.</summary>
    public static MailRules Default { get; } = new(DefaultMailRules.All);

    public IReadOnlyList<MailRule> All => rules;

    /// <summary>The first rule that fits, or <see cref="Unknown"/>.</summary>
    public MailRule Judge(RuledMail mail)
    {
        var (subject, text) = (new MailWords(mail.Subject), new MailWords(mail.Text));
        var headers = new Dictionary<string, IReadOnlyList<(string Value, MailWords Words)>>(StringComparer.OrdinalIgnoreCase);
        return _rules.FirstOrDefault(rule => rule.Fits(subject, text, Values))?.Rule ?? Unknown;

        IReadOnlyList<(string Value, MailWords Words)> Values(string name)
        {
            if (!headers.TryGetValue(name, out var values))
                headers[name] = values = [.. mail.Headers[name].Select(value => (value.Trim(), new MailWords(value)))];
            return values;
        }
    }

    sealed class Taken(MailRule rule)
    {
        readonly string[][] _subject = Parts(rule.Subject);
        readonly string[][] _text = Parts(rule.Text);
        readonly string[][] _without = Parts(rule.Without);
        readonly (string Name, IReadOnlyList<string> Terms, string[][] Parts)[] _headers = [.. rule.Headers.Select(h => (h.Key, h.Value, Parts(h.Value)))];

        public MailRule Rule => rule;

        public bool Fits(MailWords subject, MailWords text, Func<string, IReadOnlyList<(string Value, MailWords Words)>> values) =>
            (_subject.Length == 0 || _subject.Any(subject.Has))
            && (_text.Length == 0 || _text.Any(text.Has))
            && _headers.All(h => h.Terms.Count == 0 ? values(h.Name).Count == 0 : values(h.Name).Any(v => h.Terms.Any(term => term == "*" || term == v.Value) || h.Parts.Any(v.Words.Has)))
            && !_without.Any(text.Has);

        static string[][] Parts(IReadOnlyList<string> terms) => [.. terms.Select(MailWords.PartsOf)];
    }
}
