using System.Globalization;
using Berth.Linux.Native;

namespace Berth.Linux.Memory;

/// <summary>The pages of the program and its libraries that are only read: they lie in the page cache, and this process maps those that it has touched.</summary>
public sealed unsafe class ProgramPages
{
    private readonly (nuint Start, nuint Length)[] _ranges;

    private ProgramPages((nuint Start, nuint Length)[] ranges) => _ranges = ranges;

    /// <summary>Finds them in /proc/self/smaps (proc_pid_smaps(5)); they stay where they are, in clones of this process too.</summary>
    public static ProgramPages Find()
    {
        var ranges = new List<(nuint, nuint)>();
        (nuint Start, nuint Length)? mapping = null;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            // 00404000-0074e000 r-xp 00004000 fe:01 1234   /path: address, permissions, offset, device, inode; no inode: no file.
            var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (fields is [var range, ['r', var write, _, 'p'], _, _, var inode, ..] && range.Split('-') is [var start, var end])
            {
                var first = Address(start);
                mapping = write == '-' && inode != "0" ? (first, Address(end) - first) : null;
            }
            else if (mapping is { } found && fields is ["Anonymous:", "0", "kB"])
            {
                // Where it is not 0 the loader has written to it before it was protected: that is nowhere else.
                ranges.Add(found);
            }
        }

        return new ProgramPages([.. ranges]);
    }

    /// <summary>
    /// Gives up the mappings. What is needed again is mapped again, 16 pages at a time and without reading: for one that is about to
    /// wait, or that has done what it does only once.
    /// </summary>
    public void Release()
    {
        foreach (var (start, length) in _ranges)
        {
            _ = Libc.madvise((void*)start, length, Libc.MADV_DONTNEED);
        }
    }

    private static nuint Address(string text) => nuint.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
