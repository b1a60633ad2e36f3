using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources;

public sealed class FolderSourceTests : IDisposable
{
    const string Good = """{"id":"1","kind":"actie","phase":"opened","sent":"2026-11-25T13:00:00+01:00","text":"Gezocht: rode step."}""";

    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-in-").FullName;
    readonly IAlertSource _source;

    public FolderSourceTests() => _source = ConnectorRegistry.Sources.Single(s => s.Type == "folder").Create!(
        new SourceOptions { Name = "map", Type = "folder", Path = _folder, Interval = TimeSpan.FromSeconds(2) },
        new SourceServices(new FakeTimeProvider(Pipeline.Noon), NullLoggerFactory.Instance));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void Drop(string name, string content) => File.WriteAllText(Path.Combine(_folder, name), content);

    bool Exists(params string[] path) => File.Exists(Path.Combine([_folder, .. path]));

    string Reasons(string name) => File.ReadAllText(Path.Combine(_folder, "rejected", name + ".reason.txt"));

    async Task<SourceAnswer?> LookAsync(IntakeOutcome outcome = IntakeOutcome.Accepted)
    {
        if (await _source.FetchAsync(Cancel) is not { } answer)
            return null;
        await _source.ConfirmAsync(answer, [.. answer.Alerts.Select(_ => new IntakeResult(outcome, Reason: "because"))], Cancel);
        return answer;
    }

    [Fact]
    public async Task A_message_in_our_own_format_is_read_whole()
    {
        Drop("a.json", """
            {"id":"7","kind":"vermist-kind-alert","phase":"updated","sent":"2026-11-25T13:00:00+01:00","text":"Rode jas.","title":"Jayden (6)","category":"missing-person",
             "municipality":"Amersfoort","area":{"lat":52.15,"lon":5.38,"radius":10000},"photo":{"url":"https://services.burgernet.example/1.jpg","alt":"Foto van Jayden"},
             "exercise":true,"expires":"2026-11-25T15:00:00Z","outcome":"gevonden"}
            """);
        var alert = Assert.Single((await LookAsync())!.Alerts);

        Assert.Equal(("map", "7", AlertKind.VermistKindAlert, AlertCategory.MissingPerson), (alert.Source, alert.SourceId, alert.Kind, alert.Category));
        Assert.Equal(Pipeline.Noon, alert.IssuedAt);
        Assert.Equal((AlertPhase.Updated, "Jayden (6)", "Rode jas."), (alert.Messages[0].Phase, alert.Messages[0].Title, alert.Messages[0].Text));
        Assert.Equal(("Amersfoort", 10000d, "Foto van Jayden"), (alert.Municipality, alert.Area!.Value.Radius, alert.Photo!.AltText));
        Assert.True(alert.Exercise);
        Assert.Equal(Pipeline.Noon.AddHours(3), alert.ExpiresAt);
        Assert.Equal("gevonden", alert.Outcome);
        Assert.True(Exists("done", "a.json"));
    }

    [Fact]
    public async Task Every_fault_of_a_file_is_told_at_once_with_its_path()
    {
        Drop("fout.json", """{"id":"","kind":"aktie","phase":"open","sent":"2026-11-25T13:00:00","area":{"lat":52,"lon":5,"radus":1},"kleur":"rood","exercise":"ja"}""");
        Assert.Null(await LookAsync());

        var reasons = Reasons("fout.json");
        Assert.All(["id", "kind", "phase", "sent", "text", "area.radus", "kleur", "exercise"], path => Assert.Contains(path, reasons, StringComparison.Ordinal));
        Assert.True(Exists("rejected", "fout.json"));
        Assert.False(Exists("fout.json"));
    }

    [Theory]
    [InlineData("actions/A01-vermist-meisje-amersfoort.1-start.json", "990001")]
    [InlineData("alerts/L02.1-vka-amersfoort.json", "880002")]
    public async Task Both_feed_formats_are_recognised(string fixture, string id)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Fixtures", fixture), Path.Combine(_folder, "feed.json"));
        Assert.Equal(id, Assert.Single((await LookAsync())!.Alerts).SourceId);
        Assert.True(Exists("done", "feed.json"));
    }

    [Fact]
    public async Task A_file_is_moved_only_after_what_it_says_is_stored()
    {
        Drop("a.json", Good);
        Assert.NotNull(await _source.FetchAsync(Cancel));
        Assert.True(Exists("a.json"));
        Assert.NotNull(await LookAsync());
        Assert.False(Exists("a.json"));
    }

    [Theory]
    [InlineData(IntakeOutcome.Quarantined)]
    [InlineData(IntakeOutcome.Ignored)]
    public async Task Of_what_nothing_came_the_reason_is_told(IntakeOutcome outcome)
    {
        Drop("a.json", Good);
        await LookAsync(outcome);
        Assert.Contains("because", Reasons("a.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_files_of_one_name_are_both_kept()
    {
        for (var i = 0; i < 2; i++)
        {
            Drop("a.json", Good);
            await LookAsync();
        }

        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, "done")).Length);
    }

    [Fact]
    public async Task A_file_that_is_being_written_is_left_until_it_stops_growing()
    {
        Drop("a.json", Good[..40]);
        Assert.Null(await LookAsync());
        Assert.True(Exists("a.json"));

        Drop("a.json", Good);
        Assert.NotNull(await LookAsync());

        Drop("b.json", Good[..40]);
        await LookAsync();
        await LookAsync();
        Assert.Contains("houdt halverwege op", Reasons("b.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_is_refused_and_what_is_no_json_file_is_left_alone()
    {
        Drop("lees-mij.txt", "x");
        Drop(".verborgen.json", Good);
        File.CreateSymbolicLink(Path.Combine(_folder, "link.json"), "/etc/hostname");
        Assert.Null(await LookAsync());

        Assert.True(Exists("lees-mij.txt"));
        Assert.True(Exists(".verborgen.json"));
        Assert.Contains("link", Reasons("link.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_has_no_history() => Assert.False(_source.TakesBaseline);
}
