using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Reports;

/// <summary>A report goes out once, whatever happens while it does.</summary>
public abstract class ReportPostTests : IDisposable
{
    static readonly ReportPeriod Week = new(new DateOnly(2026, 11, 16), new DateOnly(2026, 11, 22));

    readonly Pipeline _pipeline;
    readonly ReportPost _post;
    readonly List<string> _sent = [];

    protected ReportPostTests(StorageProvider on)
    {
        _pipeline = new Pipeline(on: on);
        _post = new ReportPost(_pipeline.Database, _pipeline.Notices, _pipeline.Time, NullLogger<ReportPost>.Instance);
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _pipeline.Dispose();

    Task<bool> MailAsync(ReportPeriod? period = null, string? refusal = null, Exception? fails = null) => _post.MailAsync(period ?? Week, () => Task.FromResult("rapport"), mail =>
    {
        _sent.Add(mail);
        return fails is null ? Task.FromResult(refusal) : throw fails;
    });

    Task<int> DoAsync(string sql) => _pipeline.Database.WriteAsync(s => s.ExecuteAsync(sql), Cancel);

    [Fact]
    public async Task A_report_is_mailed_once_and_a_person_hears_when_it_could_not_be()
    {
        Assert.False(await MailAsync(refusal: "de server weigert"));
        Assert.False(await MailAsync(refusal: "de server weigert"));
        Assert.Contains("16 november tot en met 22 november 2026 kon niet worden gemaild; het wordt vanzelf opnieuw geprobeerd", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);

        Assert.True(await MailAsync());
        Assert.Empty(await _pipeline.ToldAsync());
        Assert.False(await MailAsync());
        Assert.Equal(3, _sent.Count);
        Assert.True(await MailAsync(Week with { To = Week.To.AddDays(1) }));
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_sent()
    {
        await DoAsync("drop table report_mail");
        await DoAsync("create table report_mail (period text primary key, at timestamptz not null, state text not null, what_nobody_gives text not null)");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => MailAsync());
        Assert.Empty(_sent);
    }

    [Fact]
    public async Task What_may_have_gone_out_before_the_program_stopped_is_not_sent_again_and_a_person_is_told()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => MailAsync(fails: new InvalidOperationException("the program stops here")));
        // Another worker may still be at it.
        Assert.False(await MailAsync());
        Assert.Empty(await _pipeline.ToldAsync());

        _pipeline.Time.Advance(ReportPost.LongestAttempt);
        Assert.False(await MailAsync());
        Assert.False(await MailAsync());
        Assert.Contains("Het is niet bekend of het rapport over 16 november tot en met 22 november 2026 is gemaild", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
        Assert.Single(_sent);
    }

    [Fact]
    public async Task What_went_out_but_could_not_be_noted_is_not_sent_again()
    {
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => _post.MailAsync(Week, () => Task.FromResult("rapport"), async mail =>
        {
            _sent.Add(mail);
            await DoAsync("alter table report_mail rename to elsewhere");
            return null;
        }));
        await DoAsync("alter table elsewhere rename to report_mail");
        _pipeline.Time.Advance(TimeSpan.FromDays(1));
        Assert.False(await MailAsync());
        Assert.Single(_sent);
        Assert.Single(await _pipeline.ToldAsync());
    }

    [Fact]
    public async Task A_report_that_cannot_be_made_is_told_once_and_tried_again()
    {
        for (var round = 0; round < 2; round++)
            Assert.False(await _post.MailAsync<string>(Week, () => throw new InvalidOperationException("no figures"), _ => throw new InvalidOperationException("there is nothing to send")));
        Assert.Contains("kon niet worden gemaakt; het wordt vanzelf opnieuw geprobeerd", Assert.Single(await _pipeline.ToldAsync()), StringComparison.Ordinal);
        Assert.True(await MailAsync());
        Assert.Empty(await _pipeline.ToldAsync());
    }

    [Fact]
    public async Task Of_two_workers_one_mails_it()
    {
        var other = 0;
        Assert.False(await _post.MailAsync(Week, async () =>
        {
            Assert.True(await MailAsync());
            return "rapport";
        }, _ => Task.FromResult<string?>($"{other++}")));
        Assert.Equal((0, 1), (other, _sent.Count));
    }
}

public sealed class ReportPostOnSqliteTests() : ReportPostTests(StorageProvider.Sqlite);

public sealed class ReportPostOnPostgresTests() : ReportPostTests(StorageProvider.Postgres);
