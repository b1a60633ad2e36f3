using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.Distance;

namespace Burgernet.Syndicate.Areas;

/// <summary>A piece of ground with a boundary: a municipality, or an area that somebody drew on a map.</summary>
public sealed class Ground
{
    // Degrees of longitude are shortened so that a degree is as long both ways at this latitude, the middle of the
    // region. That finds the nearest point of a boundary; the metres to it are then taken on the sphere.
    static readonly double LongitudeScale = Math.Cos(double.DegreesToRadians(52.2));

    // The shortest that a degree of latitude, and of shortened longitude, can be mistaken for in the Netherlands.
    const double ShortestDegree = 100_000;

    readonly Geometry _shape;
    readonly double _west, _east, _south, _north;

    /// <param name="shape">In WGS84 longitude and latitude.</param>
    public Ground(Geometry shape)
    {
        _shape = AffineTransformation.ScaleInstance(LongitudeScale, 1).Transform(shape);
        var bounds = _shape.EnvelopeInternal;
        (_west, _east, _south, _north) = (bounds.MinX, bounds.MaxX, bounds.MinY, bounds.MaxY);
        var middle = _shape.Centroid;
        Middle = (middle.Y, middle.X / LongitudeScale);
    }

    /// <summary>Its centre of gravity, WGS84 degrees.</summary>
    public (double Latitude, double Longitude) Middle { get; }

    /// <summary>Whether the circle and this ground share a point.</summary>
    public bool Touches(Circle circle) => DistanceTo(circle) <= circle.Radius;

    /// <summary>Whether the two share a point.</summary>
    public bool Touches(Ground other) => _shape.Intersects(other._shape);

    /// <summary>Metres from the circle's centre to the nearest point of this ground; a very large number where that is certainly more than its radius.</summary>
    internal double DistanceTo(Circle circle)
    {
        var (x, y) = (circle.Longitude * LongitudeScale, circle.Latitude);
        var (dx, dy) = (Math.Max(0, Math.Max(_west - x, x - _east)), Math.Max(0, Math.Max(_south - y, y - _north)));
        if (Math.Sqrt(dx * dx + dy * dy) > circle.Radius / ShortestDegree)
            return double.MaxValue;

        var nearest = DistanceOp.NearestPoints(_shape, _shape.Factory.CreatePoint(new Coordinate(x, y)))[0];
        return circle.DistanceTo(nearest.Y, nearest.X / LongitudeScale);
    }
}
