using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Tests.Support;
using Xunit;

namespace Burgernet.Syndicate.Tests.Configuration;

/// <summary>The section <c>reports</c> of syndicate.json.</summary>
[Collection(nameof(ProcessWide))]
public sealed class ReportsReaderTests : IDisposable
{
    const string Mail = """ "notify": { "mailTo": "wacht@politie.example", "smtp": { "host": "mail.politie.example" } }, """;

    readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    SyndicateOptions? Load(string reports, out IReadOnlyList<string> errors, string mode = "live", string mail = Mail)
    {
        _folder.Write("syndicate.json", $$"""{ "mode": "{{mode}}", {{mail}} "sources": { "map": { "type": "folder", "path": "in" } }, "channels": { }, "reports": {{reports}} }""");
        return _folder.Load(out errors);
    }

    [Theory]
    [InlineData("""{ "schedule": "weekly", "mailTo": "a@b.example" }""", ReportRhythm.Weekly, ReportSpan.Week)]
    [InlineData("""{ "schedule": "monthly", "mailTo": "a@b.example, c@d.example" }""", ReportRhythm.Monthly, ReportSpan.Month)]
    [InlineData("""{ "schedule": "yearly", "mailTo": ["a@b.example"], "site": "https://syndicate.example" }""", ReportRhythm.Yearly, ReportSpan.Year)]
    [InlineData("""{ "schedule": "weekly", "period": "year", "mailTo": "a@b.example" }""", ReportRhythm.Weekly, ReportSpan.Year)]
    public void A_schedule_goes_back_as_far_as_it_is_apart_unless_it_says_otherwise(string reports, ReportRhythm rhythm, ReportSpan span)
    {
        var options = Load(reports, out var errors);
        Assert.Empty(errors);
        Assert.Equal(new ReportSchedule(rhythm, span), options!.Reports.Schedule);
        Assert.Equal("a@b.example", options.Reports.MailTo[0]);
    }

    [Fact]
    public void Without_the_section_no_report_is_mailed()
    {
        Assert.Null(Load("{ }", out var errors)!.Reports.Schedule);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("""{ "schedule": "daily", "mailTo": "a@b.example" }""", "reports.schedule: 'daily' is hier niet geldig; verwacht wordt weekly of monthly of yearly")]
    [InlineData("""{ "schedule": "weekly" }""", "reports.mailTo: ontbreekt")]
    [InlineData("""{ "mailTo": "a@b.example" }""", "reports.schedule: ontbreekt")]
    [InlineData("""{ "schedule": "weekly", "mailTo": "team" }""", "reports.mailTo: 'team' is geen mailadres")]
    [InlineData("""{ "schedule": "weekly", "mailTo": "a@b.example", "period": "kwartaal" }""", "reports.period: 'kwartaal' is hier niet geldig")]
    [InlineData("""{ "schedule": "weekly", "mailTo": "a@b.example", "site": "syndicate.example" }""", "reports.site: 'syndicate.example' is geen volledig adres")]
    [InlineData("""{ "schedule": "weekly", "mailto": "a@b.example", "to": "x" }""", "reports.to: deze sleutel is onbekend")]
    public void What_is_wrong_is_told_by_its_place_and_with_the_way_out(string reports, string error)
    {
        Load(reports, out var errors);
        Assert.Contains(errors, e => e.StartsWith(error, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_mail_server_a_schedule_is_a_fault_and_in_the_sandbox_a_warning()
    {
        Assert.Null(Load("""{ "schedule": "weekly", "mailTo": "a@b.example" }""", out var errors, mail: ""));
        Assert.StartsWith("reports.schedule: er is geen mailserver; vul notify.mailTo en notify.smtp in", Assert.Single(errors), StringComparison.Ordinal);

        // There only a server on this machine is used.
        var sandbox = Load("""{ "schedule": "weekly", "mailTo": "a@b.example" }""", out errors, mode: "sandbox");
        Assert.Empty(errors);
        Assert.Contains(sandbox!.Warnings, w => w.Path == "reports" && w.Message.StartsWith("er gaat geen rapport per mail uit", StringComparison.Ordinal));
    }
}
