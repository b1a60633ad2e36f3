using System.Diagnostics;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>A year's report and a municipality's page, on an invented year the size of a real one.</summary>
static class Reporting
{
    const int Year = 2025;
    const int Runs = 20;

    // Where the most happens.
    const string Largest = "GM0344";

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(SyndicateOptions shipped)
    {
        var folder = Directory.CreateTempSubdirectory("syndicate-reports-");
        try
        {
            var path = Path.Combine(folder.FullName, "syndicate.db");
            using var database = Database.ForFile(path);
            new Migrator(database, NullLogger<Migrator>.Instance).Migrate();
            var start = Stopwatch.GetTimestamp();
            if (await new ExampleYear(database, shipped).FillAsync(Year) is { } refusal)
                throw new InvalidOperationException(refusal.Reason);
            var filled = Stopwatch.GetElapsedTime(start);

            var query = new ReportQuery(database, ReportFrame.Of(shipped, ConnectorRegistry.Channels), TimeProvider.System);
            var period = new ReportPeriod(new DateOnly(Year, 1, 1), new DateOnly(Year, 12, 31));
            var (deliveries, samples, floor) = Floor(path);
            var region = await SamplesAsync(() => query.ReportAsync(period, null));
            var file = await SamplesAsync(async () => ReportFiles.Bytes(await query.ReportAsync(period, null), ReportFormat.Html));
            var municipality = await SamplesAsync(() => query.ReportAsync(period, Largest));
            var page = await SamplesAsync(async () => ReportHtml.Sections(await query.ReportAsync(period, Largest)));
            var bytes = ReportFiles.Bytes(await query.ReportAsync(period, null), ReportFormat.Html).Length;
            return
            [
                new Figure("a year's report of the region, its figures", "ms") { Measured = Spread.Of(region), Floor = floor, FloorIs = "every delivery and every sample read once and counted, nothing else", Note = $"{deliveries:N0} deliveries, {samples:N0} samples; the first of {Runs} took {region[0]:0} ms" },
                new Figure("· as an HTML file with its plots", "ms") { Target = "max ≤ 2000", Met = file.Max() <= 2000, Measured = Spread.Of(file), Floor = floor, Note = $"{bytes / 1024} KB where at most 1024 are allowed; the first took {file[0]:0} ms" },
                new Figure("a municipality's page, its figures", "ms") { Target = "max ≤ 300", Met = municipality.Max() <= 300, Measured = Spread.Of(municipality), Note = $"the largest one; the first took {municipality[0]:0} ms" },
                new Figure("· with its plots, as it is sent", "ms") { Target = "max ≤ 300", Met = page.Max() <= 300, Measured = Spread.Of(page), Note = $"the first took {page[0]:0} ms" },
                new Figure("an example year made and stored", "s") { Measured = Spread.Single(filled.TotalSeconds) },
            ];
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    static async Task<List<double>> SamplesAsync<T>(Func<Task<T>> work)
    {
        var samples = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await work();
            samples.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return samples;
    }

    static (int Deliveries, int Samples, double Milliseconds) Floor(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        var (deliveries, samples) = (Count("select id, state, published_at from delivery"), Count("select delivery_id, asked_at, metrics from reach_sample"));
        var times = Enumerable.Range(0, Runs).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            Count("select id, state, published_at from delivery");
            Count("select delivery_id, asked_at, metrics from reach_sample");
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        });
        return (deliveries, samples, Spread.Of(times).Median);

        int Count(string sql)
        {
            using var command = new SqliteCommand(sql, connection);
            using var reader = command.ExecuteReader();
            var rows = 0;
            for (; reader.Read(); rows++)
                _ = reader.GetString(0);
            return rows;
        }
    }
}
