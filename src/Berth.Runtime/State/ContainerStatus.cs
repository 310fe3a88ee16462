using System.Globalization;
using Berth.Linux.Cgroups;
using Berth.Oci.Runtime;

namespace Berth.Runtime.State;

/// <summary>What a container is doing, asked of the kernel.</summary>
internal static class ContainerStatus
{
    internal const string Creating = "creating";
    internal const string Created = "created";
    internal const string Running = "running";
    internal const string Paused = "paused";
    internal const string Stopped = "stopped";

    internal static string Of(ContainerDirectory directory, ContainerRecord record)
    {
        if (!IsAlive(record))
        {
            return Stopped;
        }

        if (record.Cgroup is { } path)
        {
            using var cgroup = Cgroup.TryOpen(CgroupLayout.Machine, path);
            if (cgroup is { IsFrozen: true })
            {
                return Paused;
            }
        }

        return File.Exists(directory.StartSocket) ? Created : Running;
    }

    internal static OciState State(ContainerDirectory directory, ContainerRecord record)
    {
        var status = Of(directory, record);
        return new OciState
        {
            Id = record.Id,
            Status = status,
            Pid = status is Stopped ? 0 : record.Pid,
            Bundle = record.Bundle,
            Annotations = record.Annotations,
        };
    }

    /// <summary>The first process is there, and is no zombie.</summary>
    internal static bool IsAlive(ContainerRecord record) => TryReadStat(record.Pid) is { } stat && stat.StartTime == record.StartTime && stat.State is not ('Z' or 'X');

    /// <returns>State letter and start time (proc_pid_stat(5)); null where there is no such process.</returns>
    internal static (char State, ulong StartTime)? TryReadStat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");

            // The command stands in parentheses and may contain any character, these too.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], ulong.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
