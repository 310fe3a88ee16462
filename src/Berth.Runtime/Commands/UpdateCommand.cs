using System.Globalization;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Cgroups;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class UpdateCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "update",
        Usage = "[command options] <container-id>",
        Summary = "update container resource constraints",
        Options =
        [
            new("resources", 'r', true, "path to the file containing the resources to update or '-' to read from the standard input"),
            new("blkio-weight", '\0', true, "specifies per cgroup weight, range is from 10 to 1000"),
            new("cpu-period", '\0', true, "CPU CFS period to be used for hardcapping (in usecs)"),
            new("cpu-quota", '\0', true, "CPU CFS hardcap limit (in usecs)"),
            new("cpu-share", '\0', true, "CPU shares (relative weight vs. other containers)"),
            new("cpuset-cpus", '\0', true, "CPU(s) to use"),
            new("cpuset-mems", '\0', true, "memory node(s) to use"),
            new("memory", '\0', true, "memory limit (in bytes)"),
            new("memory-reservation", '\0', true, "memory reservation or soft_limit (in bytes)"),
            new("memory-swap", '\0', true, "total memory usage (memory + swap); set '-1' to enable unlimited swap"),
            new("pids-limit", '\0', true, "maximum number of pids allowed in the container"),
        ],
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("update", 1)[0];
        var record = context.Find(id);
        var changed = arguments.Value("resources") is { } path ? Read(path) : FromOptions(arguments);
        using var cgroup = ContainerCgroup.Open(record);
        cgroup.Apply(ResourceLimits.Of(changed));
        if (changed.Devices is { Count: > 0 })
        {
            cgroup.SetDevices(ResourceDevices.Of(changed));
        }

        return 0;
    }

    private static OciResources Read(string path)
    {
        using var stream = new FileStream(path == "-" ? "/proc/self/fd/0" : path, FileMode.Open, FileAccess.Read);
        using var json = new MemoryStream();
        stream.CopyTo(json);
        var resources = SpecDocument.Read(json.ToArray(), OciRuntimeJson.Default.OciResources, path == "-" ? "resources" : path);
        SpecCheck.Verify(resources);
        return resources;
    }

    private static OciResources FromOptions(ParsedArguments arguments) => new()
    {
        Memory = new OciMemory
        {
            Limit = Number(arguments, "memory"),
            Reservation = Number(arguments, "memory-reservation"),
            Swap = Number(arguments, "memory-swap"),
        },
        Cpu = new OciCpu
        {
            Period = (ulong?)Number(arguments, "cpu-period"),
            Quota = Number(arguments, "cpu-quota"),
            Shares = (ulong?)Number(arguments, "cpu-share"),
            Cpus = arguments.Value("cpuset-cpus"),
            Mems = arguments.Value("cpuset-mems"),
        },
        Pids = Number(arguments, "pids-limit") is { } limit ? new OciPids { Limit = limit } : null,
        BlockIO = Number(arguments, "blkio-weight") is { } weight ? new OciBlockIo { Weight = (ushort)weight } : null,
    };

    private static long? Number(ParsedArguments arguments, string name) =>
        arguments.Value(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"invalid value for {name}: {text}");
}
