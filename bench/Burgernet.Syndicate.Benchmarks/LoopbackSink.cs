using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Burgernet.Syndicate.Benchmarks;

/// <summary>
/// A platform on 127.0.0.1 that takes everything, at once or after a while, and notes when the last byte of a request came in. Raw sockets
/// and a thread per connection, so that the moment does not wait for a thread pool that the sender shares.
/// </summary>
sealed class LoopbackSink : IDisposable
{
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly List<Socket> _connections = [];
    readonly TimeSpan _answersAfter;
    long _count;
    long _lastArrival;
    byte[] _lastRequest = [];

    /// <param name="answersAfter">How long each answer takes.</param>
    public LoopbackSink(TimeSpan answersAfter = default)
    {
        _answersAfter = answersAfter;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(256);
        BaseUrl = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        Start(Accept);
    }

    public Uri BaseUrl { get; }

    /// <summary>How many whole requests came in.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>When the last byte of the last request came in, in <see cref="Stopwatch"/> ticks.</summary>
    public long LastArrival => Interlocked.Read(ref _lastArrival);

    /// <summary>The last request as it stood on the wire.</summary>
    public CapturedRequest LastRequest() => CapturedRequest.Parse(Volatile.Read(ref _lastRequest));

    public void Dispose()
    {
        _listener.Dispose();
        lock (_connections)
            _connections.ForEach(connection => connection.Dispose());
    }

    void Accept()
    {
        try
        {
            while (true)
            {
                var connection = _listener.Accept();
                connection.NoDelay = true;
                lock (_connections)
                    _connections.Add(connection);
                Start(() => Serve(connection));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed: the run is over.
        }
    }

    void Serve(Socket connection)
    {
        var buffer = new byte[64 * 1024];
        var filled = 0;
        try
        {
            while (true)
            {
                var received = connection.Receive(buffer.AsSpan(filled));
                var now = Stopwatch.GetTimestamp();
                if (received == 0)
                    return;
                filled += received;
                if (Length(buffer.AsSpan(0, filled)) is not { } length || filled < length)
                    continue;

                Interlocked.Exchange(ref _lastArrival, now);
                var number = Interlocked.Increment(ref _count);
                var request = buffer.AsSpan(0, length).ToArray();
                Volatile.Write(ref _lastRequest, request);
                if (_answersAfter > TimeSpan.Zero)
                    Thread.Sleep(_answersAfter);
                connection.Send(Answer(request, number));
                buffer.AsSpan(length, filled - length).CopyTo(buffer);
                filled -= length;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client closed it, or the run is over.
        }
    }

    static byte[] Answer(ReadOnlySpan<byte> request, long number)
    {
        var id = (1_900_000_000_000_000_000 + number).ToString(CultureInfo.InvariantCulture);
        // X has its own shape; Facebook and WAHA both give an id.
        var body = request.StartsWith("POST /2/"u8) ? $$$"""{"data":{"id":"{{{id}}}","text":"taken"}}""" : $$"""{"id":"{{id}}"}""";
        return Encoding.UTF8.GetBytes($"HTTP/1.1 201 Created\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    /// <summary>The length of the whole request; null while its head is not complete.</summary>
    static int? Length(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return null;
        var length = Encoding.ASCII.GetString(bytes[..head]).Split("\r\n")
            .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line.AsSpan("Content-Length:".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture))
            .FirstOrDefault();
        return head + 4 + length;
    }

    static void Start(Action work) => new Thread(() => work()) { IsBackground = true }.Start();
}

/// <summary>A request that the pipeline sent, so that a floor can send the same bytes.</summary>
sealed record CapturedRequest(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public static CapturedRequest Parse(byte[] request)
    {
        var text = Encoding.UTF8.GetString(request);
        var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        var headers = head.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new CapturedRequest(head[0].Split(' ')[1], headers, text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    /// <summary>The headers that a client does not make by itself.</summary>
    public IEnumerable<KeyValuePair<string, string>> OwnHeaders =>
        Headers.Where(h => h.Key is "Authorization" or "X-Api-Key" or "Accept" or "User-Agent");
}
