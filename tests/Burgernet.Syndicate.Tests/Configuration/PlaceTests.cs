using System.Text;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Configuration;

/// <summary>Every fault says where it was made.</summary>
[Collection(nameof(ProcessWide))]
public sealed class PlaceTests : IDisposable
{
    const string Settings = """
        {
          // Uitleg telt niet mee.
          "$schema": "./syndicate.schema.json",
          "mode": "sandbox",
          "channels": {
            "x": {
              "type": "x", "publsh": false,
              "quiet": "snel",
            },
            "w": { "type": "whatsapp", "maxInFlight": "véél", "groups": "groups.csv" },
            "f": { "type": "facebook" },
          },
          "notAfter": { "é": "02:00:00", "actie": "02:00:00", "Actie": "03:00:00" },
        }
        """;

    readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    IReadOnlyList<ConfigurationError> Errors(string? settings = null)
    {
        _folder.Write("syndicate.json", settings ?? Settings);
        Assert.Null(_folder.Check(out var errors));
        return errors;
    }

    [Fact]
    public void In_syndicate_json_a_fault_is_at_its_key_or_where_the_missing_key_belongs_from_top_to_bottom()
    {
        Assert.Equal(
        [
            "syndicate.json:7:20 channels.x.publsh",
            "syndicate.json:8:7 channels.x.quiet",
            "syndicate.json:10:32 channels.w.maxInFlight",
            "syndicate.json:11:5 channels.f.pageId",
            "syndicate.json:13:55 notAfter.Actie",
            "syndicate.json:13:17 notAfter.é",
        ], Errors().Select(e => $"{e.Place} {e.Path}"));
    }

    [Fact]
    public void A_key_that_stands_there_twice_is_an_error_and_the_rest_is_read_all_the_same()
    {
        var twice = Errors().Single(e => e.Path == "notAfter.Actie");
        Assert.Equal("syndicate.json:13:55 notAfter.Actie: staat er al op regel 13; haal een van de twee weg", twice.ToString());
    }

    [Fact]
    public void What_is_missing_altogether_belongs_at_the_beginning_of_the_file() =>
        Assert.Equal("syndicate.json:2:3 mode", Errors("\n  { \"maxInFlight\": 2 }").Select(e => $"{e.Place} {e.Path}").Single());

    [Fact]
    public void A_value_from_the_environment_or_the_secrets_folder_is_told_by_that()
    {
        using var variable = new EnvironmentVariable("SYNDICATE_channels__x__requestTimeout", "vlug");
        _folder.Write("secrets/maxInFlight__is_niet_van_ons", "");
        _folder.Write("secrets/channels__x__maxInFlight", "veel");
        var errors = Errors();

        Assert.Equal("SYNDICATE_channels__x__requestTimeout", errors.Single(e => e.Path == "channels.x.requestTimeout").Place!.ToString());
        Assert.Equal(Path.Combine(_folder.Secrets, "channels__x__maxInFlight"), errors.Single(e => e.Path == "channels.x.maxInFlight").Place!.ToString());
    }

    [Theory]
    [InlineData("{\n  \"mode\": \"live\"\n  \"x\": 1\n}", 3, 3)]
    [InlineData("{\n  \"mode\": \"liv", 2, 15)]
    [InlineData("{ \"é\": }", 1, 8)]
    [InlineData("{ } {", 1, 5)]
    [InlineData("", 1, 1)]
    public void What_is_no_JSON_is_told_with_the_place_where_it_stops_being_so(string settings, int line, int column) =>
        Assert.Equal(new Place("syndicate.json", line, column), Assert.Single(Errors(settings)).Place);

    [Fact]
    public void A_file_in_another_spelling_than_utf8_is_told_at_its_first_such_character()
    {
        File.WriteAllBytes(Path.Combine(_folder.Config, "syndicate.json"), [.. "{\n  \"mode\": \"caf"u8, 0xE9, .. "\" }"u8]);
        Assert.Null(_folder.Check(out var errors));
        Assert.Equal("syndicate.json:2:15: hier staat een teken dat niet te lezen is; sla het bestand op als UTF-8", Assert.Single(errors).ToString());
    }

    [Fact]
    public void A_byte_order_mark_is_no_fault()
    {
        File.WriteAllBytes(Path.Combine(_folder.Config, "syndicate.json"), [0xEF, 0xBB, 0xBF, .. """{ "mode": "sandbox" }"""u8]);
        Assert.NotNull(_folder.Check(out _));
    }

    [Fact]
    public void In_a_table_a_fault_is_at_its_cell()
    {
        _folder.Write("syndicate.json", """{ "mode": "sandbox", "channels": { "w": { "type": "whatsapp" } } }""");
        _folder.Write("groups.csv", "name;chatId;municipality;lat;lon;radius;active;channel\n\"A;B\";1203@g.us;GM9999;;;;ja;\n\nC;1204@g.us;GM0307;;;;yes;\nD;1205@g.us;GM0307;52.1;x\n");
        Assert.Null(_folder.Check(out var errors));

        Assert.Equal(["groups.csv:2:17 municipality", "groups.csv:4:23 active", "groups.csv:5:25 lon", "groups.csv:5:26 radius"], errors.Select(e => $"{e.Place} {e.Path}"));
    }

    [Fact]
    public void A_header_that_is_wrong_is_told_by_its_column()
    {
        _folder.Write("syndicate.json", """{ "mode": "sandbox", "channels": { "w": { "type": "whatsapp" } } }""");
        _folder.Write("groups.csv", "name;chatId;plaats\n");
        Assert.Null(_folder.Check(out var errors));

        Assert.Equal("groups.csv:1:13: kolom 'plaats' is onbekend", errors[0].ToString().Split(';')[0]);
    }

    [Fact]
    public void A_municipality_that_goes_over_in_nothing_is_told_at_its_cell()
    {
        _folder.Write("syndicate.json", """{ "mode": "sandbox" }""");
        _folder.Write("municipalities.csv", "code;name;aliases;lat;lon;radius;validFrom;validTo;successor\nGM0307;Amersfoort;;52.1796;5.3861;5000;;;GM9999\n");
        Assert.Null(_folder.Check(out var errors));

        Assert.StartsWith("municipalities.csv:2:42 successor: Amersfoort gaat over in GM9999", errors[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"type\":\"FeatureCollection\",\n\"features\":[\n  {\"type\":\"Feature\",\"properties\":{\"kode\":\"GM0307\"},\"geometry\":null}\n]}", 3, 3)]
    [InlineData("{\"type\":\"FeatureCollection\",\n\"features\":[\n", 3, 1)]
    public void In_a_map_a_fault_is_at_its_area(string map, int line, int column)
    {
        _folder.Write("syndicate.json", """{ "mode": "sandbox", "region": { "boundaries": "grenzen.geojson" } }""");
        _folder.Write("grenzen.geojson", map);
        Assert.Null(_folder.Check(out var errors));

        Assert.Equal(new Place("grenzen.geojson", line, column), Assert.Single(errors).Place);
    }

    [Fact]
    public void A_warning_has_its_place_too()
    {
        _folder.Write("syndicate.json", "{ \"mode\": \"sandbox\",\n  \"channels\": { \"x\": { \"type\": \"x\", \"quiet\": \"00:00:01\" } } }");
        Assert.StartsWith("syndicate.json:2:37 channels.x.quiet: 00:00:01 is korter dan", Assert.Single(_folder.Check(out _)!.Warnings).ToString(), StringComparison.Ordinal);
    }
}
