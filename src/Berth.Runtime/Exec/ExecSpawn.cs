using Berth.Linux;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Runtime.Bundles;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Exec;

/// <summary>Runs another process in a container: one clone, whose child joins the namespaces and becomes the program.</summary>
public static class ExecSpawn
{
    private const int Kill = 9;

    /// <summary>When it returns, execve has succeeded.</summary>
    /// <exception cref="StartException">It failed, and nothing is left of it.</exception>
    public static SpawnedProcess Spawn(ExecPlan plan, Action<string> warn)
    {
        try
        {
            SpecCheck.Verify(plan.Process);
            using var container = ProcessHandle.TryOpen(plan.ContainerPid) ?? throw StartException.Of("exec", "container not running");
            return Spawn(plan, container, warn);
        }
        catch (LinuxException e)
        {
            throw StartException.Of("exec", e);
        }
    }

    private static SpawnedProcess Spawn(ExecPlan plan, ProcessHandle container, Action<string> warn)
    {
        var identity = ProcessPreparation.Prepare(plan.Process, plan.Spec.Linux?.Seccomp, warn);
        var (own, theirs) = MessageSocket.Pair();
        using var channel = new InitChannel(own);
        using var other = new InitChannel(theirs);
        var process = Clone(plan, container, identity, other);

        // Closed here, so that its last holder is the child, and its end is execve.
        other.Dispose();
        try
        {
            plan.Cgroup?.Add(process.Id);
            ProcessPreparation.SetOutOfMemoryScore(process.Id, plan.Process.OomScoreAdj, warn);
            channel.Send(InitWord.Joined);
            FileDescriptor? console = null;
            if (channel.Receive(out var attached) is InitWord.Console)
            {
                console = attached;
                _ = channel.Receive(out _);
            }

            return new SpawnedProcess(process, console);
        }
        catch
        {
            _ = process.TrySignal(Kill);
            _ = process.Reap();
            process.Dispose();
            throw;
        }
    }

    private static ProcessHandle Clone(ExecPlan plan, ProcessHandle container, ProcessIdentity identity, InitChannel channel)
    {
        var kinds = NamespaceKinds.None;
        foreach (var entry in plan.Spec.Linux?.Namespaces ?? [])
        {
            if (NamespaceNames.TryParse(entry.Type, out var kind))
            {
                kinds |= kind;
            }
        }

        using var change = new NamespaceChange();
        if (kinds.HasFlag(NamespaceKinds.Pid))
        {
            change.Join(container.Descriptor, NamespaceKinds.Pid);
        }

        var process = ForkWindow.Clone(NamespaceKinds.None);
        if (process is null)
        {
            ForkWindow.Exit(new ExecStage(plan, container.Descriptor, kinds & ~NamespaceKinds.Pid, identity, channel).Run());
        }

        return process!;
    }
}
