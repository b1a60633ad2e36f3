using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>What a mail server must be, and what goes wrong there.</summary>
sealed record MailServerOptions
{
    /// <summary>STARTTLS is offered, and nothing else is taken before it.</summary>
    public bool StartTls { get; init; }

    /// <summary>TLS from the first byte.</summary>
    public bool Implicit { get; init; }

    /// <summary>Who may hand in mail; null: anybody.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Addresses that are refused.</summary>
    public IReadOnlyList<string> Refuses { get; init; } = [];

    /// <summary>How many mails are answered with 451 before one is taken.</summary>
    public int Fails { get; init; }

    /// <summary>A mail is taken and its sender never hears of it.</summary>
    public bool Silent { get; init; }

    /// <summary>What it says of a wrong password, before all that it was told.</summary>
    public bool Echoes { get; init; }
}

/// <summary>A mail as it was handed in.</summary>
sealed record ReceivedMail(IReadOnlyList<string> To, string From, bool Tls, string? User, IReadOnlyDictionary<string, string> Headers, string Text, DateTimeOffset At)
{
    /// <summary>What came with it, by file name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// A real mail server (aiosmtpd) in a process of its own, on loopback, with a certificate made for the occasion. It ends
/// with the test, and also when the tests themselves are ended: it reads its standard input.
/// </summary>
sealed class MailServer : IDisposable
{
    const string Python = "/usr/bin/python3";

    const string Script = """
        import asyncio, base64, email, email.policy, json, logging, os, ssl, sys, warnings
        warnings.simplefilter("ignore")
        logging.disable()
        from aiosmtpd.smtp import SMTP, AuthResult
        o = json.loads(sys.argv[1])
        fails = o["Fails"]

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if address in o["Refuses"]:
                    return "550 5.1.1 no such user"
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                global fails
                if fails > 0:
                    fails -= 1
                    return "451 4.3.0 try again later"
                mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
                print(json.dumps({"To": envelope.rcpt_tos, "From": envelope.mail_from, "Tls": server.transport.get_extra_info("ssl_object") is not None,
                    "User": getattr(session, "who", None), "Headers": {k: str(v) for k, v in mail.items()}, "Text": mail.get_body(("plain",)).get_content(),
                    "Files": {a.get_filename(): a.get_content() for a in mail.iter_attachments()}}), flush=True)
                if o["Silent"]:
                    await asyncio.sleep(3600)
                return "250 OK"

        def authenticate(server, session, envelope, mechanism, data):
            session.who = data.login.decode()
            good = session.who == o["User"] and data.password.decode() == o["Password"]
            if not good and o["Echoes"]:
                said = "535 5.7.8 wrong: " + data.password.decode() + " " + base64.b64encode(b"\0" + data.login + b"\0" + data.password).decode()
                return AuthResult(success=False, handled=False, message=said)
            return AuthResult(success=good, handled=False)

        async def main():
            context = None
            if o["StartTls"] or o["Implicit"]:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(sys.argv[2] + "/server.pem", sys.argv[2] + "/server.key")
            def protocol():
                return SMTP(Handler(), hostname="localhost", loop=loop, tls_context=context if o["StartTls"] else None, require_starttls=o["StartTls"],
                    authenticator=authenticate if o["User"] else None, auth_required=bool(o["User"]), auth_require_tls=False)
            loop = asyncio.get_running_loop()
            server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context if o["Implicit"] else None)
            print(server.sockets[0].getsockname()[1], flush=True)
            await loop.run_in_executor(None, sys.stdin.read)
        loop = None
        try:
            asyncio.run(main())
        finally:
            sys.stdout.flush()
            os._exit(0)
        """;

    static readonly Lazy<bool> Installed = new(() =>
    {
        if (!File.Exists(Python))
            return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import aiosmtpd"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    });

    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-mail-").FullName;
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    readonly ConcurrentQueue<ReceivedMail> _mails = [];
    readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Process _process;

    public MailServer(MailServerOptions? options = null)
    {
        Needs.OrSkip(Missing);
        LoopbackCertificate.WriteTo(_folder);
        var start = new ProcessStartInfo(Python, ["-c", Script, JsonSerializer.Serialize(options ?? new MailServerOptions()), _folder]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        var port = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            if (!port.TrySetResult(line.Data))
                Add(line.Data);
        };
        _process.BeginOutputReadLine();
        Port = int.Parse(port.Task.GetAwaiter().GetResult() ?? throw new InvalidOperationException("the mail server did not start"), CultureInfo.InvariantCulture);
    }

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Missing => Installed.Value ? null : "a mail server in Python is needed (apt install python3-aiosmtpd)";

    public int Port { get; }

    /// <summary>All that was handed in, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails => [.. _mails];

    /// <summary>The only mail that came in; it is waited for.</summary>
    public async Task<ReceivedMail> OnlyAsync()
    {
        await _first.Task.WaitAsync(Longest);
        return _mails.Single();
    }

    /// <summary>The file with the root that its certificate comes from.</summary>
    public string RootFile => Path.Combine(_folder, LoopbackCertificate.Root);

    /// <summary>The same, as a certificate.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificateFromFile(RootFile);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    void Add(string? line)
    {
        if (line is null)
            return;
        var mail = JsonNode.Parse(line)!;
        _mails.Enqueue(new ReceivedMail([.. mail["To"]!.AsArray().Select(a => a!.ToString())], mail["From"]!.ToString(), mail["Tls"]!.GetValue<bool>(), mail["User"]?.ToString(),
            mail["Headers"]!.AsObject().ToDictionary(h => h.Key, h => h.Value!.ToString(), StringComparer.OrdinalIgnoreCase), mail["Text"]!.ToString().ReplaceLineEndings("\n"), DateTimeOffset.UtcNow)
        {
            Files = mail["Files"]!.AsObject().ToDictionary(f => f.Key, f => f.Value!.ToString()),
        });
        _first.TrySetResult();
    }
}
