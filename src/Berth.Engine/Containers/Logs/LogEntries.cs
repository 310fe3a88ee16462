using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Logs;

/// <summary>Entries of a log file found from any place in it, not only from its beginning.</summary>
internal static class LogEntries
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Takes the entries of a file from its last to its first, in blocks, and tells each block's entries in their order.</summary>
    /// <param name="file">Any file of a log.</param>
    /// <param name="visit">Gets a block of whole entries and its offset; says whether it wants the one before.</param>
    public static void VisitBackwards(SafeFileHandle file, Func<ReadOnlyMemory<byte>, long, bool> visit)
    {
        var buffer = new byte[BlockSize];
        for (var end = RandomAccess.GetLength(file); end > 0;)
        {
            var start = Math.Max(0, end - buffer.Length);
            var length = ReadFully(file, buffer.AsSpan(0, (int)(end - start)), start);

            // What is before the block's first newline is the end of an entry of the block before.
            var first = start == 0 ? 0 : buffer.AsSpan(0, length).IndexOf((byte)'\n') + 1;
            if (start > 0 && (first == 0 || first == length))
            {
                // One entry is longer than the block.
                buffer = new byte[buffer.Length * 2];
                continue;
            }

            if (!visit(buffer.AsMemory(first, length - first), start + first))
            {
                return;
            }

            end = start + first;
        }
    }

    /// <summary>The time of the first whole entry from this place on, in Docker's fixed form; null where none follows.</summary>
    public static byte[]? TimeFrom(SafeFileHandle file, long offset)
    {
        var buffer = new byte[BlockSize];
        while (true)
        {
            var length = ReadFully(file, buffer, offset);
            var rest = buffer.AsSpan(0, length);
            for (var isFirst = offset > 0; rest.IndexOf((byte)'\n') is >= 0 and var newline; isFirst = false)
            {
                if (!isFirst && LogEntryReader.TryParse(rest[..newline], out var entry))
                {
                    var time = new byte[LogFormatter.TimeLength];
                    entry.WriteTime(time);
                    return time;
                }

                rest = rest[(newline + 1)..];
            }

            if (length < buffer.Length)
            {
                return null;
            }

            buffer = new byte[buffer.Length * 2];
        }
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var read = 0;
        while (read < buffer.Length && RandomAccess.Read(file, buffer[read..], offset + read) is > 0 and var count)
        {
            read += count;
        }

        return read;
    }
}
