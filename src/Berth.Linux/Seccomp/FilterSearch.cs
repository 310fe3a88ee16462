namespace Berth.Linux.Seccomp;

/// <summary>The code for the numbers from the first one to the next range's first.</summary>
internal readonly record struct FilterRange(uint First, IReadOnlyList<ulong> Code)
{
    internal FilterRange(uint first, ulong code)
        : this(first, [code])
    {
    }

    internal bool HasSameAnswer(FilterRange other) => Code.Count == 1 && other.Code.Count == 1 && Code[0] == other.Code[0];
}

/// <summary>A balanced search for the range that the accumulator, the call's number, is in.</summary>
internal static class FilterSearch
{
    internal static IReadOnlyList<ulong> Build(IReadOnlyList<FilterRange> ranges) => Build(ranges, 0, ranges.Count);

    private static IReadOnlyList<ulong> Build(IReadOnlyList<FilterRange> ranges, int from, int to)
    {
        if (to - from == 1)
        {
            return ranges[from].Code;
        }

        var middle = (from + to) / 2;
        var (below, above) = (Build(ranges, from, middle), Build(ranges, middle, to));
        var first = ranges[middle].First;
        return below.Count <= FilterInstruction.Reach
            ? [FilterInstruction.JumpIfNotLess(first, below.Count, 0), .. below, .. above]
            : [FilterInstruction.JumpIfNotLess(first, 0, 1), FilterInstruction.Jump(below.Count), .. below, .. above];
    }
}
