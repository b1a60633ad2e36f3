using System.Globalization;
using System.Text;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Templates;
using NetTopologySuite.Geometries;

namespace Burgernet.Syndicate.Areas;

/// <summary>
/// Which municipalities of the region an alert is about. With boundaries a circle is held against the real ground;
/// without, against a circle per municipality, which is coarser.
/// </summary>
public sealed class AreaIndex
{
    readonly Dictionary<string, Municipality> _byCode;
    readonly List<(Municipality Municipality, Ground? Ground)> _grounds = [];
    readonly Dictionary<string, List<Municipality>> _byName = new(StringComparer.Ordinal);

    /// <param name="municipalities">The registry, past and coming municipalities included.</param>
    /// <param name="boundaries">Ground by CBS code, in WGS84 longitude and latitude; a municipality that is not in it
    /// is judged by its <see cref="Municipality.Extent"/>.</param>
    public AreaIndex(IReadOnlyList<Municipality> municipalities, IReadOnlyDictionary<string, Geometry>? boundaries = null)
    {
        _byCode = municipalities.ToDictionary(m => m.Code);
        foreach (var municipality in municipalities)
        {
            var ground = boundaries?.GetValueOrDefault(municipality.Code) is { } boundary ? new Ground(boundary) : null;
            // Newer boundaries hold the ground of a merged municipality inside its successor's.
            if (ground is not null || municipality.Successor is not { } successor || boundaries?.ContainsKey(successor) != true)
                _grounds.Add((municipality, ground));

            foreach (var name in municipality.Aliases.Prepend(municipality.Name))
            {
                var key = Fold(name);
                if (!_byName.TryGetValue(key, out var namesakes))
                    _byName[key] = namesakes = [];
                namesakes.Add(municipality);
            }
        }
    }

    /// <summary>The municipality with this name or alias on that moment; null if it is none of the region.</summary>
    public Municipality? Find(string name, DateTimeOffset at)
    {
        var day = DutchTime.DayOf(at);
        return _byName.GetValueOrDefault(Fold(name))?.Select(m => On(m, day)).FirstOrDefault(m => m is not null);
    }

    /// <summary>The municipality with this CBS code, as it is in the registry.</summary>
    public Municipality? WithCode(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>The municipalities that exist on the day of that moment (Dutch time).</summary>
    public IEnumerable<Municipality> Existing(DateTimeOffset at) => _byCode.Values.Where(m => m.ExistsOn(DutchTime.DayOf(at)));

    /// <summary>Every name that a municipality which exists on that day goes by, those of its predecessors included.</summary>
    public IEnumerable<(string Name, Municipality Municipality)> Names(DateTimeOffset at)
    {
        var day = DutchTime.DayOf(at);
        return _byCode.Values.SelectMany(m => On(m, day) is { } present ? m.Aliases.Prepend(m.Name).Select(name => (name, present)) : []);
    }

    /// <summary>The municipality that is on this one's ground on that day (Dutch time): itself, or its successor.</summary>
    public Municipality? Present(string code, DateOnly day) => WithCode(code) is { } municipality ? On(municipality, day) : null;

    /// <summary>The codes of all that this municipality is on that day (Dutch time): its own, and those of what became part of it.</summary>
    public IEnumerable<string> CodesOf(string code, DateOnly day) => _byCode.Keys.Where(other => other == code || Present(other, day)?.Code == code);

    /// <summary>Where an alert is: the municipalities it is for, or else what its circle and its municipality's name say.</summary>
    public Location Locate(Alert alert, DateTimeOffset at)
    {
        var listed = alert.MunicipalityCodes.Select(code => Present(code, DutchTime.DayOf(at))).OfType<Municipality>().Distinct().ToList();
        return alert.Area is null && listed.Count > 0 ? new Location(listed[0], listed, null) : Locate(alert.Area, alert.Municipality, at);
    }

    /// <summary>Where an alert is: the municipality that its source names or else that of the circle's centre, and all that the circle touches.</summary>
    public Location Locate(Circle? circle, string? name, DateTimeOffset at)
    {
        var named = name is null ? null : Find(name, at);
        var near = circle is null ? [] : Near(circle.Value, at);

        // A circle that touches nothing of a region whose municipality is named must be wrong: the name decides.
        if (near.Count == 0)
            return new Location(named, named is null ? [] : [named], null);

        // Centred across the border is not centred here, however far the circle comes in. A circle per municipality leaves gaps:
        // there the nearest may be it, unless the source names another.
        var nearest = near[0];
        var centred = nearest.Metres <= 0 || nearest.IsCoarse && name is null ? nearest.Municipality : null;
        return new Location(named ?? centred, [.. near.Select(n => n.Municipality)], circle);
    }

    /// <summary>The municipalities whose ground the circle touches, nearest to its centre first.</summary>
    public IReadOnlyList<Municipality> Touched(Circle circle, DateTimeOffset at) => [.. Near(circle, at).Select(n => n.Municipality)];

    /// <summary>The municipalities that share a point with an area.</summary>
    public IReadOnlyList<Municipality> Touched(Ground area, DateTimeOffset at) =>
        [.. Near(at, (municipality, ground) => (ground is null ? area.Touches(municipality.Extent) : area.Touches(ground)) ? 0 : null).Select(n => n.Municipality)];

    List<(Municipality Municipality, double Metres, bool IsCoarse)> Near(Circle circle, DateTimeOffset at) => Near(at, (municipality, ground) =>
    {
        var distance = ground?.DistanceTo(circle) ?? Math.Max(0, circle.DistanceTo(municipality.Extent.Latitude, municipality.Extent.Longitude) - municipality.Extent.Radius);
        return distance <= circle.Radius ? distance : null;
    });

    /// <param name="at">When; it decides which municipality the ground belongs to.</param>
    /// <param name="distance">Metres to a municipality, or null when it is not touched.</param>
    List<(Municipality Municipality, double Metres, bool IsCoarse)> Near(DateTimeOffset at, Func<Municipality, Ground?, double?> distance)
    {
        var day = DutchTime.DayOf(at);
        var nearest = new Dictionary<Municipality, (double Metres, bool IsCoarse)>();
        foreach (var (municipality, ground) in _grounds)
        {
            // The ground of a merged municipality is now its successor's.
            if (On(municipality, day) is { } present && distance(municipality, ground) is { } metres && metres < (nearest.TryGetValue(present, out var other) ? other.Metres : double.MaxValue))
                nearest[present] = (metres, ground is null);
        }

        return [.. nearest.OrderBy(pair => pair.Value.Metres).ThenBy(pair => pair.Key.Code, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value.Metres, pair.Value.IsCoarse))];
    }

    Municipality? On(Municipality municipality, DateOnly day)
    {
        // Bounded, so that two rows which name each other as successor cannot hang the service.
        for (var steps = 0; steps < 8; steps++)
        {
            if (municipality.ExistsOn(day))
                return municipality;
            if (municipality.Successor is null || !_byCode.TryGetValue(municipality.Successor, out var successor))
                return null;
            municipality = successor;
        }

        return null;
    }

    /// <summary>A name as people vary it: case, accents, punctuation and the word "gemeente" do not count.</summary>
    static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(c))
                folded.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && folded.Length > 0 && folded[^1] != ' ')
                folded.Append(' ');
        }

        var text = folded.ToString().Trim();
        return text.StartsWith("gemeente ", StringComparison.Ordinal) ? text["gemeente ".Length..] : text;
    }
}

/// <summary>Where an alert is.</summary>
/// <param name="Municipality">Where it is centred; null if that is not of the region, or nobody knows.</param>
/// <param name="Touched">All municipalities of the region it is about, nearest first.</param>
/// <param name="Circle">The circle, where it can be trusted.</param>
public sealed record Location(Municipality? Municipality, IReadOnlyList<Municipality> Touched, Circle? Circle)
{
    public bool InRegion => Touched.Count > 0;
}
