using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Events;
using Berth.Monitor;

namespace Berth.Runtime.Monitor;

/// <summary>One connection of the monitor's socket: frames in, frames out. What it is for is said by who sets its callbacks.</summary>
internal sealed class ClientConnection
{
    private readonly FileDescriptor _socket;
    private readonly Watch _watch;
    private readonly FrameBuffer _received = new(1024);
    private readonly Outbox _outbox;
    private bool _closed;
    private bool _receiving = true;
    private bool _taking;
    private bool _ending;
    private bool _unheard;

    internal ClientConnection(EventLoop loop, FileDescriptor socket)
    {
        _socket = socket;
        _outbox = new Outbox(socket);
        _watch = loop.Watch(socket, OnReady);
        _watch.Interest = ReadyEvents.Readable;
    }

    /// <summary>A frame came; its payload is valid during the call.</summary>
    internal Action<FrameKind, ReadOnlyMemory<byte>>? OnFrame { get; set; }

    /// <summary>The other end is gone, or it sent what is no frame. Not called after <see cref="Close"/>.</summary>
    internal Action? OnClosed { get; set; }

    /// <summary>All that was sent has been taken.</summary>
    internal Action? OnFlushed { get; set; }

    /// <summary>Something that was sent has not been taken yet.</summary>
    internal bool IsBehind => !_closed && !_outbox.IsEmpty;

    internal bool IsClosed => _closed;

    /// <summary>The other end was gone already when the last frames came: they are its last words.</summary>
    internal bool IsHungUp { get; private set; }

    /// <summary>Whether frames are taken from the connection; if not, the sender is held back.</summary>
    internal bool Receiving
    {
        get => _receiving;
        set
        {
            if (_receiving == value)
            {
                return;
            }

            _receiving = value;
            UpdateInterest();
            if (value)
            {
                TakeFrames();
            }
        }
    }

    internal void Send(MonitorReply reply) => Send(MessageFrame.Of(reply));

    /// <summary>Sends bytes that are frames already.</summary>
    internal void Send(ReadOnlySpan<byte> frames)
    {
        if (_closed || _ending || _unheard)
        {
            return;
        }

        if (_outbox.TryWrite(frames))
        {
            UpdateInterest();
        }
        else
        {
            StopSending();
        }
    }

    /// <summary>Closes the connection when all that was sent has been taken, however long that takes; it ends also when the other end goes away.</summary>
    internal void CloseWhenFlushed()
    {
        _ending = true;
        _receiving = true;
        UpdateInterest();
        if (!IsBehind)
        {
            Lose();
        }
    }

    internal void Close()
    {
        if (!_closed)
        {
            _closed = true;
            _watch.Dispose();
            _socket.Dispose();
        }
    }

    private void OnReady(ReadyEvents ready)
    {
        IsHungUp = ready.HasFlag(ReadyEvents.HungUp);
        if (ready.HasFlag(ReadyEvents.Writable) && !_outbox.IsEmpty)
        {
            if (!_outbox.TryFlush())
            {
                StopSending();
                OnFlushed?.Invoke();
            }
            else if (_outbox.IsEmpty)
            {
                UpdateInterest();
                OnFlushed?.Invoke();
                if (_ending)
                {
                    Lose();
                }
            }
        }

        if (!_closed && (ready & ~ReadyEvents.Writable) != 0)
        {
            Receive(ready.HasFlag(ReadyEvents.HungUp));
        }
    }

    private void Receive(bool hungUp)
    {
        // Of one that only writes (or whose sender is held back) a hang-up is the end.
        if (!_receiving)
        {
            if (hungUp)
            {
                Lose();
            }

            return;
        }

        switch (DescriptorStream.Read(_socket, _received.Free().Span, out var count))
        {
            case Transfer.Closed:
                Lose();
                break;
            case Transfer.Done:
                _received.Received(count);
                TakeFrames();
                break;
        }
    }

    private void TakeFrames()
    {
        // A frame's handler may hold the sender back and let it go on again: the frames are taken here all the same, once.
        if (_taking)
        {
            return;
        }

        _taking = true;
        try
        {
            while (_receiving && !_closed && _received.TryTake(out var header, out var frame))
            {
                if (!_ending)
                {
                    OnFrame?.Invoke(header.Kind, frame[FrameHeader.Size..]);
                }
            }
        }
        catch (InvalidDataException)
        {
            Lose();
        }
        finally
        {
            _taking = false;
        }
    }

    /// <summary>The other end is gone. What it sent before is still received, and then its hang-up.</summary>
    private void StopSending()
    {
        _unheard = true;
        _outbox.Clear();
        if (_ending)
        {
            Lose();
        }

        UpdateInterest();
    }

    private void Lose()
    {
        if (!_closed)
        {
            Close();
            OnClosed?.Invoke();
        }
    }

    private void UpdateInterest()
    {
        if (!_closed)
        {
            _watch.Interest = (_receiving ? ReadyEvents.Readable : ReadyEvents.None) | (_outbox.IsEmpty ? ReadyEvents.None : ReadyEvents.Writable);
        }
    }
}
