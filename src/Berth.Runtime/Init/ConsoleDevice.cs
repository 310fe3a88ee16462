using System.Globalization;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;

namespace Berth.Runtime.Init;

/// <summary>Makes /dev/console the container's own terminal.</summary>
internal static class ConsoleDevice
{
    internal static void Cover(int terminal)
    {
        using var root = RootDirectory.Open("/");
        using var target = root.MakeFile("/dev/console");
        using var slave = root.TryResolve($"/dev/pts/{terminal.ToString(CultureInfo.InvariantCulture)}")
            ?? throw new LinuxException("open", Errno.ENOENT, $"/dev/pts/{terminal}");
        using var cover = DetachedMount.Clone(slave, recursive: false);
        cover.MoveTo(target);
    }
}
