using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>A channel that would refuse the next appeal is told of before it comes.</summary>
public abstract class AccessWatchTests : IDisposable
{
    readonly Pipeline _pipeline;
    readonly AskedChannel _x = new("x"), _facebook = new("facebook");
    readonly AccessWatch _watch;

    protected AccessWatchTests(StorageProvider on)
    {
        _pipeline = new Pipeline(on: on);
        _watch = new AccessWatch(_pipeline.Database, _pipeline.Notices, [_x, _facebook], _pipeline.Time, NullLogger<AccessWatch>.Instance);
    }

    public void Dispose() => _pipeline.Dispose();

    async Task<string[]> LookAsync()
    {
        await _watch.LookAsync(TestContext.Current.CancellationToken);
        return await _pipeline.ToldAsync();
    }

    [Fact]
    public async Task A_network_that_would_refuse_us_is_told_of_once_until_it_takes_us_again()
    {
        Assert.Empty(await LookAsync());
        _x.Says = new AccessCheck(false, "het account is geschorst");
        Assert.Equal(["Op kanaal x kunnen wij nu niet plaatsen: het account is geschorst. Herstel het voordat er een oproep komt."], await LookAsync());
        Assert.Single(await LookAsync());

        // No answer is no news.
        _x.Says = new AccessCheck(null, "X zegt niet of de sleutels werken");
        Assert.Single(await LookAsync());
        _pipeline.Time.Advance(TimeSpan.FromDays(3));
        Assert.Single(await LookAsync());

        _x.Says = AskedChannel.Good;
        Assert.Empty(await LookAsync());
    }

    [Fact]
    public async Task A_token_that_ends_within_a_week_is_told_of_once()
    {
        _facebook.Says = AskedChannel.Good with { ExpiresAt = Pipeline.Noon.AddDays(8) };
        Assert.Empty(await LookAsync());
        _pipeline.Time.Advance(TimeSpan.FromDays(1.5));
        Assert.StartsWith("De toegang tot kanaal facebook houdt op 3-12-2026 om 13.00 uur op.", Assert.Single(await LookAsync()), StringComparison.Ordinal);
        Assert.Single(await LookAsync());
    }

    [Fact]
    public async Task A_channel_that_fails_keeps_no_other_from_being_asked()
    {
        _x.Says = null;
        _facebook.Says = new AccessCheck(false, "het toegangstoken is verlopen");
        Assert.StartsWith("Op kanaal facebook", Assert.Single(await LookAsync()), StringComparison.Ordinal);
    }

    sealed class AskedChannel(string name) : IChannel, IChecksAccess
    {
        public static readonly AccessCheck Good = new(true, "het werkt");

        public string Name => name;

        public PostLimit Limit { get; } = new(280, text => text.Length);

        public AccessCheck? Says { get; set; } = Good;

        public Task<PublishResult> PublishAsync(Post post, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing is posted here");

        public Task<AccessCheck> CheckAccessAsync(CancellationToken cancellationToken) => Says is { } said ? Task.FromResult(said) : throw new InvalidOperationException("a bug");
    }
}

public sealed class AccessWatchOnSqliteTests() : AccessWatchTests(StorageProvider.Sqlite);

public sealed class AccessWatchOnPostgresTests() : AccessWatchTests(StorageProvider.Postgres);
