using System.Diagnostics;

namespace Burgernet.Syndicate.Connectors.Http;

/// <summary>
/// Counts what one attempt handed to a socket. Connections are pooled and opened by whoever comes first, so the count
/// cannot hang on the connection; it hangs on the flow of the attempt. HTTP/1.1 writes a request from within its own
/// SendAsync, hence the ambient value at the time of a write is the attempt the bytes belong to. (HTTP/2 writes from a
/// loop of the connection's own; <see cref="PlatformClient"/> therefore stays with 1.1.)
/// It also sees to it that no byte leaves after the attempt's time: a process that was frozen and goes on must not
/// finish a request that others have given up and may have made again.
/// </summary>
sealed class SentBytes
{
    static readonly AsyncLocal<SentBytes?> Current = new();

    readonly TimeProvider _time;
    readonly TimeSpan _longest;
    readonly DateTimeOffset _begun;
    readonly long _begunAt = Stopwatch.GetTimestamp();
    long _count;

    SentBytes(TimeProvider time, TimeSpan longest) => (_time, _longest, _begun) = (time, longest, time.GetUtcNow());

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Starts counting for the caller's asynchronous flow; it ends with the method that called this.</summary>
    /// <param name="time">The wall clock, which goes on while a machine is suspended.</param>
    /// <param name="longest">After this nothing is written any more.</param>
    public static SentBytes Begin(TimeProvider time, TimeSpan longest) => Current.Value = new SentBytes(time, longest);

    public static Stream Watch(Stream stream) => new WatchedStream(stream);

    /// <summary>Counted before the write: whether a failed write left anything behind is not knowable.</summary>
    static void Add(int bytes)
    {
        if (Current.Value is not { } attempt)
            return;
        if (Stopwatch.GetElapsedTime(attempt._begunAt) > attempt._longest || attempt._time.GetUtcNow() - attempt._begun > attempt._longest)
            throw new TooLateException();
        Interlocked.Add(ref attempt._count, bytes);
    }

    /// <summary>The time of the attempt is over; these bytes were not written.</summary>
    public sealed class TooLateException() : IOException("the time of this request was over before its bytes could leave");

    sealed class WatchedStream(Stream inner) : Stream
    {
        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => false;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count)
        {
            Add(count);
            inner.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Add(buffer.Length);
            inner.Write(buffer);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Add(count);
            return inner.WriteAsync(buffer, offset, count, cancellationToken);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Add(buffer.Length);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
