using System.Globalization;
using System.Text;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Reports;
using Microsoft.Net.Http.Headers;

namespace Burgernet.Syndicate.Worker.Services;

/// <summary>What was reached, for programs, and reports as files.</summary>
static class ReportEndpoints
{
    static readonly Dictionary<ReportFormat, string> Types = new()
    {
        [ReportFormat.Html] = "text/html; charset=utf-8", [ReportFormat.Xlsx] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [ReportFormat.Csv] = "text/csv; charset=utf-8", [ReportFormat.Json] = "application/json; charset=utf-8",
    };

    public static void Map(WebApplication app)
    {
        app.MapGet("/api/reach", ReachAsync);
        app.MapGet("/rapport/{als}", FileAsync);
        app.MapGet("/report.css", () => Results.Text(ReportHtml.Style, "text/css", Encoding.UTF8)).AllowAnonymous();
    }

    static async Task<IResult> ReachAsync(HttpRequest request, ReportSetup reports, string? from, string? to, string? area, string? by)
    {
        if (ReportPeriod.Day(from) is not { } first)
            return Wrong("from must be a day such as 2026-01-31");
        if (ReportPeriod.Day(to) is not { } last)
            return Wrong("to must be a day such as 2026-01-31");
        if (last < first)
            return Wrong("to must not be before from");
        if (!Wire.TryParse(by ?? Wire.Name(ReachBy.Channel), out ReachBy wanted))
            return Wrong($"by must be one of {string.Join(", ", Wire.All<ReachBy>())}");
        var municipality = string.IsNullOrEmpty(area) ? null : reports.Find(area);
        if (!string.IsNullOrEmpty(area) && municipality is null)
            return Wrong("area must be the CBS code of a municipality of this region, such as GM0307");

        var rows = await reports.Query.ReachAsync(new ReportPeriod(first, last), municipality?.Code, wanted);
        return WantsCsv(request) ? Results.Text(Csv(rows), "text/csv", Encoding.UTF8) : Results.Ok(rows);

        static IResult Wrong(string error) => Results.BadRequest(new { error });
    }

    static bool WantsCsv(HttpRequest request) =>
        request.GetTypedHeaders().Accept is { Count: > 0 } accepted
        && accepted.OrderByDescending(a => a.Quality ?? 1).First().MediaType is { HasValue: true, Value: "text/csv" };

    // RFC 4180. A key is one of ours; it holds nothing that must be quoted.
    static string Csv(IReadOnlyList<ReachRow> rows)
    {
        var csv = new StringBuilder("key,alerts,posts,reach,impressions,engagements,measuredPosts\r\n");
        foreach (var row in rows)
            csv.Append(CultureInfo.InvariantCulture, $"{row.Key},{row.Alerts},{row.Posts},{row.Reach},{row.Impressions},{row.Engagements},{row.MeasuredPosts}\r\n");
        return csv.ToString();
    }

    static async Task<IResult> FileAsync(ReportSetup reports, LiveConfiguration live, string als, string? van, string? tot, string? gemeente)
    {
        if (!Wire.TryParse(als, out ReportFormat format))
            return Results.NotFound();
        var period = reports.PeriodOf(van, tot, out var fault);
        var municipality = string.IsNullOrEmpty(gemeente) ? null : reports.Find(gemeente);
        if (fault is not null || !string.IsNullOrEmpty(gemeente) && municipality is null)
            return Results.Text(fault ?? "Deze gemeente hoort niet bij de regio.", "text/plain", Encoding.UTF8, StatusCodes.Status400BadRequest);
        var report = await reports.Query.ReportAsync(period, municipality?.Code);
        return Results.File(ReportFiles.Bytes(report, format, live.Current.Options.Reports.Site), Types[format], $"burgernet-{municipality?.Code ?? "regio"}-{ReportPeriod.Written(period.From)}-{ReportPeriod.Written(period.To)}.{Wire.Name(format)}");
    }
}
