using System.Globalization;
using System.Text.Json;
using Berth.Linux.Cgroups;
using Berth.Linux.Events;
using Berth.Linux.Processes;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Events;
using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class EventsCommand
{
    private const int DefaultInterval = 5000;

    /// <summary>The kernel tells of memory that ran out on v1 and v2 in different ways; its counter, looked at so often, says as much.</summary>
    private const int LongestSleep = 1000;

    private static readonly (string Unit, double Milliseconds)[] _units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];

    internal static Command Definition { get; } = new()
    {
        Name = "events",
        Usage = "[command options] <container-id>",
        Summary = "display container events such as OOM notifications, cpu, memory, and IO usage statistics",
        Options =
        [
            new("interval", '\0', true, "set the stats collection interval (default: 5s)"),
            new("stats", '\0', false, "display the container's stats then exit"),
        ],
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("events", 1)[0];
        var interval = arguments.Value("interval") is { } text ? ParseInterval(text) : DefaultInterval;
        var record = context.Find(id);
        if (ContainerStatus.Of(context.Directory(id), record) is ContainerStatus.Stopped || ProcessHandle.TryOpen(record.Pid) is not { } process)
        {
            throw StartException.Of("events", $"container with id {id} is not running");
        }

        using (process)
        {
            using var cgroup = ContainerCgroup.Open(record);
            if (arguments.Has("stats"))
            {
                Tell(new ContainerEvent("stats", id, StatsReading.Of(cgroup)));
                return 0;
            }

            Follow(id, cgroup, process, interval);
            return 0;
        }
    }

    /// <summary>Until the container's first process ends.</summary>
    private static void Follow(string id, Cgroup cgroup, ProcessHandle process, int interval)
    {
        using var end = new EventQueue();
        end.Add(process.Descriptor, 0, ReadyEvents.Readable);
        var kills = cgroup.CountOutOfMemoryKills();
        for (var left = interval; ;)
        {
            var sleep = Math.Min(left, LongestSleep);
            var ended = end.Wait(sleep);
            for (var now = cgroup.CountOutOfMemoryKills(); kills < now; kills++)
            {
                Tell(new ContainerEvent("oom", id));
            }

            if (ended)
            {
                return;
            }

            left -= sleep;
            if (left <= 0)
            {
                Tell(new ContainerEvent("stats", id, StatsReading.Of(cgroup)));
                left = interval;
            }
        }
    }

    private static void Tell(ContainerEvent told)
    {
        StandardOutput.Write(JsonSerializer.SerializeToUtf8Bytes(told, ContainerEventJson.Default.ContainerEvent));
        StandardOutput.Write("\n");
    }

    /// <summary>A number and a unit: 5s, 0.5s, 500ms, 1m.</summary>
    private static int ParseInterval(string text)
    {
        foreach (var (unit, milliseconds) in _units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * milliseconds is >= 1 and <= int.MaxValue)
            {
                return (int)(number * milliseconds);
            }
        }

        throw new UsageException($"invalid value \"{text}\" for flag -interval: duration interval must be greater than 0");
    }
}
