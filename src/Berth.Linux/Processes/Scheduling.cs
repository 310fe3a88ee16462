using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>How the kernel shares processors and disks among processes (sched_setattr(2), ioprio_set(2)).</summary>
public static unsafe class Scheduling
{
    /// <summary>Sets policy and parameters of this process.</summary>
    public static void Set(SchedulingPolicy policy)
    {
        var attributes = new Libc.sched_attr
        {
            size = (uint)sizeof(Libc.sched_attr),
            sched_policy = policy.Number,
            sched_flags = policy.Flags,
            sched_nice = policy.Nice,
            sched_priority = policy.Priority,
            sched_runtime = policy.Runtime,
            sched_deadline = policy.Deadline,
            sched_period = policy.Period,
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

/// <summary>A policy and its parameters, as struct sched_attr has them.</summary>
public readonly record struct SchedulingPolicy(uint Number, ulong Flags, int Nice, uint Priority, ulong Runtime, ulong Deadline, ulong Period);
