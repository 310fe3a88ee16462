using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Events;

namespace Berth.Runtime.Monitor;

/// <summary>What a process reads: its stdin pipe, or what is typed at its terminal. It holds back who sends faster than the process reads.</summary>
internal sealed class ProcessInput
{
    private readonly FileDescriptor _descriptor;
    private readonly bool _isTerminal;
    private readonly Outbox _outbox;
    private readonly Watch _watch;
    private readonly List<ClientConnection> _heldBack = [];
    private bool _ending;
    private bool _closed;

    /// <param name="loop">The monitor's loop.</param>
    /// <param name="descriptor">The pipe's write end, owned by this object; or the terminal's master, not owned.</param>
    /// <param name="isTerminal">It is a master: its output is watched elsewhere, so this watches a duplicate.</param>
    internal ProcessInput(EventLoop loop, FileDescriptor descriptor, bool isTerminal)
    {
        _descriptor = isTerminal ? DescriptorStream.Duplicate(descriptor) : descriptor;
        _isTerminal = isTerminal;
        DescriptorStream.SetNonBlocking(_descriptor);
        _outbox = new Outbox(_descriptor);
        _watch = loop.Watch(_descriptor, _ => OnWritable());
    }

    internal void Write(ClientConnection from, ReadOnlySpan<byte> bytes)
    {
        if (_closed || _ending)
        {
            return;
        }

        if (!_outbox.TryWrite(bytes))
        {
            Close();
        }
        else if (!_outbox.IsEmpty)
        {
            from.Receiving = false;
            if (!_heldBack.Contains(from))
            {
                _heldBack.Add(from);
            }

            _watch.Interest = ReadyEvents.Writable;
        }
    }

    /// <summary>End of file, after all that was written. A terminal has none but the character that its user types.</summary>
    internal void End()
    {
        if (_isTerminal)
        {
            return;
        }

        _ending = true;
        if (_outbox.IsEmpty)
        {
            Close();
        }
    }

    internal void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _watch.Dispose();
        _descriptor.Dispose();
        LetGo();
    }

    private void OnWritable()
    {
        if (!_outbox.TryFlush())
        {
            Close();
            return;
        }

        if (!_outbox.IsEmpty)
        {
            return;
        }

        _watch.Interest = ReadyEvents.None;
        if (_ending)
        {
            Close();
        }
        else
        {
            LetGo();
        }
    }

    private void LetGo()
    {
        var heldBack = _heldBack.ToArray();
        _heldBack.Clear();
        foreach (var connection in heldBack)
        {
            connection.Receiving = true;
        }
    }
}
