using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Alerts;

/// <summary>A source that stops showing an alert without closing it, and one that begins in the middle.</summary>
public abstract class SilenceTests : IDisposable
{
    static readonly Alert Missing = SomeAlert.Actie(text: "Vermist: Fenna (9).");
    static readonly Alert Burglary = SomeAlert.Actie("5", text: "Let op een witte bus.") with { Category = AlertCategory.Burglary };

    readonly TimelineChannel _x = new("x");
    readonly Pipeline _pipeline;
    readonly ListingSource _source = new();

    protected SilenceTests(StorageProvider on)
    {
        _pipeline = new Pipeline(channels => channels[0] = channels[0] with { Channel = _x }, on: on);
        _x.Time = _pipeline.Time;
    }

    public void Dispose() => _pipeline.Dispose();

    async Task ShowAsync(params Alert[] alerts)
    {
        await _pipeline.Intake.AcceptAsync(_source, new SourceAnswer { Alerts = alerts }, TestContext.Current.CancellationToken);
        await _pipeline.DrainAsync();
    }

    async Task<AlertEntry> NewestAsync() => (await _pipeline.Log.NewestAsync(1))[0];

    async Task WaitAsync(int minutes, Func<Task> everyMinute)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            _pipeline.Time.Advance(TimeSpan.FromMinutes(1));
            await everyMinute();
        }
    }

    async Task OpenAsync(params Alert[] alerts)
    {
        await ShowAsync();
        await ShowAsync(alerts);
        Assert.Equal(alerts.Length, _x.Shown.Count);
    }

    [Fact]
    public async Task What_a_source_does_not_show_for_half_an_hour_comes_down_nothing_is_posted_and_a_person_is_told()
    {
        await OpenAsync(Missing);
        await WaitAsync(30, () => ShowAsync());
        Assert.Single(_x.Shown);
        await WaitAsync(1, () => ShowAsync());

        Assert.Empty(_x.Shown);
        Assert.Single(_x.Posts);
        Assert.Equal(AlertPhase.Silent, (await NewestAsync()).Phase);
        Assert.Contains("al een half uur niet meer te zien", Assert.Single(await _pipeline.Notices.RecentAsync(9)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_names_nobody_stays_and_a_person_is_told()
    {
        await OpenAsync(Burglary);
        await WaitAsync(32, () => ShowAsync());

        Assert.Single(_x.Shown);
        Assert.Equal(AlertPhase.Silent, (await NewestAsync()).Phase);
        Assert.Single(await _pipeline.Notices.RecentAsync(9));
    }

    [Fact]
    public async Task An_answer_that_is_no_good_says_nothing_of_what_is_gone()
    {
        await OpenAsync(Missing);
        await ShowAsync();
        await WaitAsync(120, () => _pipeline.Log.NoteFailureAsync("acties", "HTML instead of JSON"));
        Assert.Equal(AlertPhase.Opened, (await NewestAsync()).Phase);

        await ShowAsync(Missing);
        Assert.Single(_x.Shown);
        await WaitAsync(20, () => ShowAsync());
        Assert.Single(_x.Shown);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_may_be_the_one_that_seems_to_be_missing()
    {
        await OpenAsync(Missing);
        await WaitAsync(60, () => _pipeline.Intake.AcceptAsync(_source, new SourceAnswer { Alerts = [], Faults = [new SourceFault(null, "no text", "{}")] }, TestContext.Current.CancellationToken));

        Assert.Equal(AlertPhase.Opened, (await NewestAsync()).Phase);
    }

    [Fact]
    public async Task An_answer_that_nothing_changed_goes_on_not_showing_it()
    {
        await OpenAsync(Missing);
        await ShowAsync();
        await WaitAsync(31, () => _pipeline.Intake.NoteUnchangedAsync(_source, TestContext.Current.CancellationToken));
        await _pipeline.DrainAsync();

        Assert.Empty(_x.Shown);
    }

    [Fact]
    public async Task A_missing_person_who_is_shown_again_is_asked_for_anew()
    {
        await OpenAsync(Missing);
        await WaitAsync(32, () => ShowAsync());
        await ShowAsync(Missing);

        Assert.Single(_x.Shown);
        Assert.Equal((2, AlertPhase.Opened), ((await NewestAsync()).Episode, (await NewestAsync()).Phase));
    }

    [Fact]
    public async Task What_stayed_up_goes_on_when_it_is_shown_again()
    {
        await OpenAsync(Burglary);
        await WaitAsync(32, () => ShowAsync());
        await ShowAsync(Burglary.Then(AlertPhase.Updated, "Gezien op de A28.", TimeSpan.FromMinutes(40)));

        Assert.Equal((1, AlertPhase.Updated), ((await NewestAsync()).Episode, (await NewestAsync()).Phase));
        Assert.Contains("A28", _x.Shown[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closing_after_the_silence_is_told()
    {
        await OpenAsync(Missing);
        await WaitAsync(32, () => ShowAsync());
        await ShowAsync(Missing.Then(AlertPhase.Closed, "Terecht.", TimeSpan.FromMinutes(40)));

        Assert.Contains("Terecht", Assert.Single(_x.Shown).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_of_something_unknown_is_kept_and_not_posted_and_a_person_is_told()
    {
        await _pipeline.AcceptAsync(Missing with { Messages = [SomeAlert.Message(AlertPhase.Updated, "Nu met rode jas.", Pipeline.Noon)] });
        await _pipeline.DrainAsync();

        Assert.Empty(_x.Posts);
        Assert.Single(await _pipeline.Log.NewestAsync(9));
        Assert.Contains("niet bekend", Assert.Single(await _pipeline.Notices.RecentAsync(9)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_that_does_not_say_where_is_kept_as_well()
    {
        await _pipeline.AcceptAsync(Missing with { Area = null, Municipality = null, Messages = [SomeAlert.Message(AlertPhase.Updated, "Nu met rode jas.", Pipeline.Noon)] });
        Assert.Single(await _pipeline.Log.NewestAsync(9));
    }

    [Fact]
    public async Task An_opening_that_comes_after_its_update_goes_out_with_it_once()
    {
        var update = Missing with { Messages = [SomeAlert.Message(AlertPhase.Updated, "Nu met rode jas.", Pipeline.Noon)] };
        await _pipeline.AcceptAsync(update);
        await _pipeline.AcceptAsync(Missing);
        await _pipeline.AcceptAsync(Missing);
        await _pipeline.AcceptAsync(update);
        await _pipeline.DrainAsync();

        var post = Assert.Single(_x.Posts);
        Assert.Contains("Fenna", post.Text, StringComparison.Ordinal);
        Assert.Contains("rode jas", post.Text, StringComparison.Ordinal);
        Assert.Empty(await _pipeline.Notices.RecentAsync(9));
    }

    sealed class ListingSource : IAlertSource
    {
        public string Name => "acties";
        public bool TakesBaseline => true;
        public Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken) => Task.FromResult<SourceAnswer?>(null);
        public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

public sealed class SilenceOnSqliteTests() : SilenceTests(StorageProvider.Sqlite);

public sealed class SilenceOnPostgresTests() : SilenceTests(StorageProvider.Postgres);
