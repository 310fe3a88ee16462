using Berth.Linux.Processes;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Processes;

/// <summary>The specification's names of scheduling policies and classes (config.md, "scheduler" and "ioPriority").</summary>
internal static class SchedulerNames
{
    internal static SchedulingPolicy Parse(OciScheduler scheduler)
    {
        uint policy = scheduler.Policy switch
        {
            "SCHED_OTHER" => 0,
            "SCHED_FIFO" => 1,
            "SCHED_RR" => 2,
            "SCHED_BATCH" => 3,
            "SCHED_ISO" => 4,
            "SCHED_IDLE" => 5,
            "SCHED_DEADLINE" => 6,
            _ => throw StartException.Of("scheduler", $"invalid scheduler policy: {scheduler.Policy}"),
        };
        var flags = 0UL;
        foreach (var flag in scheduler.Flags ?? [])
        {
            flags |= flag switch
            {
                "SCHED_FLAG_RESET_ON_FORK" => 0x01,
                "SCHED_FLAG_RECLAIM" => 0x02,
                "SCHED_FLAG_DL_OVERRUN" => 0x04,
                "SCHED_FLAG_KEEP_POLICY" => 0x08,
                "SCHED_FLAG_KEEP_PARAMS" => 0x10,
                "SCHED_FLAG_UTIL_CLAMP_MIN" => 0x20,
                "SCHED_FLAG_UTIL_CLAMP_MAX" => 0x40,
                _ => throw StartException.Of("scheduler", $"invalid scheduler flag: {flag}"),
            };
        }

        return new SchedulingPolicy(policy, flags, scheduler.Nice, (uint)scheduler.Priority, scheduler.Runtime, scheduler.Deadline, scheduler.Period);
    }

    internal static int IoClass(string name) => name switch
    {
        "IOPRIO_CLASS_RT" => 1,
        "IOPRIO_CLASS_BE" => 2,
        "IOPRIO_CLASS_IDLE" => 3,
        _ => throw StartException.Of("ioPriority", $"invalid I/O priority class: {name}"),
    };
}
