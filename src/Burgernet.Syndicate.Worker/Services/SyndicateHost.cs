using System.Reflection;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Audit;
using Burgernet.Syndicate.Channels;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Photos;
using Burgernet.Syndicate.Deliveries;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Reach;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Storage;
using Burgernet.Syndicate.Templates;
using Burgernet.Syndicate.Worker.Access;
using Burgernet.Syndicate.Worker.Commands;
using Burgernet.Syndicate.Worker.Jobs;
using Quartz;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>Puts the parts together: the pipeline, the schedules, the pages.</summary>
static class SyndicateHost
{
    /// <param name="folders">Where the configuration and the accounts are.</param>
    /// <param name="reloader">Makes what takes over what is saved while the program runs.</param>
    public static WebApplication Build(SyndicateOptions options, SyndicateFolders folders, Database database, string url, Uri? sandbox, Func<IServiceProvider, Reloader> reloader)
    {
        // Slim and without arguments: everything that steers this program is in its own configuration.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(SyndicateHost).Assembly.GetName().Name });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.UseUrls(url.Split(';'));
        builder.WebHost.UseKestrelHttpsConfiguration();
        AddLogging(builder.Logging);
        // Longer than any request to a platform may take, so that a stop leaves nothing unknown.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(45));

        var time = AddPipeline(builder.Services, options, database);
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DispatcherService>());
        builder.Services.AddSingleton(reloader);
        builder.Services.AddHostedService<ReloadService>();
        builder.Services.AddSingleton<PushedAlerts>();
        builder.Services.AddHostedService<ListenerService>();
        AddSchedules(builder.Services, options, time);
        builder.Services.AddSingleton(new Surroundings(options.Mode, sandbox));
        builder.Services.ConfigureHttpJsonOptions(json => ViewJson.Apply(json.SerializerOptions));
        builder.Services.AddRazorPages();
        builder.Services.AddSingleton(folders);
        builder.Services.AddSingleton<TemplateDesk>();
        AccessSetup.Add(builder.Services, options.Access, AccountFile.In(folders.Data));

        var app = builder.Build();
        AccessSetup.Use(app);
        Endpoints.Map(app);
        ReportEndpoints.Map(app);
        Acts.Map(app);
        app.MapRazorPages();
        return app;
    }

    static void AddLogging(ILoggingBuilder logging) => logging
        .ClearProviders()
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        })
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        // Its only warning is that the keys lie open in the database, which is what KeyStore says too.
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
        .AddFilter("Quartz", LogLevel.Warning);

    /// <summary>The pipeline without anything that runs by itself, for the service and for commands beside it.</summary>
    /// <returns>The clock that it lives by.</returns>
    public static TimeProvider AddPipeline(IServiceCollection services, SyndicateOptions options, Database database)
    {
        var time = database.IsShared ? new DatabaseTime(database, TimeProvider.System) : new SteadyTime(TimeProvider.System);
        services.AddSingleton(time);
        services.AddSingleton<TimeProvider>(time);
        if (time is DatabaseTime shared)
            services.AddSingleton(shared);
        else
            services.AddSingleton<ClockWatch>();

        services.AddSingleton(provider => new LiveConfiguration(GenerationOf(options, provider), provider.GetRequiredService<TimeProvider>().GetUtcNow()));
        services.AddSingleton(database);
        services.AddSingleton<Migrator>();
        services.AddSingleton<AlertLog>();
        services.AddSingleton<NoticeBoard>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<AttemptLog>();
        services.AddSingleton(_ => new SendSlots(options.MaxInFlight));
        services.AddSingleton(provider => PhotosOf(options, provider));
        services.AddSingleton<PhotoShelf>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<OperatorDesk>();
        services.AddSingleton<OutcomeDesk>();
        services.AddSingleton<ReportSetup>();
        services.AddSingleton<ReportPost>();
        services.AddSingleton(ConnectorRegistry.Channels);
        services.AddSingleton<SubmissionDesk>();
        services.AddSingleton<RightOfWay>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SourceWatch>(provider, (IReadOnlyList<SourceOptions>)[.. options.Sources.Where(s => s.Listen is null)]));
        services.AddSingleton<ISubmissionDesk>(provider => provider.GetRequiredService<SubmissionDesk>());
        services.AddSingleton<AlertQuery>();
        services.AddSingleton<LinkBudget>();

        services.AddSingleton<IReadOnlyList<IChannel>>(provider => [.. options.Channels.Select(c => ChannelOf(c, provider))]);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<AccessWatch>(provider,
            (IReadOnlyList<IChannel>)[.. options.Channels.Zip(provider.GetRequiredService<IReadOnlyList<IChannel>>()).Where(pair => pair.First.Publish).Select(pair => pair.Second)]));
        services.AddSingleton<ReachLog>();
        services.AddSingleton<IReadOnlyList<MeasuredChannel>>(provider =>
            [.. options.Channels.Zip(provider.GetRequiredService<IReadOnlyList<IChannel>>()).Where(pair => pair.First.Publish).Select(pair => pair.Second is IMeasuresReach meter ? new MeasuredChannel(pair.Second, meter, pair.First) : null).OfType<MeasuredChannel>()]);
        services.AddSingleton<ReachHarvester>();
        services.AddSingleton<ILastLook>(provider => provider.GetRequiredService<ReachHarvester>());
        services.AddSingleton(PerChannel<Dispatcher>(options));
        services.AddSingleton(PerChannel<Reconciler>(options));
        services.AddSingleton<IEnumerable<NoticeTeller>>(provider =>
            [.. ConnectorRegistry.Notifiers(options.Notify, provider.GetRequiredService<ILoggerFactory>()).Select(n => ActivatorUtilities.CreateInstance<NoticeTeller>(provider, n))]);
        services.AddSingleton<DispatcherService>();
        services.AddSingleton<IEnumerable<SourcePoller>>(provider => [.. Asked(options).Select(s => PollerOf(s, provider))]);
        return time;
    }

    /// <summary>Everything that is made of one reading of the configuration.</summary>
    /// <param name="options">Its channels are those of the start, in their order.</param>
    /// <param name="provider">Has what lasts as long as the program.</param>
    public static Generation GenerationOf(SyndicateOptions options, IServiceProvider provider)
    {
        var intake = new IntakeOptions
        {
            NotAfter = options.NotAfter,
            Channels = options.Channels.Zip(provider.GetRequiredService<IReadOnlyList<IChannel>>())
                .ToDictionary(pair => pair.First.Name, pair => ComposedChannel.Of(pair.Second, options.TemplateOf(pair.First), pair.First.AtClose) with { Links = pair.First.Links, Photos = pair.First.Photos }),
            RecordOnly = options.Channels.Where(c => !c.Publish).Select(c => c.Name).ToHashSet(),
            NotUrgent = options.NotUrgent,
            Owners = options.Owners,
        };
        var composer = new Composer(options.Templates, new TextNeutraliser(options.Texts), provider.GetRequiredService<TimeProvider>());
        var wording = ActivatorUtilities.CreateInstance<Wording>(provider, composer, options.Areas, intake);
        var ending = ActivatorUtilities.CreateInstance<Ending>(provider, wording, intake);
        return new Generation(options, ActivatorUtilities.CreateInstance<Intake>(provider, options.Areas, options.ToRouter(), wording, ending, intake), ending);
    }

    // Of what is posted to; what is only recorded needs neither.
    static Func<IServiceProvider, IEnumerable<T>> PerChannel<T>(SyndicateOptions options) => provider =>
        [.. options.Channels.Zip(provider.GetRequiredService<IReadOnlyList<IChannel>>())
            .Where(pair => pair.First.Publish)
            .Select(pair => ActivatorUtilities.CreateInstance<T>(provider, pair.Second, pair.First))];

    static void AddSchedules(IServiceCollection services, SyndicateOptions options, TimeProvider time)
    {
        services.AddQuartz(quartz =>
        {
            quartz.UseTimeProvider(time);
            // Where workers share a database they share the schedules too: what one does, no other does at that time.
            if (options.Storage is { Provider: StorageProvider.Postgres, ConnectionString: var connection })
            {
                quartz.ConfigureScheduler(scheduler => (scheduler.InstanceName, scheduler.GenerateInstanceId) = ("Burgernet.Syndicate", true));
                quartz.UsePersistentStore(store =>
                {
                    store.UsePostgres(connection.Reveal());
                    store.UseClustering();
                    store.UseSystemTextJsonSerializer();
                    store.ConfigureStore(o => o.StoreJobDataAsStrings = true);
                    store.ProvisionSchema();
                });
            }

            quartz.ScheduleJob<SweepJob>(
                trigger => trigger.WithIdentity("sweep").StartAt(time.GetUtcNow() + SweepJob.FirstAfter).WithSimpleSchedule(schedule => schedule.WithInterval(SweepJob.Every).RepeatForever()),
                job => job.WithIdentity("sweep"));
            quartz.ScheduleJob<SubmissionJob>(
                trigger => trigger.WithIdentity("submissions").StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(SubmissionJob.Every).RepeatForever()),
                job => job.WithIdentity("submissions"));
            quartz.ScheduleJob<WatchSourcesJob>(
                trigger => trigger.WithIdentity("sources").StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(WatchSourcesJob.Every).RepeatForever()),
                job => job.WithIdentity("sources"));
            quartz.ScheduleJob<HarvestReachJob>(
                trigger => trigger.WithIdentity("harvest").StartAt(time.GetUtcNow() + HarvestReachJob.Every).WithSimpleSchedule(schedule => schedule.WithInterval(HarvestReachJob.Every).RepeatForever()),
                job => job.WithIdentity("harvest"));
            if (options.Reports.Schedule is not null)
            {
                quartz.ScheduleJob<ReportJob>(
                    trigger => trigger.WithIdentity("report").StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(ReportJob.Every).RepeatForever()),
                    job => job.WithIdentity("report"));
            }

            foreach (var source in Asked(options))
            {
                quartz.ScheduleJob<PollSourceJob>(
                    trigger => trigger.WithIdentity($"poll-{source.Name}").StartNow().WithSimpleSchedule(schedule => schedule
                        .WithInterval(source.Interval).RepeatForever()),
                    job => job.WithIdentity($"poll-{source.Name}").UsingJobData(PollSourceJob.SourceKey, source.Name));
            }
        });
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
    }

    static IPhotoFetcher PhotosOf(SyndicateOptions options, IServiceProvider provider)
    {
        if (options.Mode is SyndicateMode.Sandbox)
            return new ExamplePhoto();
        string[] self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.ProcessPath!, typeof(SyndicateHost).Assembly.Location] : [Environment.ProcessPath!];
        return new PhotoFetcher(options.Photos.Hosts, new PhotoEncoderProcess([.. self, SyndicateCommand.EncodePhoto]), provider.GetRequiredService<ILogger<PhotoFetcher>>());
    }

    static IChannel ChannelOf(ChannelOptions options, IServiceProvider provider) =>
        ConnectorRegistry.Channels.Single(c => c.Type == options.Type)
            .Create(options, new ChannelServices(TimeProvider.System, provider.GetRequiredService<ILoggerFactory>()));

    static IEnumerable<SourceOptions> Asked(SyndicateOptions options) => options.Sources.Where(s => s.Listen is null && s.Mailbox is null);

    static SourcePoller PollerOf(SourceOptions options, IServiceProvider provider)
    {
        var source = ConnectorRegistry.Sources.Single(s => s.Type == options.Type)
            .Create!(options, new SourceServices(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        return ActivatorUtilities.CreateInstance<SourcePoller>(provider, source, options.Interval);
    }

    /// <summary>The program's version, as the package says it.</summary>
    public static string Version { get; } = typeof(SyndicateHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

/// <summary>What the pages say of where they run.</summary>
sealed record Surroundings(SyndicateMode Mode, Uri? Sandbox);
