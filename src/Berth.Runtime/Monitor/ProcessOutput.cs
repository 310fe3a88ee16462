using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Events;
using Berth.Monitor;
using Berth.Runtime.Monitor.Logs;

namespace Berth.Runtime.Monitor;

/// <summary>
/// What a process prints: read as it comes, logged, and sent to every stream that is attached. While one of the streams is behind,
/// nothing is read, so that the process waits as it would on a pipe of its own; after its end everything is.
/// </summary>
internal sealed class ProcessOutput(EventLoop loop, OutputBuffer buffer, LogWriter? log)
{
    private readonly List<(FileDescriptor Descriptor, FrameKind Kind, Watch Watch)> _sources = [];
    private readonly List<OutputStream> _streams = [];
    private readonly OutputPacing _pacing = new();
    private bool _draining;

    /// <summary>All sources are at their end.</summary>
    internal Action? OnEnd { get; set; }

    internal bool HasEnded => _sources.Count == 0;

    /// <summary>Reads from this descriptor, and owns it.</summary>
    internal void Add(FileDescriptor descriptor, FrameKind kind)
    {
        DescriptorStream.SetNonBlocking(descriptor);
        log?.OnFlushed = UpdateInterest;
        var watch = loop.Watch(descriptor, _ => OnReadable(descriptor));
        _sources.Add((descriptor, kind, watch));
        watch.Interest = ReadyEvents.Readable;
    }

    internal void Attach(ClientConnection connection, bool stdout, bool stderr)
    {
        _streams.Add(new OutputStream(connection, stdout, stderr));
        connection.OnFlushed = UpdateInterest;
    }

    internal void Detach(ClientConnection connection)
    {
        _streams.RemoveAll(s => s.Connection == connection);
        UpdateInterest();
    }

    /// <summary>
    /// The process has ended: what it left in its pipes is read now, whoever is behind (it is no more than the pipes hold).
    /// <see cref="OnEnd"/> follows, unless another process still has them open.
    /// </summary>
    internal void Drain()
    {
        _draining = true;
        UpdateInterest();
        foreach (var (descriptor, _, _) in _sources.ToArray())
        {
            while (Read(descriptor))
            {
            }
        }
    }

    /// <summary>Reads no more, and logs what is left of a line.</summary>
    internal void Close()
    {
        foreach (var source in _sources.ToArray())
        {
            End(source.Descriptor);
        }
    }

    private void OnReadable(FileDescriptor descriptor)
    {
        _pacing.Await();
        Read(descriptor);
        if (HasEnded)
        {
            OnEnd?.Invoke();
        }
    }

    /// <returns>False where there is nothing (more) to read now.</returns>
    private bool Read(FileDescriptor descriptor)
    {
        var (_, kind, watch) = _sources.Find(s => s.Descriptor == descriptor);
        if (watch is null)
        {
            return false;
        }

        var transfer = DescriptorStream.Read(descriptor, buffer.Payload, out var count);
        if (transfer is Transfer.Done)
        {
            _pacing.Note(count);
            log?.Write(kind, buffer.Payload[..count], TimeProvider.System.GetUtcNow());
            Send(kind, count);
            if (log is { IsBehind: true })
            {
                UpdateInterest();
            }
        }
        else if (transfer is Transfer.Closed)
        {
            End(descriptor);
        }

        return transfer is Transfer.Done;
    }

    private void Send(FrameKind kind, int length)
    {
        if (_streams.Count == 0)
        {
            return;
        }

        var frame = buffer.Frame(kind, length);
        // From the last, because a stream that turns out to be lost is removed from the list.
        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            if (_streams[i].Wants(kind))
            {
                _streams[i].Connection.Send(frame);
            }
        }

        UpdateInterest();
    }

    private void UpdateInterest()
    {
        var wait = !_draining && (log is { IsBehind: true } || _streams.Exists(s => s.Connection.IsBehind));
        foreach (var (_, _, watch) in _sources)
        {
            watch.Interest = wait ? ReadyEvents.None : ReadyEvents.Readable;
        }
    }

    private void End(FileDescriptor descriptor)
    {
        var source = _sources.Find(s => s.Descriptor == descriptor);
        _sources.Remove(source);
        source.Watch.Dispose();
        descriptor.Dispose();
        log?.End(source.Kind, TimeProvider.System.GetUtcNow());
    }

    private readonly record struct OutputStream(ClientConnection Connection, bool Stdout, bool Stderr)
    {
        internal bool Wants(FrameKind kind) => kind is FrameKind.Stdout ? Stdout : Stderr;
    }
}
