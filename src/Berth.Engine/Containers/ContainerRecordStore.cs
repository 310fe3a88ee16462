using System.Text.Json;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers;

/// <summary>The records of containers on disk.</summary>
internal static class ContainerRecordStore
{
    /// <summary>Environments hold passwords: only root reads them (0600).</summary>
    private const uint Mode = 0b110_000_000;

    /// <summary>Writes the record as it is now. One that goes away with its run need not outlive a power failure.</summary>
    public static void Save(Container container)
    {
        lock (container.Saving)
        {
            Write(container, container.Record, durable: !container.HostConfig.AutoRemove);
        }
    }

    /// <summary>Writes a record that the container is about to have. Its <see cref="Container.Saving"/> is held.</summary>
    /// <param name="durable">It must survive a power failure, not only the daemon's end.</param>
    public static void Write(Container container, ContainerRecord record, bool durable)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, ContainerRecordJson.Default.ContainerRecord);
        try
        {
            RecordFile.Replace(container.Paths.Record, json, Mode, durable);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            // Removed at this moment: there is nothing left to record.
        }
    }

    /// <returns>Null where there is no readable record: a container whose creation was cut off.</returns>
    public static ContainerRecord? TryRead(ContainerPaths paths)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(paths.Record), ContainerRecordJson.Default.ContainerRecord);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }
}
