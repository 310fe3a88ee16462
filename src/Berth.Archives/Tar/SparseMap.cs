namespace Berth.Archives.Tar;

/// <summary>Maps of sparse files in the forms that GNU tar has written over the years.</summary>
internal static class SparseMap
{
    // Go's archive/tar draws the same line (CVE-2025-58183): a map must not grow the reader's memory without bound.
    public const int TextSizeMax = 1 << 20;
    private const int SegmentsMax = 1 << 16;

    /// <summary>Format 0.1: <c>offset,length,offset,length…</c> in one record.</summary>
    public static List<SparseSegment> ParseList(ReadOnlySpan<byte> text)
    {
        var numbers = new List<long>();
        foreach (var part in text.Split((byte)','))
        {
            numbers.Add(TarNumber.ParseDecimal(text[part]));
        }

        return numbers.Count % 2 == 0 ? Pair(numbers) : throw new TarException("invalid tar header");
    }

    /// <summary>
    /// Format 1.0: decimal numbers, each with a newline, before the content, filled up to a whole block. <paramref name="readBlock"/>
    /// gives the next 512 bytes of the entry.
    /// </summary>
    public static List<SparseSegment> ReadText(Func<ReadOnlyMemory<byte>> readBlock)
    {
        var numbers = new List<long>();
        long? expected = null;
        var text = new List<byte>();
        var read = 0;
        while (expected is null || numbers.Count < expected)
        {
            read += TarHeader.BlockSize;
            if (read > TextSizeMax)
            {
                throw new TarException("sparse map too long");
            }

            foreach (var b in readBlock().Span)
            {
                if (b != (byte)'\n')
                {
                    text.Add(b);
                    continue;
                }

                var number = TarNumber.ParseDecimal(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text));
                text.Clear();
                if (expected is null)
                {
                    expected = number <= SegmentsMax * 8 ? number * 2 : throw new TarException("sparse map too long");
                }
                else
                {
                    numbers.Add(number);
                }

                if (numbers.Count == expected)
                {
                    break;
                }
            }
        }

        return Pair(numbers);
    }

    /// <summary>The old GNU format: pairs of 12 byte numbers in the header and in blocks that follow it.</summary>
    public static List<SparseSegment> ReadBinary(ReadOnlySpan<byte> header, Func<ReadOnlyMemory<byte>> readBlock)
    {
        var segments = new List<SparseSegment>();
        AddBinary(segments, header.Slice(386, 4 * 24));
        var extended = header[482] != 0;
        while (extended)
        {
            if (segments.Count > SegmentsMax)
            {
                throw new TarException("sparse map too long");
            }

            var block = readBlock().Span;
            AddBinary(segments, block[..(21 * 24)]);
            extended = block[504] != 0;
        }

        return segments;
    }

    /// <summary>Refuses a map that is out of order, overlaps, leaves the file, or does not match the content's length.</summary>
    public static IReadOnlyList<SparseSegment> Validate(IReadOnlyList<SparseSegment> segments, long size, long contentSize)
    {
        long end = 0;
        long content = 0;
        foreach (var (offset, length) in segments)
        {
            if (offset < end || length < 0 || length > size - offset)
            {
                throw new TarException("invalid tar header");
            }

            end = offset + length;
            content += length;
        }

        return content == contentSize ? segments : throw new TarException("invalid tar header");
    }

    private static void AddBinary(List<SparseSegment> segments, ReadOnlySpan<byte> pairs)
    {
        for (; pairs.Length >= 24 && pairs[0] != 0; pairs = pairs[24..])
        {
            segments.Add(new SparseSegment(TarNumber.Parse(pairs[..12]), TarNumber.Parse(pairs[12..24])));
        }
    }

    private static List<SparseSegment> Pair(List<long> numbers)
    {
        var segments = new List<SparseSegment>(numbers.Count / 2);
        for (var i = 0; i + 1 < numbers.Count; i += 2)
        {
            segments.Add(new SparseSegment(numbers[i], numbers[i + 1]));
        }

        return segments;
    }
}
