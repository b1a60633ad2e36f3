using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Alerts;

/// <summary>A source that gives no answer any more is somebody's affair, also at three in the morning.</summary>
public abstract class SourceWatchTests : IDisposable
{
    readonly Pipeline _pipeline;
    readonly SourceWatch _watch;

    protected SourceWatchTests(StorageProvider on)
    {
        _pipeline = new Pipeline(on: on);
        _watch = new SourceWatch(_pipeline.Database, _pipeline.Log, _pipeline.Notices,
            [new SourceOptions { Name = "acties", Type = "burgernet-actions", Interval = TimeSpan.FromMinutes(1) }, new SourceOptions { Name = "traag", Type = "folder", Interval = TimeSpan.FromHours(1) }], _pipeline.Time);
    }

    public void Dispose() => _pipeline.Dispose();

    // An answer without alerts is a good one.
    Task<IReadOnlyList<IntakeResult>> AnswersAsync() => _pipeline.AcceptAsync();

    async Task<string[]> AfterAsync(double minutes)
    {
        _pipeline.Time.Advance(TimeSpan.FromMinutes(minutes));
        await _watch.LookAsync();
        return await _pipeline.ToldAsync();
    }

    [Fact]
    public async Task Silence_is_told_once_and_not_before_it_is_more_than_a_hiccup()
    {
        await AnswersAsync();
        await _pipeline.Log.NoteFailureAsync("acties", "de server antwoordt 500");
        Assert.Empty(await AfterAsync(9));

        var told = Assert.Single(await AfterAsync(2));
        Assert.StartsWith("Sinds 25-11 13.00 geeft bron acties geen goed antwoord meer (de server antwoordt 500). Wat daar", told, StringComparison.Ordinal);
        Assert.Equal([told], await AfterAsync(30));
        // It stays there for whoever looks the day after tomorrow.
        Assert.Contains(told, await AfterAsync(2 * 24 * 60));
    }

    [Fact]
    public async Task An_answer_takes_it_back_and_the_next_silence_is_told_anew()
    {
        await AnswersAsync();
        Assert.Single(await AfterAsync(11));
        await AnswersAsync();
        Assert.Empty(await AfterAsync(1));
        Assert.StartsWith("Sinds 25-11 13.11", Assert.Single(await AfterAsync(10)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_never_answered_is_told_too_and_one_that_is_asked_seldom_has_longer()
    {
        Assert.Equal("Bron acties gaf nog geen enkel goed antwoord", Assert.Single(await AfterAsync(11)).Split('.')[0]);
        Assert.Single(await AfterAsync(165));
        Assert.Contains(await AfterAsync(10), told => told.StartsWith("Bron traag", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_neither_takes_it_back_nor_tells_it_again()
    {
        await AnswersAsync();
        var told = Assert.Single(await AfterAsync(11));
        var restarted = new SourceWatch(_pipeline.Database, _pipeline.Log, _pipeline.Notices, [new SourceOptions { Name = "acties", Type = "burgernet-actions", Interval = TimeSpan.FromMinutes(1) }], _pipeline.Time);
        foreach (var _ in Enumerable.Range(0, 20))
        {
            await restarted.LookAsync();
            Assert.Equal([told], await _pipeline.ToldAsync());
            _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public async Task A_program_that_is_restarted_again_and_again_tells_it_too()
    {
        await AnswersAsync();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            var restarted = new SourceWatch(_pipeline.Database, _pipeline.Log, _pipeline.Notices, [new SourceOptions { Name = "acties", Type = "burgernet-actions", Interval = TimeSpan.FromMinutes(1) }], _pipeline.Time);
            Assert.Empty(await _pipeline.ToldAsync());
            _pipeline.Time.Advance(TimeSpan.FromMinutes(3));
            await _pipeline.Log.NoteFailureAsync("acties", "de server antwoordt 500");
            await restarted.LookAsync();
        }

        _pipeline.Time.Advance(TimeSpan.FromMinutes(2));
        await _watch.LookAsync();
        Assert.StartsWith("Sinds 25-11 13.00 geeft bron acties geen goed antwoord meer", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_silent_while_the_program_was_not_there_is_asked_first()
    {
        await AnswersAsync();
        _pipeline.Time.Advance(TimeSpan.FromHours(8));
        var restarted = new SourceWatch(_pipeline.Database, _pipeline.Log, _pipeline.Notices, [new SourceOptions { Name = "acties", Type = "burgernet-actions", Interval = TimeSpan.FromMinutes(1) }], _pipeline.Time);
        await restarted.LookAsync();
        Assert.Empty(await _pipeline.ToldAsync());
    }
}

public sealed class SourceWatchOnSqliteTests() : SourceWatchTests(StorageProvider.Sqlite);

public sealed class SourceWatchOnPostgresTests() : SourceWatchTests(StorageProvider.Postgres);
