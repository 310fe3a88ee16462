namespace Berth.Linux.Files;

internal static class DeviceNumber
{
    /// <summary>The C library's encoding of dev_t (makedev(3)); it hands the kernel its own.</summary>
    public static ulong Of(uint major, uint minor) =>
        (minor & 0xFFUL) | ((major & 0xFFFUL) << 8) | ((minor & ~0xFFUL) << 12) | ((major & ~0xFFFUL) << 32);
}
