using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Burgernet.Syndicate.Alerts;
using Fluid;
using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Values;

namespace Burgernet.Syndicate.Templates;

/// <summary>A fault in a template, told so that the person who made it can mend it (Dutch).</summary>
/// <param name="Template">Its file's name without extension.</param>
/// <param name="Line">From 1; 0 where the fault is in no particular place.</param>
/// <param name="Column">From 1.</param>
public sealed record TemplateFault(string Template, int Line, int Column, string Reason);

/// <summary>
/// The part of Liquid that templates may use: deciding, naming, and filters on words. Nothing that includes, counts or
/// reads anything else, and no loop but one over a short written-out row of numbers. What is misspelt is found before
/// anything is made, with its place. Fluid itself bounds neither depth nor ranges, and says of an unknown name only that.
/// </summary>
static partial class TemplateLanguage
{
    /// <summary>The longest source, in characters; a template of a page is a tenth of it.</summary>
    public const int LongestSource = 20_000;

    // Fluid reads nested blocks and brackets by recursion: some thousands of them would end the process.
    const int MostBlocks = 20;
    const int MostBrackets = 8;
    const int LongestTag = 1_000;
    const int LongestLoop = 100;

    static readonly string[] Tags = ["#", "assign", "break", "capture", "case", "comment", "continue", "for", "if", "raw", "unless"];

    static readonly FluidParser Parser = MakeParser();

    /// <summary>What a variable that tells kinds apart can be; comparing it with anything else is a slip of the pen.</summary>
    static readonly Dictionary<string, string[]> Words = new()
    {
        ["phase"] = [.. TemplateName.Phases],
        ["kind"] = [.. Wire.All<AlertKind>()],
        ["category"] = [.. Wire.All<AlertCategory>()],
    };

    /// <summary>The template, or null and what is wrong with it.</summary>
    public static IFluidTemplate? Parse(string name, string source, List<TemplateFault> faults)
    {
        if (Refuse(name, source) is { } refused)
        {
            faults.Add(refused);
            return null;
        }

        if (Parser.TryParse(source, out var template, out var error))
            return template;
        var place = ErrorPlace().Match(error);
        var (line, column) = place.Success ? (int.Parse(place.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(place.Groups[2].ValueSpan, CultureInfo.InvariantCulture)) : (0, 0);
        faults.Add(new TemplateFault(name, line, column, InDutch(place.Success ? error[..place.Index] : error)));
        return null;
    }

    /// <summary>The variables that a template makes itself.</summary>
    public static IEnumerable<string> Makes(IFluidTemplate template)
    {
        var reader = new Reader();
        reader.VisitTemplate(template);
        return reader.Made;
    }

    /// <summary>The variables that a template which cannot be read would make, so that nobody is told that they are missing too.</summary>
    public static IEnumerable<string> WouldMake(string source) => Making().Matches(source).Select(m => m.Groups[1].Value);

    /// <summary>Every name in a template that does not exist, and every range that is too long.</summary>
    /// <param name="variables">The names that exist before the template begins.</param>
    public static IEnumerable<TemplateFault> Check(string name, string source, IFluidTemplate template, IEnumerable<string> variables)
    {
        var reader = new Reader();
        reader.VisitTemplate(template);
        HashSet<string> known = [.. variables, .. reader.Made];
        foreach (var variable in reader.Read.Where(v => !known.Contains(v)))
            yield return At(name, source, variable, $"'{variable}' bestaat niet; {Suggestion.Hint(variable, known)}");
        foreach (var filter in reader.Filters.Where(f => !TemplateFilters.All.ContainsKey(f)))
            yield return At(name, source, filter, $"het filter '{filter}' bestaat niet; {Suggestion.Hint(filter, [.. TemplateFilters.All.Keys])}");
        foreach (var (variable, word) in reader.Compared.Where(c => Words.TryGetValue(c.Variable, out var words) && !words.Contains(c.Word)))
            yield return At(name, source, word, $"{variable} is nooit '{word}'; {Suggestion.Hint(word, Words[variable])}");
        foreach (var deeper in reader.Deeper)
            yield return At(name, source, deeper, $"'{deeper}' heeft geen delen; haal de punt en wat daarachter staat weg");
        if (reader.LongRange)
            yield return At(name, source, "..", $"een reeks hoort uit twee getallen te bestaan en hoogstens {LongestLoop} lang te zijn, zoals (1..3)");
    }

    static TemplateFault? Refuse(string name, string source)
    {
        if (source.Length > LongestSource)
            return new TemplateFault(name, 0, 0, $"is te lang ({source.Length} tekens); een sjabloon telt hoogstens {LongestSource} tekens");
        if (source.IndexOf('\uFFFD') is var broken and >= 0)
            return At(name, source, broken, "hier staat een teken dat niet te lezen is; sla het bestand op als UTF-8");

        var blocks = 0;
        foreach (var tag in TagShape().EnumerateMatches(source))
        {
            if (tag.Length > LongestTag)
                return At(name, source, tag.Index, $"dit stuk tussen haakjes is te lang; maak het korter dan {LongestTag} tekens, of begin een nieuw stuk");

            var (brackets, deepest) = (0, 0);
            foreach (var c in source.AsSpan(tag.Index, tag.Length))
            {
                brackets += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
                deepest = Math.Max(deepest, brackets);
            }

            if (deepest > MostBrackets)
                return At(name, source, tag.Index, "hier staan te veel haakjes in elkaar");
            var block = BlockShape().Match(source, tag.Index, tag.Length);
            blocks += !block.Success ? 0 : block.Groups["end"].Success ? -1 : 1;
            if (blocks > MostBlocks)
                return At(name, source, tag.Index, $"hier staan meer dan {MostBlocks} blokken in elkaar; sluit een blok eerder af");
        }

        return null;
    }

    static TemplateFault At(string name, string source, int index, string reason)
    {
        var before = source.AsSpan(0, Math.Min(index, source.Length));
        return new TemplateFault(name, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), reason);
    }

    // Fluid's tree knows no places, so the first time that the word stands in a tag it is.
    static TemplateFault At(string name, string source, string word, string reason)
    {
        foreach (var tag in TagShape().EnumerateMatches(source))
        {
            for (var at = source.IndexOf(word, tag.Index, tag.Length, StringComparison.Ordinal); at >= 0;)
            {
                var end = at + word.Length;
                if (!(IsWordChar(word[0]) && at > 0 && IsWordChar(source[at - 1])) && !(IsWordChar(word[^1]) && end < source.Length && IsWordChar(source[end])))
                    return At(name, source, at, reason);
                at = source.IndexOf(word, at + 1, tag.Index + tag.Length - at - 1, StringComparison.Ordinal);
            }
        }

        return new TemplateFault(name, 0, 0, reason);

        static bool IsWordChar(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
    }

    static string InDutch(string error)
    {
        var quoted = Quoted().Match(error).Groups[1].Value;
        return error switch
        {
            _ when error.StartsWith("Unknown tag", StringComparison.Ordinal) => UnknownTag(quoted),
            _ when error.StartsWith("End of tag", StringComparison.Ordinal) => $"hier hoort {quoted} te staan; kijk of er een | of een aanhalingsteken ontbreekt",
            _ when error.StartsWith("Invalid 'if' tag", StringComparison.Ordinal) => "deze vraag klopt niet; schrijf bijvoorbeeld {% if phase == 'closed' %}, met twee is-tekens en rechte aanhalingstekens",
            _ when error.StartsWith("Invalid 'for' tag", StringComparison.Ordinal) => "deze herhaling klopt niet; schrijf bijvoorbeeld {% for i in (1..3) %}",
            _ when error.StartsWith("Invalid", StringComparison.Ordinal) => $"{{% {quoted} %}} klopt niet; vergelijk het met de voorbeelden in docs/sjablonen.md",
            _ when error.StartsWith("A value was expected", StringComparison.Ordinal) => "hier hoort een naam of een tekst tussen rechte aanhalingstekens te staan",
            _ when error.Contains("'|' sign", StringComparison.Ordinal) => "na | hoort de naam van een filter te staan",
            _ when error.StartsWith("An identifier was expected", StringComparison.Ordinal) => "hier hoort een naam te staan",
            _ when error.StartsWith("'='", StringComparison.Ordinal) => "na de naam hoort een = te staan, zoals in {% assign woord = 'tekst' %}",
            _ when error.StartsWith("'{% end", StringComparison.Ordinal) => $"een blok is niet afgesloten; zet {quoted} waar het ophoudt",
            _ when error.StartsWith("Not end tag", StringComparison.Ordinal) => "een blok is niet afgesloten; zet {% endraw %} waar het ophoudt",
            _ => error.Trim(),
        };
    }

    static string UnknownTag(string tag) => tag switch
    {
        _ when tag.StartsWith("end", StringComparison.Ordinal) || tag is "else" or "elsif" or "when" => $"{{% {tag} %}} staat hier los; het blok dat erbij hoort ontbreekt of is al afgesloten",
        _ => $"{{% {tag} %}} bestaat niet; {Suggestion.Hint(tag, Tags)}",
    };

    static FluidParser MakeParser()
    {
        var parser = new FluidParser(new FluidParserOptions { AllowFunctions = false });
        foreach (var tag in parser.RegisteredTags.Keys.Except(Tags).ToList())
            parser.RegisteredTags.Remove(tag);

        // Fluid's own has no bound to what it captures.
        parser.RegisterIdentifierBlock("capture", static async (name, statements, _, encoder, context) =>
        {
            var captured = new BoundedWriter((BoundedContext)context);
            var completion = await statements.RenderStatementsAsync(captured, encoder, context).ConfigureAwait(false);
            context.SetValue(name, new StringValue(captured.ToString(), encode: false));
            return completion;
        });
        return parser;
    }

    [GeneratedRegex(@" at \((\d+):(\d+)\)")]
    private static partial Regex ErrorPlace();

    [GeneratedRegex(@"\{%-?\s*(?:assign|capture)\s+(\w+)")]
    private static partial Regex Making();

    [GeneratedRegex(@"'(.+?)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\{\{[^}]*(?:\}(?!\})[^}]*)*|\{%[^%]*(?:%(?!\})[^%]*)*")]
    private static partial Regex TagShape();

    [GeneratedRegex(@"\G\{%-?\s*(?<end>end)?(?:if|unless|case|for|capture|comment|raw)\b")]
    private static partial Regex BlockShape();

    /// <summary>Which names a template uses and makes.</summary>
    sealed class Reader : AstVisitor
    {
        public HashSet<string> Made { get; } = [];
        public HashSet<string> Read { get; } = [];
        public HashSet<string> Filters { get; } = [];
        public HashSet<string> Deeper { get; } = [];
        public List<(string Variable, string Word)> Compared { get; } = [];
        public bool LongRange { get; private set; }

        protected override Statement VisitAssignStatement(AssignStatement assignStatement)
        {
            Made.Add(assignStatement.Identifier);
            return base.VisitAssignStatement(assignStatement);
        }

        protected override Statement VisitParserBlockStatement<T>(Fluid.Parser.ParserBlockStatement<T> parserBlockStatement)
        {
            if (parserBlockStatement is { TagName: "capture", Value: string name })
                Made.Add(name);
            return base.VisitParserBlockStatement(parserBlockStatement);
        }

        protected override Statement VisitForStatement(ForStatement forStatement)
        {
            Made.Add(forStatement.Identifier);
            Made.Add("forloop");
            return base.VisitForStatement(forStatement);
        }

        protected override Expression VisitRangeExpression(RangeExpression rangeExpression)
        {
            LongRange |= !(Number(rangeExpression.From) is { } from && Number(rangeExpression.To) is { } to && to - from < LongestLoop);
            return base.VisitRangeExpression(rangeExpression);

            static decimal? Number(Expression expression) => expression is LiteralExpression { Value: NumberValue number } ? number.ToNumberValue() : null;
        }

        protected override Expression VisitMemberExpression(MemberExpression memberExpression)
        {
            if (memberExpression.Segments is [IdentifierSegment { Identifier: var name }, ..])
            {
                Read.Add(name);
                if (name != "forloop" && memberExpression.Segments is not ([_] or [_, IdentifierSegment { Identifier: "size" }]))
                    Deeper.Add(name);
            }

            return base.VisitMemberExpression(memberExpression);
        }

        protected override Expression VisitFilterExpression(FilterExpression filterExpression)
        {
            Filters.Add(filterExpression.Name);
            return base.VisitFilterExpression(filterExpression);
        }

        protected override Expression VisitEqualBinaryExpression(EqualBinaryExpression equalBinaryExpression)
        {
            Compare(equalBinaryExpression.Left, equalBinaryExpression.Right);
            return base.VisitEqualBinaryExpression(equalBinaryExpression);
        }

        protected override Expression VisitNotEqualBinaryExpression(NotEqualBinaryExpression notEqualBinaryExpression)
        {
            Compare(notEqualBinaryExpression.Left, notEqualBinaryExpression.Right);
            return base.VisitNotEqualBinaryExpression(notEqualBinaryExpression);
        }

        protected override Statement VisitCaseStatement(CaseStatement caseStatement)
        {
            foreach (var option in caseStatement.Whens.SelectMany(w => w.Options))
                Compare(caseStatement.Expression, option);
            return base.VisitCaseStatement(caseStatement);
        }

        void Compare(Expression left, Expression right)
        {
            if (left is MemberExpression { Segments: [IdentifierSegment { Identifier: var variable }] } && right is LiteralExpression { Value: StringValue word })
                Compared.Add((variable, word.ToStringValue()));
        }
    }
}
