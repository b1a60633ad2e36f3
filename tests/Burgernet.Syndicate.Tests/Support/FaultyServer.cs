using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Burgernet.Syndicate.Tests.Support;

/// <summary>A bare TCP server: each connection, in turn, is treated by its own script, the last one from then on.</summary>
sealed class FaultyServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly Func<Connection, Task>[] _scripts;
    readonly ConcurrentQueue<string> _requests = [];
    readonly CancellationTokenSource _closing = new();
    readonly Task _accepting;

    public FaultyServer(params Func<Connection, Task>[] scripts)
    {
        _scripts = scripts;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>The requests that were read to their end.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            for (var index = 0; ; index++)
            {
                var socket = await _listener.AcceptSocketAsync(_closing.Token);
                connections.Add(ServeAsync(socket, _scripts[Math.Min(index, _scripts.Length - 1)]));
            }
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(connections);
    }

    async Task ServeAsync(Socket socket, Func<Connection, Task> script)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await script(new Connection(this, socket, stream, _closing.Token));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
        {
            // The client went away, or the test is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _accepting;
        _listener.Stop();
        _closing.Dispose();
    }

    internal sealed class Connection(FaultyServer server, Socket socket, NetworkStream stream, CancellationToken closing)
    {
        public async Task ReadRequestAsync()
        {
            var bytes = new List<byte>();
            var buffer = new byte[16_384];
            while (true)
            {
                var read = await stream.ReadAsync(buffer, closing);
                if (read == 0)
                    return;
                bytes.AddRange(buffer.AsSpan(0, read));

                var text = Encoding.Latin1.GetString([.. bytes]);
                var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end < 0)
                    continue;
                const string Length = "Content-Length: ";
                var at = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
                var length = at < 0 ? 0 : int.Parse(text[(at + Length.Length)..].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
                if (bytes.Count < end + 4 + length)
                    continue;
                server._requests.Enqueue(text);
                return;
            }
        }

        public async Task WriteAsync(string text)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), closing);
            await stream.FlushAsync(closing);
        }

        public Task AnswerAsync(int status, string body) => WriteAsync(
            $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

        /// <summary>Waits for the first byte of a request and leaves it unread.</summary>
        public ValueTask<int> UntilBytesArriveAsync() => stream.ReadAsync(Memory<byte>.Empty, closing);

        /// <summary>RST instead of FIN.</summary>
        public void Reset() => socket.Close(0);

        public Task UntilTheTestEndsAsync() => Task.Delay(Timeout.Infinite, closing);
    }
}
