using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Burgernet.Syndicate.Acceptance.Support;

/// <summary>
/// A real border server (Postfix) on loopback in front of a mailbox, with its own configuration and queue in a temporary folder:
/// it takes mail over SMTP as from the internet, writes above it what it found of the sender, and hands it on over LMTP. What it
/// finds is fixed, since there is no DNS to ask. It ends with the test.
/// </summary>
sealed class PostfixServer : IDisposable
{
    /// <summary>The name under which it writes what it found.</summary>
    public const string Name = "mx.burgernet-mn.example";

    /// <summary>Of this sender it says that DMARC passed; of any other, that it found nothing.</summary>
    public const string Proven = "bezorgd@mail.burgernet.example";

    const string Program = "/usr/sbin/postfix";
    const string Account = "postfix";

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    readonly string _folder = Directory.CreateTempSubdirectory("syndicate-smtp-").FullName;
    readonly StringBuilder _log = new();
    readonly Process _process;

    public PostfixServer(DovecotServer mailbox)
    {
        if (Missing is { } missing)
            throw new InvalidOperationException(missing);
        Port = TestMachine.FreePort();
        Directory.CreateDirectory(Path.Combine(_folder, "queue"));
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        Configure(mailbox.LmtpPort);
        // Its parts run under another account and must get through.
        TestMachine.Run("chmod", "755", _folder);
        TestMachine.Run("chown", Account, Path.Combine(_folder, "data"));

        var started = new TaskCompletionSource();
        _process = new Process { StartInfo = new ProcessStartInfo(Program, ["-c", _folder, "start-fg"]) { RedirectStandardError = true, RedirectStandardOutput = true } };
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (!started.Task.Wait(Longest))
            throw new InvalidOperationException($"the mail server did not start: {Log}");

        void Hear(object sender, DataReceivedEventArgs line)
        {
            lock (_log)
                _log.AppendLine(line.Data);
            if (line.Data?.Contains("daemon started", StringComparison.Ordinal) == true)
                started.TrySetResult();
        }
    }

    /// <summary>Why there can be none; null when there can.</summary>
    public static string? Missing =>
        !File.Exists(Program) ? "a mail server is needed (apt install postfix)" : !Environment.IsPrivilegedProcess ? "Postfix can only be started by root" : null;

    public int Port { get; }

    /// <summary>All it has said so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>Sends a mail as a server elsewhere does; returns when this one has taken it on.</summary>
    /// <param name="sender">Who is on the envelope.</param>
    public async Task SendAsync(byte[] mail, string sender = Proven)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", Port, SecureSocketOptions.None);
        using var bytes = new MemoryStream(mail);
        await client.SendAsync(await MimeMessage.LoadAsync(bytes), new MailboxAddress("", sender), [new MailboxAddress("", DovecotServer.User)]);
        await client.DisconnectAsync(quit: true);
    }

    public void Dispose()
    {
        // What was started is a script; the server is a child of it.
        TestMachine.Run(Program, "-c", _folder, "stop");
        if (!_process.WaitForExit(Longest))
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    void Configure(int lmtp)
    {
        File.WriteAllText(Path.Combine(_folder, "main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {_folder}/queue
            data_directory = {_folder}/data
            maillog_file = /dev/stdout
            inet_interfaces = 127.0.0.1
            myhostname = {Name}
            mydestination =
            alias_maps =
            virtual_mailbox_domains = {DovecotServer.User.Split('@')[1]}
            virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
            smtpd_recipient_restrictions = reject_unauth_destination
            smtpd_sender_restrictions = check_sender_access regexp:{_folder}/results
            smtp_tls_security_level = none

            """);
        File.WriteAllText(Path.Combine(_folder, "results"), $"""
            /^{Proven.Replace(".", "\\.", StringComparison.Ordinal)}$/ PREPEND Authentication-Results: {Name}; spf=pass; dkim=pass header.d=mail.burgernet.example; dmarc=pass
            /./ PREPEND Authentication-Results: {Name}; spf=none; dmarc=none

            """);
        File.WriteAllText(Path.Combine(_folder, "master.cf"), $"""
            127.0.0.1:{Port} inet n - n - - smtpd
            postlog unix-dgram n - n - 1 postlogd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            lmtp unix - - n - - lmtp
            error unix - - n - - error
            retry unix - - n - - error
            proxymap unix - - n - - proxymap
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache

            """);
    }
}
