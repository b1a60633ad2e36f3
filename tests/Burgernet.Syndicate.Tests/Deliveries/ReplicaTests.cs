using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Deliveries;

/// <summary>Two workers on one PostgreSQL database.</summary>
public sealed class ReplicaTests
{
    static readonly Group[] Groups = [.. Enumerable.Range(1, 150).Select(i => new Group { Name = $"Groep {i:000}", ChatId = $"1203630000000{i:00000}@g.us", Municipality = "GM0307", Active = true })];

    static Pipeline Worker(Pipeline? beside = null, TimelineChannel? groups = null, int maxInFlight = 8, TestStorage? storage = null)
    {
        var pipeline = new Pipeline(channels =>
        {
            channels[0] = channels[0] with { Channel = new TimelineChannel("x") };
            channels[1] = new TestChannel("whatsapp", Groups) { Channel = groups ?? new TimelineChannel("whatsapp"), MaxInFlight = maxInFlight };
        }, beside, on: StorageProvider.Postgres, storage: storage);
        foreach (var channel in pipeline.Channels)
            ((TimelineChannel)channel.Channel).Time = pipeline.Time;
        return pipeline;
    }

    [Fact]
    public async Task Two_workers_that_race_for_the_same_deliveries_post_each_of_them_once()
    {
        var groups = new TimelineChannel("whatsapp");
        using var one = Worker(groups: groups);
        using var other = Worker(one, groups);
        await one.AcceptAsync([.. Enumerable.Range(1, 4).Select(i => SomeAlert.Actie($"{i}", text: $"Actie {i}."))]);
        await Task.WhenAll(Task.Run(one.DrainAsync, TestContext.Current.CancellationToken), Task.Run(other.DrainAsync, TestContext.Current.CancellationToken));
        await one.DrainAsync();

        Assert.Equal(4 * Groups.Length, groups.Posts.Count);
        Assert.Equal(4 * Groups.Length, groups.Posts.Select(p => p.Key).Distinct().Count());
        Assert.All(await one.DeliveriesAsync(), d => Assert.Equal((DeliveryState.Published, 1), (d.State, d.Attempts)));
        var owners = await one.Database.ReadAsync(s => s.QueryAsync<string>("select distinct owner from attempt"));
        Assert.Equal(2, owners.Count);
    }

    [Fact]
    public async Task Together_they_have_no_more_under_way_than_the_channel_takes()
    {
        using var one = Worker(maxInFlight: 5);
        using var other = Worker(one, maxInFlight: 5);
        await one.AcceptAsync(SomeAlert.Actie());

        var claimed = await Task.WhenAll(one.ClaimAsync("whatsapp"), other.ClaimAsync("whatsapp"));
        Assert.Equal(5, claimed.Sum(c => c.Count));
    }

    [Fact]
    public async Task Two_intakes_of_one_report_make_one_alert()
    {
        using var one = Worker();
        using var other = Worker(one);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? one : other).AcceptAsync(SomeAlert.Actie()))));

        Assert.Single(await one.Log.NewestAsync(9));
        Assert.Equal(Groups.Length + 1, (await one.DeliveriesAsync()).Count);
    }

    [Fact]
    public async Task A_worker_that_died_is_survived_what_it_had_under_way_is_looked_up_and_nothing_is_lost_or_doubled()
    {
        var groups = new TimelineChannel("whatsapp");
        using var dead = Worker(groups: groups);
        using var alive = Worker(dead, groups);
        groups.Time = alive.Time;
        await dead.AcceptAsync(SomeAlert.Actie());
        var claimed = await dead.ClaimAsync("whatsapp");
        // Half of what it had under way had arrived.
        foreach (var delivery in claimed.Take(4))
            await ((IChannel)groups).PublishAsync(new Post { Key = delivery.Id, Text = delivery.Text, Address = delivery.Address }, TestContext.Current.CancellationToken);

        await alive.DrainAsync();
        for (var minute = 0; minute < 6; minute++)
        {
            alive.Time.Advance(TimeSpan.FromMinutes(1));
            await alive.ReconcileAsync();
            await alive.DrainAsync();
        }

        Assert.Equal(Groups.Length, groups.Posts.Select(p => p.Key).Distinct().Count());
        Assert.All(await alive.DeliveriesAsync(), d => Assert.Equal(DeliveryState.Published, d.State));
    }

    [Fact]
    public async Task A_database_that_crashes_in_the_middle_costs_nothing()
    {
        using var server = new PostgresServer();
        var groups = new TimelineChannel("whatsapp");
        using var worker = Worker(groups: groups, maxInFlight: 4, storage: TestStorage.On(server));
        await worker.AcceptAsync(SomeAlert.Actie());
        var crashed = 0;
        var crashing = new CrashingChannel("whatsapp", groups, () =>
        {
            if (groups.Posts.Count == 40 && Interlocked.Exchange(ref crashed, 1) == 0)
                server.Crash();
        });
        var dispatcher = new Dispatcher(worker.Attempts, crashing, worker["whatsapp"].ToOptions(), worker.Slots, worker.Photos, TimeProvider.System, NullLogger<Dispatcher>.Instance);
        for (var i = 0; i < 100 && groups.Posts.Count < Groups.Length; i++)
        {
            try
            {
                await dispatcher.DispatchDueAsync(TestContext.Current.CancellationToken);
            }
            catch (Npgsql.NpgsqlException)
            {
                // What the loop of the service does: it looks again.
            }
        }

        Assert.Equal(1, crashed);
        for (var minute = 0; minute < 6; minute++)
        {
            worker.Time.Advance(TimeSpan.FromMinutes(1));
            await worker.ReconcileAsync();
            await dispatcher.DispatchDueAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(Groups.Length, groups.Shown.Count);
        Assert.All(await worker.DeliveriesAsync("whatsapp"), d => Assert.Equal(DeliveryState.Published, d.State));
    }

    [Theory]
    [InlineData(0.9, true)]
    [InlineData(-0.9, true)]
    [InlineData(1.5, false)]
    [InlineData(-3600, false)]
    public async Task A_machine_that_tells_another_time_than_the_database_claims_nothing(double seconds, bool trusted)
    {
        using var storage = TestStorage.Make(StorageProvider.Postgres);
        using var database = storage.Open();
        var time = new DatabaseTime(database, new OffClock(TimeSpan.FromSeconds(seconds)));
        await time.CompareAsync();

        Assert.Equal(trusted, time.IsTrusted);
        Assert.InRange((time.GetUtcNow() - TimeProvider.System.GetUtcNow()).TotalSeconds, -0.5, 0.5);

        var attempts = new AttemptLog(database, new NoticeBoard(database, time, NullLogger<NoticeBoard>.Instance), time);
        await database.WriteAsync(s => s.ExecuteAsync($"""
            insert into alert (id, source, source_id, kind, episode, category, phase, exercise, mirror, text, municipalities, issued_at, accepted_at, not_after, revision, snapshot)
            values ('a', 's', '1', 'Actie', 1, 'Other', 'Opened', false, false, 't', '', now(), now(), now(), 1, '');
            insert into reference values ('BN-00000', 'a', 1, 'Create');
            insert into post values ('BN-00000', 'x', 't', now());
            insert into delivery (id, alert_id, reference, channel, target, address, operation, revision, state, priority, position, standalone, attempts, created_at, due_at)
            values ('BN-00000-1', 'a', 'BN-00000', 'x', 'x', '', 'Create', 1, 'Pending', 1, 1, false, 0, now(), now() - interval '5 seconds')
            """), TestContext.Current.CancellationToken);
        var claimed = await attempts.ExchangeAsync(new ChannelOptions { Name = "x", Type = "test", BaseUrl = new Uri("http://localhost") }, [], room: 1, TestContext.Current.CancellationToken);
        Assert.Equal(trusted, claimed.Count == 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-3600)]
    public async Task A_machine_whose_clock_is_set_is_not_trusted_from_that_moment_on_and_tells_the_time_all_the_same(double seconds)
    {
        using var storage = TestStorage.Make(StorageProvider.Postgres);
        using var database = storage.Open();
        var machine = new SteppingClock(TimeProvider.System.GetUtcNow());
        var time = new DatabaseTime(database, machine);
        await time.CompareAsync();
        var before = time.GetUtcNow();
        Assert.True(time.IsTrusted);

        machine.Step(TimeSpan.FromSeconds(seconds));
        Assert.False(time.IsTrusted);
        Assert.Equal(before, time.GetUtcNow());

        machine.Step(TimeSpan.FromSeconds(-seconds));
        Assert.True(time.IsTrusted);
    }

    [Fact]
    public async Task Workers_that_start_at_the_same_time_on_an_empty_database_migrate_it_once()
    {
        var options = PostgresServer.Shared.CreateEmpty($"test_{Guid.NewGuid():N}");
        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var database = new Database(options);
            return new Migrator(database, NullLogger<Migrator>.Instance).Migrate();
        })));

        Assert.Equal(1, counts.Count(c => c > 0));
    }

    sealed class OffClock(TimeSpan off) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - off;
    }

    // Something happens while a post is under way.
    sealed class CrashingChannel(string name, TimelineChannel network, Action meanwhile) : IChannel
    {
        public string Name => name;
        public PostLimit Limit => network.Limit;

        public async Task<PublishResult> PublishAsync(Post post, CancellationToken cancellationToken)
        {
            var result = await ((IChannel)network).PublishAsync(post, cancellationToken);
            meanwhile();
            return result;
        }
    }
}
