namespace Berth.Monitor;

/// <summary>
/// Bytes received from a monitor's socket, handed out as whole frames. Both ends receive into it: <see cref="Free"/>,
/// <see cref="Received"/>, then <see cref="TryTake"/> until it answers false.
/// </summary>
/// <remarks>It grows to the longest frame that it has seen and never beyond <see cref="FrameHeader.MaxLength"/>.</remarks>
public sealed class FrameBuffer(int capacity = 4096)
{
    private byte[] _bytes = new byte[capacity];
    private int _start;
    private int _end;

    /// <summary>No byte is held: the sender stopped between two frames.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Where the next received bytes go; never empty. What <see cref="TryTake"/> gave before is overwritten.</summary>
    public Memory<byte> Free()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        var needed = _end - _start >= FrameHeader.Size ? FrameHeader.Size + Peek().Length : FrameHeader.Size;
        if (_start > 0 && (_end == _bytes.Length || _start + needed > _bytes.Length))
        {
            _bytes.AsSpan(_start.._end).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }

        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, needed);
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>The first <paramref name="count"/> bytes of <see cref="Free"/> were filled.</summary>
    public void Received(int count) => _end += count;

    /// <param name="header">The frame's header.</param>
    /// <param name="frame">The frame with its header, valid until the next <see cref="Free"/>.</param>
    /// <returns>False where no whole frame is there yet.</returns>
    /// <exception cref="InvalidDataException">The bytes are no frame; the connection is of no more use.</exception>
    public bool TryTake(out FrameHeader header, out ReadOnlyMemory<byte> frame)
    {
        (header, frame) = (default, default);
        if (_end - _start < FrameHeader.Size)
        {
            return false;
        }

        header = Peek();
        var length = FrameHeader.Size + header.Length;
        if (_end - _start < length)
        {
            return false;
        }

        frame = _bytes.AsMemory(_start, length);
        _start += length;
        return true;
    }

    private FrameHeader Peek() =>
        FrameHeader.TryRead(_bytes.AsSpan(_start), out var header)
            ? header
            : throw new InvalidDataException("The monitor's socket carries bytes that are no frame.");
}
