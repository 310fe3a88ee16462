using Berth.Linux.Cgroups;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class KillCommand
{
    private const int Kill = 9;

    internal static Command Definition { get; } = new()
    {
        Name = "kill",
        Usage = "[command options] <container-id> [signal]",
        Summary = "sends the specified signal (default: SIGTERM) to the container's init process",
        Options = [new("all", 'a', false, "send the specified signal to all processes inside the container")],
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        if (arguments.Rest is not [var id, ..] || arguments.Rest.Length > 2)
        {
            throw new UsageException("kill: requires a container id, and takes a signal");
        }

        var record = context.Find(id);
        var name = arguments.Rest is [_, var given] ? given : "SIGTERM";
        if (!SignalNames.TryParse(name, out var signal))
        {
            throw new UsageException($"invalid signal: {name}");
        }

        // With a pid namespace of its own the kernel ends the others with the first process. With a shared one nobody does.
        var endsAll = signal == Kill && !(context.Directory(id).ReadSpec().Linux?.Namespaces ?? []).Any(n => n is { Type: "pid", Path: null or "" });
        if (arguments.Has("all") || endsAll)
        {
            SignalAll(record, signal);
            return 0;
        }

        if (!ContainerSignal.Send(record, signal))
        {
            throw StartException.Of("kill", "container not running");
        }

        return 0;
    }

    private static void SignalAll(ContainerRecord record, int signal)
    {
        using var cgroup = record.Cgroup is { } path ? Cgroup.TryOpen(CgroupLayout.Machine, path) : null;
        if (cgroup is not null)
        {
            ContainerProcesses.SignalAll(record, cgroup, signal);
        }
    }
}
