using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Logs;

/// <summary>Finds where the last lines of a log begin, reading it from its end.</summary>
internal static class LogTail
{
    /// <param name="files">The oldest first.</param>
    /// <param name="lines">How many.</param>
    /// <returns>The file and the offset in it where they begin.</returns>
    public static (int File, long Offset) Find(IReadOnlyList<SafeFileHandle> files, int lines)
    {
        if (lines == 0)
        {
            return (files.Count - 1, RandomAccess.GetLength(files[^1]));
        }

        // A line begins where the one before ends: one end more than lines, unless the log ends inside a line.
        var (wanted, isLast) = ((long)lines + 1, true);
        for (var i = files.Count - 1; i >= 0; i--)
        {
            long? found = null;
            LogEntries.VisitBackwards(files[i], (block, offset) => (found = FindEnd(block.Span, offset, ref wanted, ref isLast)) is null);
            if (found is { } begin)
            {
                return (i, begin);
            }
        }

        return (0, 0);
    }

    private static long? FindEnd(ReadOnlySpan<byte> block, long offset, ref long wanted, ref bool isLast)
    {
        for (var end = block.LastIndexOf((byte)'\n'); end >= 0;)
        {
            var before = block[..end].LastIndexOf((byte)'\n');
            var isEntry = LogEntryReader.TryParse(block[(before + 1)..end], out var entry);
            if (isEntry && (entry.EndsLine || isLast))
            {
                wanted -= entry.EndsLine || wanted > 1 ? 1 : 0;
                if (wanted == 0)
                {
                    return offset + end + 1;
                }
            }

            isLast &= !isEntry;
            end = before;
        }

        return null;
    }
}
