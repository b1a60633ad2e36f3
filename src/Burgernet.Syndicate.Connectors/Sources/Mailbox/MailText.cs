using System.Text;
using System.Text.RegularExpressions;

namespace Burgernet.Syndicate.Connectors.Sources.Mailbox;

/// <summary>What stands in the text of a mail, apart from what it quotes.</summary>
/// <param name="Text">The words of this mail; of a forwarded mail, the words that were forwarded.</param>
/// <param name="ForwardedSubject">The subject of what was forwarded, where it is told.</param>
/// <param name="IsForwarded">Whether the words are somebody else's.</param>
sealed record OwnWords(string Text, string? ForwardedSubject = null, bool IsForwarded = false);

/// <summary>Makes of the plain text of a mail what may be posted of it.</summary>
static partial class MailText
{
    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // A forward of a forward of a forward is one.
    const int DeepestForward = 5;

    // What is longer is no sentence.
    const int LongestSentence = 1_500;

    /// <summary>The subject without what mail programs and the sender put before it; null where nothing is left.</summary>
    public static string? TitleOf(string subject)
    {
        var title = AnySpace().Replace(subject, " ").Trim();
        for (var before = ""; before != title;)
        {
            before = title;
            title = SubjectPrefix().Replace(title, "").Trim();
        }

        return title.Length == 0 ? null : Capitalised(title);
    }

    /// <summary>Takes off what is quoted, or takes out what is forwarded.</summary>
    public static OwnWords OwnOf(string subject, string text)
    {
        var own = new OwnWords(text.ReplaceLineEndings("\n"));
        var forwards = Forwards().IsMatch(subject);
        for (var depth = 0; depth < DeepestForward; depth++)
        {
            var lines = own.Text.Split('\n');
            var (start, content, title, marked) = FindHistory(lines);
            if (start < 0)
                break;
            var before = string.Join('\n', lines[..start]);
            // Whoever sends on without a word of his own forwards, also under a subject of his own.
            if (!forwards && !marked && Salutation().Replace(before, "").Trim().Length > 0)
                return own with { Text = WithoutQuotes(before) };
            own = new OwnWords(Unquoted(lines[content..]), title ?? own.ForwardedSubject, true);
        }

        return own with { Text = WithoutQuotes(own.Text) };
    }

    /// <summary>What may be posted.</summary>
    /// <param name="own">The mail's own words.</param>
    /// <param name="title">What stands above it already.</param>
    /// <param name="withoutPhotos">Its photos do not go out, so what is said of them goes too.</param>
    public static string Publishable(string own, string? title, bool withoutPhotos)
    {
        var lines = WithoutSalutation(WithoutEnd(Unwrapped(own.Split('\n'))));
        if (title is not null && lines.FindIndex(l => l.Length > 0) is >= 0 and var first && Folded(lines[first]) == Folded(title))
            lines.RemoveAt(first);
        var kept = new List<string>();
        foreach (var line in lines)
        {
            if (Footer().IsMatch(line))
                continue;
            var cleaned = Cleaned(line, withoutPhotos);
            if (cleaned.Length > 0 || line.Length == 0)
                kept.Add(cleaned);
        }

        // A heading or an introduction with nothing left under it.
        for (var i = kept.Count - 1; i >= 0; i--)
        {
            if (kept[i].EndsWith(':') && kept[i].Length < 60 && (i + 1 == kept.Count || kept[(i + 1)..].All(l => l.Length == 0)))
                kept.RemoveRange(i, kept.Count - i);
        }

        return BlankLines().Replace(string.Join('\n', kept), "\n\n").Trim();
    }

    /// <summary>Whether a link is for its receiver alone, or counts who clicks: never for the public.</summary>
    public static bool IsPersonal(string link)
    {
        if (!Uri.TryCreate(link.Contains("://", StringComparison.Ordinal) ? link : $"https://{link}", UriKind.Absolute, out var uri))
            return true;
        return uri.UserInfo.Length > 0 || uri.HostNameType is not UriHostNameType.Dns || HostOf(uri) is not { } host || Tracker().IsMatch(host) || PersonalPath().IsMatch(uri.AbsolutePath) || uri.Query.Length > 1 || uri.Fragment.Length > 24
            || uri.AbsolutePath.Split('/').Any(IsToken);
    }

    /// <summary>The name of the site, as DNS knows it; null where DNS cannot.</summary>
    public static string? HostOf(Uri uri)
    {
        try
        {
            return uri.IdnHost;
        }
        // Told only when it is asked for.
        catch (UriFormatException)
        {
            return null;
        }
    }

    // A word has letters, a date has digits; what mixes them without being readable is a number of somebody.
    static bool IsToken(string segment) =>
        segment.Length >= 6 && segment.Count(char.IsAsciiDigit) is >= 2 and var digits && (digits == segment.Length || Mixed().IsMatch(segment) || segment.Count(char.IsAsciiLetterUpper) > 1) && !Dated().IsMatch(segment);

    // ---- what is quoted or forwarded

    /// <summary>Where history begins and where its words begin; -1 where there is none.</summary>
    static (int Start, int Content, string? Subject, bool Forward) FindHistory(string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Bare(lines[i]);
            if (line.Length is 0 or > 400)
                continue;
            if (Divider().Match(line) is { Success: true } divider)
            {
                var forward = divider.Groups["forward"].Success;
                var (content, subject) = AfterHeaders(lines, i + 1);
                return (i, content, subject, forward);
            }

            if (HeaderLine().IsMatch(line) && IsHeaderBlock(lines, i))
            {
                var (content, subject) = AfterHeaders(lines, i);
                var start = i > 0 && Rule().IsMatch(lines[i - 1]) ? i - 1 : i;
                return (start, content, subject, false);
            }

            // Mail programs break this line as they like.
            for (var length = 1; length <= 3 && i + length <= lines.Length && (length == 1 || WroteStart().IsMatch(line) && Bare(lines[i + length - 1]).Length > 0); length++)
            {
                if (Wrote().IsMatch(string.Join(' ', lines[i..(i + length)].Select(Bare))))
                    return (i, i + length, null, false);
            }
        }

        return (-1, -1, null, false);
    }

    static bool IsHeaderBlock(string[] lines, int at) =>
        SenderLine().IsMatch(Bare(lines[at])) && lines.Skip(at + 1).Take(8).TakeWhile(l => l.Trim().Length > 0).Select(Bare).Count(l => HeaderLine().IsMatch(l)) >= 2;

    static (int Content, string? Subject) AfterHeaders(string[] lines, int at)
    {
        string? subject = null;
        while (at < lines.Length && Bare(lines[at]).Length == 0)
            at++;
        if (at >= lines.Length || !HeaderLine().IsMatch(Bare(lines[at])))
            return (at, null);
        for (; at < lines.Length && Bare(lines[at]).Length > 0; at++)
        {
            if (SubjectLine().Match(Bare(lines[at])) is { Success: true } match)
                subject = match.Groups["subject"].Value.Trim();
        }

        return (at, subject);
    }

    static string Bare(string line) => line.TrimStart('>', ' ', '*', '\t').TrimEnd('*', ' ', '\t');

    static string Unquoted(string[] lines) =>
        string.Join('\n', lines.Count(l => l.StartsWith('>')) * 2 > lines.Count(l => l.Trim().Length > 0) ? lines.Select(l => QuoteMark().Replace(l, "")) : lines);

    static string WithoutQuotes(string text) => string.Join('\n', text.Split('\n').Where(l => !l.StartsWith('>')));

    // ---- what is not for the public

    /// <summary>Lines as their writer meant them: mail programs break them after some seventy characters.</summary>
    static List<string> Unwrapped(string[] lines)
    {
        var joined = new List<string>();
        var above = "";
        foreach (var raw in lines)
        {
            var line = AnySpace().Replace(raw, " ").Trim();
            // Of a line that ends early, or that begins a list, its writer made a line.
            var continues = above.Length is >= 55 and <= 90 && line.Length > 0 && !Bullet().IsMatch(line) && (!above.EndsWith(':') && !EndsSentence().IsMatch(above) || char.IsLower(line[0]) || above.Length >= 66);
            if (continues && joined.Count > 0)
                joined[^1] += " " + line;
            else
                joined.Add(line);
            above = line;
        }

        return joined;
    }

    static List<string> WithoutSalutation(List<string> lines)
    {
        // It stands at the top, perhaps under a heading.
        var seen = 0;
        for (var i = 0; i < lines.Count && seen < 3; i++)
        {
            if (lines[i].Length == 0)
                continue;
            seen++;
            if (Salutation().Match(lines[i]) is not { Success: true, Length: var length })
                continue;
            lines[i] = Capitalised(lines[i][length..].Trim());
            if (lines[i].Length == 0)
                lines.RemoveAt(i);
            break;
        }

        return lines;
    }

    static List<string> WithoutEnd(List<string> lines)
    {
        var end = lines.FindIndex(1 <= lines.Count ? 1 : 0, l => Closing().IsMatch(l));
        if (end >= 0)
            lines = lines[..end];
        // A sender who closes without a greeting: "Politie en gemeenten Soest en Baarn".
        while (lines.Count > 1 && (lines[^1].Length == 0 || Sender().IsMatch(lines[^1]) || Footer().IsMatch(lines[^1])))
            lines.RemoveAt(lines.Count - 1);
        return lines;
    }

    static string Cleaned(string line, bool withoutPhotos)
    {
        var kept = new List<string>();
        var changed = false;
        var bullet = Bullet().Match(line).Value;
        foreach (var sentence in SentenceEnd().Split(line[bullet.Length..]))
        {
            var its = sentence.Length > LongestSentence ? sentence : CleanedSentence(sentence, withoutPhotos);
            changed |= its != sentence;
            if (its is null)
            {
                // A question to which the answer is gone.
                if (kept.Count > 0 && kept[^1].EndsWith('?') && kept[^1].Split(' ').Length <= 6)
                    kept.RemoveAt(kept.Count - 1);
                continue;
            }

            kept.Add(its);
        }

        return !changed ? line : kept.Count == 0 ? "" : bullet + string.Join(' ', kept);
    }

    static string? CleanedSentence(string sentence, bool withoutPhotos)
    {
        if (Attachment().IsMatch(sentence) || withoutPhotos && AboutPhoto().IsMatch(sentence))
            return null;
        var its = sentence;
        if (Invites().IsMatch(its))
        {
            if (WithoutInvitation(its) is not { } rest)
                return null;
            its = rest;
        }

        var links = Link().Matches(its).Where(m => IsPersonal(m.Value.TrimEnd('.', ',', ';', ':', '!', '?', ')', ']', '>'))).ToList();
        if (links.Count > 0)
        {
            foreach (var link in links.OrderByDescending(m => m.Index))
                its = its.Remove(link.Index, link.Length);
            its = AnySpace().Replace(EmptyBrackets().Replace(its, ""), " ").Trim();
            if (its.Length == 0 || its.EndsWith(':') || LeftOver().IsMatch(its) || PersonalWords().IsMatch(its))
                return null;
            if (!EndsSentence().IsMatch(its) && EndsSentence().IsMatch(sentence))
                its += ".";
        }

        return ClickHere().IsMatch(its) && !Link().IsMatch(its) || PersonalWords().IsMatch(its) ? null : its;
    }

    /// <summary>"Beantwoord dan deze e-mail of bel 0900-8844." becomes "Bel 0900-8844."; null where no good sentence is left.</summary>
    static string? WithoutInvitation(string sentence)
    {
        if (InvitationFirst().Match(sentence) is { Success: true } first)
        {
            var (lead, rest) = (first.Groups["lead"].Value.Trim(), first.Groups["rest"].Value.Trim());
            if (Invites().IsMatch(rest) || !Verb().IsMatch(rest))
                return null;
            return lead.Length == 0 ? Capitalised(rest) : $"{lead} {rest}";
        }

        if (InvitationInfinitive().Match(sentence) is { Success: true } infinitive && !Invites().IsMatch(infinitive.Groups["rest"].Value))
            return $"{infinitive.Groups["lead"].Value} {infinitive.Groups["rest"].Value}";
        if (InvitationLast().Match(sentence) is { Success: true } last && !Invites().IsMatch(last.Groups["head"].Value) && last.Groups["head"].Value.Split(' ').Length >= 2)
        {
            var head = last.Groups["head"].Value.TrimEnd(',', ' ');
            // "Bel ons, app ons of beantwoord deze mail": what is left of the list needs its own "of".
            if (head.LastIndexOf(", ", StringComparison.Ordinal) is > 0 and var comma && Verb().IsMatch(head[(comma + 2)..]))
                head = $"{head[..comma]} of {head[(comma + 2)..]}";
            return head + (last.Groups["end"].Value is { Length: > 0 } end ? end : ".");
        }

        return null;
    }

    static string Capitalised(string text) => text.Length == 0 || !char.IsLower(text[0]) ? text : char.ToUpperInvariant(text[0]) + text[1..];

    static string Folded(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Where(char.IsLetterOrDigit))
            folded.Append(char.ToLowerInvariant(c));
        return folded.ToString();
    }

    // ---- subject

    [GeneratedRegex(@"^(?:(?:fwd?|doorst|doorgestuurd|re|antw|antwoord|aw|wg|tr|sv|betr)\s*(?:\[\d+\])?\s*:|\[[^\[\]]{1,30}\]|\*{2,}[^*]{1,30}\*{2,}|(?:spoed\s+)?burgernet[\s-]?mail(?:\s[^:]{1,60})?\s*(?::|\s[-–|]\s)|burgernet\s*(?::|\s[-–|]\s))\s*", Options)]
    private static partial Regex SubjectPrefix();

    [GeneratedRegex(@"^\s*(?:\[[^\]]{1,30}\]\s*)*(?:fwd?|doorst|doorgestuurd|wg|tr)\s*:", Options)]
    private static partial Regex Forwards();

    // ---- history

    [GeneratedRegex(@"^[-_—]{2,}\s*(?:(?<forward>doorgestuurd(?:e)?\s+(?:bericht|e-?mail|mail)|forwarded\s+message|begin\s+doorgestuurd\s+bericht)|oorspronkelijk(?:e)?\s+(?:bericht|e-?mail)|origineel\s+bericht|original\s+(?:message|appointment))\b.{0,40}$|^(?<forward>begin\s+doorgestuurd\s+bericht|begin\s+forwarded\s+message)\s*:?\s*$", Options)]
    private static partial Regex Divider();

    [GeneratedRegex(@"^\*?(?:van|from|verzonden|sent|datum|date|aan|to|cc|kopie|onderwerp|subject|beantwoorden|reply-to|prioriteit|importance|bijlagen|attachments)\*?\s*:\*?\s*\S", Options)]
    private static partial Regex HeaderLine();

    [GeneratedRegex(@"^\*?(?:van|from)\*?\s*:", Options)]
    private static partial Regex SenderLine();

    [GeneratedRegex(@"^\*?(?:onderwerp|subject)\*?\s*:\*?\s*(?<subject>.+)$", Options)]
    private static partial Regex SubjectLine();

    [GeneratedRegex(@"^(?:op\s.{4,200}\sschreef\s.{1,120}|op\s.{4,200}\sheeft\s.{1,120}\sgeschreven|on\s.{4,200}\swrote|am\s.{4,200}\sschrieb\s.{1,120}|.{3,120}\sschreef\s(?:op\s)?.{4,100}|le\s.{4,200}\sa\sécrit)\s*:$", Options)]
    private static partial Regex Wrote();

    [GeneratedRegex(@"^(?:op|on|am|le)\s", Options)]
    private static partial Regex WroteStart();

    [GeneratedRegex(@"^[\s>]*[_-]{5,}\s*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^(?:>\s?)+")]
    private static partial Regex QuoteMark();

    // ---- top and end

    [GeneratedRegex(@"^\s*(?:beste|geachte|hallo|hoi|dag|dear|hi|hello|goede\s?(?:morgen|middag|navond|dag))(?:\s+[^\s,.!?:]+){0,7}\s*(?:[,:!]+\s*|$)|^\s*(?:l\.?s\.?|aan\s+(?:alle|de|onze)\s+[^.!?:]{1,60})\s*[,:]?\s*$", Options)]
    private static partial Regex Salutation();

    [GeneratedRegex(@"^(?:--|—|_{5,}|-{5,})\s*$|^(?:met\s+)?(?:(?:een\s+)?(?:vriendelijke|hartelijke|warme)\s+groet(?:en)?|mvg|m\.?\s?v\.?\s?g\.?|hoogachtend|groet(?:en|jes)?|(?:kind|best|warm|yours)\s+(?:regards|sincerely)|regards|sincerely|with\s+kind\s+regards)\b(?:\s+(?:van|uit|namens)\b.{0,60})?[\s,.!]*$|^met\s+(?:vriendelijke|hartelijke)\s+groet(?:en)?\b.{0,80}$|^(?:verzonden|verstuurd)\s+(?:vanaf|met|vanuit)\s+.{1,60}$|^sent\s+from\s+.{1,60}$|^(?:download|haal)\s+outlook\b.{0,60}$", Options)]
    private static partial Regex Closing();

    [GeneratedRegex(@"^(?:de\s+|het\s+|uw\s+|namens\s+)*(?:politie|gemeenten?|wijkagent(?:en)?|wijkteam|basisteam|team|burgernet(?:team)?|agent|meldkamer|redactie)\b[^.!?:;]{0,70}$", Options)]
    private static partial Regex Sender();

    [GeneratedRegex(@"\b(?:afmelden|af\s+te\s+melden|uitschrijven|uit\s+te\s+schrijven|unsubscribe|meld\s+u\s+(?:dan\s+)?(?:hier\s+)?af|webversie|bekijk\s+(?:deze|dit|de)\s+(?:e-?mail|mail|nieuwsbrief|bericht)\s+(?:online|in\s+(?:uw|je)\s+browser)|u\s+(?:ontvangt|krijgt|kreeg|ontving)\s+(?:deze|dit)\s+(?:e-?mail|mail|bericht|nieuwsbrief)\b|(?:deze|dit)\s+(?:e-?mail|mail|bericht|nieuwsbrief)\s+(?:is|werd)\s+(?:verzonden|verstuurd|gestuurd)\s+(?:aan|naar)|wijzig\s+(?:uw|je)\s+(?:voorkeuren|gegevens)|(?:uw|je)\s+voorkeuren\s+(?:aan|wijzigen)|privacyverklaring|disclaimer|(?:de\s+)?informatie\s+(?:verzonden\s+)?(?:met|in)\s+(?:dit|deze)\s+(?:e-?mail(?:bericht)?|bericht)|dit\s+(?:e-?mail)?bericht\s+kan\s+(?:vertrouwelijke\s+)?informatie|voeg\s+(?:ons|dit)\s+.{0,40}adresboek|volg\s+ons\s+(?:ook\s+)?op|view\s+(?:this|in)\s+(?:email|your\s+browser))", Options)]
    private static partial Regex Footer();

    // ---- sentences

    [GeneratedRegex(@"(?<=[.!?]['’""”)]?)\s+(?=['‘""“(]?[A-ZÀ-Þ0-9])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"[.!?][""'’”)]*$")]
    private static partial Regex EndsSentence();

    [GeneratedRegex(@"^\s*(?:[-*•·–]|\d{1,2}[.)])\s+")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"\b(?:bijlagen?|bijgevoegde?|bijgesloten)\b", Options)]
    private static partial Regex Attachment();

    [GeneratedRegex(@"\b(?:foto(?:[’']?s)?|afbeelding(?:en)?|beelden)\b.{0,120}\b(?:niet|alleen|nergens)\b|\b(?:verspreid|deel|plaats)\b.{0,60}\b(?:foto(?:[’']?s)?|afbeelding(?:en)?|beelden)\b|\bop\s+de\s+(?:foto|afbeelding)\b|\b(?:zie|bekijk)\s+(?:de\s+)?(?:foto|afbeelding)", Options)]
    private static partial Regex AboutPhoto();

    const string Mail = @"(?:e-?mail(?:bericht|tje)?|mail(?:tje)?|bericht)";

    const string Imperative =
        @"(?:(?:beantwoord|retourneer)(?:t\s+u|\s+u)?(?:\s+(?:dan|gerust|gewoon|direct|even))*\s+(?:deze|dit|onze)\s+" + Mail
        + @"|(?:reageer|antwoord|reply)(?:\s+(?:dan|gerust|gewoon|direct|even|u))*\s+(?:op|via|per|met)\s+(?:(?:deze|dit|onze|een)\s+)?(?:e-?mail(?:bericht)?|mail(?:tje)?|bericht)"
        + @"|(?:mail|stuur|e-?mail)(?:\s+(?:dan|ons|gerust|gewoon|even))*\s+(?:(?:een|uw|je)\s+)?(?:reactie|antwoord|" + Mail + @")?(?:\s+(?:terug|als\s+antwoord))?\s*(?:\bop\s+(?:deze|dit|onze)\s+" + Mail + @"|\bterug)"
        + @"|stuur(?:\s+(?:dan|ons|gerust|gewoon))*\s+een\s+(?:reactie|antwoord|reply)"
        + @"|mail(?:\s+(?:dan|gerust|gewoon))*\s+(?:ons|terug)"
        + @"|reply\s+to\s+this\s+e?-?mail|laat\s+het\s+ons\s+weten\s+via\s+deze\s+" + Mail + ")";

    const string Infinitive =
        @"(?:(?:(?:deze|dit|onze)\s+" + Mail + @"\s+(?:te\s+)?(?:beantwoorden|retourneren))|(?:op|via)\s+(?:deze|dit|onze)\s+" + Mail + @"\s+(?:te\s+)?(?:reageren|antwoorden|laten\s+weten)|(?:reageren|antwoorden)\s+(?:op|via|per)\s+(?:(?:deze|dit)\s+)?" + Mail + ")";

    [GeneratedRegex(@"\b(?:" + Imperative + "|" + Infinitive + @")\b", Options)]
    private static partial Regex Invites();

    [GeneratedRegex(@"^(?<lead>(?:[^.!?]{0,120}[,:–])?\s*(?:dan\s+)?)" + Imperative + @"(?:\s+(?:met|als)\s+[^,]{0,40})?\s*(?:,|\s(?:of|en\/of|en|dan\s+wel)(?:\s+(?:anders|eventueel))?)\s+(?<rest>.+)$", Options)]
    private static partial Regex InvitationFirst();

    [GeneratedRegex(@"^(?<lead>(?:u\s+kunt|je\s+kunt|dat\s+kan|dit\s+kan|reageren\s+kan)(?:\s+(?:ook|ons|door))*)\s+" + Infinitive + @"\s+of\s+(?<rest>.+)$", Options)]
    private static partial Regex InvitationInfinitive();

    [GeneratedRegex(@"^(?<head>.+?),?\s+(?:of|en\/of|dan\s+wel)\s+(?:" + Imperative + "|" + Infinitive + @")(?<end>[.!?]*)$", Options)]
    private static partial Regex InvitationLast();

    [GeneratedRegex(@"^(?:(?:dan|gerust|anders)\s+)?(?:bel|mail|neem|meld|ga|app|kijk|stuur|geef|tip|vul|gebruik|loop|kom|laat|upload|sms|whatsapp|spreek|bezoek)\b", Options)]
    private static partial Regex Verb();

    [GeneratedRegex(@"(?:https?://|www\.)[^\s<>""]+", Options)]
    private static partial Regex Link();

    [GeneratedRegex(@"\(\s*\)|\[\s*\]|<\s*>")]
    private static partial Regex EmptyBrackets();

    [GeneratedRegex(@"\b(?:via|op|naar|link|van|met|hier)\s*[.,:!?]*$|^[-*•\s.,:;]*$", Options)]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"\b(?:persoonlijke\s+(?:link|code)|link\s+is\s+(?:alleen\s+voor\s+u|strikt\s+)?persoonlijk|unieke\s+link)\b", Options)]
    private static partial Regex PersonalWords();

    [GeneratedRegex(@"^[-*•\s]*(?:klik\s+(?:hier|dan\s+hier|op\s+(?:de|deze|onderstaande)\s+(?:knop|link))|lees\s+(?:hier\s+)?(?:meer|verder)|meer\s+lezen|meer\s+informatie)\b(?:\s+\S+){0,6}\s*[.!>»]*$", Options)]
    private static partial Regex ClickHere();

    // ---- links

    [GeneratedRegex(@"^(?:[a-z0-9-]+\.)*(?:klik|click|clicks|track|tracking|trk|link|links|lnk|r|t|e|go|url|email|mailing|mailings|news|nieuwsbrief|open|pixel|mailer)\d*\.[a-z0-9.-]+$|(?:mailchimp|sendgrid|list-manage|createsend|laposta|safelinks|mandrillapp|hubspot|exacttarget|flowmailer|spotler|mailplus|bit\.ly|tinyurl)", Options)]
    private static partial Regex Tracker();

    [GeneratedRegex(@"/(?:afmelden|uitschrijven|unsubscribe|opt-?out|voorkeuren|preferences|click|klik|c|r|u|uid|token|track)(?:/|$)", Options)]
    private static partial Regex PersonalPath();

    [GeneratedRegex(@"\d[A-Za-z]+\d|[A-Za-z]\d+[A-Za-z]|[A-Z]{2,}.*\d")]
    private static partial Regex Mixed();

    [GeneratedRegex(@"^(?:19|20)\d{2}[-_]?(?:\d{2}[-_]?(?:\d{2})?)?(?:[-_][a-z-]+)?$", Options)]
    private static partial Regex Dated();

    [GeneratedRegex(@"\s+")]
    private static partial Regex AnySpace();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex BlankLines();
}
