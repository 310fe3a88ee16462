using System.Text.Json;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers;

/// <summary>The records of containers on disk.</summary>
/// <remarks>
/// Not every change waits for the disk. The record that did has a second name, so that one after it that a power failure destroys
/// costs what happened since, and not the container.
/// </remarks>
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
        if (container.Damage is not null)
        {
            // What could not be read is not written over with what could be guessed of it.
            return;
        }

        try
        {
            RecordFile.Replace(container.Paths.Record, ToBytes(record), Mode, durable);
            if (durable)
            {
                RecordFile.Keep(container.Paths.Record, container.Paths.SyncedRecord);
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            // Removed at this moment: there is nothing left to record.
        }
    }

    /// <summary>Writes the first record of a container and lets its directory, which is complete now, be seen.</summary>
    public static void Create(Container container)
    {
        var paths = container.Paths;
        var durable = !container.HostConfig.AutoRemove;
        var record = Path.Combine(paths.NewDirectory, ContainerPaths.RecordName);
        RecordFile.Write(record, ToBytes(container.Record), Mode, synced: durable);
        if (durable)
        {
            RecordFile.Keep(record, Path.Combine(paths.NewDirectory, ContainerPaths.SyncedRecordName));
        }

        Directory.Move(paths.NewDirectory, paths.Directory);
        if (durable)
        {
            RecordFile.SyncDirectory(Path.GetDirectoryName(paths.Directory)!);
        }
    }

    /// <param name="problem">Why it could not be read as it is; null where it could be.</param>
    /// <returns>The record; where that cannot be read the one that was synced last; null where neither can be.</returns>
    public static ContainerRecord? TryRead(ContainerPaths paths, string id, out string? problem)
    {
        if (TryRead(paths.Record, id, out problem) is { } record)
        {
            return record;
        }

        if (TryRead(paths.SyncedRecord, id, out _) is { } synced)
        {
            problem += "; it is as it was when it was brought to the disk last";
            Replace(paths, synced);
            return synced;
        }

        return null;
    }

    private static byte[] ToBytes(ContainerRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, ContainerRecordJson.Default.ContainerRecord);

    private static ContainerRecord? TryRead(string path, string id, out string? problem)
    {
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(path), ContainerRecordJson.Default.ContainerRecord);
            problem = record?.IsWhole() != true ? "a member of it is null" : record.Id != id ? $"it is that of {record.Id}" : null;
            return problem is null ? record : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            problem = e switch
            {
                JsonException { Path: { } place and not "$" } => $"it is not valid at {place}",
                JsonException => "it is not valid JSON",
                FileNotFoundException or DirectoryNotFoundException => "there is none",
                _ => e.Message,
            };
            return null;
        }
    }

    private static void Replace(ContainerPaths paths, ContainerRecord synced)
    {
        try
        {
            if (File.Exists(paths.Record))
            {
                File.Move(paths.Record, paths.UnreadableRecord, overwrite: true);
            }

            RecordFile.Replace(paths.Record, ToBytes(synced), Mode, durable: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            // Where the disk is full, the next start reads the synced one again.
        }
    }
}
