using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Logs;

/// <summary>Finds where a time begins in a log without reading what is before: its entries are in the order of their times.</summary>
internal static class LogTimeSearch
{
    /// <summary>
    /// Entries of the two streams may stand in another order than their times by as much as a line in parts is long: the search
    /// stops so far before what it found.
    /// </summary>
    private const long Margin = 256 * 1024;

    /// <param name="files">The oldest first.</param>
    /// <param name="since">In Docker's fixed form.</param>
    /// <returns>The file and the offset in it before which everything is earlier.</returns>
    public static (int File, long Offset) Find(IReadOnlyList<SafeFileHandle> files, ReadOnlySpan<byte> since)
    {
        var file = files.Count - 1;
        while (file > 0 && !IsBefore(files[file], 0, since))
        {
            file--;
        }

        var (low, high) = (0L, RandomAccess.GetLength(files[file]));
        while (high - low > Margin)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = IsBefore(files[file], middle, since) ? (middle, high) : (low, middle);
        }

        return (file, StartOfEntry(files[file], Math.Max(0, low - Margin)));
    }

    private static bool IsBefore(SafeFileHandle file, long offset, ReadOnlySpan<byte> since) =>
        LogEntries.TimeFrom(file, offset) is { } time && time.AsSpan().SequenceCompareTo(since) < 0;

    private static long StartOfEntry(SafeFileHandle file, long offset)
    {
        var buffer = new byte[4096];
        for (; offset > 0 && RandomAccess.Read(file, buffer, offset) is > 0 and var length; offset += length)
        {
            if (buffer.AsSpan(0, length).IndexOf((byte)'\n') is >= 0 and var newline)
            {
                return offset + newline + 1;
            }
        }

        return offset;
    }
}
