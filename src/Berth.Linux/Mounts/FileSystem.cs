using Berth.Linux.Native;

namespace Berth.Linux.Mounts;

/// <summary>A file system being configured for its mount (fsopen(2)).</summary>
public sealed class FileSystem : IDisposable
{
    private readonly FileDescriptor _context;
    private readonly string _type;

    private FileSystem(FileDescriptor context, string type) => (_context, _type) = (context, type);

    /// <param name="type">As in /proc/filesystems.</param>
    public static FileSystem Open(string type)
    {
        var context = new FileDescriptor(Libc.fsopen(Libc.SYS_fsopen, type, Libc.FSOPEN_CLOEXEC));
        return context.IsInvalid ? throw LinuxException.FromLastError("fsopen", type) : new FileSystem(context, type);
    }

    /// <summary>Sets an option with a value; a source is the option "source".</summary>
    public void Set(string key, string value) => Configure(Libc.FSCONFIG_SET_STRING, key, value);

    /// <summary>Sets an option without a value.</summary>
    public void Set(string key) => Configure(Libc.FSCONFIG_SET_FLAG, key, null);

    /// <summary>Makes the file system and a mount of it.</summary>
    public DetachedMount Mount(MountAttributes attributes)
    {
        Configure(Libc.FSCONFIG_CMD_CREATE, null, null);
        var mount = new FileDescriptor(Libc.fsmount(Libc.SYS_fsmount, _context.Number, Libc.FSMOUNT_CLOEXEC, (uint)attributes));
        return mount.IsInvalid ? throw LinuxException.FromLastError("fsmount", _type) : new DetachedMount(mount);
    }

    public void Dispose() => _context.Dispose();

    private void Configure(uint command, string? key, string? value)
    {
        if (Libc.fsconfig(Libc.SYS_fsconfig, _context.Number, command, key, value, 0) != 0)
        {
            throw LinuxException.FromLastError("fsconfig", key is null ? _type : $"{_type} {key}{(value is null ? "" : "=" + value)}");
        }
    }
}
