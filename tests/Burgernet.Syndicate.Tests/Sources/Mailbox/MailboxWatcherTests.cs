using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Sources.Mailbox;
using Burgernet.Syndicate.Tests.Support;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Burgernet.Syndicate.Tests.Sources.Mailbox;

/// <summary>Against a real IMAP server, with mail that a real delivery put there.</summary>
[Collection(nameof(ProcessWide))]
public sealed class MailboxWatcherTests : IClassFixture<ShippedConfiguration>, IDisposable
{
    // Longer than any test: what comes sooner was told by IDLE.
    static readonly MailboxPace OnlyIdle = new() { Look = TimeSpan.FromMinutes(10), ShortestPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(1) };
    static readonly MailboxPace Looks = OnlyIdle with { Look = TimeSpan.FromMilliseconds(300) };

    readonly SigningDomain _signing = new();
    readonly MemoryDesk _desk = new();
    readonly SyndicateOptions _options;

    public MailboxWatcherTests(ShippedConfiguration shipped)
    {
        Support.Needs.OrSkip(DovecotServer.Missing);
        _options = shipped.Options;
    }

    public void Dispose() => _signing.Dispose();

    static byte[] Signed(int number, string? text = null, bool result = true) => SigningDomain.Sign(Mails.Of($"Burgernetmail Soest: pas op ({number})", text ?? $"Laat geen onbekenden binnen in Soest, nummer {number}.",
        more: [$"Date: {DateTimeOffset.UtcNow:r}", .. result ? Array.Empty<string>() : ["Authentication-Results:"]], id: $"nummer{number}@mail.burgernet.example"));

    [Fact]
    public async Task A_mail_that_is_delivered_wakes_the_watcher_is_taken_and_moved()
    {
        using var server = new DovecotServer();
        await using var watcher = await StartAsync(server);
        await _desk.WhenAsync(d => d.Good >= 1);

        await server.DeliverAsync(Signed(1));
        await server.DeliverAsync(Mails.Of("Burgernetmail Soest: pas op", "Betaal nu.", "boef@evil.example"));
        await _desk.WhenAsync(d => d.Taken.Count == 2 && d.Position?.Uid == 2);
        await _desk.WhenAsync(d => d.Good >= 3);

        Assert.Equal([("nummer1@mail.burgernet.example", SubmissionDecision.Post), (_desk.New[1].Id, SubmissionDecision.Quarantine)], _desk.New.Select(s => (s.Id, s.Decision)));
        Assert.Equal(["post", "post"], _desk.New.Select(s => s.Source));
        Assert.Contains("Betaal nu.", _desk.Raw!, StringComparison.Ordinal);
        Assert.Equal((0, 1, 1), await CountAsync(server));
        Assert.Empty(_desk.Failures);
    }

    [Fact]
    public async Task What_was_there_before_the_first_start_is_history()
    {
        using var server = new DovecotServer();
        server.Fill(Enumerable.Range(0, 300).Select(n => Signed(n)));
        await using var watcher = await StartAsync(server);
        await _desk.WhenAsync(d => d.Good >= 1);
        await server.DeliverAsync(Signed(1_000));
        await _desk.WhenAsync(d => d.New.Count >= 1);

        Assert.Equal(["nummer1000@mail.burgernet.example"], _desk.New.Select(s => s.Id));
        await _desk.WhenAsync(d => d.Position?.Uid == 301);
        await _desk.WhenAsync(d => d.Good >= 2);
        Assert.Equal((300, 1, 0), await CountAsync(server));
    }

    [Fact]
    public async Task A_server_that_restarts_is_found_back_and_nothing_is_missed()
    {
        using var server = new DovecotServer();
        await using var watcher = await StartAsync(server);
        await _desk.WhenAsync(d => d.Good >= 1);

        server.Stop();
        await _desk.WhenAsync(d => d.Failures.Count >= 1);
        server.Start();
        await server.DeliverAsync(Signed(1), Signed(2));
        await _desk.WhenAsync(d => d.New.Count == 2);

        Assert.All(_desk.Failures, reason => Assert.DoesNotContain(DovecotServer.Password, reason, StringComparison.Ordinal));
        Assert.Matches("brak af|niet bereikbaar|niet te lezen", _desk.Failures[0]);
    }

    [Fact]
    public async Task A_mailbox_with_new_numbers_is_read_again_without_a_miss_or_a_double()
    {
        using var server = new DovecotServer();
        server.Fill([Signed(0)]);
        await using (var first = await StartAsync(server))
        {
            await _desk.WhenAsync(d => d.Good >= 1);
            await server.DeliverAsync(Signed(1));
            await _desk.WhenAsync(d => d.New.Count == 1);
            // It was taken, but the watcher ended before it could be moved.
            _desk.AfterCommit = _ => throw new InvalidOperationException("a crash");
            await server.DeliverAsync(Signed(2));
            await _desk.WhenAsync(d => d.New.Count == 2);
        }

        _desk.AfterCommit = null;
        var old = _desk.Position!.UidValidity;
        await server.DeliverAsync(Signed(3));
        server.Renumber();
        await using var second = await StartAsync(server);
        await _desk.WhenAsync(d => d.New.Any(s => s.Id.StartsWith("nummer3@", StringComparison.Ordinal)) && d.Position!.UidValidity != old);
        await server.DeliverAsync(Signed(4));
        await _desk.WhenAsync(d => d.New.Any(s => s.Id.StartsWith("nummer4@", StringComparison.Ordinal)));

        // What was history on the first start still is.
        Assert.Equal(["nummer1", "nummer2", "nummer3", "nummer4"], _desk.New.Select(s => s.Id.Split('@')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(_desk.New.Count, _desk.New.DistinctBy(s => s.Id).Count());
    }

    [Fact]
    public async Task Another_mailbox_under_the_same_name_is_read_from_the_start_though_its_numbers_look_the_same()
    {
        using var server = new DovecotServer();
        await server.DeliverAsync(Signed(1));
        using (var client = await OpenAsync(server))
        {
            await client.Inbox!.StatusAsync(StatusItems.UidValidity, TestContext.Current.CancellationToken);
            await _desk.TakeAsync(null, "post", new MailboxPosition("ander@burgernet.example imap.burgernet.example inbox", client.Inbox.UidValidity, 99), cancellationToken: TestContext.Current.CancellationToken);
        }

        await using (await StartAsync(server))
            await _desk.WhenAsync(d => d.Good >= 1);
        Assert.Equal("nummer1@mail.burgernet.example", Assert.Single(_desk.New).Id);

        // The same one, written otherwise.
        await using var again = await StartAsync(server, change: m => m with { Host = "LOCALHOST", Folder = "Inbox" });
        await server.DeliverAsync(Signed(2));
        await _desk.WhenAsync(d => d.New.Count == 2);
        Assert.Equal(2, _desk.Taken.Count);
    }

    [Fact]
    public async Task A_crash_between_commit_and_move_is_mended_by_the_next_look()
    {
        using var server = new DovecotServer();
        await using (var first = await StartAsync(server))
        {
            await _desk.WhenAsync(d => d.Good >= 1);
            _desk.AfterCommit = _ => throw new InvalidOperationException("a crash");
            await server.DeliverAsync(Signed(1));
            await _desk.WhenAsync(d => d.New.Count == 1);
        }

        Assert.Equal((1, 0, 0), await CountAsync(server));
        _desk.AfterCommit = null;
        await using var second = await StartAsync(server);
        await _desk.WhenAsync(d => d.Position?.Uid == 1);

        Assert.Single(_desk.New);
        Assert.Equal((0, 1, 0), await CountAsync(server));
    }

    [Fact]
    public async Task That_mail_cannot_be_moved_is_told_once_and_taken_back_when_it_can()
    {
        using var server = new DovecotServer();
        // A name that this server gives no folder.
        await using (await StartAsync(server, change: m => m with { Processed = "Verwerkt/hier" }))
        {
            await _desk.WhenAsync(d => d.Good >= 1);
            await server.DeliverAsync(Signed(1), Signed(2));
            await _desk.WhenAsync(d => d.Position?.Uid == 2);
        }

        Assert.Equal(2, _desk.New.Count);
        Assert.StartsWith("naar map Verwerkt/hier, want ", Assert.Single(_desk.Moves), StringComparison.Ordinal);

        await using var watcher = await StartAsync(server);
        await server.DeliverAsync(Signed(3), Signed(4));
        await _desk.WhenAsync(d => d.Position?.Uid == 4);
        Assert.Equal([null], _desk.Moves.Skip(1));
        Assert.Equal((2, 2, 0), await CountAsync(server));
    }

    [Fact]
    public async Task A_mail_that_cannot_be_stored_does_not_keep_those_behind_it()
    {
        using var server = new DovecotServer();
        var tries = 0;
        _desk.BeforeCommit = submission =>
        {
            if (submission?.Id.StartsWith("nummer1@", StringComparison.Ordinal) == true)
                throw new InvalidOperationException($"a text that the database does not take ({++tries})");
        };
        await using var watcher = await StartAsync(server);
        await _desk.WhenAsync(d => d.Good >= 1);
        await server.DeliverAsync(Signed(1), Signed(2));
        await _desk.WhenAsync(d => d.New.Count == 2);

        Assert.Equal(4, tries);
        Assert.Equal([SubmissionDecision.Quarantine, SubmissionDecision.Post], _desk.New.Select(s => s.Decision));
        Assert.Equal("nummer2@mail.burgernet.example", _desk.New[1].Id);
        await _desk.WhenAsync(d => d.Position?.Uid == 2);
    }

    // It comes back before a try, between a try and the look whether it is there, and after that.
    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task A_database_that_is_away_makes_no_mail_a_bad_one(int away)
    {
        using var server = new DovecotServer();
        var tries = 0;
        _desk.BeforeCommit = _ =>
        {
            if (++tries <= away)
                throw new InvalidOperationException("the database is away");
        };
        await using var watcher = await StartAsync(server);
        await _desk.WhenAsync(d => d.Good >= 1);
        await server.DeliverAsync(Signed(1));
        await _desk.WhenAsync(d => d.New.Count == 1);

        Assert.Equal(("nummer1@mail.burgernet.example", SubmissionDecision.Post), (_desk.New[0].Id, _desk.New[0].Decision));
    }

    [Fact]
    public async Task Mail_comes_through_the_border_server_and_what_a_sender_writes_of_himself_stays_below_its_line()
    {
        Support.Needs.OrSkip(PostfixServer.Missing);
        using var server = new DovecotServer();
        using var border = new PostfixServer(server);
        await using var watcher = await StartAsync(server);
        await _desk.WhenAsync(d => d.Good >= 1);
        await border.SendAsync(Signed(1, result: false));
        await _desk.WhenAsync(d => d.New.Count == 1);
        Assert.Equal(("nummer1@mail.burgernet.example", SubmissionDecision.Post), (_desk.New[0].Id, _desk.New[0].Decision));

        // Signed like a real one and sent again by somebody else, with the good news written by himself.
        await border.SendAsync(Signed(2), "boef@evil.example");
        await _desk.WhenAsync(d => d.New.Count == 2);
        Assert.Equal(SubmissionDecision.Quarantine, _desk.New[1].Decision);
        Assert.Contains("dmarc=none", _desk.New[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_huge_mail_is_quarantined_without_being_fetched()
    {
        using var server = new DovecotServer();
        await using var watcher = await StartAsync(server);
        await _desk.WhenAsync(d => d.Good >= 1);
        await server.DeliverAsync(Signed(1, string.Join('\n', Enumerable.Repeat(new string('x', 900), 12_000))));
        await _desk.WhenAsync(d => d.Position?.Uid == 1);

        var its = Assert.Single(_desk.New);
        Assert.Equal((SubmissionDecision.Quarantine, "De mail is groter dan 10 MB en is niet opgehaald.", "Burgernetmail Soest: pas op (1)", Mails.Police), (its.Decision, its.Reason, its.Subject, its.Sender));
        Assert.Null(_desk.Raw);
        Assert.Equal((0, 0, 1), await CountAsync(server));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task A_server_without_idle_or_move_will_do(bool idle, bool move)
    {
        using var server = new DovecotServer(idle: idle, move: move);
        await using var watcher = await StartAsync(server, idle ? OnlyIdle : Looks);
        await _desk.WhenAsync(d => d.Good >= 1);
        await server.DeliverAsync(Signed(1));
        await _desk.WhenAsync(d => d.Position?.Uid == 1);

        Assert.Single(_desk.New);
        Assert.Equal((0, 1, 0), await CountAsync(server));
    }

    [Fact]
    public async Task It_logs_in_with_a_token_that_it_renews()
    {
        await using var tokens = await TokenServer.StartAsync();
        using var server = new DovecotServer(tokens.Check);
        await using var watcher = await StartAsync(server, OnlyIdle, m => m with { Password = null, OAuth = new MailboxOAuth("app", new Secret("geheim van de app"), new Secret("vernieuwer"), tokens.Renew) });
        await _desk.WhenAsync(d => d.Good >= 1);
        await server.DeliverAsync(Signed(1));
        await _desk.WhenAsync(d => d.New.Count == 1);

        Assert.Equal("grant_type=refresh_token&client_id=app&refresh_token=vernieuwer&client_secret=geheim van de app", Uri.UnescapeDataString(tokens.Asked[0].Replace('+', ' ')));
        Assert.Empty(_desk.Failures);
    }

    [Fact]
    public async Task An_app_that_asks_for_itself_needs_nobodys_refresh_token()
    {
        await using var tokens = await TokenServer.StartAsync();
        using var server = new DovecotServer(tokens.Check);
        await using var watcher = await StartAsync(server, OnlyIdle, m => m with { Password = null, OAuth = new MailboxOAuth("app", new Secret("geheim van de app"), null, tokens.Renew, "https://outlook.office365.com/.default") });
        await _desk.WhenAsync(d => d.Good >= 1);

        Assert.Equal("grant_type=client_credentials&client_id=app&scope=https://outlook.office365.com/.default&client_secret=geheim van de app", Uri.UnescapeDataString(tokens.Asked[0].Replace('+', ' ')));
        Assert.Empty(_desk.Failures);
    }

    [Fact]
    public async Task A_token_that_is_not_given_is_told_without_a_secret()
    {
        await using var tokens = await TokenServer.StartAsync(refuses: true);
        using var server = new DovecotServer(tokens.Check);
        await using var watcher = await StartAsync(server, OnlyIdle, m => m with { Password = null, OAuth = new MailboxOAuth("app", null, new Secret("vernieuwer"), tokens.Renew) });
        await _desk.WhenAsync(d => d.Failures.Count >= 1);

        Assert.Equal("127.0.0.1 geeft geen token: 400 invalid_grant", _desk.Failures[0]);
    }

    [Fact]
    public async Task A_wrong_password_and_a_certificate_of_somebody_else_are_told_without_a_secret()
    {
        using var server = new DovecotServer();
        await using (await StartAsync(server, OnlyIdle, m => m with { Password = new Secret("mis en geheim") }))
            await _desk.WhenAsync(d => d.Failures.Count >= 1);
        Assert.StartsWith($"de mailserver weigert de aanmelding van {DovecotServer.User}", _desk.Failures[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("mis en geheim", _desk.Failures[^1], StringComparison.Ordinal);

        var before = _desk.Failures.Count;
        await using (await StartAsync(server, OnlyIdle, certificates: (_, _, _, _) => false))
            await _desk.WhenAsync(d => d.Failures.Count > before);
        Assert.StartsWith("geen vertrouwde TLS met de mailserver", _desk.Failures[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_cannot_be_asked_for_leaves_the_mail_where_it_is()
    {
        using var server = new DovecotServer();
        var keys = await File.ReadAllTextAsync(_signing.KeyFile, TestContext.Current.CancellationToken);
        await using var watcher = await StartAsync(server);
        await _desk.WhenAsync(d => d.Good >= 1);
        File.Delete(_signing.KeyFile);
        await server.DeliverAsync(Signed(1));
        await _desk.WhenAsync(d => d.Failures.Count >= 1);
        Assert.Empty(_desk.New);
        await File.WriteAllTextAsync(_signing.KeyFile, keys, TestContext.Current.CancellationToken);
        await _desk.WhenAsync(d => d.New.Count == 1);

        Assert.Equal(SubmissionDecision.Post, _desk.New[0].Decision);
    }

    [Theory]
    [InlineData("DONE", true)]
    [InlineData("NOOP", false)]
    [InlineData("EXAMINE", true)]
    public async Task A_server_that_falls_silent_is_left_and_connected_to_anew(string last, bool idle)
    {
        await using var server = new SilentImap(last, idle);
        var pace = Looks with { Look = TimeSpan.FromMilliseconds(100), Answer = TimeSpan.FromSeconds(1), Work = TimeSpan.FromSeconds(5) };
        await using var watcher = await StartAsync("127.0.0.1", server.Port, pace, m => m with { Tls = MailTls.None });
        await _desk.WhenAsync(d => d.Failures.Count >= 1, TimeSpan.FromMinutes(1));
        var before = _desk.Good;
        await _desk.WhenAsync(d => d.Good >= before + 2, TimeSpan.FromMinutes(1));

        Assert.Equal("de mailserver geeft geen antwoord meer", _desk.Failures[0]);
    }

    Task<MailboxWatcher> StartAsync(DovecotServer server, MailboxPace? pace = null, Func<MailboxOptions, MailboxOptions>? change = null, RemoteCertificateValidationCallback? certificates = null) =>
        StartAsync("localhost", server.Port, pace, change, certificates ?? Trusts(server));

    async Task<MailboxWatcher> StartAsync(string host, int port, MailboxPace? pace, Func<MailboxOptions, MailboxOptions>? change, RemoteCertificateValidationCallback? certificates = null)
    {
        var mailbox = new MailboxOptions
        {
            Host = host, Port = port, User = DovecotServer.User, Password = new Secret(DovecotServer.Password),
            Trust = new MailTrust { AllowedSenders = [Mails.Police], AuthservId = Mails.AuthservId, DkimKeys = _signing.KeyFile, ReceivedAbove = 1 },
        };
        var watcher = new MailboxWatcher(new SourceOptions { Name = "post", Type = "imap", Interval = TimeSpan.Zero, Mailbox = change?.Invoke(mailbox) ?? mailbox },
            new SourceServices(TimeProvider.System, NullLoggerFactory.Instance), () => _options, _desk, certificates, pace ?? OnlyIdle);
        await watcher.StartAsync(TestContext.Current.CancellationToken);
        return watcher;
    }

    // Only the root of this server.
    static RemoteCertificateValidationCallback Trusts(DovecotServer server) => (_, certificate, _, errors) =>
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { server.Root }, RevocationMode = X509RevocationMode.NoCheck } };
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && chain.Build((X509Certificate2)certificate!);
    };

    static async Task<ImapClient> OpenAsync(DovecotServer server)
    {
        var client = new ImapClient { ServerCertificateValidationCallback = Trusts(server), CheckCertificateRevocation = false };
        await client.ConnectAsync("localhost", server.Port, SecureSocketOptions.SslOnConnect, TestContext.Current.CancellationToken);
        await client.AuthenticateAsync(DovecotServer.User, DovecotServer.Password, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>How many mails there are in the inbox, and in the two other folders.</summary>
    static async Task<(int Inbox, int Processed, int Quarantine)> CountAsync(DovecotServer server)
    {
        using var client = await OpenAsync(server);
        return (await In("INBOX"), await In("Verwerkt"), await In("Quarantaine"));

        async Task<int> In(string name)
        {
            try
            {
                var folder = await client.GetFolderAsync(name, TestContext.Current.CancellationToken);
                await folder.StatusAsync(StatusItems.Count, TestContext.Current.CancellationToken);
                return folder.Count;
            }
            catch (FolderNotFoundException)
            {
                return 0;
            }
        }
    }

    /// <summary>Gives tokens, and says of each whether it is good.</summary>
    sealed class TokenServer : IAsyncDisposable
    {
        readonly HttpListener _listener;
        readonly bool _refuses;
        readonly List<string> _asked = [];
        readonly Task _running;

        TokenServer(HttpListener listener, int port, bool refuses)
        {
            (_listener, _refuses) = (listener, refuses);
            (Renew, Check) = (new Uri($"http://127.0.0.1:{port}/token"), new Uri($"http://127.0.0.1:{port}/check"));
            _running = RunAsync();
        }

        public Uri Renew { get; }

        public Uri Check { get; }

        public List<string> Asked => _asked;

        public static Task<TokenServer> StartAsync(bool refuses = false)
        {
            using var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            listener.Start();
            return Task.FromResult(new TokenServer(listener, port, refuses));
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _running;
        }

        async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream);
                    var body = await reader.ReadToEndAsync();
                    var renews = context.Request.Url!.AbsolutePath == "/token";
                    if (renews)
                        _asked.Add(body);
                    context.Response.StatusCode = renews && _refuses ? 400 : 200;
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(
                        !renews ? $"{{\"active\":{(body.Contains("een-goed-token", StringComparison.Ordinal) ? "true" : "false")},\"username\":\"{DovecotServer.User}\"}}"
                        : _refuses ? "{\"error\":\"invalid_grant\"}" : "{\"access_token\":\"een-goed-token\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"));
                    context.Response.Close();
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
            }
        }
    }
}
