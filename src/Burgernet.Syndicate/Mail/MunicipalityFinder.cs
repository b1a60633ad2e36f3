using System.Text.RegularExpressions;
using Burgernet.Syndicate.Areas;

namespace Burgernet.Syndicate.Mail;

/// <summary>Finds which municipalities of the region a text names.</summary>
public sealed partial class MunicipalityFinder
{
    // Dutch words that begin a sentence as easily as they name a municipality.
    static readonly HashSet<string> CommonWords = new(StringComparer.OrdinalIgnoreCase) { "Houten", "Huizen", "Laren", "Bergen", "Best", "Beek", "Borne", "Buren", "Duiven", "Echt", "Ede", "Goes", "Heel", "Hoorn", "Leek", "Noord", "Landen" };

    readonly Regex? _names;
    readonly Dictionary<string, Municipality> _byName = new(StringComparer.OrdinalIgnoreCase);
    readonly IReadOnlyList<Basisteam> _teams;
    readonly AreaIndex _areas;

    /// <param name="areas">The registry.</param>
    /// <param name="teams">Which municipalities each basisteam works in.</param>
    /// <param name="at">The moment whose municipalities are meant.</param>
    public MunicipalityFinder(AreaIndex areas, IReadOnlyList<Basisteam> teams, DateTimeOffset at)
    {
        (_areas, _teams) = (areas, teams);
        foreach (var (name, municipality) in areas.Names(at))
            _byName.TryAdd(AnySpace().Replace(name, " "), municipality);
        // The longest first: "Utrechtse Heuvelrug" is not "Utrecht".
        var alternatives = _byName.Keys.OrderByDescending(n => n.Length).Select(n => Regex.Escape(n).Replace(@"\ ", @"\s+", StringComparison.Ordinal)).ToList();
        if (alternatives.Count > 0)
            _names = new Regex($@"(?<![\p{{L}}\p{{M}}\d.@_/])(?:{string.Join('|', alternatives)})(?![\p{{L}}\p{{M}}\d@_]|\.\p{{L}}|['’]\p{{L}}{{2}})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    /// <summary>The CBS codes of those a text names, the one named first first.</summary>
    public IReadOnlyList<string> In(string text)
    {
        if (_names is null)
            return [];
        // An address of a site or of a mailbox is no place.
        var plain = Address().Replace(text, " ");
        return [.. _names.Matches(plain).Where(m => IsPlace(plain, m)).Select(m => _byName[AnySpace().Replace(m.Value, " ")].Code).Distinct()];
    }

    /// <summary>Those of a basisteam that a sender calls itself by; without one, those that it names.</summary>
    public IReadOnlyList<string> OfSender(string sender)
    {
        var words = new MailWords(sender);
        var team = _teams.Where(t => words.Has(t.Name)).Select(t => t.Municipality).Where(code => _areas.WithCode(code) is not null).Distinct().ToList();
        return team.Count > 0 ? team : In(sender);
    }

    static bool IsPlace(string text, Match match)
    {
        var before = text[Math.Max(0, match.Index - 40)..match.Index];
        if (Larger().IsMatch(before))
            return false;
        if (!CommonWords.Contains(match.Value))
            return true;
        // Written small it is the word; at the beginning of a sentence, or in capitals, nobody can tell by the letter.
        if (char.IsLower(match.Value[0]))
            return false;
        var after = text[(match.Index + match.Length)..];
        return Leads().IsMatch(before) || Follows().IsMatch(after) || !(SentenceStart().IsMatch(before) || match.Value.All(c => !char.IsLower(c)));
    }

    /// <summary>What bears a municipality's name and is larger, or elsewhere.</summary>
    [GeneratedRegex(@"(?:\b(?:provincie|regio|eenheid|arrondissement|rechtbank|parket|universiteit|hogeschool|fc|politie-eenheid|veiligheidsregio|officier\s+van\s+justitie)\s+|(?:provincie|regio|eenheid)\s+(?:van|in)\s+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Larger();

    [GeneratedRegex(@"(?:\b(?:in|te|uit|bij|naar|van|rond|rondom|nabij|richting|gemeente|gemeenten|plaats|dorp|burgernet|burgernetmail|nieuwsbrief|basisteam|politie|inwoners|wijkagent|en|door|tussen|buurtonderzoek)|[\p{L})]\s?[,/-])\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Leads();

    [GeneratedRegex(@"^\s*(?::|\(|-\p{Lu})")]
    private static partial Regex Follows();

    [GeneratedRegex(@"(?:^|[.!?:;\n•*""“-])\s*$")]
    private static partial Regex SentenceStart();

    [GeneratedRegex(@"(?:https?://|www\.)\S+|\S+@\S+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"\s+")]
    private static partial Regex AnySpace();
}
