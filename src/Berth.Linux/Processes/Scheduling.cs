using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>How the kernel shares processors and disks among processes (sched_setattr(2), ioprio_set(2)).</summary>
public static unsafe class Scheduling
{
    /// <summary>Sets policy and parameters of this process, as struct sched_attr has them.</summary>
    public static void Set(uint policy, ulong flags, int nice, uint priority, ulong runtime, ulong deadline, ulong period)
    {
        var attributes = new Libc.sched_attr
        {
            size = (uint)sizeof(Libc.sched_attr),
            sched_policy = policy,
            sched_flags = flags,
            sched_nice = nice,
            sched_priority = priority,
            sched_runtime = runtime,
            sched_deadline = deadline,
            sched_period = period,
        };
        if (Libc.sched_setattr(Arch.SYS_sched_setattr, 0, &attributes, 0) != 0)
        {
            throw LinuxException.FromLastError("sched_setattr");
        }
    }

    /// <param name="ioClass">1: real time, 2: best effort, 3: idle.</param>
    public static void SetIoPriority(int ioClass, int priority)
    {
        const int thisProcess = 1; // IOPRIO_WHO_PROCESS
        const int classShift = 13;
        if (Libc.ioprio_set(Arch.SYS_ioprio_set, thisProcess, 0, (ioClass << classShift) | priority) != 0)
        {
            throw LinuxException.FromLastError("ioprio_set");
        }
    }
}
