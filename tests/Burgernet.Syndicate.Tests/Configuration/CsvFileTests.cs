using System.Text;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Configuration;

/// <summary>Tables as spreadsheets save them.</summary>
public sealed class CsvFileTests : IDisposable
{
    const string Square = """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Schothorst"},"geometry":{"type":"Polygon","coordinates":[[[5.37,52.17],[5.40,52.17],[5.40,52.19],[5.37,52.19],[5.37,52.17]]]}}]}""";

    static readonly Encoding Windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    readonly ConfigFolder _config = new();

    public void Dispose() => _config.Dispose();

    IReadOnlyList<Group> Groups(byte[] csv)
    {
        _config.Write("groups.csv", csv);
        return _config.Load().Groups["whatsapp"];
    }

    IReadOnlyList<Group> Groups(string csv) => Groups(Encoding.UTF8.GetBytes(csv));

    IReadOnlyList<string> Errors(string file, string csv)
    {
        _config.Write(file, csv);
        Assert.Null(_config.Load(out var errors));
        return errors;
    }

    [Theory]
    [InlineData("name;chatId;municipality;lat;lon;radius;active;channel\nCafé Zuid;1@g.us;Amersfoort;52,1790;5,3870;1200;ja;\n")]
    [InlineData("name,chatId,municipality,lat,lon,radius,active,channel\r\nCafé Zuid,1@g.us,Amersfoort,\"52,1790\",\"5,3870\",1200,ja,\r\n")]
    [InlineData("name,chatId,municipality,lat,lon,radius,active,channel\nCafé Zuid,1@g.us,Amersfoort,52.1790,5.3870,1200,ja,\n")]
    [InlineData("name\tchatId\tmunicipality\tlat\tlon\tradius\tactive\tchannel\nCafé Zuid\t1@g.us\tAmersfoort\t52,1790\t5,3870\t1200\tja\t\n")]
    [InlineData("sep=,\nname,chatId,municipality,lat,lon,radius\n\"Café Zuid\",\"1@g.us\",\"Amersfoort\",\"52,1790\",\"5,3870\",\"1200\"\n")]
    [InlineData("RADIUS;Lat;Lon;Active;MUNICIPALITY;chatid;Name;;;\r\n1200;52,1790;5,3870;JA;gemeente Amersfoort;1@g.us; Café Zuid ;;;\r\n;;;;;;;;;\r\n\r\n;;;;;;;;;\r\n")]
    public void Groups_are_read_whatever_stands_between_the_cells_and_in_whatever_order_the_columns_are(string csv)
    {
        var expected = new Group { Name = "Café Zuid", ChatId = "1@g.us", Municipality = "GM0307", Area = new(52.1790, 5.3870, 1200) };
        foreach (var encoding in new[] { new UTF8Encoding(false), Encoding.UTF8, Windows, Encoding.Unicode, Encoding.BigEndianUnicode })
            Assert.Equal(expected, Assert.Single(Groups([.. encoding.GetPreamble(), .. encoding.GetBytes(csv)])));
    }

    [Fact]
    public void A_cell_may_hold_the_delimiter_and_quotes()
    {
        var group = Assert.Single(Groups("name;chatId;municipality\n\"Zuid; de \"\"oude\"\" kern\";1@g.us;GM0307\n"));
        Assert.Equal("Zuid; de \"oude\" kern", group.Name);
    }

    [Fact]
    public void A_group_may_name_an_area_that_was_drawn_on_a_map()
    {
        _config.Write("gebieden.geojson", Square);
        var group = Assert.Single(Groups("name;chatId;polygon\nWijk;1@g.us;schothorst\n"));

        Assert.True(group.Polygon!.Touches(new Circle(52.18, 5.385, 100)));
        Assert.False(group.Polygon.Touches(new Circle(52.20, 5.385, 100)));
    }

    [Fact]
    public void Every_fault_is_told_with_its_line_and_column()
    {
        _config.Write("gebieden.geojson", Square);
        Assert.Equal(
        [
            "groups.csv:2:5 chatId: '1203' is geen WhatsApp-adres; een groep eindigt op @g.us, een beheerder op @c.us, een kanaal op @newsletter",
            "groups.csv:4:13 municipality: 'Amersvoort' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam",
            "groups.csv:5:14 lat: 'noord' is hier niet geldig; verwacht wordt een getal, zoals 52,1796 of 52.1796",
            "groups.csv:5:24 radius: '1.200' is hier niet geldig; verwacht wordt een straal in hele meters zonder punt of komma, zoals 1200",
            "groups.csv:6:17 polygon: 'Vathorst' is hier niet geldig; verwacht wordt de naam van een getekend gebied: Schothorst",
            "groups.csv:7:29 polygon: deze groep heeft ook een cirkel; vul een van de twee in",
            "groups.csv:8:25: er staan meer cellen dan kolommen; een tekst met ; erin hoort tussen aanhalingstekens",
            "groups.csv:9:25 active: 'misschien' is hier niet geldig; verwacht wordt ja of nee",
            "groups.csv:10:1: regel 10 tot en met 11 staan samen in één cel; kijk of er een aanhalingsteken (\") te veel of te weinig staat",
        ], Errors("groups.csv", """
            name;chatId;municipality;lat;lon;radius;polygon;active;channel
            Een;1203;GM0307;;;;;;

            Twee;2@g.us;Amersvoort;;;;;;
            Drie;3@g.us;;noord;5,3;1.200;;;
            Vier;4@g.us;;;;;Vathorst;;
            Vijf;5@g.us;;52,18;5,38;500;Schothorst;;
            Zes;6@g.us;GM0307;;;;;;;en meer
            Zeven;7@g.us;GM0307;;;;;misschien;
            "Acht;8@g.us;GM0307;;;;;;
            Negen;9@g.us;GM0307;;;;;;
            """));
    }

    [Fact]
    public void A_comma_in_a_number_between_commas_is_told_with_the_way_out() =>
        Assert.Equal(["groups.csv:2:20: er staan meer cellen dan kolommen; zet een getal met een komma tussen aanhalingstekens"], Errors("groups.csv", "name,chatId,lat,lon,radius\nEen,1@g.us,52,18,5,38,500\n"));

    [Fact]
    public void A_wrong_header_is_told_with_what_it_should_be() =>
        Assert.Equal(
        [
            "groups.csv:1:6: kolom 'chat-id' is onbekend; bekend zijn name, chatId, municipality, lat, lon, radius, polygon, active, channel",
            "groups.csv:1:14: kolom name staat er twee keer; haal er een weg",
            "groups.csv:1:1: kolom chatId ontbreekt; de eerste regel is name;chatId;municipality;lat;lon;radius;polygon;active;channel",
        ], Errors("groups.csv", "name;chat-id;NAME\nEen;1@g.us;Een\n"));

    [Theory]
    [InlineData("")]
    [InlineData(";;;\n;;;\n")]
    public void An_empty_table_is_told(string csv) =>
        Assert.Equal(["groups.csv: het bestand is leeg; de eerste regel is name;chatId;municipality;lat;lon;radius;polygon;active;channel"], Errors("groups.csv", csv));

    [Fact]
    public void The_registry_of_municipalities_and_the_teams_are_read_the_same_way()
    {
        _config.Write("municipalities.csv", Windows.GetBytes("Name,Code,Lat,Lon,Radius,validTo,successor\r\nZuidplás,GM0001,\"52,17\",\"5,38\",5000,31-12-2026,GM0002\r\nOost,GM0002,52.2,5.4,6000,,\r\n,,,,,,\r\n"));
        _config.Write("basisteams.csv", Windows.GetBytes("District\tBasisteam\tMunicipality\nOóst\tEemland\tZuidplás\n"));
        _config.Write("groups.csv", "name;chatId;municipality\nA;1@g.us;GM0001\n");
        _config.Write("syndicate.json", """{ "mode": "sandbox", "channels": { "x": { "type": "x" } }, "routes": { "oost": { "districts": ["oóst"], "channels": ["x"] } } }""");

        var options = _config.Load();
        Assert.Equal(["Oóst"], options.Routes![0].Places[0].Codes.Keys);
        Assert.Equal("GM0001", options.Areas.Find("zuidplas", new DateTimeOffset(2026, 12, 31, 12, 0, 0, TimeSpan.Zero))!.Code);
    }

    [Fact]
    public void Faults_in_teams_are_told_with_their_place() =>
        Assert.Equal(
        [
            "basisteams.csv:2:9 municipality: 'Atlantis' staat niet in het gemeentebestand; schrijf de CBS-code (GM0307) of de naam",
            "basisteams.csv:3:1 basisteam: is leeg",
            "basisteams.csv:4:9 municipality: is leeg",
        ], Errors("basisteams.csv", "basisteam;municipality\nEemland;Atlantis\n;Amersfoort\nEemland;\n"));

    [Theory]
    [InlineData("\"name\":\"Schothorst\"", "\"titel\":\"x\"", "een gebied zonder name; elk gebied heeft onder properties een name zoals Schothorst")]
    [InlineData("[5.37,52.17],[5.40,52.17],[5.40,52.19],[5.37,52.19],[5.37,52.17]", "[52.17,5.37],[52.17,5.40],[52.19,5.40],[52.19,5.37],[52.17,5.37]", "Schothorst ligt niet in Nederland")]
    [InlineData("\"Polygon\",\"coordinates\":[[[5.37,52.17],[5.40,52.17],[5.40,52.19],[5.37,52.19],[5.37,52.17]]]", "\"LineString\",\"coordinates\":[[5.37,52.17],[5.40,52.17]]", "Schothorst is een punt of een lijn; teken een vlak")]
    public void A_wrong_drawing_is_told(string from, string to, string message) =>
        Assert.Contains(Errors("gebieden.geojson", Square.Replace(from, to, StringComparison.Ordinal)), e => e.StartsWith($"gebieden.geojson:1:41: {message}", StringComparison.Ordinal));
}
