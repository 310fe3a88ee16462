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

/// <summary>Runs another process in a container.</summary>
/// <remarks>
/// A first clone joins the namespaces and prepares everything, without being in the container's pid namespace. Its own clone is in
/// it, is this process's child too, and has little left to do but to execute the program.
/// </remarks>
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
        identity.KeepScheduling();
        using var report = new SiblingReport();
        var (own, theirs) = MessageSocket.Pair();
        using var channel = new InitChannel(own);
        using var other = new InitChannel(theirs);
        using var stage = Clone(plan, container, identity, other, report);

        // Closed here, so that its last holder is the child, whose end it tells.
        other.Dispose();
        FileDescriptor? console = null;
        var isReaped = false;
        try
        {
            plan.Cgroup?.Add(stage.Id);
            ProcessPreparation.SetOutOfMemoryScore(stage.Id, plan.Process.OomScoreAdj, warn);
            channel.Send(InitWord.Joined);
            Follow(plan, channel, report, ref console);

            // It ends when its sibling has executed the program, or cannot.
            _ = stage.Reap();
            isReaped = true;
            return new SpawnedProcess(Take(report, plan), console);
        }
        catch
        {
            console?.Dispose();
            if (!isReaped)
            {
                _ = stage.TrySignal(Kill);
                _ = stage.Reap();
            }

            EndSibling(report);
            throw;
        }
    }

    /// <summary>Listens until the child has closed the other end: it clones its sibling then.</summary>
    private static void Follow(ExecPlan plan, InitChannel channel, SiblingReport report, ref FileDescriptor? console)
    {
        while (true)
        {
            switch (channel.Receive(out var attached))
            {
                case InitWord.Console:
                    console = attached;
                    break;
                case InitWord.SeccompListener:
                    var state = new OciState { Id = plan.ContainerId, Status = ContainerStatus.Running, Pid = plan.ContainerPid, Bundle = plan.Bundle };
                    SeccompListener.HandOn(attached!, plan.Spec.Linux!.Seccomp!, state, report.Id);
                    break;
                default:
                    return;
            }
        }
    }

    private static ProcessHandle Take(SiblingReport report, ExecPlan plan)
    {
        if (report.HasFailed(out var step, out var errno))
        {
            throw ExecStage.Failure((ExecStep)step, errno, plan.Process.Args![0]);
        }

        // A child of ours, and not reaped: the number is no other's.
        return (report.Id == 0 ? null : ProcessHandle.TryOpen(report.Id))
            ?? throw StartException.Of("exec", "the process ended before its program was executed");
    }

    private static void EndSibling(SiblingReport report)
    {
        using var sibling = report.Id == 0 ? null : ProcessHandle.TryOpen(report.Id);
        if (sibling is not null)
        {
            _ = sibling.TrySignal(Kill);
            _ = sibling.Reap();
        }
    }

    private static ProcessHandle Clone(ExecPlan plan, ProcessHandle container, ProcessIdentity identity, InitChannel channel, SiblingReport report)
    {
        var kinds = NamespaceKinds.None;
        foreach (var entry in plan.Spec.Linux?.Namespaces ?? [])
        {
            if (NamespaceNames.TryParse(entry.Type, out var kind))
            {
                kinds |= kind;
            }
        }

        var process = ForkWindow.Clone(NamespaceKinds.None);
        if (process is null)
        {
            ForkWindow.Exit(new ExecStage(plan, container.Descriptor, kinds, identity, channel, report).Run());
        }

        return process!;
    }
}
