using System.Text.Json;
using Burgernet.Syndicate.Areas;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.IO.Converters;

namespace Burgernet.Syndicate.Configuration;

/// <summary>What <c>region</c> in syndicate.json points to, read.</summary>
/// <param name="Municipalities">The registry.</param>
/// <param name="Boundaries">The boundaries by CBS code; null: none are configured.</param>
/// <param name="Drawn">The areas that somebody drew on a map, by name; null: there is no such file.</param>
sealed record RegionFiles(IReadOnlyList<Municipality> Municipalities, IReadOnlyDictionary<string, Geometry>? Boundaries, IReadOnlyDictionary<string, Geometry>? Drawn)
{
    /// <summary>Where drawn areas stand unless the configuration says otherwise.</summary>
    public const string DrawnFile = "gebieden.geojson";

    readonly Dictionary<string, Ground> _drawn = (Drawn ?? new Dictionary<string, Geometry>()).ToDictionary(d => d.Key, d => new Ground(d.Value), StringComparer.OrdinalIgnoreCase);

    public AreaIndex Index { get; } = new(Municipalities, Boundaries);

    /// <summary>Null: there is no such file.</summary>
    public IReadOnlyList<Basisteam>? Basisteams { get; init; }

    /// <summary>By code, whenever it existed, or by the name it has today.</summary>
    public Municipality? Find(string written) => Index.WithCode(written) ?? Index.Find(written, TimeProvider.System.GetUtcNow());

    /// <summary>The drawn area of this name.</summary>
    public Ground? Area(string name) => _drawn.GetValueOrDefault(name);

    /// <summary>What an area may be called, for messages.</summary>
    public string AreaHint => Drawn is null
        ? $"de naam van een gebied uit {DrawnFile}, en dat bestand is er niet; teken het gebied bijvoorbeeld op geojson.io"
        : $"de naam van een getekend gebied: {string.Join(", ", _drawn.Keys.Order(StringComparer.Ordinal))}";
}

/// <summary>Reads a GeoJSON file of areas, each with a property that says what it is called.</summary>
/// <param name="name">The file, for messages.</param>
/// <param name="keys">The property may be called any of these.</param>
/// <param name="example">A value of it, for messages.</param>
sealed class GeoJsonFile(string name, IReadOnlyList<string> keys, string example, List<ConfigurationError> errors)
{
    static readonly JsonSerializerOptions Options = new() { Converters = { new GeoJsonConverterFactory() } };

    public IReadOnlyDictionary<string, Geometry> Read(byte[] bytes)
    {
        var areas = new Dictionary<string, Geometry>();
        try
        {
            foreach (var (index, feature) in (JsonSerializer.Deserialize<FeatureCollection>(Json(bytes), Options) ?? []).Index())
            {
                void Fault(string message) => this.Fault(Place.OfItem(name, Json(bytes), "features", index), message);
                var called = keys.Select(key => feature.Attributes?.GetOptionalValue(key)?.ToString()).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v))?.Trim();
                if (called is null)
                    Fault($"een gebied zonder {keys[0]}; elk gebied heeft onder properties een {keys[0]} zoals {example}");
                else if (feature.Geometry is null or { IsEmpty: true })
                    Fault($"{called} heeft geen grenzen");
                else if (feature.Geometry.Dimension != Dimension.Surface)
                    Fault($"{called} is een punt of een lijn; teken een vlak");
                else if (feature.Geometry.Centroid is not { X: >= 3.0 and <= 7.4, Y: >= 50.5 and <= 53.8 })
                    Fault($"{called} ligt niet in Nederland; de punten horen in graden te staan (WGS84), eerst de lengte (ongeveer 5) en dan de breedte (ongeveer 52)");
                else
                    Add(called, feature.Geometry.IsValid ? feature.Geometry : GeometryFixer.Fix(feature.Geometry));
            }
        }
        // An unclosed ring arrives as ArgumentException.
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            Fault(exception is JsonException { LineNumber: not null } json ? Place.At(name, Json(bytes), json) : new Place(name), $"is geen geldige GeoJSON: {exception.Message}");
        }

        return areas;

        // What has several parts may stand there part by part.
        void Add(string called, Geometry part) => areas[called] = areas.TryGetValue(called, out var other) ? other.Union(part) : part;
    }

    static ReadOnlySpan<byte> Json(byte[] bytes) => bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsSpan(3) : bytes;

    void Fault(Place place, string message) => errors.Add(new ConfigurationError(name, message) { Place = place });
}
