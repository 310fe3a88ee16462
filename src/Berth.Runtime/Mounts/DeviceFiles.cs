using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Mounts;

/// <summary>Fills the container's /dev: device files, and the links that programs expect (config-linux.md, "Default Devices").</summary>
internal sealed class DeviceFiles(RootDirectory root)
{
    private const uint CharacterDevice = 0x2000;
    private const uint BlockDevice = 0x6000;
    private const uint Fifo = 0x1000;
    private const uint ReadWriteForAll = 0x1B6; // 0666

    private static readonly (string Name, uint Major, uint Minor)[] _defaults =
    [
        ("/dev/null", 1, 3), ("/dev/zero", 1, 5), ("/dev/full", 1, 7), ("/dev/random", 1, 8), ("/dev/urandom", 1, 9), ("/dev/tty", 5, 0),
    ];

    private static readonly (string Name, string Target)[] _links =
    [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"),
    ];

    /// <summary>A bind of the host's whole /dev leaves nothing to make.</summary>
    internal static bool AreNeeded(OciSpec spec) =>
        !(spec.Mounts ?? []).Any(m => m.Destination.TrimEnd('/') == "/dev" && MountOptions.Parse(m).IsBind);

    internal void Make(IReadOnlyList<OciDevice> devices, bool inUserNamespace)
    {
        foreach (var (name, major, minor) in _defaults)
        {
            if (!devices.Any(d => d.Path == name))
            {
                Make(new OciDevice { Type = "c", Path = name, Major = major, Minor = minor, FileMode = ReadWriteForAll }, inUserNamespace);
            }
        }

        foreach (var device in devices)
        {
            Make(device, inUserNamespace);
        }

        MakeLinks();
    }

    private void Make(OciDevice device, bool inUserNamespace)
    {
        // The terminal multiplexer belongs to the container's own devpts; see MakeLinks.
        if (device.Path == "/dev/ptmx")
        {
            return;
        }

        try
        {
            if (inUserNamespace || !TryMakeNode(device))
            {
                Bind(device);
            }
        }
        catch (LinuxException e)
        {
            throw StartException.Of("devices", e, $"error creating device node \"{device.Path}\": {e.Message}");
        }
    }

    /// <returns>False where the kernel lets nobody here make devices.</returns>
    private bool TryMakeNode(OciDevice device)
    {
        using var parent = root.MakeDirectory(Path.GetDirectoryName(device.Path) ?? "/");
        MountPlace.Check(parent, device.Path);
        var name = Path.GetFileName(device.Path);
        var type = TypeOf(device);
        try
        {
            using var made = DirectoryEntry.TryMakeNode(parent, name, type, (uint)device.Major, (uint)device.Minor);
            if (made is null)
            {
                using var entry = DirectoryEntry.TryOpen(parent, name) ?? throw new LinuxException("open", Errno.ENOENT, device.Path);
                return Is(entry, device, type) ? true : throw new LinuxException("mknod", Errno.EEXIST, device.Path);
            }

            // Through its descriptor: where others have this directory too, its name may be a link to anything by now.
            made.SetOwner(device.Uid ?? 0, device.Gid ?? 0);

            // A call of its own, because the umask takes bits off the mode that mknod is given.
            made.SetMode(device.FileMode ?? ReadWriteForAll);
            return true;
        }
        catch (LinuxException e) when (e.Errno is Errno.EPERM)
        {
            return false;
        }
    }

    private void Bind(OciDevice device)
    {
        using var source = DetachedMount.Clone(device.Path, recursive: false);

        // The path is one of the container's. What the host has there is only taken where it is the device that was asked for.
        if (!Is(source.Descriptor, device, TypeOf(device)))
        {
            throw new LinuxException("open", Errno.ENODEV, device.Path);
        }

        using var target = root.MakeFile(device.Path);
        MountPlace.Check(target, device.Path);
        source.MoveTo(target);
    }

    private static bool Is(FileDescriptor file, OciDevice device, uint type)
    {
        var status = FileStatus.Of(file);
        return status.Mode - status.Permissions == type && (type == Fifo || status.Device == ((uint)device.Major, (uint)device.Minor));
    }

    private static uint TypeOf(OciDevice device) => device.Type switch
    {
        "b" => BlockDevice,
        "p" => Fifo,
        "c" or "u" => CharacterDevice,
        _ => throw StartException.Of("devices", $"device \"{device.Path}\" has an unknown type \"{device.Type}\""),
    };

    private void MakeLinks()
    {
        using var dev = root.MakeDirectory("/dev");
        MountPlace.Check(dev, "/dev");
        foreach (var (name, target) in _links)
        {
            _ = DirectoryEntry.TryMakeLink(dev, name, target);
        }

        if (File.Exists("/proc/kcore"))
        {
            _ = DirectoryEntry.TryMakeLink(dev, "core", "/proc/kcore");
        }

        // An image's own /dev/ptmx would be the host's multiplexer.
        using var pts = root.TryResolve("/dev/pts");
        if (pts is not null && !DirectoryEntry.TryMakeLink(dev, "ptmx", "pts/ptmx"))
        {
            _ = DirectoryEntry.TryRemove(dev, "ptmx");
            _ = DirectoryEntry.TryMakeLink(dev, "ptmx", "pts/ptmx");
        }
    }
}
