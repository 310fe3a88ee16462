using System.Globalization;

namespace Berth.Linux.Cgroups;

public sealed partial class Cgroup
{
    // v1 counts user and system time in the clock ticks of old: USER_HZ is 100 on every architecture that .NET runs on.
    private const ulong NanosecondsOfTick = 10_000_000;

    // v1 says that there is no limit by the largest one that it can count in pages.
    private const ulong NoLimit = 0x7FFF_FFFF_FFFF_0000;

    /// <summary>The controllers whose hierarchies <see cref="ReadUsage"/> reads.</summary>
    public static IReadOnlyList<string> UsageControllers { get; } = ["cpu", "cpuacct", "memory", "pids", "io", "blkio"];

    /// <summary>The controllers whose hierarchies <see cref="ReadCpuTotal"/> reads: on v2 the one that has any.</summary>
    public static IReadOnlyList<string> CpuControllers { get; } = ["cpuacct", "cpu"];

    /// <summary>Nanoseconds of all processors.</summary>
    public ulong ReadCpuTotal() => Find("cpuacct") is { } account
        ? Number(account.TryRead("cpuacct.usage"), 0)
        : ReadCpu(new CgroupUsage()).CpuTotal;

    /// <summary>Reads what the cgroup has used. Of one that goes away meanwhile, a part.</summary>
    public CgroupUsage ReadUsage()
    {
        var usage = ReadCpu(new CgroupUsage());
        usage = ReadMemory(usage);
        if (Find("pids") is { } pids)
        {
            usage = usage with { Processes = Number(pids.TryRead("pids.current"), 0), ProcessLimit = Number(pids.TryRead("pids.max"), ulong.MaxValue) };
        }

        return ReadIo(usage);
    }

    private CgroupUsage ReadCpu(CgroupUsage usage)
    {
        if (Find("cpu") is { } cpu)
        {
            var facts = Facts(cpu.TryRead("cpu.stat"));
            usage = usage with { Periods = Get(facts, "nr_periods"), ThrottledPeriods = Get(facts, "nr_throttled") };
            usage = cpu.Hierarchy.IsUnified
                ? usage with { ThrottledTime = Get(facts, "throttled_usec") * 1000 }
                : usage with { ThrottledTime = Get(facts, "throttled_time") };
        }

        if (Find("cpuacct") is { } account)
        {
            var facts = Facts(account.TryRead("cpuacct.stat"));
            return usage with
            {
                CpuTotal = Number(account.TryRead("cpuacct.usage"), 0),
                CpuUser = Get(facts, "user") * NanosecondsOfTick,
                CpuSystem = Get(facts, "system") * NanosecondsOfTick,
                CpuEach = [.. (account.TryRead("cpuacct.usage_percpu") ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(v => Number(v, 0))],
            };
        }

        // v2 counts time in every cgroup, with the controller or without.
        if (_directories.FirstOrDefault(d => d.Hierarchy.IsUnified) is { } unified)
        {
            var facts = Facts(unified.TryRead("cpu.stat"));
            return usage with
            {
                CpuTotal = Get(facts, "usage_usec") * 1000,
                CpuUser = Get(facts, "user_usec") * 1000,
                CpuSystem = Get(facts, "system_usec") * 1000,
            };
        }

        return usage;
    }

    private CgroupUsage ReadMemory(CgroupUsage usage)
    {
        if (Find("memory") is not { } memory)
        {
            return usage;
        }

        usage = usage with { MemoryDetails = Facts(memory.TryRead("memory.stat")) };
        if (memory.Hierarchy.IsUnified)
        {
            return usage with
            {
                Memory = Number(memory.TryRead("memory.current"), 0),
                MemoryLimit = Number(memory.TryRead("memory.max"), ulong.MaxValue),
                MemoryFailures = Get(Facts(memory.TryRead("memory.events")), "oom"),
            };
        }

        var limit = Number(memory.TryRead("memory.limit_in_bytes"), ulong.MaxValue);
        return usage with
        {
            Memory = Number(memory.TryRead("memory.usage_in_bytes"), 0),
            MemoryMost = Number(memory.TryRead("memory.max_usage_in_bytes"), 0),
            MemoryLimit = limit >= NoLimit ? ulong.MaxValue : limit,
            MemoryFailures = Number(memory.TryRead("memory.failcnt"), 0),
        };
    }

    private CgroupUsage ReadIo(CgroupUsage usage)
    {
        if (Find("io") is { } io)
        {
            return ParseIo(usage, io.TryRead("io.stat") ?? "");
        }

        if (Find("blkio") is not { } legacy)
        {
            return usage;
        }

        // Which of them counts depends on the disk's scheduler; the first is the elder one's.
        var bytes = LegacyIo(legacy.TryRead("blkio.bfq.io_service_bytes_recursive"));
        return bytes.Count > 0
            ? usage with { IoBytes = bytes, IoOperations = LegacyIo(legacy.TryRead("blkio.bfq.io_serviced_recursive")) }
            : usage with
            {
                IoBytes = LegacyIo(legacy.TryRead("blkio.throttle.io_service_bytes_recursive")),
                IoOperations = LegacyIo(legacy.TryRead("blkio.throttle.io_serviced_recursive")),
            };
    }

    // 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6
    private static CgroupUsage ParseIo(CgroupUsage usage, string text)
    {
        var bytes = new List<CgroupIo>();
        var operations = new List<CgroupIo>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var device = words[0].Split(':');
            foreach (var pair in words.Skip(1).Select(w => w.Split('=')).Where(p => p.Length == 2 && device.Length == 2))
            {
                var list = pair[0] is "rbytes" or "wbytes" ? bytes : pair[0] is "rios" or "wios" ? operations : null;
                list?.Add(new CgroupIo(Number(device[0], 0), Number(device[1], 0), pair[0][0] == 'r' ? "read" : "write", Number(pair[1], 0)));
            }
        }

        return usage with { IoBytes = bytes, IoOperations = operations };
    }

    // 8:0 Read 4096, and at the end a line Total of all devices.
    private static List<CgroupIo> LegacyIo(string? text)
    {
        var list = new List<CgroupIo>();
        foreach (var line in (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(' ') is [var name, var operation, var value] && name.Split(':') is [var major, var minor])
            {
                list.Add(new CgroupIo(Number(major, 0), Number(minor, 0), operation, Number(value, 0)));
            }
        }

        return list;
    }

    private static Dictionary<string, ulong> Facts(string? text)
    {
        var facts = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var line in (text ?? "").AsSpan().EnumerateLines())
        {
            var space = line.IndexOf(' ');
            if (space > 0 && ulong.TryParse(line[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                facts[line[..space].ToString()] = value;
            }
        }

        return facts;
    }

    private static ulong Get(Dictionary<string, ulong> facts, string key) => facts.GetValueOrDefault(key);

    private static ulong Number(string? text, ulong otherwise) =>
        ulong.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
