using System.Text;
using Berth.Monitor;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>What the log knows of stdout or stderr: the beginning of a line whose end has not come, and how its entries end.</summary>
internal sealed class LogStream
{
    private const int TimeLength = 30;

    private readonly bool _isLocal;
    private readonly byte[] _tail;
    private readonly int _fixedLength;
    private byte[] _held = [];
    private byte[] _lineTail = [];
    private int _tailLength;

    /// <param name="isStderr">Otherwise stdout.</param>
    /// <param name="format">How its entries are written.</param>
    /// <param name="attributes">What each JSON entry carries besides, as its text.</param>
    internal LogStream(bool isStderr, LogFormat format, string attributes)
    {
        (IsStderr, _isLocal) = (isStderr, format is LogFormat.Local);
        if (_isLocal)
        {
            _tail = new byte[LocalEntry.StampLength];
            return;
        }

        var name = isStderr ? "stderr" : "stdout";
        var start = Encoding.UTF8.GetBytes($"\",\"stream\":\"{name}\"{attributes},\"time\":\"");
        _fixedLength = start.Length;
        _tail = new byte[start.Length + TimeLength + 3];
        start.CopyTo(_tail, 0);
    }

    internal bool IsStderr { get; }

    /// <summary>The most bytes that a tail has.</summary>
    internal int TailLength => _tail.Length;

    /// <summary>How many bytes of an incomplete line are held.</summary>
    internal int Held { get; private set; }

    /// <summary>A part of the current line was logged already.</summary>
    internal bool IsInsideLine { get; private set; }

    /// <summary>How the entries of the current line end, while <see cref="IsInsideLine"/>.</summary>
    internal ReadOnlySpan<byte> LineTail => _lineTail;

    /// <summary>How entries of this time end, from the closing quote of the line on.</summary>
    /// <remarks>Of a local entry: its stamp.</remarks>
    internal ReadOnlySpan<byte> TailAt(DateTimeOffset time)
    {
        if (_isLocal)
        {
            LocalEntry.Stamp(time, _tail);
            return _tail;
        }

        // RFC 3339 as Go prints it: the fraction without its last zeros, and without the point where it is zero.
        time.UtcDateTime.TryFormat(_tail.AsSpan(_fixedLength), out var length, "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", null);
        "\"}\n"u8.CopyTo(_tail.AsSpan(_fixedLength + length));
        _tailLength = _fixedLength + length + 3;
        return _tail.AsSpan(0, _tailLength);
    }

    internal void SetInsideLine(bool inside, ReadOnlySpan<byte> tail)
    {
        if (inside && !IsInsideLine)
        {
            _lineTail = tail.ToArray();
        }

        IsInsideLine = inside;
    }

    internal void Hold(ReadOnlySpan<byte> part)
    {
        if (_held.Length < Held + part.Length)
        {
            Array.Resize(ref _held, Math.Min(LogWriter.MaxLine, Math.Max(256, 2 * (Held + part.Length))));
        }

        part.CopyTo(_held.AsSpan(Held));
        Held += part.Length;
    }

    /// <summary>Takes what is held; valid until the next <see cref="Hold"/>.</summary>
    internal ReadOnlySpan<byte> Release()
    {
        var held = _held.AsSpan(0, Held);
        Held = 0;
        return held;
    }
}
