namespace Burgernet.Syndicate.Configuration;

/// <summary>Reads how people are told: <c>notify</c> in syndicate.json.</summary>
sealed class NotifyReader(SyndicateFolders folders, SyndicateMode mode)
{
    public NotifyOptions Notify(ConfigReader notify)
    {
        var to = notify.Texts("mailTo");
        foreach (var address in to.Where(a => !MailOptions.IsAddress(a)))
            notify.Fault("mailTo", $"'{address}' is geen mailadres; schrijf adressen als naam@voorbeeld.nl, met een komma ertussen");
        var smtp = notify.Object("smtp");
        var mail = Mail(notify, smtp, to);
        smtp.RejectUnknown();

        var webhook = notify.Text("webhookUrl")?.Trim();
        notify.RejectUnknown();
        // Such an address often holds a token: it is not repeated.
        if (webhook is not null && !(Uri.TryCreate(webhook, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "" }))
        {
            notify.Fault("webhookUrl", "is geen volledig adres; schrijf het met https:// ervoor en zonder gebruikersnaam");
            webhook = null;
        }

        var wanted = new NotifyOptions { Mail = mail, WebhookUrl = webhook is null ? null : new Secret(webhook) };
        if (wanted == NotifyOptions.Nobody && mode is SyndicateMode.Live)
            notify.Warn("niemand krijgt bericht als een mens iets moet doen; vul mailTo en smtp in, of webhookUrl");
        if (webhook is not null && new Uri(webhook) is { Scheme: "http", IsLoopback: false })
            notify.Warn("webhookUrl", "meldingen gaan onversleuteld over het netwerk; gebruik https://");
        if (mode is SyndicateMode.Live)
            return wanted;

        var kept = wanted.OnlyLoopback();
        if (kept != wanted)
            notify.Warn("in de zandbak gaat er niets naar buiten; alleen een mailserver en een webhook op dit apparaat zelf krijgen meldingen");
        return kept;
    }

    MailOptions? Mail(ConfigReader notify, ConfigReader smtp, IReadOnlyList<string> to)
    {
        var host = smtp.Text("host")?.Trim();
        var port = smtp.Number("port", 0, 1, 65535);
        var user = smtp.Text("user")?.Trim();
        var password = smtp.Text("password")?.Trim();
        var from = smtp.Text("from") ?? (MailOptions.IsAddress(user) ? user : null);
        var written = smtp.Text("tls")?.ToLowerInvariant();
        if (written is not (null or "true" or "false" or "starttls" or "implicit" or "none"))
            smtp.Fault("tls", $"'{written}' is hier niet geldig; verwacht wordt starttls, implicit of none (true en false mogen ook)");
        if (from is not null && !MailOptions.IsAddress(from))
            smtp.Fault("from", $"'{from}' is geen mailadres; schrijf het als naam@voorbeeld.nl");
        if (host is not null && Uri.CheckHostName(host) is UriHostNameType.Unknown)
            smtp.Fault("host", $"'{host}' is geen naam van een server; schrijf alleen de naam of het IP-adres, de poort staat bij port");
        if (to.Count == 0 && host is not null)
            notify.Fault("mailTo", "ontbreekt; schrijf aan wie de mail moet, of haal smtp weg");
        if (to.Count > 0 && host is null)
            smtp.Fault("host", "ontbreekt; schrijf welke mailserver de mail verstuurt, of haal mailTo weg");
        if (to.Count == 0 || host is null || Uri.CheckHostName(host) is UriHostNameType.Unknown)
            return null;

        var mail = new MailOptions
        {
            To = to,
            From = from ?? $"burgernet-syndicate@{to[0].Split('@')[^1]}",
            Host = host,
            Port = port > 0 ? port : written is "implicit" ? 465 : 587,
            User = user,
            Password = password is null ? null : new Secret(password),
            Tls = MailTls.None,
        };
        mail = mail with
        {
            Tls = written switch
            {
                "false" or "none" => MailTls.None,
                "implicit" => MailTls.Implicit,
                "starttls" => MailTls.StartTls,
                _ when mail.Port == 465 => MailTls.Implicit,
                null when mail.IsLoopback => MailTls.WhenOffered,
                _ => MailTls.StartTls,
            },
        };

        if (user is not null && password is null && (mode is SyndicateMode.Live || mail.IsLoopback))
            smtp.Fault("password", $"ontbreekt bij user; zet het {folders.PlaceOfSecret("notify__smtp__password")}");
        if (user is null && password is not null)
            smtp.Fault("user", "ontbreekt bij password; schrijf de naam waarmee u zich bij de mailserver aanmeldt");
        if (mail is { Tls: MailTls.None, IsLoopback: false })
        {
            if (user is not null)
                smtp.Fault("tls", "zonder tls gaat het wachtwoord leesbaar over het netwerk; kies starttls of implicit, of haal user en password weg");
            else
                smtp.Warn("tls", "meldingen gaan onversleuteld over het netwerk; kies starttls of implicit");
        }

        return mail;
    }
}
