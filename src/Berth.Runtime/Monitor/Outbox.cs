using Berth.Linux;
using Berth.Linux.Descriptors;

namespace Berth.Runtime.Monitor;

/// <summary>What could not be written to a pipe or socket yet.</summary>
internal sealed class Outbox(FileDescriptor descriptor)
{
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    internal bool IsEmpty => _start == _end;

    /// <summary>Writes as much as goes now, in order, and keeps the rest.</summary>
    /// <returns>False where nobody reads any more.</returns>
    internal bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (IsEmpty)
        {
            switch (DescriptorStream.Write(descriptor, bytes, out var count))
            {
                case Transfer.Closed:
                    return false;
                case Transfer.Done:
                    bytes = bytes[count..];
                    break;
            }
        }

        Keep(bytes);
        return true;
    }

    /// <summary>Writes as much as goes now of what was kept.</summary>
    /// <returns>False where nobody reads any more.</returns>
    internal bool TryFlush()
    {
        while (!IsEmpty)
        {
            switch (DescriptorStream.Write(descriptor, _bytes.AsSpan(_start.._end), out var count))
            {
                case Transfer.Closed:
                    return false;
                case Transfer.WouldBlock:
                    return true;
                default:
                    _start += count;
                    break;
            }
        }

        // The memory is kept: a stream that was behind once will be again, and a new array each time would keep the collector busy.
        (_start, _end) = (0, 0);
        return true;
    }

    /// <summary>Forgets what was kept: nobody reads any more.</summary>
    internal void Clear() => (_start, _end) = (0, 0);

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        if (_start > 0 && _end - _start + bytes.Length <= _bytes.Length)
        {
            _bytes.AsSpan(_start.._end).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end + bytes.Length > _bytes.Length)
        {
            var kept = new byte[Math.Max(_end - _start + bytes.Length, 512)];
            _bytes.AsSpan(_start.._end).CopyTo(kept);
            (_bytes, _start, _end) = (kept, 0, _end - _start);
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }
}
