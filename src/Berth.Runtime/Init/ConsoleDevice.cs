using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Runtime.Mounts;

namespace Berth.Runtime.Init;

/// <summary>Makes /dev/console the container's own terminal, which is its standard input by then.</summary>
internal static class ConsoleDevice
{
    private const string Place = "/dev/console";

    internal static void Cover()
    {
        using var root = RootDirectory.Open("/");
        using var target = root.MakeFile(Place);
        MountPlace.Check(target, Place);

        // The open terminal itself: what /dev/pts/N names is the image's to say, where it has a /dev of its own (CVE-2025-52565).
        var terminal = new FileDescriptor(0);
        using var cover = DetachedMount.Clone(terminal, recursive: false);
        terminal.SetHandleAsInvalid();
        cover.MoveTo(target);
    }
}
