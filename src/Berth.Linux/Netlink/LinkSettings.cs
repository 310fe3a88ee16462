using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>Settings of one link, in the network namespace of the calling thread (Documentation/networking/ip-sysctl.rst).</summary>
public static class LinkSettings
{
    /// <summary>
    /// The link has no IPv6: nobody on it is listened to, above all no router advertisement, which any neighbour can send. Where
    /// somebody turns IPv6 on again, it still takes no advertisement.
    /// </summary>
    public static void DisableIPv6(string link)
    {
        Set("ipv6", link, "disable_ipv6", "1");
        Set("ipv6", link, "accept_ra", "0");
    }

    /// <summary>A link of IPv4 that takes nothing from its neighbours that only a router or this machine itself may say.</summary>
    public static void DistrustNeighbours(string link)
    {
        // A sender must be where the routes lead. Without this, 127.0.0.2 could come from outside where route_localnet is on.
        Set("ipv4", link, "rp_filter", "1");
        Set("ipv4", link, "accept_redirects", "0");
        Set("ipv4", link, "accept_source_route", "0");
        // Only the link's own addresses are told of, not those that the machine has elsewhere.
        Set("ipv4", link, "arp_ignore", "1");
    }

    /// <summary>Addresses of 127.0.0.0/8 neither come nor go by the link, which is the kernel's default.</summary>
    public static void KeepLoopback(string link) => Set("ipv4", link, "route_localnet", "0");

    private static unsafe void Set(string family, string link, string setting, string value)
    {
        var path = $"/proc/sys/net/{family}/conf/{link}/{setting}";
        using var file = new FileDescriptor(Libc.open(path, Libc.O_WRONLY | Libc.O_CLOEXEC));
        if (file.IsInvalid)
        {
            // A kernel without IPv6, or a link that has gone meanwhile.
            if (LinuxException.FromLastError("open", path) is { Errno: not Errno.ENOENT } error)
            {
                throw error;
            }

            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        var length = Encoding.ASCII.GetBytes(value, bytes);
        fixed (byte* data = bytes)
        {
            if (Libc.write(file.Number, data, (nuint)length) != length)
            {
                throw LinuxException.FromLastError("write", path);
            }
        }
    }
}
