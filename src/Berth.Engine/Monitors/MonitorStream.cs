using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>The stdio of a container's process, or of an exec, on a connection of its own. Disposing it detaches; the process goes on.</summary>
public sealed class MonitorStream : IDisposable
{
    private const int MaxStdinFrame = 64 * 1024;

    private readonly MonitorConnection _connection;

    internal MonitorStream(MonitorConnection connection, int? pid)
    {
        _connection = connection;
        Pid = pid;
    }

    /// <summary>The exec's process id as the host sees it; null on a stream of the container's own process.</summary>
    public int? Pid { get; }

    /// <summary>How the exec ended: known when <see cref="ReadAsync"/> has answered null, unless its monitor was killed.</summary>
    public ExitRecord? Exit { get; private set; }

    /// <summary><see cref="ReadAsync"/> has answered null.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The next frame of output (Stdout or Stderr), valid until the next read; null at the end.</summary>
    public async ValueTask<MonitorFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await _connection.ReadAsync(cancellationToken);
        if (read is not { Kind: FrameKind.Message } message)
        {
            IsAtEnd = read is null;
            return read;
        }

        IsAtEnd = true;
        Exit = MessageFrame.ReadReply(message.Payload.Span).Exit;
        return null;
    }

    /// <summary>Writes to the process's stdin; waits while the process does not read. For one writer at a time.</summary>
    /// <exception cref="MonitorFailureException">The stream has ended.</exception>
    public async ValueTask WriteStdinAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var part = bytes[..Math.Min(bytes.Length, MaxStdinFrame)];
            await _connection.WriteAsync(FrameKind.Stdin, part, cancellationToken);
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Gives the process end of file on its stdin, after all that was written before. Output goes on flowing.</summary>
    /// <exception cref="MonitorFailureException">The stream has ended.</exception>
    public ValueTask CloseStdinAsync(CancellationToken cancellationToken) =>
        _connection.WriteAsync(FrameKind.Stdin, ReadOnlyMemory<byte>.Empty, cancellationToken);

    public void Dispose() => _connection.Dispose();
}
