using Berth.Linux.Files;

namespace Berth.Engine.Containers.Files;

/// <summary>
/// The lowest layer of every container's root, as Docker's own: places of what is mounted into every container, so that none has to
/// be made in its writable layer, /etc/mtab, and /.dockerenv, by which programs know that they are in a container. It lies below the
/// image's layers: what the image has in one of these places is what the container sees.
/// </summary>
internal static class BaseLayer
{
    private const string ContainerMark = ".dockerenv";
    private const string MountTable = "etc/mtab";

    private const UnixFileMode Mode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] _directories = ["", "dev", "dev/pts", "dev/shm", "etc", "proc", "sys"];
    private static readonly string[] _files = [ContainerMark, "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf"];

    public static string PathOf(EngineOptions options) => Path.Combine(options.DataRoot, "base");

    /// <summary>Makes what of it is not there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Provide(EngineOptions options)
    {
        var root = PathOf(options);
        foreach (var directory in _directories.Select(name => Path.Combine(root, name)).Where(path => !Directory.Exists(path)))
        {
            // Twice, because the first is subject to the daemon's umask.
            Directory.CreateDirectory(directory, Mode);
            SetMode(directory);
        }

        foreach (var file in _files.Select(name => Path.Combine(root, name)).Where(path => !File.Exists(path)))
        {
            File.Create(file).Dispose();
            SetMode(file);
        }

        var mounts = Path.Combine(root, MountTable);
        if (new FileInfo(mounts).LinkTarget is null)
        {
            File.CreateSymbolicLink(mounts, "/proc/mounts");
        }
    }

    private static void SetMode(string path)
    {
        using var entry = HeldEntry.Open(path);
        entry.SetMode((uint)Mode);
    }
}
