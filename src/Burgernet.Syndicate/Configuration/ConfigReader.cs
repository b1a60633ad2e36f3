using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Burgernet.Syndicate.Configuration;

/// <summary>
/// Reads one object of the configuration strictly: what is missing, of the wrong kind or unknown becomes an error with
/// its path, and reading goes on, so that one look shows everything there is to mend.
/// </summary>
sealed partial class ConfigReader(IConfiguration section, string path, List<ConfigurationError> errors, List<ConfigurationWarning> warnings)
{
    readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public void Fault(string key, string message) => errors.Add(new ConfigurationError(PathOf(key), message));

    /// <summary>What is right but should be looked at.</summary>
    public void Warn(string key, string message) => warnings.Add(new ConfigurationWarning(PathOf(key), message));

    /// <summary>The same of the object as a whole.</summary>
    public void Warn(string message) => warnings.Add(new ConfigurationWarning(path, message));

    public string? Text(string key, string? fallback = null)
    {
        _known.Add(key);
        var value = section.GetSection(key);
        if (!value.GetChildren().Any())
            return string.IsNullOrEmpty(value.Value) ? fallback : value.Value;

        Fault(key, "hier hoort één waarde te staan, geen lijst of object");
        return fallback;
    }

    /// <summary>A list of values; an absent one is the fallback.</summary>
    public IReadOnlyList<string> List(string key, IReadOnlyList<string> fallback)
    {
        _known.Add(key);
        var list = section.GetSection(key);
        if (!list.Exists())
            return fallback;
        if (string.IsNullOrEmpty(list.Value) && list.GetChildren().All(item => int.TryParse(item.Key, out _) && !string.IsNullOrWhiteSpace(item.Value)))
            return [.. list.GetChildren().Select(item => item.Value!.Trim())];
        Fault(key, "hier hoort een lijst te staan: [\"…\", \"…\"]");
        return fallback;
    }

    /// <summary>One value, or several with a comma or semicolon between them, or a list.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        _known.Add(key);
        var value = section.GetSection(key);
        var written = value.GetChildren().Any() ? value.GetChildren().Select(c => c.Value ?? "") : [value.Value ?? ""];
        return [.. written.SelectMany(w => w.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct()];
    }

    public string Required(string key, string hint)
    {
        if (Text(key) is { } value)
            return value;
        if (!section.GetSection(key).GetChildren().Any())
            Fault(key, $"ontbreekt; {hint}");
        return "";
    }

    public bool Flag(string key, bool fallback) => Text(key) switch
    {
        null => fallback,
        var text when bool.TryParse(text, out var value) => value,
        var text => Wrong(key, text, "true of false", fallback),
    };

    public int Number(string key, int fallback, int min, int max) => Text(key) switch
    {
        null => fallback,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max => value,
        var text => Wrong(key, text, $"een heel getal van {min} tot en met {max}", fallback),
    };

    /// <summary>A number with a dot for its decimals.</summary>
    public decimal Amount(string key, decimal fallback, decimal min, decimal max) => Text(key) switch
    {
        null => fallback,
        var text when decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max => value,
        var text => Wrong(key, text, string.Create(CultureInfo.InvariantCulture, $"een getal van {min} tot en met {max}, met een punt voor de decimalen"), fallback),
    };

    /// <summary>hh:mm:ss; more than 24 hours may be written as hours or as d.hh:mm:ss.</summary>
    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min) => Text(key) switch
    {
        null => fallback,
        var text when ParseDuration(text) is { } value && value >= min => value,
        var text => Wrong(key, text, min > TimeSpan.Zero ? $"een duur als uu:mm:ss, ten minste {min:c}" : "een duur als uu:mm:ss", fallback),
    };

    public T Choice<T>(string key, string hint, T fallback, bool required = true) where T : struct, Enum
    {
        var text = required ? Required(key, hint) : Text(key) ?? "";
        if (text.Length == 0 || Wire.TryParse(text, out T value))
            return text.Length == 0 ? fallback : Wire.TryParse(text, out value) ? value : fallback;
        return Wrong(key, text, string.Join(" of ", Wire.All<T>()), fallback);
    }

    public Uri? Url(string key, string? fallback)
    {
        var text = Text(key, fallback);
        if (text is null)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
            return url;
        Fault(key, $"'{text}' is geen volledig adres; schrijf het met https:// ervoor en zonder gebruikersnaam");
        return null;
    }

    public ConfigReader Object(string key)
    {
        _known.Add(key);
        var value = section.GetSection(key);
        if (!string.IsNullOrEmpty(value.Value))
            Fault(key, "hier hoort een object te staan: { … }");
        return new ConfigReader(value, PathOf(key), errors, warnings);
    }

    /// <summary>The entries of an object whose keys are names that people choose.</summary>
    /// <param name="key">The object.</param>
    /// <param name="declared">The names in the file; a secret left behind by an entry that was removed is none.</param>
    public IEnumerable<(string Name, ConfigReader Entry)> Named(string key, IReadOnlySet<string> declared)
    {
        Object(key);
        foreach (var child in section.GetSection(key).GetChildren().Where(c => declared.Contains(c.Key)))
        {
            if (!ValidName().IsMatch(child.Key) || child.Key.Contains("__", StringComparison.Ordinal))
                errors.Add(new ConfigurationError($"{PathOf(key)}.{child.Key}", "een naam bestaat uit kleine letters, cijfers en enkele liggende streepjes (a-z, 0-9, _)"));
            yield return (child.Key, new ConfigReader(child, $"{PathOf(key)}.{child.Key}", errors, warnings));
        }
    }

    /// <summary>The objects of a list, in their order; null where it is absent.</summary>
    public IReadOnlyList<ConfigReader>? Items(string key)
    {
        _known.Add(key);
        var list = section.GetSection(key);
        if (!list.Exists())
            return null;
        if (string.IsNullOrEmpty(list.Value) && list.GetChildren().All(item => int.TryParse(item.Key, out _) && string.IsNullOrEmpty(item.Value)))
            return [.. list.GetChildren().Select(item => new ConfigReader(item, $"{PathOf(key)}.{item.Key}", errors, warnings))];
        Fault(key, "hier hoort een lijst van objecten te staan: [{ … }, { … }]");
        return [];
    }

    /// <summary>The keys that are written here.</summary>
    public IEnumerable<string> Keys => section.GetChildren().Select(child => child.Key);

    public bool Has(string key) => section.GetSection(key).Exists();

    /// <summary>Marks a key as known without reading it.</summary>
    public void Expect(string key) => _known.Add(key);

    /// <summary>To be called last: everything that was not asked for is an error.</summary>
    public void RejectUnknown()
    {
        foreach (var child in section.GetChildren().Where(c => !_known.Contains(c.Key)))
            Fault(child.Key, $"deze sleutel is onbekend; {Suggestion.Hint(child.Key, _known)}");
    }

    T Wrong<T>(string key, string text, string expected, T fallback)
    {
        Fault(key, $"'{text}' is hier niet geldig; verwacht wordt {expected}");
        return fallback;
    }

    internal static TimeSpan? ParseDuration(string text)
    {
        var match = ValidDuration().Match(text);
        if (!match.Success)
            return null;
        double Part(int group) => match.Groups[group].Success ? double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromDays(Part(1)) + TimeSpan.FromHours(Part(2)) + TimeSpan.FromMinutes(Part(3)) + TimeSpan.FromSeconds(Part(4));
    }

    [GeneratedRegex("^[a-z0-9_]+$")]
    private static partial Regex ValidName();

    [GeneratedRegex(@"^(?:(\d{1,3})\.)?(\d{1,4}):([0-5]\d):([0-5]\d(?:\.\d{1,3})?)$")]
    private static partial Regex ValidDuration();
}
