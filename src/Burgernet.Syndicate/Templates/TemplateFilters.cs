using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Filters;
using Fluid.Values;

namespace Burgernet.Syndicate.Templates;

/// <summary>The filters that templates may use: our own, which have Dutch names, and the harmless ones of Liquid.</summary>
static class TemplateFilters
{
    /// <summary>Every filter by its name.</summary>
    public static IReadOnlyDictionary<string, FilterDelegate> All { get; } = new Dictionary<string, FilterDelegate>
    {
        ["wanneer"] = Moment("wanneer", moment => DutchTime.When(moment.At, moment.Now)),
        ["tijd"] = Moment("tijd", moment => DutchTime.Clock(moment.At)),
        ["datum"] = Moment("datum", moment => DutchTime.Day(moment.At, moment.Now)),
        ["gemeente"] = Words((text, _) => Municipality(text)),
        ["hashtag"] = Words((text, _) => Hashtag(text)),
        ["inkorten"] = Words((text, arguments) => Shortening.To(text, (int)Math.Clamp(arguments.At(0).ToNumberValue(), 0, BoundedContext.LongestValue))),
        ["capitalize"] = Words((text, _) => Capitalise(text)),
        ["replace"] = Bounded(Replace),
        ["append"] = Bounded(StringFilters.Append),
        ["prepend"] = Bounded(StringFilters.Prepend),
        ["upcase"] = Bounded(StringFilters.Upcase),
        ["downcase"] = Bounded(StringFilters.Downcase),
        ["strip"] = Bounded(StringFilters.Strip),
        ["lstrip"] = Bounded(StringFilters.LStrip),
        ["rstrip"] = Bounded(StringFilters.RStrip),
        ["strip_newlines"] = Bounded(StringFilters.StripNewLines),
        ["remove"] = Bounded(StringFilters.Remove),
        ["remove_first"] = Bounded(StringFilters.RemoveFirst),
        ["replace_first"] = Bounded(StringFilters.ReplaceFirst),
        ["default"] = Bounded((input, arguments, _) => input.ToStringValue().Length > 0 ? input : arguments.At(0)),
        ["size"] = Bounded(ArrayFilters.Size),
    };

    /// <summary>"De Bilt" is #DeBilt, so that a screen reader reads two words; "'s-Graveland" is #sGraveland. Empty where nothing is left.</summary>
    internal static string Hashtag(string text)
    {
        var tag = new StringBuilder("#");
        var begins = false;
        foreach (var c in Municipality(text).Normalize())
        {
            if (!char.IsLetterOrDigit(c))
            {
                begins = true;
                continue;
            }

            tag.Append(begins && tag.Length > 1 || tag.Length == 1 && !begins ? char.ToUpper(c, CultureInfo.InvariantCulture) : c);
            begins = false;
        }

        return tag.ToString().Any(char.IsLetter) ? tag.ToString() : "";
    }

    /// <summary>"Laren (NH.)" is "Laren": the addition keeps registers apart, not people.</summary>
    internal static string Municipality(string text) =>
        text.EndsWith(')') && text.LastIndexOf(" (", StringComparison.Ordinal) is var addition and > 0 ? text[..addition] : text;

    /// <summary>A capital at the start; "ij" is one letter there.</summary>
    internal static string Capitalise(string text)
    {
        var length = text.StartsWith("ij", StringComparison.OrdinalIgnoreCase) ? 2 : Math.Min(1, text.Length);
        return text[..length].ToUpper(CultureInfo.InvariantCulture) + text[length..];
    }

    static ValueTask<FluidValue> Replace(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var (text, old, next) = (input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue());
        if (old.Length == 0)
            return input;
        // Before it is made: one letter may become a page.
        ((BoundedContext)context).Spend((int)Math.Min(int.MaxValue, text.Length + (long)next.Length * (text.Length / old.Length)));
        return new StringValue(text.Replace(old, next, StringComparison.Ordinal));
    }

    static FilterDelegate Moment(string name, Func<MomentValue, string> say) => Bounded((input, _, _) => input is MomentValue moment
        ? new StringValue(say(moment))
        : throw new FluidException($"het filter '{name}' werkt alleen op issued_at en now"));

    static FilterDelegate Words(Func<string, FilterArguments, string> change) =>
        Bounded((input, arguments, _) => new StringValue(change(input.ToStringValue(), arguments)));

    static FilterDelegate Bounded(FilterDelegate filter) => async (input, arguments, context) =>
    {
        var result = await filter(input, arguments, context).ConfigureAwait(false);
        ((BoundedContext)context).Spend(Length(input) + Length(result));
        return result;

        static int Length(FluidValue value) => value is StringValue text ? text.ToStringValue().Length : 1;
    };
}

/// <summary>A moment in a template. Without a filter it says when, as people say it.</summary>
sealed class MomentValue(DateTimeOffset at, DateTimeOffset now) : FluidValue
{
    public DateTimeOffset At => at;
    public DateTimeOffset Now => now;

    public override FluidValues Type => FluidValues.DateTime;
    public override bool Equals(FluidValue other) => other is MomentValue moment && moment.At == at;
    public override bool ToBooleanValue() => true;
    public override decimal ToNumberValue() => at.ToUnixTimeSeconds();
    public override string ToStringValue() => DutchTime.When(at, now);
    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => new(writer.WriteAsync(ToStringValue()));
    public override object ToObjectValue() => ToStringValue();
}
