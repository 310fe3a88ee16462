namespace Berth.Linux.Files;

/// <summary>
/// Finds the zeros in a file's content that need not be written: where nothing was written is a hole, which reads as zeros and takes no
/// room. Archives say nothing of holes that every reader understands, so they hold zeros, and these become holes where they are unpacked.
/// </summary>
public static class SparseContent
{
    // Smaller gaps would save little, and make many writes of one: the kernel's cache, and what programs are mapped by, would be in pieces.
    private const int HoleMin = 32 * 1024;
    private const int Page = 4096;

    /// <summary>The next part that is to be written. It is empty, and at the end, where only zeros are left.</summary>
    /// <param name="from">The end of the part before.</param>
    public static (int Start, int End) NextPart(ReadOnlySpan<byte> content, int from)
    {
        var start = from + Leading(content[from..]);
        for (var at = start; at < content.Length;)
        {
            var page = content.Slice(at, Math.Min(Page, content.Length - at));
            if (page[0] != 0 || page.ContainsAnyExcept((byte)0))
            {
                at += page.Length;
                continue;
            }

            var zeros = Leading(content[at..]);
            if (zeros > 0)
            {
                return (start, at);
            }

            at += page.Length;
        }

        return (start, content.Length);
    }

    /// <summary>How many zeros the content begins with, in whole pages; 0 where they are too few for a hole.</summary>
    private static int Leading(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOfAnyExcept((byte)0);
        return end < 0 && content.Length >= HoleMin ? content.Length : end >= HoleMin ? end / Page * Page : 0;
    }
}
