namespace Burgernet.Syndicate.Areas;

/// <summary>A circle on the ground: WGS84 degrees, radius in metres.</summary>
public readonly record struct Circle(double Latitude, double Longitude, double Radius)
{
    const double EarthRadius = 6_371_008.8;

    /// <summary>
    /// The circle, if it can be one of ours: numbers, in or near the Netherlands, a radius above 0 and up to 400 km.
    /// Null otherwise; a feed that writes 0,0 or swaps its coordinates must not send an appeal to the wrong people.
    /// </summary>
    public static Circle? Plausible(double? latitude, double? longitude, double? radius) =>
        latitude is >= 50.5 and <= 53.8 && longitude is >= 3.0 and <= 7.4 && radius is > 0 and <= 400_000
            ? new Circle(latitude.Value, longitude.Value, radius.Value)
            : null;

    /// <summary>Metres from this circle's centre to a point, along the great circle (haversine).</summary>
    public double DistanceTo(double latitude, double longitude)
    {
        var (φ1, φ2) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(latitude));
        var halfΔφ = Math.Sin((φ2 - φ1) / 2);
        var halfΔλ = Math.Sin(double.DegreesToRadians(longitude - Longitude) / 2);
        var h = halfΔφ * halfΔφ + Math.Cos(φ1) * Math.Cos(φ2) * halfΔλ * halfΔλ;
        return 2 * EarthRadius * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }

    /// <summary>Whether the two circles share a point.</summary>
    public bool Touches(Circle other) =>
        DistanceTo(other.Latitude, other.Longitude) <= Radius + other.Radius;
}
