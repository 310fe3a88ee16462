using System.Text.Json;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Processes;

namespace Berth.Runtime.State;

/// <summary>The directory of one container below the runtime's --root.</summary>
/// <remarks>
/// state.json is there from create to delete, and with it config.json, the specification as it was at create: a later change in
/// the bundle does not reach the container. (Apart from the record, which is small and read by every command.) start.sock is
/// there until the start: the container's first process listens on it. What runs is read from the kernel, never from a file.
/// </remarks>
internal sealed record ContainerDirectory(string Root, string Id)
{
    internal const string StartSocketName = "start.sock";

    private const string RecordName = "state.json";

    internal string Path => System.IO.Path.Combine(Root, Id);

    private string SpecPath => System.IO.Path.Combine(Path, Bundle.SpecName);

    internal string StartSocket => System.IO.Path.Combine(Path, StartSocketName);

    /// <exception cref="StartException">The id is not one, or it is taken.</exception>
    internal void Make()
    {
        if (!IsValidId(Id))
        {
            throw StartException.Of("state", $"invalid container ID format: {Id}");
        }

        System.IO.Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        if (System.IO.Directory.Exists(Path))
        {
            throw StartException.Of("state", "container with given ID already exists");
        }

        System.IO.Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    internal void Write(ContainerRecord record)
    {
        File.Copy(System.IO.Path.Combine(record.Bundle, Bundle.SpecName), SpecPath);
        var path = System.IO.Path.Combine(Path, RecordName);
        File.WriteAllBytes(path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(record, ContainerRecordJson.Default.ContainerRecord));
        File.Move(path + ".tmp", path, overwrite: true);
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
            return JsonSerializer.Deserialize(File.ReadAllBytes(System.IO.Path.Combine(Path, RecordName)), ContainerRecordJson.Default.ContainerRecord);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    internal OciSpec ReadSpec() =>
        JsonSerializer.Deserialize(File.ReadAllBytes(SpecPath), OciRuntimeJson.Default.OciSpec) ?? throw StartException.Of("state", $"{SpecPath} is empty");

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
