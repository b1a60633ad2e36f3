using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>
/// A real IMAP server (Dovecot) in processes of its own on loopback, with its own configuration, certificate and mail in a
/// temporary folder. Mail is delivered over LMTP, as a mail server delivers it. It ends with the test.
/// </summary>
sealed class DovecotServer : IDisposable
{
    public const string User = "syndicatie@burgernet-mn.example";
    public const string Password = "w8woord van de mailbox";

    const string Program = "/usr/sbin/dovecot";

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-imap-").FullName;
    readonly string? _tokenCheck;
    readonly bool _idle;
    Process? _process;

    /// <param name="tokenCheck">An address that says of a token whether it is good (RFC 7662); null: it logs in with the password alone.</param>
    /// <param name="idle">Whether it offers IDLE.</param>
    /// <param name="move">Whether it offers MOVE.</param>
    public DovecotServer(Uri? tokenCheck = null, bool idle = true, bool move = true)
    {
        if (Missing is { } missing)
            throw new InvalidOperationException(missing);
        (_tokenCheck, _idle, Move) = (tokenCheck?.ToString(), idle, move);
        (Port, PlainPort, LmtpPort) = (TestMachine.FreePort(), TestMachine.FreePort(), TestMachine.FreePort());
        LoopbackCertificate.WriteTo(_folder);
        File.WriteAllText(Path.Combine(_folder, "users"), $"{User}:{{PLAIN}}{Password}::::::\n");
        Directory.CreateDirectory(Path.Combine(_folder, "home"));
        Configure();
        if (Environment.IsPrivilegedProcess)
            TestMachine.Run("chown", "-R", "dovecot:dovecot", _folder);
        Start();
    }

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Missing =>
        File.Exists(Program) && File.Exists("/usr/lib/dovecot/imap") && File.Exists("/usr/lib/dovecot/lmtp") ? null : "an IMAP server is needed (apt install dovecot-imapd dovecot-lmtpd)";

    /// <summary>TLS from the first byte.</summary>
    public int Port { get; }

    /// <summary>In the clear, with STARTTLS offered.</summary>
    public int PlainPort { get; }

    bool Move { get; }

    /// <summary>Where mail is delivered.</summary>
    public int LmtpPort { get; }

    /// <summary>The root that signed its certificate.</summary>
    public string RootFile => Path.Combine(_folder, LoopbackCertificate.Root);

    public X509Certificate2 Root => X509CertificateLoader.LoadCertificateFromFile(RootFile);

    string Index => Path.Combine(_folder, "home", "mail");

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    public void Start()
    {
        var log = Path.Combine(_folder, "log");
        _process = Process.Start(new ProcessStartInfo(Program, ["-F", "-c", Path.Combine(_folder, "dovecot.conf")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var waited = Stopwatch.StartNew();
        while (!Listens(PlainPort) || !Listens(Port) || !Listens(LmtpPort))
        {
            if (_process.HasExited || waited.Elapsed > Longest)
                throw new InvalidOperationException($"the IMAP server did not start: {_process.StandardError.ReadToEnd()} {(File.Exists(log) ? File.ReadAllText(log) : "")}");
            Thread.Yield();
        }
    }

    public void Stop()
    {
        if (_process is null)
            return;
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        if (!_process.WaitForExit(Longest))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _process = null;
    }

    /// <summary>All it has said so far.</summary>
    public string Log => File.Exists(Path.Combine(_folder, "log")) ? File.ReadAllText(Path.Combine(_folder, "log")) : "";

    /// <summary>Delivers mails as the mail server before it does; returns when it has taken them.</summary>
    public async Task DeliverAsync(params byte[][] mails)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, LmtpPort);
        await using var stream = tcp.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await ExpectAsync(reader, '2');
        await SendAsync("LHLO localhost");
        foreach (var mail in mails)
        {
            await SendAsync("MAIL FROM:<bezorgd@mail.burgernet.example>");
            await SendAsync($"RCPT TO:<{User}>");
            await SendAsync("DATA", '3');
            // A dot alone ends it (RFC 5321, 4.5.2).
            var text = Encoding.Latin1.GetString(mail).ReplaceLineEndings("\r\n").Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text.EndsWith("\r\n", StringComparison.Ordinal) ? text : text + "\r\n"));
            await SendAsync(".");
        }

        async Task SendAsync(string line, char good = '2')
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"));
            await ExpectAsync(reader, good);
        }

        static async Task ExpectAsync(StreamReader reader, char good)
        {
            string? line;
            do
            {
                line = await reader.ReadLineAsync();
            }
            while (line is { Length: > 3 } && line[3] == '-');
            if (line is null || line[0] != good)
                throw new InvalidOperationException($"LMTP answered: {line}");
        }
    }

    /// <summary>Puts mails into the inbox that came an hour ago, without telling anybody: what was there before the program came.</summary>
    public void Fill(IEnumerable<byte[]> mails)
    {
        var folder = Path.Combine(Index, "new");
        foreach (var part in new[] { "new", "cur", "tmp" })
            Directory.CreateDirectory(Path.Combine(Index, part));
        var number = 0;
        foreach (var mail in mails)
        {
            var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"1700000000.M{number++:D6}P1.localhost"));
            File.WriteAllBytes(file, mail);
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1));
        }

        if (Environment.IsPrivilegedProcess)
            TestMachine.Run("chown", "-R", "dovecot:dovecot", Index);
    }

    /// <summary>Gives the inbox a new UIDVALIDITY, as a server does that lost its index; every mail keeps its number.</summary>
    public void Renumber()
    {
        Stop();
        var list = Path.Combine(Index, "dovecot-uidlist");
        var lines = File.ReadAllLines(list);
        var parts = lines[0].Split(' ');
        var at = Array.FindIndex(parts, p => p.StartsWith('V'));
        parts[at] = $"V{uint.Parse(parts[at].AsSpan(1), CultureInfo.InvariantCulture) + 1}";
        lines[0] = string.Join(' ', parts);
        File.WriteAllLines(list, lines);
        foreach (var index in Directory.GetFiles(Index, "dovecot.index*"))
            File.Delete(index);
        Start();
    }

    void Configure()
    {
        var user = Environment.IsPrivilegedProcess ? "dovecot" : Environment.UserName;
        File.WriteAllText(Path.Combine(_folder, "dovecot.conf"), $$"""
            base_dir = {{_folder}}/run
            state_dir = {{_folder}}/state
            log_path = {{_folder}}/log
            protocols = imap lmtp
            listen = 127.0.0.1
            ssl = yes
            ssl_cert = <{{_folder}}/server.pem
            ssl_key = <{{_folder}}/server.key
            disable_plaintext_auth = no
            default_login_user = {{user}}
            default_internal_user = {{user}}
            default_internal_group = {{user}}
            first_valid_uid = 1
            first_valid_gid = 1
            mail_uid = {{user}}
            mail_gid = {{user}}
            mail_home = {{_folder}}/home
            mail_location = maildir:~/mail
            mail_fsync = never
            mail_max_userip_connections = 100
            auth_mechanisms = plain login xoauth2 oauthbearer
            imap_hibernate_timeout = 0
            maildir_very_dirty_syncs = no
            mailbox_idle_check_interval = 1s
            {{(_idle && Move ? "" : $"imap_capability = IMAP4rev1 SASL-IR LITERAL+ ID ENABLE UIDPLUS NAMESPACE UNSELECT CHILDREN{(_idle ? " IDLE" : "")}{(Move ? " MOVE" : "")}")}}
            passdb {
              driver = passwd-file
              args = {{_folder}}/users
              mechanisms = plain login
            }
            {{(_tokenCheck is null ? "" : $$"""
            passdb {
              driver = oauth2
              mechanisms = xoauth2 oauthbearer
              args = {{_folder}}/oauth.conf
            }
            """)}}
            userdb {
              driver = passwd-file
              args = {{_folder}}/users
            }
            service anvil {
              chroot =
            }
            service imap-login {
              chroot =
              inet_listener imap {
                port = {{PlainPort}}
              }
              inet_listener imaps {
                port = {{Port}}
                ssl = yes
              }
            }
            service lmtp {
              inet_listener lmtp {
                address = 127.0.0.1
                port = {{LmtpPort}}
              }
            }
            """);
        if (_tokenCheck is not null)
            File.WriteAllText(Path.Combine(_folder, "oauth.conf"), $"introspection_mode = post\nintrospection_url = {_tokenCheck}\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n");
    }

    static bool Listens(int port)
    {
        try
        {
            using var tcp = new TcpClient();
            tcp.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
