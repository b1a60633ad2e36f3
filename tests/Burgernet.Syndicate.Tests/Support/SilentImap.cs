using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>An IMAP server with an empty mailbox, to which the first connection gets lost without a word: it stays open, and nothing comes back any more.</summary>
sealed class SilentImap : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly string _silentAt;
    readonly bool _idle;
    readonly Task _running;

    /// <param name="silentAt">What the first client says last.</param>
    /// <param name="idle">Whether it offers IDLE.</param>
    public SilentImap(string silentAt, bool idle)
    {
        (_silentAt, _idle) = (silentAt, idle);
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    string Capabilities => $"CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN{(_idle ? " IDLE" : "")}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task RunAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), falls: serving.Count == 0));
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(serving);
    }

    async Task ServeAsync(TcpClient client, bool falls)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
                await writer.WriteLineAsync($"* OK [{Capabilities}] ready");
                var silent = false;
                for (var idles = ""; await reader.ReadLineAsync(_stop.Token) is { } line;)
                {
                    var (tag, command) = line == "DONE" ? (idles, line) : (line.Split(' ')[0], line.Split(' ')[1]);
                    idles = tag;
                    silent |= falls && command == _silentAt;
                    if (silent)
                        continue;
                    await writer.WriteLineAsync(command switch
                    {
                        "CAPABILITY" => $"* {Capabilities}\r\n{tag} OK",
                        "LIST" => $"* LIST () \"/\" INBOX\r\n{tag} OK",
                        "EXAMINE" => $"* 0 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 1]\r\n{tag} OK [READ-ONLY]",
                        "IDLE" => "+ idling",
                        _ => $"{tag} OK",
                    });
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
            }
        }
    }
}
