using System.Globalization;
using Berth.Linux.Cgroups;
using Berth.Linux.Events;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;

namespace Berth.Runtime.State;

/// <summary>
/// The processes of a container: all in its cgroup. Where the cgroup was there before it, only those in its mount namespace, as
/// somebody else may have put processes of his own there.
/// </summary>
internal static class ContainerProcesses
{
    private const int Kill = 9;
    private const int Rounds = 10;
    private const int PatienceMilliseconds = 1000;

    /// <summary>What <see cref="ContainerRecord.MountNamespace"/> is to be: null where the cgroup was made for the container.</summary>
    internal static ulong? MountNamespaceOf(int pid, Cgroup? cgroup) => cgroup is null or { IsNew: true } ? null : Namespace.TryGetId(Text(pid), "mnt");

    internal static void SignalAll(ContainerRecord record, Cgroup cgroup, int signal)
    {
        if (signal == Kill)
        {
            KillAll(record, cgroup);
            return;
        }

        foreach (var pid in cgroup.Processes())
        {
            using var process = TryOpenOwn(record, pid);
            _ = process?.TrySignal(signal);
        }
    }

    internal static void KillAll(ContainerRecord record, Cgroup cgroup)
    {
        if (record.MountNamespace is null)
        {
            _ = cgroup.Kill();
            return;
        }

        // What one of them started meanwhile is found in the next round.
        for (var round = 0; round < Rounds && KillOwn(record, cgroup); round++)
        {
        }
    }

    /// <returns>Whether there were any.</returns>
    private static bool KillOwn(ContainerRecord record, Cgroup cgroup)
    {
        var own = cgroup.Processes().Select(pid => TryOpenOwn(record, pid)).OfType<ProcessHandle>().ToList();
        foreach (var process in own)
        {
            _ = process.TrySignal(Kill);
        }

        foreach (var process in own)
        {
            using (process)
            {
                using var ended = new EventQueue();
                ended.Add(process.Descriptor, 0, ReadyEvents.Readable);
                _ = ended.Wait(PatienceMilliseconds);
            }
        }

        return own.Count > 0;
    }

    // Opened first and looked at then: the number cannot become another process's in between.
    private static ProcessHandle? TryOpenOwn(ContainerRecord record, int pid)
    {
        var process = ProcessHandle.TryOpen(pid);
        if (process is null || record.MountNamespace is not { } own || Namespace.TryGetId(Text(pid), "mnt") == own)
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    private static string Text(int pid) => pid.ToString(CultureInfo.InvariantCulture);
}
