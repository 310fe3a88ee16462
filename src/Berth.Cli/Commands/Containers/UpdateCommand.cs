using System.Text.Json;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Containers;

sealed class UpdateCommand : Command
{
    private readonly Flag<ushort> _blkioWeight;
    private readonly Flag<long> _cpuPeriod;
    private readonly Flag<long> _cpuQuota;
    private readonly Flag<long> _cpuRtPeriod;
    private readonly Flag<long> _cpuRtRuntime;
    private readonly Flag<long> _cpuShares;
    private readonly Flag<long> _cpus;
    private readonly Flag<string> _cpusetCpus;
    private readonly Flag<string> _cpusetMems;
    private readonly Flag<long> _memory;
    private readonly Flag<long> _memoryReservation;
    private readonly Flag<long> _memorySwap;
    private readonly Flag<long> _pidsLimit;
    private readonly Flag<string> _restart;

    public UpdateCommand()
        : base("[OPTIONS] CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
    {
        _blkioWeight = Flags.Add(new Flag<ushort>(
            "blkio-weight", null, "uint16", "Block IO (relative weight), between 10 and 1000, or 0 to disable", 0, static text => (ushort)GoNumber.Unsigned(text, 16))
        {
            DefaultText = "0",
        });
        _cpuPeriod = Flags.Int("cpu-period", null, "Limit CPU CFS (Completely Fair Scheduler) period");
        _cpuQuota = Flags.Int("cpu-quota", null, "Limit CPU CFS (Completely Fair Scheduler) quota");
        _cpuRtPeriod = Flags.Int("cpu-rt-period", null, "Limit the CPU real-time period in microseconds");
        _cpuRtRuntime = Flags.Int("cpu-rt-runtime", null, "Limit the CPU real-time runtime in microseconds");
        _cpuShares = Flags.Int("cpu-shares", 'c', "CPU shares (relative weight)");
        _cpus = Flags.Add(new Flag<long>("cpus", null, "decimal", "Number of CPUs", 0, ProcessorShare.Parse));
        _cpusetCpus = Flags.String("cpuset-cpus", null, "CPUs in which to allow execution (0-3, 0,1)");
        _cpusetMems = Flags.String("cpuset-mems", null, "MEMs in which to allow execution (0-3, 0,1)");
        // Accepted and without effect, as in Docker since the kernel lost it.
        ResourceFlags.Bytes(Flags, "kernel-memory", null, "Kernel memory limit", hidden: true);
        _memory = ResourceFlags.Bytes(Flags, "memory", 'm', "Memory limit");
        _memoryReservation = ResourceFlags.Bytes(Flags, "memory-reservation", null, "Memory soft limit");
        _memorySwap = Flags.Add(new Flag<long>(
            "memory-swap", null, "bytes", "Swap limit equal to memory plus swap: -1 to enable unlimited swap", 0, ByteSize.ParseOrUnlimited));
        _pidsLimit = Flags.Int("pids-limit", null, "Tune container pids limit (set -1 for unlimited)");
        _restart = Flags.String("restart", null, "Restart policy to apply when a container exits");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (!Flags.All.Any(flag => flag.IsSet))
        {
            throw new CommandException("you must provide one or more flags when using this command");
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(
            new UpdateContainerRequest
            {
                BlkioWeight = _blkioWeight.Value,
                CpuShares = _cpuShares.Value,
                NanoCpus = _cpus.Value,
                CpuPeriod = _cpuPeriod.Value,
                CpuQuota = _cpuQuota.Value,
                CpuRealtimePeriod = _cpuRtPeriod.Value,
                CpuRealtimeRuntime = _cpuRtRuntime.Value,
                CpusetCpus = _cpusetCpus.Value,
                CpusetMems = _cpusetMems.Value,
                Memory = _memory.Value,
                MemoryReservation = _memoryReservation.Value,
                MemorySwap = _memorySwap.Value,
                PidsLimit = _pidsLimit.IsSet ? _pidsLimit.Value : null,
                RestartPolicy = _restart.IsSet ? RestartOption.Parse(_restart.Value) : null,
            },
            ContainerJson.Default.UpdateContainerRequest);
        var warnings = new List<string>();
        var code = ContainerTargets.Each(
            session,
            arguments,
            container => new HttpRequest("POST", ContainerTargets.Path(container, "update")) { Body = body, ContentType = "application/json" },
            (answer, container) =>
            {
                session.Out.WriteLine(container);
                warnings.AddRange(JsonSerializer.Deserialize(answer, ContainerJson.Default.UpdateContainerResponse)?.Warnings ?? []);
            });
        warnings.ForEach(session.Warn);
        return code;
    }
}
