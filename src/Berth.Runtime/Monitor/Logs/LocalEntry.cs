using System.Buffers.Text;
using Berth.Monitor;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>An entry of a log in Berth's own form (<see cref="LogFormat.Local"/>): the bytes of a line as they are, which hold no newline.</summary>
internal static class LocalEntry
{
    internal const int StampLength = 16;

    /// <summary>Writes the time that all entries of one read share.</summary>
    internal static void Stamp(DateTimeOffset time, Span<byte> destination) =>
        Utf8Formatter.TryFormat((time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick, destination, out _, new('x', StampLength));

    /// <returns>The entry's length.</returns>
    internal static int Write(bool isStderr, ReadOnlySpan<byte> line, bool complete, ReadOnlySpan<byte> stamp, Span<byte> destination)
    {
        var letter = isStderr ? 'e' : 'o';
        destination[0] = (byte)(complete ? char.ToUpperInvariant(letter) : letter);
        stamp.CopyTo(destination[1..]);
        line.CopyTo(destination[(1 + StampLength)..]);
        destination[1 + StampLength + line.Length] = (byte)'\n';
        return 2 + StampLength + line.Length;
    }
}
