using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// The templates in <c>config/templates</c>, parsed: one per channel (by its name, or else its type), and the shared
/// one that runs before each of them and whose variables they use. Nothing else can be included. A wrong variable or
/// filter is an error, never an empty place in a public post.
/// </summary>
public sealed class TemplateSet
{
    /// <summary>The template that runs first; it is no channel's.</summary>
    public const string Shared = "gedeeld";

    const int LongestPost = 100_000;

    static readonly FluidParser Parser = new();

    readonly Dictionary<string, IFluidTemplate> _templates = [];
    readonly TemplateOptions _options;

    /// <param name="sources">Liquid source by name, without extension.</param>
    /// <param name="errors">What could not be parsed: the template's name and the reason with line and column.</param>
    public TemplateSet(IReadOnlyDictionary<string, string> sources, out IReadOnlyList<(string Name, string Reason)> errors)
    {
        _options = new TemplateOptions
        {
            CultureInfo = CultureInfo.GetCultureInfo("nl-NL"),
            TimeZone = DutchTime.Zone,
            StrictVariables = true,
            StrictFilters = true,
            MaxSteps = 10_000,
            MaxRecursion = 20,
        };

        var wrong = new List<(string, string)>();
        foreach (var (name, source) in sources)
        {
            if (Parser.TryParse(source, out var template, out var error))
                _templates[name] = template;
            else
                wrong.Add((name, error));
        }

        errors = wrong;
    }

    public bool Contains(string name) => _templates.ContainsKey(name);

    /// <exception cref="TemplateException">The template asks for something that does not exist, or never ends.</exception>
    public string Render(string name, AlertModel model)
    {
        try
        {
            var context = Variables(model);
            if (_templates.TryGetValue(Shared, out var shared))
                shared.Render(context, NullEncoder.Default, isolateContext: false);
            var text = _templates[name].Render(context).ReplaceLineEndings("\n").Trim();
            return text.Length <= LongestPost ? text : throw new TemplateException(name, $"it makes {text.Length} characters");
        }
        // Fluid tells of a wrong name with one type and of too many steps with the other.
        catch (Exception exception) when (exception is FluidException or InvalidOperationException)
        {
            throw new TemplateException(name, exception.Message);
        }
    }

    // One by one and by value: a template can reach nothing behind them, and what is misspelt is named in the error.
    TemplateContext Variables(AlertModel model)
    {
        var context = new TemplateContext(_options);
        context.SetValue("phase", Text(model.Phase));
        context.SetValue("kind", Text(model.Kind));
        context.SetValue("category", Text(model.Category));
        context.SetValue("exercise", BooleanValue.Create(model.Exercise));
        context.SetValue("title", Text(model.Title));
        context.SetValue("text", Text(model.Text));
        context.SetValue("opening_text", Text(model.OpeningText));
        context.SetValue("municipality", Text(model.Municipality));
        context.SetValue("since", Text(model.Since));
        context.SetValue("warn", BooleanValue.Create(model.Warn));
        context.SetValue("call", Text(model.Call));
        context.SetValue("reference", Text(model.Reference));
        return context;

        static FluidValue Text(string? text) => text is null ? Absent.Instance : new StringValue(text);
    }

    /// <summary>A variable that exists but has no value: false in an if, nothing in the text. Fluid's own nil counts as misspelt.</summary>
    sealed class Absent : FluidValue
    {
        public static readonly Absent Instance = new();

        public override FluidValues Type => FluidValues.Nil;
        public override bool Equals(FluidValue other) => other.IsNil();
        public override bool ToBooleanValue() => false;
        public override decimal ToNumberValue() => 0;
        public override string ToStringValue() => "";
        public override object ToObjectValue() => "";
    }
}

/// <summary>A template cannot make a post. The message names it.</summary>
public sealed class TemplateException(string template, string reason) : Exception($"templates/{template}.liquid: {reason}");
