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
/// <remarks>
/// Short, because the kernel translates it anew for every process that it is loaded into: ranges that a conditional jump can reach
/// share their answers' code. And without arithmetic, because the kernel then knows which calls it need not ask about.
/// </remarks>
internal static class FilterSearch
{
    internal static IReadOnlyList<ulong> Build(IReadOnlyList<FilterRange> ranges) => Build(ranges, 0, ranges.Count);

    private static IReadOnlyList<ulong> Build(IReadOnlyList<FilterRange> ranges, int from, int to)
    {
        if (TryBuildBlock(ranges, from, to) is { } block)
        {
            return block;
        }

        if (to - from == 1)
        {
            return ranges[from].Code;
        }

        var middle = (from + to) / 2;
        var (below, above) = (Build(ranges, from, middle), Build(ranges, middle, to));
        return [FilterInstruction.JumpIfNotLess(ranges[middle].First, 0, 1), FilterInstruction.Jump(below.Count), .. below, .. above];
    }

    /// <summary>The comparisons, and after them every answer once.</summary>
    /// <returns>Null where that is longer than a conditional jump reaches.</returns>
    private static List<ulong>? TryBuildBlock(IReadOnlyList<FilterRange> ranges, int from, int to)
    {
        var answers = new List<(int Start, IReadOnlyList<ulong> Code)>();
        var starts = new int[ranges.Count];
        var size = to - from - 1;
        for (var i = from; i < to; i++)
        {
            var code = ranges[i].Code;
            var known = answers.FindIndex(answer => answer.Code.SequenceEqual(code));
            if (known < 0)
            {
                known = answers.Count;
                answers.Add((size, code));
                size += code.Count;
            }

            starts[i] = answers[known].Start;
        }

        if (size > FilterInstruction.Reach)
        {
            return null;
        }

        var block = new List<ulong>(size);
        AddComparisons(block, ranges, starts, from, to);
        answers.ForEach(answer => block.AddRange(answer.Code));
        return block;
    }

    /// <summary>Adds the comparisons that tell these ranges apart.</summary>
    /// <returns>Where the search among them begins: for a single range its answer, which is compared with nothing.</returns>
    private static int AddComparisons(List<ulong> block, IReadOnlyList<FilterRange> ranges, int[] starts, int from, int to)
    {
        if (to - from == 1)
        {
            return starts[from];
        }

        var (at, middle) = (block.Count, (from + to) / 2);
        block.Add(0);
        var below = AddComparisons(block, ranges, starts, from, middle);
        var above = AddComparisons(block, ranges, starts, middle, to);
        block[at] = FilterInstruction.JumpIfNotLess(ranges[middle].First, above - at - 1, below - at - 1);
        return at;
    }
}
