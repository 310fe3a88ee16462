using System.Text.Json;
using Berth.Linux.Files;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Processes;

namespace Berth.Runtime.State;

/// <summary>The directory of one container below the runtime's --root.</summary>
/// <remarks>
/// state.json is there from create to delete. config.json, the specification as it was at create, is there before: a later change in
/// the bundle does not reach the container. (Apart from the record, which is small and read by every command.) start.sock is
/// there until the start: the container's first process listens on it. What runs is read from the kernel, never from a file.
/// A directory without state.json is locked by the process that makes the container; one that nobody locks is left of a process that
/// was killed, and the id is free.
/// </remarks>
internal sealed record ContainerDirectory(string Root, string Id)
{
    internal const string StartSocketName = "start.sock";

    private const string RecordName = "state.json";

    private const UnixFileMode PrivateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const uint FileMode = 0x180; // 0600

    internal string Path => System.IO.Path.Combine(Root, Id);

    private string RecordPath => System.IO.Path.Combine(Path, RecordName);

    private string SpecPath => System.IO.Path.Combine(Path, Bundle.SpecName);

    internal string StartSocket => System.IO.Path.Combine(Path, StartSocketName);

    /// <summary>Takes the id, for as long as the lock is held or until a record is written.</summary>
    /// <exception cref="StartException">The id is not one, or it is taken.</exception>
    internal FileLock Make(string bundle)
    {
        if (!IsValidId(Id))
        {
            throw StartException.Of("state", $"invalid container ID format: {Id}");
        }

        // Nobody but the user himself: config.json has the environment of every container.
        System.IO.Directory.CreateDirectory(Root, PrivateMode);
        System.IO.Directory.CreateDirectory(Path, PrivateMode);

        // Asked for with the lock in hand: whoever had it may have written the record just now.
        var making = FileLock.TryTake(Path);
        if (making is null || File.Exists(RecordPath))
        {
            making?.Dispose();
            throw StartException.Of("state", "container with given ID already exists");
        }

        try
        {
            File.Delete(StartSocket);
            RecordFile.Write(SpecPath, File.ReadAllBytes(System.IO.Path.Combine(bundle, Bundle.SpecName)), FileMode, synced: false);
            return making;
        }
        catch
        {
            Remove();
            making.Dispose();
            throw;
        }
    }

    /// <summary>There is a directory without a record: of a container that is being made, or was when its maker was killed.</summary>
    internal bool IsUnrecorded => IsValidId(Id) && System.IO.Directory.Exists(Path) && !File.Exists(RecordPath);

    /// <summary>Takes what a killed maker left; null where one is at it.</summary>
    internal FileLock? TryTakeLeft() => FileLock.TryTake(Path);

    internal void Write(ContainerRecord record)
    {
        RecordFile.Replace(
            RecordPath, JsonSerializer.SerializeToUtf8Bytes(record, ContainerRecordJson.Default.ContainerRecord), FileMode, durable: false);
    }

    /// <returns>Null where there is no such container.</returns>
    internal ContainerRecord? TryRead()
    {
        if (!IsValidId(Id))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(RecordPath), ContainerRecordJson.Default.ContainerRecord);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    internal OciSpec ReadSpec() =>
        JsonSerializer.Deserialize(File.ReadAllBytes(SpecPath), OciRuntimeJson.Default.OciSpec) ?? throw StartException.Of("state", $"{SpecPath} is empty");

    /// <returns>Null where it is not there, or not whole.</returns>
    internal OciSpec? TryReadSpec()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(SpecPath), OciRuntimeJson.Default.OciSpec);
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    internal void Remove()
    {
        if (System.IO.Directory.Exists(Path))
        {
            System.IO.Directory.Delete(Path, recursive: true);
        }
    }

    // As runc: letters, digits and "_+-.", and no name that leaves the directory.
    private static bool IsValidId(string id) =>
        id.Length > 0 && id is not ("." or "..") && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '.');
}
