using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Notices;
using Burgernet.Syndicate.Notices;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Burgernet.Syndicate.Tests.Notices;

/// <summary>Against a real mail server.</summary>
public sealed class MailNotifierTests
{
    const string Password = "w8-woord+/=é";

    static readonly Telling Some = new()
    {
        Id = "0123456789abcdef", Cause = "held:whatsapp:a1", Subject = "Burgernet.Syndicate: een bericht wacht op uw besluit (whatsapp)", Channel = "whatsapp", AlertId = "a1",
        Text = "Onbekend of BN-7F3K2 op whatsapp bij Café Zoë staat.\n\nKijk zelf.", At = Pipeline.Noon,
    };

    static MailOptions Options(MailServer server, MailTls tls = MailTls.WhenOffered, string host = "localhost") =>
        new() { To = ["wacht@politie.example", "pers@politie.example"], From = "syndicate@politie.example", Host = host, Port = server.Port, Tls = tls };

    static MailOptions WithUser(MailServer server, MailTls tls = MailTls.StartTls, string password = Password) =>
        Options(server, tls) with { User = "burgernet", Password = new Secret(password) };

    // What a machine does that has this root among those it trusts.
    static RemoteCertificateValidationCallback Trusting(MailServer server) => (_, certificate, _, errors) =>
    {
        using var chain = new X509Chain { ChainPolicy = { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust } };
        chain.ChainPolicy.CustomTrustStore.Add(server.Root);
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && chain.Build((X509Certificate2)certificate!);
    };

    static MailNotifier Notifier(MailOptions options, MailServer? trusting = null, Lines? log = null, TimeSpan? timeout = null) =>
        new(options, (log ?? new Lines()).Logger, trusting is null ? null : Trusting(trusting), timeout);

    [Fact]
    public async Task A_mail_reaches_everyone_with_its_words_and_says_that_no_person_wrote_it()
    {
        using var server = new MailServer();
        Assert.Null(await Notifier(Options(server)).HandOverAsync(Some));

        var mail = await server.OnlyAsync();
        Assert.Equal((false, "syndicate@politie.example"), (mail.Tls, mail.From));
        Assert.Equal(["wacht@politie.example", "pers@politie.example"], mail.To);
        Assert.Equal(Some.Subject, mail.Headers["Subject"]);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Equal("<0123456789abcdef@politie.example>", mail.Headers["Message-ID"]);
        Assert.StartsWith(Some.Text, mail.Text, StringComparison.Ordinal);
        Assert.Contains("Nummer van de oproep: a1\n", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MailTls.StartTls)]
    [InlineData(MailTls.Implicit)]
    [InlineData(MailTls.WhenOffered)]
    public async Task With_TLS_and_a_password_it_is_handed_in_by_that_user(object tls)
    {
        using var server = new MailServer(new MailServerOptions { StartTls = tls is not MailTls.Implicit, Implicit = tls is MailTls.Implicit, User = "burgernet", Password = Password });
        Assert.Null(await Notifier(WithUser(server, (MailTls)tls), trusting: server).HandOverAsync(Some));

        Assert.Equal((true, "burgernet"), ((await server.OnlyAsync()).Tls, (await server.OnlyAsync()).User));
    }

    [Fact]
    public async Task A_server_whose_certificate_nobody_vouches_for_gets_nothing()
    {
        using var server = new MailServer(new MailServerOptions { StartTls = true, User = "burgernet", Password = Password });
        Assert.Contains("certificaat geldt niet", await Notifier(WithUser(server)).HandOverAsync(Some), StringComparison.Ordinal);
        // Its name counts too: the certificate is for localhost.
        Assert.Contains("certificaat geldt niet", await Notifier(WithUser(server) with { Host = "127.0.0.1" }, trusting: server).HandOverAsync(Some), StringComparison.Ordinal);

        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_without_TLS_gets_nothing_where_TLS_is_wanted()
    {
        using var server = new MailServer();
        Assert.Contains("biedt niet", await Notifier(Options(server, MailTls.StartTls)).HandOverAsync(Some), StringComparison.Ordinal);
        Assert.Contains("geen vertrouwde TLS", await Notifier(Options(server, MailTls.Implicit)).HandOverAsync(Some), StringComparison.Ordinal);

        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task What_the_server_does_not_take_now_is_said_and_can_be_tried_again()
    {
        using var server = new MailServer(new MailServerOptions { Fails = 1 });
        var notifier = Notifier(Options(server));

        Assert.Equal("de mailserver antwoordde 451 (4.3.0 try again later)", await notifier.HandOverAsync(Some));
        Assert.Null(await notifier.HandOverAsync(Some));
        await server.OnlyAsync();
    }

    [Fact]
    public async Task An_address_that_is_refused_does_not_keep_the_mail_from_the_others()
    {
        var log = new Lines();
        using var server = new MailServer(new MailServerOptions { Refuses = ["pers@politie.example"] });
        Assert.Null(await Notifier(Options(server), log: log).HandOverAsync(Some));

        Assert.Equal(["wacht@politie.example"], (await server.OnlyAsync()).To);
        Assert.Contains("pers@politie.example: 550", Assert.Single(log.Written), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_reaches_nobody_is_not_handed_over()
    {
        using var server = new MailServer(new MailServerOptions { Refuses = ["pers@politie.example", "wacht@politie.example"] });
        Assert.StartsWith("de mailserver weigert elk adres", await Notifier(Options(server)).HandOverAsync(Some), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_says_nothing_costs_no_more_than_the_time_it_gets()
    {
        await using var silent = new FaultyServer(connection => connection.UntilTheTestEndsAsync());
        var somewhere = new MailOptions { To = ["a@b.example"], From = "c@b.example", Host = "127.0.0.1", Port = silent.Url.Port, Tls = MailTls.None };
        Assert.Equal("de mailserver was niet klaar binnen 0.2 s", await Notifier(somewhere, timeout: TimeSpan.FromSeconds(0.2)).HandOverAsync(Some));
        Assert.Equal("de mailserver is niet bereikbaar (ConnectionRefused)", await Notifier(somewhere with { Port = 1 }).HandOverAsync(Some));

        using var deaf = new MailServer(new MailServerOptions { Silent = true });
        Assert.StartsWith("de mailserver was niet klaar", await Notifier(Options(deaf), timeout: TimeSpan.FromSeconds(2)).HandOverAsync(Some), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_never_shows_not_even_when_the_server_says_it_aloud()
    {
        const string Spoken = "w8-woord+/=";
        var log = new Lines();
        using var server = new MailServer(new MailServerOptions { StartTls = true, User = "burgernet", Password = "iets anders", Echoes = true });
        var options = WithUser(server, password: Spoken);
        var reason = await Notifier(options, trusting: server, log: log).HandOverAsync(Some);

        Assert.Contains("weigert gebruiker en wachtwoord", reason, StringComparison.Ordinal);
        Assert.Equal(2, reason!.Split("<secret>").Length - 1);
        Assert.All([reason, options.ToString(), new NotifyOptions { Mail = options, WebhookUrl = new Secret($"https://hook.example/{Spoken}") }.ToString(), .. log.Written],
            text => Assert.DoesNotContain(Spoken, text, StringComparison.Ordinal));
        Assert.Empty(server.Mails);
    }

    /// <summary>What was logged.</summary>
    sealed class Lines : ILogger<MailNotifier>
    {
        public List<string> Written { get; } = [];
        public ILogger<MailNotifier> Logger => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add($"{formatter(state, exception)} {exception}");
    }
}
