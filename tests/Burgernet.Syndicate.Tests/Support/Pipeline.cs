using System.Globalization;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Areas;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Routing;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>The whole pipeline on a real database, with the shipped configuration; only time and the networks are replaced.</summary>
sealed class Pipeline : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    readonly bool _ownsStorage;
    readonly TimeProvider _time;
    readonly IReadOnlyList<RouteRule>? _routes;

    /// <param name="channels">Changes the channels x and whatsapp.</param>
    /// <param name="beside">Another worker on the database of this one.</param>
    /// <param name="at">The time at its start.</param>
    /// <param name="on">The kind of database.</param>
    /// <param name="storage">A database made before; it ends with this.</param>
    /// <param name="routes">The routes; null: everything public goes everywhere.</param>
    /// <param name="clock">Another clock than <see cref="Time"/>.</param>
    public Pipeline(Action<List<TestChannel>>? channels = null, Pipeline? beside = null, DateTimeOffset? at = null, StorageProvider on = StorageProvider.Sqlite, TestStorage? storage = null, TimeProvider? clock = null, IReadOnlyList<RouteRule>? routes = null)
    {
        _ownsStorage = beside is null;
        Storage = beside?.Storage ?? storage ?? TestStorage.Make(on);
        Time = new FakeTimeProvider(at ?? Noon);
        _time = clock ?? Time;
        _routes = routes;
        Channels = [new("x"), new("whatsapp", groups: Options.Groups["whatsapp"])];
        channels?.Invoke(Channels);

        Database = Storage.Open();
        Log = new AlertLog(Database, _time);
        Notices = new NoticeBoard(Database, _time, NullLogger<NoticeBoard>.Instance);
        Outbox = new Outbox(Database, Notices, _time);
        Attempts = new AttemptLog(Database, Notices, _time);
        Photos = new PhotoShelf(Photographs, _time);
        Live = new LiveConfiguration(GenerationOf(Options), _time.GetUtcNow());
        Audit = new AuditLog(Database, _time);
        Desk = new OperatorDesk(Audit, Attempts, Live, Outbox, _time);
        Submissions = new SubmissionDesk(Database, Log, Notices, Audit, Outbox, Live, ConnectorRegistry.Channels, _time);
        RightOfWay = new RightOfWay(Database, Outbox, Notices, Live, _time);
        var published = Channels.Where(c => c.Publish).ToList();
        Reach = new ReachLog(Database);
        Harvester = new ReachHarvester(Reach, Attempts, [.. published.Select(c => c.Channel is IMeasuresReach meter ? new MeasuredChannel(c.Channel, meter, c.ToOptions()) : null).OfType<MeasuredChannel>()], Live, _time, NullLogger<ReachHarvester>.Instance);
        Dispatchers = [.. published.Select(c => new Dispatcher(Attempts, c.Channel, c.ToOptions(), Slots, Photos, _time, NullLogger<Dispatcher>.Instance, Harvester))];
        Reconcilers = [.. published.Select(c => new Reconciler(Attempts, c.Channel, c.ToOptions(), _time, NullLogger<Reconciler>.Instance))];
    }

    /// <summary>The shipped configuration, read once; what can wait goes at any hour, unless a test says otherwise.</summary>
    public static SyndicateOptions Options { get; } = Load();

    public TestStorage Storage { get; }
    public FakeTimeProvider Time { get; }
    public List<TestChannel> Channels { get; }
    public Database Database { get; }
    public AlertLog Log { get; }
    public NoticeBoard Notices { get; }
    public Outbox Outbox { get; }
    public AttemptLog Attempts { get; }
    public SendSlots Slots { get; } = new(256);
    public TestPhotos Photographs { get; } = new();
    public PhotoShelf Photos { get; }
    public LiveConfiguration Live { get; }
    public Ending Ending => Live.Current.Ending;
    public Intake Intake => Live.Current.Intake;
    public AuditLog Audit { get; }
    public OperatorDesk Desk { get; }
    public SubmissionDesk Submissions { get; }
    public RightOfWay RightOfWay { get; }
    public ReachLog Reach { get; }
    public ReachHarvester Harvester { get; }
    public List<Dispatcher> Dispatchers { get; }
    public List<Reconciler> Reconcilers { get; }

    public TestChannel this[string name] => Channels.Single(c => c.Name == name);

    /// <summary>What is made of one reading of the configuration, for the channels of this pipeline.</summary>
    public Generation GenerationOf(SyndicateOptions options)
    {
        var router = new Router(options.Areas, [.. Channels.Select(c => new RoutedChannel(c.Name, c.Test, c.Groups))], _routes, options.NotUrgent.Deliver);
        var composer = new Composer(options.Templates, new TextNeutraliser(NeutraliserRules.Default), _time);
        var intake = new IntakeOptions
        {
            NotAfter = options.NotAfter,
            Channels = Channels.ToDictionary(c => c.Name, c => ComposedChannel.Of(c.Channel, c.Template, c.AtClose) with { Limit = c.Limit, Links = c.Links, Photos = c.Photos }),
            RecordOnly = Channels.Where(c => !c.Publish).Select(c => c.Name).ToHashSet(),
            NotUrgent = options.NotUrgent,
            Owners = options.Owners,
        };
        var wording = new Wording(composer, new LinkBudget(Notices, _time), options.Areas, Notices, intake, NullLogger<Wording>.Instance);
        var ending = new Ending(Database, Notices, Outbox, wording, intake, _time);
        return new Generation(options, new Intake(Database, Log, Notices, Outbox, options.Areas, router, wording, ending, intake, _time, NullLogger<Intake>.Instance), ending);
    }

    /// <summary>Runs by other options from now on, as after a reload.</summary>
    public void Reload(Func<SyndicateOptions, SyndicateOptions> change) => Live.Take(new ConfigurationState(GenerationOf(change(Live.Current.Options)), _time.GetUtcNow(), [], []));

    /// <summary>Takes the alerts as one answer of a source whose history has been taken.</summary>
    public async Task<IReadOnlyList<IntakeResult>> AcceptAsync(params Alert[] alerts) =>
        await Intake.AcceptAsync(new TestSource(alerts.FirstOrDefault()?.Source ?? "acties"), new SourceAnswer { Alerts = alerts }, TestContext.Current.CancellationToken);

    /// <summary>Takes the alerts as the first answer of a source, of which nothing is posted.</summary>
    public async Task<IReadOnlyList<IntakeResult>> AcceptHistoryAsync(params Alert[] alerts) =>
        await Intake.AcceptAsync(new TestSource(alerts[0].Source, takesBaseline: true), new SourceAnswer { Alerts = alerts }, TestContext.Current.CancellationToken);

    /// <summary>What people were told.</summary>
    public async Task<string[]> ToldAsync() => [.. (await Notices.RecentAsync(99)).Select(n => n.Text)];

    /// <summary>Claims what is due on a channel, as a dispatcher does before it sends.</summary>
    public Task<IReadOnlyList<Delivery>> ClaimAsync(string channel) =>
        Attempts.ExchangeAsync(this[channel].ToOptions(), [], room: this[channel].MaxInFlight, TestContext.Current.CancellationToken);

    /// <summary>Writes down what came of a claim.</summary>
    public Task RecordAsync(Delivery delivery, PublishResult result) =>
        Attempts.ExchangeAsync(this[delivery.Channel].ToOptions(), [new Attempt(delivery, result)], room: 0, TestContext.Current.CancellationToken);

    /// <summary>What a process does before its first claim.</summary>
    public async Task RestartAsync()
    {
        foreach (var reconciler in Reconcilers)
            await reconciler.StartAsync(alone: true);
        await Attempts.TryStoppedAsync();
    }

    /// <summary>One round of looking after what was sent, on every channel.</summary>
    public async Task ReconcileAsync()
    {
        foreach (var reconciler in Reconcilers)
            await reconciler.ReconcileDueAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Dispatches until nothing is due any more.</summary>
    public async Task DrainAsync()
    {
        for (var round = 0; round < 1000; round++)
        {
            var sent = 0;
            foreach (var dispatcher in Dispatchers)
                sent += await dispatcher.DispatchDueAsync(TestContext.Current.CancellationToken);
            if (sent == 0)
                return;
        }

        throw new InvalidOperationException("the outbox never runs dry");
    }

    public async Task<IReadOnlyList<Delivery>> DeliveriesAsync(string? channel = null) =>
        [.. (await Outbox.NewestAsync(10_000)).Where(d => channel is null || d.Channel == channel).OrderBy(d => d.Revision)];

    public void Dispose()
    {
        Slots.Dispose();
        Database.Dispose();
        if (_ownsStorage)
            Storage.Dispose();
    }

    static SyndicateOptions Load()
    {
        var folders = new SyndicateFolders(Path.Combine(AppContext.BaseDirectory, "config"), Path.GetTempPath(), "/nonexistent");
        return new SyndicateCheck(folders, ConnectorRegistry.Channels, ConnectorRegistry.Sources).Load(out var errors) is { } options ? options with { NotUrgent = new NotUrgentOptions() }
            : throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
    }

    sealed class TestSource(string name, bool takesBaseline = false) : IAlertSource
    {
        public string Name => name;
        public bool TakesBaseline => takesBaseline;
        public Task<SourceAnswer?> FetchAsync(CancellationToken cancellationToken) => Task.FromResult<SourceAnswer?>(null);
        public Task ConfirmAsync(SourceAnswer answer, IReadOnlyList<IntakeResult> results, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>A channel of the pipeline under test.</summary>
sealed record TestChannel(string Name)
{
    public TestChannel(string name, IReadOnlyList<Group>? groups) : this(name) => (Groups, Template) = (groups, groups is null ? "x" : "whatsapp");

    public CollectingChannel Channel { get; init; } = new(Name);
    public IReadOnlyList<Group>? Groups { get; init; }
    public string Template { get; init; } = "x";
    public PostLimit Limit { get; init; } = new(280, text => new StringInfo(text).LengthInTextElements);
    public bool Test { get; init; }
    public bool Publish { get; init; } = true;
    public int MaxInFlight { get; init; } = 1;
    public Pacing Pacing { get; init; }
    public AtClose? AtClose { get; init; }
    public LinkLimit? Links { get; init; }
    public PhotoUse Photos { get; init; } = PhotoUse.Link;

    public ChannelOptions ToOptions() => new() { Name = Name, Type = "test", BaseUrl = new Uri("http://localhost"), MaxInFlight = MaxInFlight, Pacing = Pacing, AtClose = AtClose };
}

/// <summary>Has the photo that it is told to have, and remembers what it was asked for.</summary>
sealed class TestPhotos : IPhotoFetcher
{
    public FetchedPhoto Photo { get; set; } = new(new byte[] { 0xFF, 0xD8, 0xFF, 0xD9 });
    public List<string> Asked { get; } = [];

    public Task<FetchedPhoto> FetchAsync(string url, CancellationToken cancellationToken)
    {
        lock (Asked)
            Asked.Add(url);
        return Task.FromResult(Photo);
    }
}

/// <summary>Publishes into a list, and answers as it is told to.</summary>
class CollectingChannel(string name) : IChannel
{
    readonly Queue<PublishResult> _answers = [];
    int _count;

    public string Name => name;
    public PostLimit Limit { get; } = new(280, text => text.Length);
    public List<Post> Posts { get; } = [];

    /// <summary>The next attempts are answered like this; after them everything is published again.</summary>
    public CollectingChannel Answering(params PublishResult[] answers)
    {
        foreach (var answer in answers)
            _answers.Enqueue(answer);
        return this;
    }

    public Task<PublishResult> PublishAsync(Post post, CancellationToken cancellationToken) => Task.FromResult(Take(post));

    protected PublishResult Take(Post post)
    {
        lock (_answers)
        {
            Posts.Add(post);
            return _answers.TryDequeue(out var answer) ? answer : new PublishResult.Published($"{name}-{++_count}", $"https://{name}.example/{_count}");
        }
    }
}

/// <summary>A channel whose network can change words in place.</summary>
sealed class EditingChannel(string name) : CollectingChannel(name), IEditsPosts
{
    public List<(string PostId, string Text)> Edits { get; } = [];

    public Task<PublishResult> EditAsync(string postId, Post post, CancellationToken cancellationToken)
    {
        Edits.Add((postId, post.Text));
        return Task.FromResult<PublishResult>(new PublishResult.Published(postId));
    }
}
