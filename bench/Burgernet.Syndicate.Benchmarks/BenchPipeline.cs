using System.Diagnostics;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Photos;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>
/// The pipeline as the worker puts it together, on a real SQLite file or the PostgreSQL database of its options, with the channels of the registry and a
/// dispatcher loop for each; only the log is left out.
/// </summary>
sealed class BenchPipeline : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("syndicate-bench-");
    readonly List<IChannel> _channels;
    readonly Dictionary<string, ChannelLoop> _loops = [];
    readonly Database _database;
    readonly Intake _intake;
    readonly Outbox _outbox;
    readonly SendSlots _slots;
    long _committedAt;

    public BenchPipeline(SyndicateOptions options, params IReadOnlyList<ChannelOptions> channels)
    {
        var time = TimeProvider.System;
        _slots = new SendSlots(options.MaxInFlight);
        _database = options.Storage.Provider is StorageProvider.Postgres ? new Database(options.Storage) : Database.ForFile(Path.Combine(_folder.FullName, "syndicate.db"));
        new Migrator(_database, NullLogger<Migrator>.Instance).Migrate();
        _channels = [.. channels.Select(c => ConnectorRegistry.Channels.Single(r => r.Type == c.Type).Create(c, new ChannelServices(time, NullLoggerFactory.Instance)))];

        var notices = new NoticeBoard(_database, time, NullLogger<NoticeBoard>.Instance);
        _outbox = new Outbox(_database, notices, time);
        _outbox.Changed += () => Interlocked.CompareExchange(ref _committedAt, Stopwatch.GetTimestamp(), 0);
        var router = new Router(options.Areas, [.. channels.Select(c => new RoutedChannel(c.Name, c.Test, options.Groups.GetValueOrDefault(c.Name)))]);
        var composer = new Composer(options.Templates, new TextNeutraliser(NeutraliserRules.Default), time);
        var attempts = new AttemptLog(_database, notices, time);
        var intake = new IntakeOptions
        {
            NotAfter = options.NotAfter,
            Channels = channels.Zip(_channels).ToDictionary(pair => pair.First.Name, pair => ComposedChannel.Of(pair.Second, options.TemplateOf(pair.First), pair.First.AtClose)),
            RecordOnly = channels.Where(c => !c.Publish).Select(c => c.Name).ToHashSet(),
        };
        var wording = new Wording(composer, new LinkBudget(notices, time), options.Areas, notices, intake, NullLogger<Wording>.Instance);
        var ending = new Ending(_database, notices, _outbox, wording, intake, time);
        _intake = new Intake(_database, new AlertLog(_database, time), notices, _outbox, options.Areas, router, wording, ending, intake, time, NullLogger<Intake>.Instance);

        Live = new LiveConfiguration(new Generation(options, _intake, ending), time.GetUtcNow());

        var photos = new PhotoShelf(new ExamplePhoto(), time);
        foreach (var (channel, its) in _channels.Zip(channels).Where(pair => pair.Second.Publish))
            _loops[channel.Name] = new ChannelLoop(_outbox, new Dispatcher(attempts, channel, its, _slots, photos, time, NullLogger<Dispatcher>.Instance));
    }

    public Database Database => _database;

    public IReadOnlyList<IChannel> Channels => _channels;

    /// <summary>What it runs by.</summary>
    public LiveConfiguration Live { get; }

    /// <summary>When the last action's transaction had been committed, in <see cref="Stopwatch"/> ticks.</summary>
    public long CommittedAt => Interlocked.Read(ref _committedAt);

    /// <summary>Takes one action as a source would hand it over; returns the moment just before the call.</summary>
    public async Task<long> AcceptAsync(Alert alert)
    {
        var answer = new SourceAnswer { Alerts = [alert] };
        Interlocked.Exchange(ref _committedAt, 0);
        var start = Stopwatch.GetTimestamp();
        var results = await _intake.AcceptAsync(BenchSource.Instance, answer);
        return results[0].Outcome is IntakeOutcome.Accepted ? start : throw new InvalidOperationException($"not accepted: {results[0]}");
    }

    /// <summary>Waits until the channel has sent so many posts since its start, receipts committed; returns how many it sent.</summary>
    public Task<long> SentAsync(string channel, long total, TimeSpan atMost) => _loops[channel].SentAsync(total, atMost);

    /// <summary>How many posts all channels have sent since the start.</summary>
    public long Sent => _loops.Values.Sum(loop => loop.Sent);

    /// <summary>Fails unless every delivery went out once, with its intent written down before.</summary>
    public async Task ProveAsync(int expected)
    {
        var deliveries = await _outbox.NewestAsync(expected + 1);
        if (deliveries.Count != expected || deliveries.Any(d => d is not { State: DeliveryState.Published, Attempts: 1, IntentAt: not null }))
            throw new InvalidOperationException($"expected {expected} deliveries, each published at the first attempt; found {deliveries.Count(d => d.State is DeliveryState.Published)} of {deliveries.Count}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops.Values)
            await loop.DisposeAsync();
        foreach (var channel in _channels)
            (channel as IDisposable)?.Dispose();
        _slots.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>A source whose history has been taken; its actions are handed over one by one.</summary>
    sealed class BenchSource : IAlertSource
    {
        public static readonly BenchSource Instance = new();

        public string Name => "bench";
        public bool TakesBaseline => false;
        public Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken) => Task.FromResult<SourceAnswer?>(null);
        public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>The worker's dispatcher loop: woken by the intake, and otherwise looking once a second.</summary>
sealed class ChannelLoop : IAsyncDisposable
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim _wake = new(0, 1);
    readonly SemaphoreSlim _settled = new(0);
    readonly CancellationTokenSource _stop = new();
    readonly Outbox _outbox;
    readonly Dispatcher _dispatcher;
    readonly Task _running;
    long _sent;

    public ChannelLoop(Outbox outbox, Dispatcher dispatcher)
    {
        (_outbox, _dispatcher) = (outbox, dispatcher);
        _outbox.Changed += Wake;
        _running = Task.Run(LoopAsync);
    }

    public long Sent => Interlocked.Read(ref _sent);

    public async Task<long> SentAsync(long total, TimeSpan atMost)
    {
        using var late = new CancellationTokenSource(atMost);
        try
        {
            while (Interlocked.Read(ref _sent) < total)
                await _settled.WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
        }

        return Interlocked.Read(ref _sent);
    }

    public async ValueTask DisposeAsync()
    {
        _outbox.Changed -= Wake;
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _wake.Dispose();
        _settled.Dispose();
    }

    async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                var sent = await _dispatcher.DispatchDueAsync(_stop.Token);
                Interlocked.Add(ref _sent, sent);
                if (sent > 0)
                    _settled.Release();
                else
                    await _wake.WaitAsync(Look, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    void Wake()
    {
        // Full means that it is awake already.
        if (_wake.CurrentCount == 0)
            try { _wake.Release(); } catch (SemaphoreFullException) { }
    }
}
