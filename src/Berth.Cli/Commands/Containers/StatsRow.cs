using System.Globalization;
using Berth.Api.Containers;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.Containers;

/// <summary>What one container uses, as a line of <c>stats</c>.</summary>
/// <param name="container">As the user named it; null: nobody did.</param>
sealed class StatsRow(string? container, ContainerStats stats, CpuStats before, bool truncate) : Row
{
    public static StatsRow Example { get; } = new("", new ContainerStats(), new CpuStats(), true);

    public override string TypeName => "*container.statsContext";

    public override IReadOnlyList<(string Field, string Title)> Columns { get; } =
    [
        ("BlockIO", "BLOCK I/O"), ("CPUPerc", "CPU %"), ("Container", "CONTAINER"), ("ID", "CONTAINER ID"), ("MemPerc", "MEM %"),
        ("MemUsage", "MEM USAGE / LIMIT"), ("Name", "NAME"), ("NetIO", "NET I/O"), ("PIDs", "PIDS"),
    ];

    public override string Value(string field) => field switch
    {
        "Container" => container ?? ShortId.Of(stats.Id),
        "Name" => stats.Name.TrimStart('/'),
        "ID" => truncate ? ShortId.Of(stats.Id) : stats.Id,
        "CPUPerc" => Percent(Processor()),
        "MemUsage" => $"{HumanSize.Binary(Memory)} / {HumanSize.Binary(stats.Memory.Limit)}",
        "MemPerc" => Percent(stats.Memory.Limit == 0 ? 0 : 100.0 * Memory / stats.Memory.Limit),
        "NetIO" => Pair(Sum(n => n.ReceivedBytes), Sum(n => n.SentBytes)),
        "BlockIO" => Pair(Blocks("read"), Blocks("write")),
        _ => stats.Pids.Current.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>What the kernel could not take back at once: file pages that nobody used for long do not count.</summary>
    private ulong Memory
    {
        get
        {
            var inactive = stats.Memory.Details?.TryGetValue("total_inactive_file", out var legacy) == true ? legacy
                : stats.Memory.Details?.GetValueOrDefault("inactive_file") ?? 0;
            return inactive < stats.Memory.Usage ? stats.Memory.Usage - inactive : stats.Memory.Usage;
        }
    }

    private double Processor()
    {
        var used = (double)stats.Cpu.Usage.Total - before.Usage.Total;
        var passed = (double)stats.Cpu.System - before.System;
        var processors = stats.Cpu.Online > 0 ? (int)stats.Cpu.Online : stats.Cpu.Usage.Each?.Count ?? 0;
        return used > 0 && passed > 0 ? used / passed * processors * 100 : 0;
    }

    private double Sum(Func<NetworkStats, ulong> counter) => stats.Networks?.Values.Sum(n => (double)counter(n)) ?? 0;

    private double Blocks(string operation) => stats.Blkio.Bytes?
        .Where(entry => string.Equals(entry.Operation, operation, StringComparison.OrdinalIgnoreCase)).Sum(entry => (double)entry.Value) ?? 0;

    private static string Pair(double first, double second) => $"{HumanSize.Of(first, 3)} / {HumanSize.Of(second, 3)}";

    private static string Percent(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + "%";
}
