using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Notices;
using Burgernet.Syndicate.Reports;
using Burgernet.Syndicate.Templates;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace Burgernet.Syndicate.Connectors.Reports;

/// <summary>Mails a report: the figures that count in the mail itself, the whole as a file with it.</summary>
/// <param name="options">Where mail is handed in, and for whom.</param>
/// <param name="site">Where the pages are for who reads it; null: it leads nowhere.</param>
public sealed class ReportMailer(MailOptions options, Uri? site, ILoggerFactory logs)
{
    /// <summary>The mail, with the whole report in it; nothing leaves yet.</summary>
    public MimeMessage Compose(Report report)
    {
        var days = $"{ReportPeriod.Written(report.Period.From)}-{ReportPeriod.Written(report.Period.To)}";
        var body = new BodyBuilder { TextBody = ReportMail.Text(report, site) };
        body.Attachments.Add($"burgernet-{days}.html", ReportFiles.Bytes(report, ReportFormat.Html, site), new ContentType("text", "html") { Charset = "utf-8" });
        var message = new MimeMessage
        {
            Subject = ReportMail.Subject(report),
            Date = DutchTime.Of(report.MadeAt),
            // The same report again is the same mail.
            MessageId = $"report-{days}@{options.From.Split('@')[^1]}",
            Body = body.ToMessageBody(),
        };
        message.From.Add(MailboxAddress.Parse(options.From));
        message.To.AddRange(options.To.Select(MailboxAddress.Parse));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        return message;
    }

    /// <returns>Null: it was taken; otherwise why not (Dutch).</returns>
    public Task<string?> SendAsync(MimeMessage message) => new MailNotifier(options, logs.CreateLogger<MailNotifier>()).HandOverAsync(message);
}
