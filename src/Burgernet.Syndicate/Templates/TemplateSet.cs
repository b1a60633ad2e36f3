using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace Burgernet.Syndicate.Templates;

/// <summary>
/// The templates in <c>config/templates</c>, parsed: one per channel (by its name, or else its type), and the shared
/// one that runs before each of them and whose variables they use. Of either there may be more particular ones, see
/// <see cref="TemplateName"/>: of a channel's the most particular makes the post; of the shared ones all run that fit,
/// the general first. Nothing else can be included. A wrong variable or filter is an error, never an empty place in a
/// public post.
/// </summary>
public sealed class TemplateSet
{
    /// <summary>The template that runs first; it is no channel's.</summary>
    public const string Shared = "gedeeld";

    /// <summary>The longest source of one template, in characters.</summary>
    public const int LongestSource = TemplateLanguage.LongestSource;

    /// <summary>Everything that a template may say, by the names it has there.</summary>
    internal static readonly string[] Variables =
    [
        "phase", "kind", "category", "exercise", "title", "text", "opening_text", "photo", "municipality", "since", "issued_at", "now", "warn", "call", "reference", "shortened",
    ];

    readonly ILookup<string, (TemplateName Name, IFluidTemplate Template)> _templates;
    readonly IReadOnlyDictionary<string, string> _types;
    readonly TemplateOptions _options;

    /// <param name="sources">Liquid source by name, without extension.</param>
    /// <param name="faults">Everything that is wrong with them.</param>
    /// <param name="types">The type of each channel, whose templates serve where the channel has none of its own.</param>
    public TemplateSet(IReadOnlyDictionary<string, string> sources, out IReadOnlyList<TemplateFault> faults, IReadOnlyDictionary<string, string>? types = null)
    {
        Sources = sources;
        _types = types ?? new Dictionary<string, string>();
        _options = new TemplateOptions
        {
            CultureInfo = CultureInfo.GetCultureInfo("nl-NL"),
            TimeZone = DutchTime.Zone,
            StrictVariables = true,
            StrictFilters = true,
            MaxSteps = 10_000,
            MaxRecursion = 20,
        };
        _options.Filters.Clear();
        foreach (var (name, filter) in TemplateFilters.All)
            _options.Filters.AddFilter(name, filter);

        var wrong = new List<TemplateFault>();
        var unread = new List<string>();
        var parsed = new List<(TemplateName Name, IFluidTemplate Template)>();
        foreach (var (file, source) in sources)
        {
            if (TemplateName.Parse(file, out var fault) is not { } name)
                wrong.Add(new TemplateFault(file, 0, 0, fault!));
            else if (TemplateLanguage.Parse(file, source, wrong) is { } template)
                parsed.Add((name, template));
            else if (name.Base == Shared)
                unread.AddRange(TemplateLanguage.WouldMake(source));
        }

        string[] shared = [.. Variables, .. unread, .. parsed.Where(p => p.Name.Base == Shared).SelectMany(p => TemplateLanguage.Makes(p.Template))];
        foreach (var (name, template) in parsed)
            wrong.AddRange(TemplateLanguage.Check(name.File, sources[name.File], template, shared));
        _templates = parsed.OrderBy(p => p.Name.Rank).ToLookup(p => p.Name.Base);
        faults = wrong;
    }

    /// <summary>What they were made of: Liquid source by name, without extension.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; }

    /// <summary>Whether the channel or type has a template of its own, be it for one category.</summary>
    public bool Contains(string name) => _templates.Contains(name);

    /// <summary>The file that makes a post of this for a channel or type.</summary>
    public string FileFor(string name, AlertModel model) => Find(name, model).Name.File;

    /// <exception cref="TemplateException">The template asks for something that does not exist, or makes too much.</exception>
    public string Render(string name, AlertModel model)
    {
        var template = Find(name, model);
        try
        {
            var context = new BoundedContext(_options);
            Set(context, model);
            foreach (var shared in _templates[Shared].Where(t => t.Name.Fits(model)))
                Write(shared.Template, context);
            return Write(template.Template, context).Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new TemplateException(template.Name.File, InDutch(exception.Message));
        }
    }

    // The channel's own first, then its type's; of either the most particular, which is the last.
    (TemplateName Name, IFluidTemplate Template) Find(string name, AlertModel model)
    {
        foreach (var owner in (string[])[name, _types.GetValueOrDefault(name, name)])
        {
            if (_templates[owner].LastOrDefault(t => t.Name.Fits(model)) is { Template: not null } found)
                return found;
        }

        throw new TemplateException(name, "bestaat niet");
    }

    static string Write(IFluidTemplate template, BoundedContext context)
    {
        var writer = new BoundedWriter(context);
        var rendering = template.RenderAsync(writer, NullEncoder.Default, context);
        // Nothing in a template waits; what is not complete has failed.
        if (!rendering.IsCompletedSuccessfully)
            rendering.AsTask().GetAwaiter().GetResult();
        return writer.ToString();
    }

    // One by one and by value: a template can reach nothing behind them, and what is misspelt is named in the error.
    static void Set(BoundedContext context, AlertModel model)
    {
        context.SetValue("phase", Text(model.Phase));
        context.SetValue("kind", Text(model.Kind));
        context.SetValue("category", Text(model.Category));
        context.SetValue("exercise", BooleanValue.Create(model.Exercise));
        context.SetValue("title", Text(model.Title));
        context.SetValue("text", Text(model.Text));
        context.SetValue("opening_text", Text(model.OpeningText));
        context.SetValue("photo", Text(model.Photo));
        context.SetValue("municipality", Text(model.Municipality));
        context.SetValue("since", new StringValue(DutchTime.Since(model.IssuedAt, model.Now)));
        context.SetValue("issued_at", new MomentValue(model.IssuedAt, model.Now));
        context.SetValue("now", new MomentValue(model.Now, model.Now));
        context.SetValue("warn", BooleanValue.Create(model.Warn));
        context.SetValue("call", Text(model.Call));
        context.SetValue("reference", Text(model.Reference));
        context.SetValue("shortened", BooleanValue.Create(model.Shortened));

        static FluidValue Text(string? text) => text is null ? Absent.Instance : new StringValue(text);
    }

    static string InDutch(string message) =>
        message.StartsWith("Undefined variable", StringComparison.Ordinal) ? $"een naam heeft hier nog geen waarde: {message["Undefined variable".Length..].Trim()}"
        : message.StartsWith("The maximum", StringComparison.Ordinal) ? "het sjabloon doet te veel stappen"
        : message;

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
public sealed class TemplateException(string template, string reason) : Exception($"templates/{template}.liquid: {reason}")
{
    /// <summary>Why, without the name (Dutch).</summary>
    public string Reason => reason;
}
