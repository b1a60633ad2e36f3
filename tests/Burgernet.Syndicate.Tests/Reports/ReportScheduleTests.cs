using System.Globalization;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors;
using Burgernet.Syndicate.Connectors.Reports;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Reports;

/// <summary>When a report comes, and as what.</summary>
public sealed class ReportScheduleTests
{
    [Theory]
    // Thursday; the Monday before and after seven o'clock; around the change of the clock.
    [InlineData(ReportRhythm.Weekly, ReportSpan.Week, "2026-11-26T12:00Z", "2026-11-16", "2026-11-22")]
    [InlineData(ReportRhythm.Weekly, ReportSpan.Week, "2026-11-30T05:59Z", "2026-11-16", "2026-11-22")]
    [InlineData(ReportRhythm.Weekly, ReportSpan.Week, "2026-11-30T06:00Z", "2026-11-23", "2026-11-29")]
    [InlineData(ReportRhythm.Weekly, ReportSpan.Week, "2026-06-01T05:00Z", "2026-05-25", "2026-05-31")]
    [InlineData(ReportRhythm.Weekly, ReportSpan.Month, "2026-11-30T06:00Z", "2026-11-01", "2026-11-29")]
    [InlineData(ReportRhythm.Weekly, ReportSpan.Year, "2026-01-05T06:00Z", "2026-01-01", "2026-01-04")]
    [InlineData(ReportRhythm.Monthly, ReportSpan.Month, "2026-03-01T05:59Z", "2026-01-01", "2026-01-31")]
    [InlineData(ReportRhythm.Monthly, ReportSpan.Month, "2026-03-01T06:00Z", "2026-02-01", "2026-02-28")]
    [InlineData(ReportRhythm.Monthly, ReportSpan.Year, "2026-03-15T06:00Z", "2026-01-01", "2026-02-28")]
    [InlineData(ReportRhythm.Yearly, ReportSpan.Year, "2026-01-01T05:59Z", "2024-01-01", "2024-12-31")]
    [InlineData(ReportRhythm.Yearly, ReportSpan.Year, "2026-01-01T06:00Z", "2025-01-01", "2025-12-31")]
    public void What_is_due_ends_with_the_last_whole_week_month_or_year(ReportRhythm rhythm, ReportSpan span, string now, string from, string to) =>
        Assert.Equal((from, to), new ReportSchedule(rhythm, span).Due(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)) is var period ? (ReportPeriod.Written(period.From), ReportPeriod.Written(period.To)) : default);

    [Fact]
    public async Task The_mail_says_what_counts_and_brings_the_whole_report()
    {
        using var server = new MailServer();
        using var pipeline = new Pipeline();
        await new ExampleYear(pipeline.Database, Pipeline.Options).FillAsync(2025, 60);
        var report = await new ReportQuery(pipeline.Database, ReportFrame.Of(Pipeline.Options, ConnectorRegistry.Channels), pipeline.Time)
            .ReportAsync(new ReportPeriod(new DateOnly(2025, 1, 1), new DateOnly(2025, 12, 31)), null);
        var mail = new MailOptions { To = ["team@politie.example"], From = "syndicate@politie.example", Host = "localhost", Port = server.Port, Tls = MailTls.WhenOffered };
        var mailer = new ReportMailer(mail, new Uri("https://syndicate.example"), NullLoggerFactory.Instance);
        Assert.Null(await mailer.SendAsync(mailer.Compose(report)));

        var received = await server.OnlyAsync();
        Assert.Equal(["team@politie.example"], received.To);
        Assert.Equal("Burgernet: 2025, 60 acties (Verzonnen gegevens)", received.Headers["Subject"]);
        Assert.Equal("<report-2025-01-01-2025-12-31@politie.example>", received.Headers["Message-Id"]);
        Assert.Contains("Acties: 60 (jaar eerder 55)", received.Text, StringComparison.Ordinal);
        Assert.Contains("https://syndicate.example/bereik?van=2025-01-01&tot=2025-12-31", received.Text, StringComparison.Ordinal);
        var (name, file) = Assert.Single(received.Files);
        Assert.Equal("burgernet-2025-01-01-2025-12-31.html", name);
        Assert.Equal(ReportHtml.File(report, ReportMail.Links(report, new Uri("https://syndicate.example"))), file.ReplaceLineEndings("\n"));
    }
}
