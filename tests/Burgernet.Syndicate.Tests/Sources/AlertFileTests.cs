using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Connectors.Sources;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources;

/// <summary>A file in whichever format; what each format means is tested with its own reader.</summary>
public sealed class AlertFileTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    static AlertFileAnswer Fixture(string name) => AlertFile.Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", name), "bestand", Pipeline.Noon);

    AlertFileAnswer Read(string content)
    {
        File.WriteAllText(_path, content);
        return AlertFile.Read(_path, "bestand", Pipeline.Noon);
    }

    [Theory]
    [InlineData("actions/A03-overval-supermarkt-nieuwegein.1-start.json", AlertKind.Actie)]
    [InlineData("alerts/L02.1-vka-amersfoort.json", AlertKind.VermistKindAlert)]
    public void A_feed_is_recognised(string name, AlertKind kind)
    {
        var alert = Assert.Single(Fixture(name).Answer!.Alerts);
        Assert.Equal((kind, "bestand"), (alert.Kind, alert.Source));
    }

    [Fact]
    public void Our_own_format_is_recognised_and_all_its_mistakes_are_named()
    {
        Assert.Equal("a", Read("""{"id":"a","kind":"burgernetmail","phase":"opened","sent":"2026-11-25T12:00:00+01:00","text":"Let op."}""").Answer!.Alerts[0].SourceId);
        Assert.Equal(3, Read("""{"id":"a","kind":"mail","phase":"opened","sent":"gisteren","tekst":"Let op.","text":"x"}""").Errors.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html></html>")]
    [InlineData("{ \"actions\": 7 }")]
    [InlineData("{ \"actions\": [")]
    public void What_cannot_be_understood_says_why(string content)
    {
        var (answer, errors) = Read(content);
        Assert.Null(answer);
        Assert.StartsWith("het bestand", Assert.Single(errors).Replace("\"actions\" is een getal", "het bestand", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_says_so() =>
        Assert.Equal(["er is geen bestand /nergens/x.json"], AlertFile.Read("/nergens/x.json", "bestand", Pipeline.Noon).Errors);
}
