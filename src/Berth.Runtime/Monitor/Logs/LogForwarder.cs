using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Events;
using Berth.Linux.Sockets;
using Berth.Monitor;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>
/// Sends each entry of a log to another program. While that is slow the container waits, unless its log is non-blocking; while
/// it is away, entries are lost, as with Docker: the file has them.
/// </summary>
internal sealed class LogForwarder(EventLoop loop, LogForward plan) : IDisposable
{
    /// <summary>One that is away is not asked more often.</summary>
    private const long RetryMilliseconds = 1000;

    /// <summary>How long the end waits for what is under way.</summary>
    private const int FlushMilliseconds = 2000;

    private readonly Queue<byte[]> _waiting = new();
    private FileDescriptor? _socket;
    private Watch? _watch;
    private long _waitingBytes;

    /// <summary>So much of the first that waits was sent.</summary>
    private int _sent;

    /// <summary>Something was taken on this connection.</summary>
    private bool _wasTaken;
    private long _retryAt;

    /// <summary>What was sent has not been taken yet.</summary>
    internal bool IsBehind => plan.MaxBuffer == 0 && _waiting.Count > 0;

    /// <summary>All that was sent has been taken, or is lost.</summary>
    internal Action? OnFlushed { get; set; }

    internal void Send(FrameKind kind, ReadOnlySpan<byte> line, bool complete, DateTimeOffset time)
    {
        if (plan.MaxBuffer > 0 && _waitingBytes > plan.MaxBuffer)
        {
            return;
        }

        var message = ForwardMessage.Make(plan, kind, line, complete, time);
        _waiting.Enqueue(message);
        _waitingBytes += message.Length;
        if (_waiting.Count == 1)
        {
            Flush();
        }
    }

    public void Dispose()
    {
        OnFlushed = null;
        while (_waiting.Count > 0 && _socket is not null && OutgoingSocket.WaitWritable(_socket, FlushMilliseconds))
        {
            Flush();
        }

        Disconnect();
    }

    private void Flush()
    {
        while (_waiting.TryPeek(out var message))
        {
            if (!TryConnect())
            {
                Drop();
                return;
            }

            switch (Write(message.AsSpan(_sent), out var count))
            {
                case Transfer.WouldBlock:
                    _watch!.Interest = ReadyEvents.Writable;
                    return;
                case Transfer.Closed:
                    // A server that was restarted takes it on a new connection; one that never took anything is not there.
                    Disconnect();
                    if (!_wasTaken)
                    {
                        _retryAt = Environment.TickCount64 + RetryMilliseconds;
                    }

                    _wasTaken = false;
                    break;
                case Transfer.Done when plan.Stream && _sent + count < message.Length:
                    _sent += count;
                    break;
                default:
                    _wasTaken = true;
                    _sent = 0;
                    _waitingBytes -= _waiting.Dequeue().Length;
                    break;
            }
        }

        _watch?.Interest = ReadyEvents.None;
    }

    private Transfer Write(ReadOnlySpan<byte> message, out int count)
    {
        try
        {
            return DescriptorStream.Write(_socket!, message, out count);
        }
        catch (LinuxException e)
        {
            // Of a datagram that is too long for its way, the next may not be; any other error is the connection's.
            count = 0;
            return e.Errno is Errno.EMSGSIZE ? Transfer.Done : Transfer.Closed;
        }
    }

    private bool TryConnect()
    {
        if (_socket is not null)
        {
            return true;
        }

        if (Environment.TickCount64 < _retryAt)
        {
            return false;
        }

        // A relay takes something whether or not it works: only its end shows, so that each of them counts as a failure.
        _socket = plan.Relay is { } relay ? LogRelayProcess.TryStart(relay) : OutgoingSocket.TryConnect(plan.Address, plan.Stream);
        if (_socket is null || plan.Relay is not null)
        {
            _retryAt = Environment.TickCount64 + RetryMilliseconds;
        }

        if (_socket is null)
        {
            return false;
        }

        _watch = loop.Watch(_socket, _ => OnReady());
        return true;
    }

    private void OnReady()
    {
        Flush();
        if (_waiting.Count == 0)
        {
            OnFlushed?.Invoke();
        }
    }

    private void Drop()
    {
        _waiting.Clear();
        (_waitingBytes, _sent) = (0, 0);
    }

    private void Disconnect()
    {
        _watch?.Dispose();
        _socket?.Dispose();
        (_watch, _socket, _sent) = (null, null, 0);
    }
}
