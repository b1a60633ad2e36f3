using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Tests.Support;
using NetTopologySuite.Geometries;
using Xunit;

namespace Burgernet.Syndicate.Tests.Areas;

public sealed class AreaIndexTests
{
    static readonly DateTimeOffset Now = Pipeline.Noon;
    static readonly AreaIndex Shipped = Pipeline.Options.Areas;

    static Municipality Place(string code, string name, double latitude = 52, double longitude = 5, double radius = 2000) =>
        new() { Code = code, Name = name, Extent = new Circle(latitude, longitude, radius) };

    // Roughly 6.8 by 11.1 km, its south-west corner at (latitude, longitude).
    static Polygon Square(double latitude, double longitude) =>
        GeometryFactory.Default.CreatePolygon([new(longitude, latitude), new(longitude + 0.1, latitude), new(longitude + 0.1, latitude + 0.1), new(longitude, latitude + 0.1), new(longitude, latitude)]);

    [Theory]
    [InlineData("Amersfoort", "GM0307")]
    [InlineData("  gemeente AMERSFOORT ", "GM0307")]
    [InlineData("Laren (NH.)", "GM0417")]
    [InlineData("Laren", "GM0417")]
    [InlineData("Utrecht", "GM0344")]
    [InlineData("Utrechtse Heuvelrug", "GM1581")]
    [InlineData("Ijsselstein", "GM0353")]
    [InlineData("de ronde venen", "GM0736")]
    [InlineData("Vianen", "GM1961")]
    public void A_municipality_is_found_under_the_spellings_that_sources_use(string name, string code) =>
        Assert.Equal(code, Shipped.Find(name, Now)?.Code);

    [Theory]
    [InlineData("Amersvoort")]
    [InlineData("Apeldoorn")]
    [InlineData("Weesp")]
    [InlineData("")]
    public void What_is_not_of_the_region_is_not_found(string name) => Assert.Null(Shipped.Find(name, Now));

    [Fact]
    public void There_are_thirty_eight_municipalities_today()
    {
        var everywhere = new Circle(52.2, 5.3, 200_000);
        Assert.Equal(38, Shipped.Touched(everywhere, Now).Count);
    }

    [Fact]
    public void A_municipality_that_merges_hands_its_name_and_ground_to_its_successor_on_the_day()
    {
        var areas = new AreaIndex(
            [Place("GM0402", "Hilversum", 52.22, 5.17), Place("GM1696", "Wijdemeren", 52.2265, 5.08) with { ValidTo = new DateOnly(2026, 12, 31), Successor = "GM0402" }],
            new Dictionary<string, Geometry> { ["GM1696"] = Square(52.18, 5.03) });
        var there = new Circle(52.22, 5.08, 500);

        // Half past eleven in the evening of the last day in UTC is the first day of the new year in Hilversum.
        var before = new DateTimeOffset(2026, 12, 31, 22, 59, 0, TimeSpan.Zero);
        var after = new DateTimeOffset(2026, 12, 31, 23, 1, 0, TimeSpan.Zero);
        Assert.Equal(["GM1696"], areas.Touched(there, before).Select(m => m.Code));
        Assert.Equal(["GM0402"], areas.Touched(there, after).Select(m => m.Code));
        Assert.Equal("GM0402", areas.Find("Wijdemeren", after)?.Code);
    }

    [Fact]
    public void With_boundaries_a_circle_is_held_against_the_real_ground()
    {
        var areas = new AreaIndex(
            [Place("GM0001", "West"), Place("GM0002", "Oost"), Place("GM0003", "Ver")],
            new Dictionary<string, Geometry> { ["GM0001"] = Square(52, 5), ["GM0002"] = Square(52, 5.1), ["GM0003"] = Square(52, 5.3) });

        // The border between West and Oost is at 5.1 degrees, 1,370 m east of this centre.
        var centre = new Circle(52.05, 5.08, 1_300);
        Assert.Equal(["GM0001"], areas.Touched(centre, Now).Select(m => m.Code));
        Assert.Equal(["GM0001", "GM0002"], areas.Touched(centre with { Radius = 1_400 }, Now).Select(m => m.Code));
        Assert.Equal(["GM0001", "GM0002", "GM0003"], areas.Touched(centre with { Radius = 16_000 }, Now).Select(m => m.Code));
    }

    [Fact]
    public void Boundaries_that_are_newer_than_a_merger_hold_its_ground_already()
    {
        var vianen = Place("GM0002", "Vianen", 52.15, 5.05) with { ValidTo = new DateOnly(2018, 12, 31), Successor = "GM0001" };
        var areas = new AreaIndex([Place("GM0001", "Vijfheerenlanden"), vianen], new Dictionary<string, Geometry> { ["GM0001"] = Square(52, 5) });

        Assert.Empty(areas.Touched(new Circle(52.15, 5.05, 500), Now));
        Assert.Equal("GM0001", areas.Find("Vianen", Now)?.Code);
    }

    [Fact]
    public void The_distance_to_a_boundary_is_right_to_within_half_a_percent_across_the_region()
    {
        var areas = new AreaIndex([Place("GM0001", "West")], new Dictionary<string, Geometry> { ["GM0001"] = Square(52, 5) });
        foreach (var (latitude, longitude) in new[] { (52.05, 5.6), (52.6, 5.05), (51.9, 4.7), (52.7, 5.8) })
        {
            var real = new Circle(latitude, longitude, 1).DistanceTo(Math.Clamp(latitude, 52, 52.1), Math.Clamp(longitude, 5, 5.1));
            Assert.Empty(areas.Touched(new Circle(latitude, longitude, real * 0.995), Now));
            Assert.Single(areas.Touched(new Circle(latitude, longitude, real * 1.005), Now));
        }
    }

    [Fact]
    public void The_name_decides_where_there_is_no_circle_or_the_circle_is_elsewhere()
    {
        Assert.Equal(["GM0307"], Shipped.Locate(null, "Amersfoort", Now).Touched.Select(m => m.Code));
        var elsewhere = Shipped.Locate(new Circle(51.0, 5.9, 1000), "Amersfoort", Now);
        Assert.Equal(["GM0307"], elsewhere.Touched.Select(m => m.Code));
        Assert.Null(elsewhere.Circle);
    }

    [Fact]
    public void The_circle_decides_where_the_name_is_unknown()
    {
        var location = Shipped.Locate(new Circle(52.1796, 5.3861, 1500), "Amersvoort", Now);
        Assert.Equal("GM0307", location.Municipality?.Code);
        Assert.True(location.InRegion);
    }

    [Theory]
    // Inside, whatever the source calls it.
    [InlineData(52.05, 5.05, null, "GM0001")]
    [InlineData(52.05, 5.05, "Elders", "GM0001")]
    // A kilometre across the border: it is for us too, but not here.
    [InlineData(52.109, 5.05, null, null)]
    [InlineData(52.109, 5.05, "Elders", null)]
    [InlineData(52.109, 5.05, "West", "GM0001")]
    public void A_circle_that_only_comes_across_the_border_is_not_centred_here(double latitude, double longitude, string? name, string? expected)
    {
        var location = new AreaIndex([Place("GM0001", "West")], new Dictionary<string, Geometry> { ["GM0001"] = Square(52, 5) }).Locate(new Circle(latitude, longitude, 1500), name, Now);
        Assert.Equal(expected, location.Municipality?.Code);
        Assert.Equal(["GM0001"], location.Touched.Select(m => m.Code));
    }

    [Fact]
    public void Without_boundaries_the_nearest_is_taken_unless_the_source_names_another()
    {
        // Harderwijk, across the water from Zeewolde.
        var harderwijk = new Circle(52.3480, 5.6200, 5000);
        Assert.Equal("GM0050", Shipped.Locate(harderwijk, null, Now).Touched[0].Code);
        Assert.Null(Shipped.Locate(harderwijk, "Harderwijk", Now).Municipality);
        Assert.NotNull(Shipped.Locate(harderwijk, null, Now).Municipality);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(52.1, 5.3, -5)]
    [InlineData(52.1, 5.3, double.NaN)]
    [InlineData(5.3, 52.1, 1500)]
    [InlineData(52.1, double.PositiveInfinity, 1500)]
    public void A_circle_that_cannot_be_one_of_ours_is_none(double latitude, double longitude, double radius) =>
        Assert.Null(Circle.Plausible(latitude, longitude, radius));
}
