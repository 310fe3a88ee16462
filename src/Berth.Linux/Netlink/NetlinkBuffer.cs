using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>Bytes under construction in netlink's form: structures and attributes, each padded to four bytes (netlink(7)).</summary>
internal sealed class NetlinkBuffer
{
    private const int HeaderLength = 4;

    private byte[] _bytes;
    private int _length;

    internal NetlinkBuffer(int capacity = 256) => _bytes = new byte[capacity];

    internal int Length => _length;

    internal Span<byte> Written => _bytes.AsSpan(0, _length);

    internal void Structure<T>(in T value)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in value, 1));
        bytes.CopyTo(Extend(Padded(bytes.Length)));
    }

    internal void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var target = Extend(Padded(HeaderLength + value.Length));
        MemoryMarshal.Write(target, (ushort)(HeaderLength + value.Length));
        MemoryMarshal.Write(target[2..], type);
        value.CopyTo(target[HeaderLength..]);
    }

    internal void Byte(ushort type, byte value) => Attribute(type, [value]);

    /// <summary>A number in the machine's byte order, as rtnetlink has them.</summary>
    internal void Int32(ushort type, int value) => Attribute(type, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in value, 1)));

    /// <summary>A number in network byte order, as netfilter has them.</summary>
    internal void BigEndian(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    internal void BigEndian(ushort type, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>A string with the zero that ends it in C.</summary>
    internal void Text(ushort type, string value)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetByteCount(value) + 1];
        Encoding.UTF8.GetBytes(value, bytes);
        Attribute(type, bytes);
    }

    /// <summary>Opens an attribute that holds others; <see cref="EndNest"/> closes it.</summary>
    internal int BeginNest(ushort type)
    {
        var start = _length;
        Attribute((ushort)(type | LinuxNetlink.NLA_F_NESTED), []);
        return start;
    }

    internal void EndNest(int start) => MemoryMarshal.Write(_bytes.AsSpan(start), checked((ushort)(_length - start)));

    private static int Padded(int length) => (length + 3) & ~3;

    private Span<byte> Extend(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
