using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Logs;

/// <summary>Finds where the last lines of a log begin, reading it from its end.</summary>
internal static class LogTail
{
    private const int BlockSize = 64 * 1024;

    /// <summary>How far before its end an entry is looked at: an entry without long attributes says there whether a line ends with it.</summary>
    private const int Lookback = 512;

    /// <summary>The text before <c>"stream"</c> in an entry that ends a line.</summary>
    private static ReadOnlySpan<byte> LineEnd => "\\n\",\"stream\":\""u8;

    private static ReadOnlySpan<byte> TextEnd => "\",\"stream\":\""u8;

    /// <param name="files">The oldest first.</param>
    /// <param name="lines">How many.</param>
    /// <returns>The file and the offset in it where they begin.</returns>
    public static (int File, long Offset) Find(IReadOnlyList<SafeFileHandle> files, int lines)
    {
        if (lines == 0)
        {
            return (files.Count - 1, RandomAccess.GetLength(files[^1]));
        }

        // A line ends where the one before begins: one end more than lines, unless the log ends inside a line.
        var wanted = lines + 1;
        var isLast = true;
        for (var i = files.Count - 1; i >= 0; i--)
        {
            if (FindEnd(files[i], ref wanted, ref isLast) is { } offset)
            {
                return (i, offset);
            }
        }

        return (0, 0);
    }

    private static long? FindEnd(SafeFileHandle file, ref int wanted, ref bool isLast)
    {
        var buffer = new byte[BlockSize + Lookback];
        for (var end = RandomAccess.GetLength(file); end > 0;)
        {
            var start = Math.Max(0, end - BlockSize);
            var before = (int)Math.Min(Lookback, start);
            var length = RandomAccess.Read(file, buffer.AsSpan(0, before + (int)(end - start)), start - before);
            var block = buffer.AsSpan(0, length);
            while (block.Length > before && block[before..].LastIndexOf((byte)'\n') is >= 0 and var found)
            {
                var newline = before + found;
                if (EndsLine(block[Math.Max(0, newline - Lookback)..newline]))
                {
                    wanted--;
                }
                else if (isLast)
                {
                    wanted--;
                    wanted = Math.Max(wanted, 1);
                }

                isLast = false;
                if (wanted == 0)
                {
                    return start - before + newline + 1;
                }

                block = block[..newline];
            }

            end = start;
        }

        return null;
    }

    private static bool EndsLine(ReadOnlySpan<byte> tail) =>
        tail.LastIndexOf(TextEnd) is var at && (at < 0 || (at >= 2 && tail[(at - 2)..].StartsWith(LineEnd)));
}
