using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>A message from the kernel, without its header.</summary>
internal readonly record struct NetlinkMessage(ushort Type, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The structure that the payload starts with; all zero where it is too short.</summary>
    internal T Structure<T>()
        where T : unmanaged =>
        Payload.Length < Unsafe.SizeOf<T>() ? default : MemoryMarshal.Read<T>(Payload.Span);

    /// <summary>The attributes that follow the structure.</summary>
    internal NetlinkAttributes Attributes<T>()
        where T : unmanaged =>
        new(Payload.Span[Math.Min(Unsafe.SizeOf<T>(), Payload.Length)..]);

    /// <summary>Splits what one receive returned. Stops at a length that does not fit.</summary>
    internal static IEnumerable<(nlmsghdr Header, ReadOnlyMemory<byte> Payload)> Split(ReadOnlyMemory<byte> received)
    {
        var headerLength = Unsafe.SizeOf<nlmsghdr>();
        while (received.Length >= headerLength)
        {
            var header = MemoryMarshal.Read<nlmsghdr>(received.Span);
            if (header.nlmsg_len < headerLength || header.nlmsg_len > received.Length)
            {
                yield break;
            }

            var length = (int)header.nlmsg_len;
            yield return (header, received[headerLength..length]);
            received = received[Math.Min((length + 3) & ~3, received.Length)..];
        }
    }
}
