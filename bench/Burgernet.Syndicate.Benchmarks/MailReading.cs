using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Burgernet.Syndicate.Acceptance.Support;
using Burgernet.Syndicate.Alerts;
using Burgernet.Syndicate.Configuration;
using Burgernet.Syndicate.Connectors.Sources.Mailbox;
using Burgernet.Syndicate.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>Mails that nobody should send, many of them; and how soon a real mailbox hands over one that came in.</summary>
static class MailReading
{
    const int Seed = 1;
    const int Delivered = 20;
    const int History = 5_000;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(SyndicateOptions shipped, int mails)
    {
        using var signing = new SigningDomain();
        var trust = new MailTrust { AllowedSenders = [Mails.Police], AuthservId = Mails.AuthservId, DkimKeys = signing.KeyFile };
        List<Figure> figures = [.. await JudgedAsync(shipped, trust, mails)];
        if (DovecotServer.Missing is { } missing)
            figures.Add(new Figure("from a real mailbox", "") { Note = missing });
        else
            figures.AddRange([await PushedAsync(shipped, trust), await HistoryAsync(shipped, trust)]);
        return figures;
    }

    static async Task<IEnumerable<Figure>> JudgedAsync(SyndicateOptions shipped, MailTrust trust, int mails)
    {
        var fixtures = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "mails"), "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        // As many at once as there are cores; each has a seed of its own.
        var workers = Math.Max(1, Environment.ProcessorCount);
        var start = Stopwatch.GetTimestamp();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, workers).Select(n => Task.Run(() =>
            new RandomMails(Seed + n, fixtures).JudgeAsync(mails / workers + (n < mails % workers ? 1 : 0), shipped, trust))));
        var took = Stopwatch.GetElapsedTime(start);
        foreach (var fault in outcomes.SelectMany(o => o.Faults).Take(20))
            Console.Error.WriteLine($"{fault.What}{Environment.NewLine}{Convert.ToBase64String(fault.Mail)}");
        var (faults, longest) = (outcomes.Sum(o => o.Faults.Count), outcomes.Max(o => o.Longest).TotalMilliseconds);
        var note = string.Create(CultureInfo.InvariantCulture, $"{mails:N0} mutated mails, {workers} at once, making them included");
        return
        [
            new("mails judged", "mails/s") { Measured = Spread.Single(mails / took.TotalSeconds), Note = note },
            new("mails: the longest single one", "ms") { Target = "≤ 2000", Met = longest <= 2_000, Measured = Spread.Single(longest) },
            new("mails: crashes", "mails") { Target = "0", Met = faults == 0, Measured = Spread.Single(faults), Note = note },
        ];
    }

    static async Task<Figure> PushedAsync(SyndicateOptions shipped, MailTrust trust)
    {
        using var server = new DovecotServer();
        var desk = new MemoryDesk();
        await using var watcher = await StartAsync(server, shipped, trust, desk);
        await desk.WhenAsync(d => d.Good >= 1);
        var times = new List<double>();
        for (var n = 1; n <= Delivered; n++)
        {
            var mail = SigningDomain.Sign(Mails.Of($"Burgernetmail Soest: pas op ({n})", "Laat niemand binnen.", more: [$"Date: {DateTimeOffset.UtcNow:r}"], id: $"n{n}@mail.burgernet.example"));
            await server.DeliverAsync(mail);
            var accepted = DateTimeOffset.UtcNow;
            await desk.WhenAsync(d => d.Taken.Count == n);
            times.Add(Math.Max(0, (desk.Taken[^1].At - accepted).TotalSeconds));
            // Lying in wait again.
            await desk.WhenAsync(d => d.Position?.Uid == n);
        }

        if (desk.New.Any(s => s.Decision is not SubmissionDecision.Post))
            throw new InvalidOperationException(desk.New[^1].Reason);
        return new Figure("mail accepted by the server until it is taken", "s") { Target = "median ≤ 1", Met = Spread.Of(times).Median <= 1, Measured = Spread.Of(times), Note = $"{Delivered} signed mails, Dovecot with IDLE, one after the other" };
    }

    static async Task<Figure> HistoryAsync(SyndicateOptions shipped, MailTrust trust)
    {
        using var server = new DovecotServer();
        server.Fill(Enumerable.Range(0, History).Select(n => Mails.Of("Burgernetmail Soest: pas op", $"Nummer {n}.", id: $"n{n}@mail.burgernet.example")));
        var desk = new MemoryDesk();
        var start = Stopwatch.GetTimestamp();
        await using var watcher = await StartAsync(server, shipped, trust, desk);
        await desk.WhenAsync(d => d.Good >= 1);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var good = seconds <= 30 && desk.Taken.Count == 0 && desk.Position?.Uid == History;
        return new Figure("first start with 5,000 mails in the mailbox", "s") { Target = "≤ 30, none taken", Met = good, Measured = Spread.Single(seconds), Note = $"{desk.Taken.Count} taken; Dovecot makes its index meanwhile" };
    }

    static async Task<MailboxWatcher> StartAsync(DovecotServer server, SyndicateOptions shipped, MailTrust trust, MemoryDesk desk)
    {
        var mailbox = new MailboxOptions { Host = "localhost", Port = server.Port, User = DovecotServer.User, Password = new Secret(DovecotServer.Password), Trust = trust with { ReceivedAbove = 1 } };
        var watcher = new MailboxWatcher(new SourceOptions { Name = "post", Type = "imap", Interval = TimeSpan.Zero, Mailbox = mailbox }, new SourceServices(TimeProvider.System, NullLoggerFactory.Instance), () => shipped, desk, Trusts(server));
        await watcher.StartAsync(CancellationToken.None);
        return watcher;
    }

    static RemoteCertificateValidationCallback Trusts(DovecotServer server) => (_, certificate, _, errors) =>
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { server.Root }, RevocationMode = X509RevocationMode.NoCheck } };
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && chain.Build((X509Certificate2)certificate!);
    };
}
