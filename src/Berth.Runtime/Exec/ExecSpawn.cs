using Berth.Linux;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;
using Berth.Runtime.Seccomp;
using Berth.Runtime.State;

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

        // Here and not in the child, so that the next exec has it.
        identity.CompileFilter();
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
            return new SpawnedProcess(process, AwaitProgram(plan, process, channel));
        }
        catch
        {
            _ = process.TrySignal(Kill);
            _ = process.Reap();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Waits until execve has closed the other end.</summary>
    /// <returns>The terminal's master, where there is one.</returns>
    private static FileDescriptor? AwaitProgram(ExecPlan plan, ProcessHandle process, InitChannel channel)
    {
        FileDescriptor? console = null;
        var isExecuting = false;
        while (true)
        {
            switch (channel.Receive(out var attached))
            {
                case InitWord.Console:
                    console = attached;
                    break;
                case InitWord.Executing:
                    isExecuting = true;
                    break;
                case InitWord.SeccompListener:
                    var state = new OciState { Id = plan.ContainerId, Status = ContainerStatus.Running, Pid = plan.ContainerPid, Bundle = plan.Bundle };
                    SeccompListener.HandOn(attached!, plan.Spec.Linux!.Seccomp!, state, process.Id);
                    break;
                default:
                    return isExecuting ? console : throw StartException.Of("exec", "the process ended before its program was executed");
            }
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
