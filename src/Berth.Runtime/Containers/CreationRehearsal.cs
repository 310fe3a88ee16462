using System.Text.Json;
using Berth.Linux.Cgroups;
using Berth.Monitor;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Seccomp;
using Berth.Runtime.State;

namespace Berth.Runtime.Containers;

/// <summary>Does ahead of need what the first creation of a process would do once: about a fifth of its time.</summary>
internal static class CreationRehearsal
{
    /// <summary>
    /// Reads and writes one of each document, so that the serializer has its data of these types, and the code that is needed is
    /// in memory.
    /// </summary>
    internal static void Run()
    {
        Bundle.PrepareRead();
        _ = JsonSerializer.Deserialize("""{"action":"Create","plan":{"id":"a","bundle":"/","stateDirectory":"/","runtimeRoot":"/","log":{"path":"/"}}}"""u8, MonitorJson.Default.MonitorRequest);
        _ = JsonSerializer.SerializeToUtf8Bytes(new MonitorReply { Event = MonitorEvent.Created, Pid = 1 }, MonitorJson.Default.MonitorReply);
        var record = new ContainerRecord { Id = "a", Bundle = "/", Pid = 1, StartTime = 1, Created = TimeProvider.System.GetUtcNow() };
        _ = JsonSerializer.SerializeToUtf8Bytes(record, ContainerRecordJson.Default.ContainerRecord);
        _ = CgroupLayout.Machine;
    }

    /// <summary>Compiles a seccomp profile that is expected; one that is not in order is its container's failure.</summary>
    internal static void LearnProfile(ReadOnlySpan<byte> json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, OciRuntimeJson.Default.OciSeccomp) is { } profile)
            {
                _ = FilterCache.Compile(profile);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
        }
    }
}
