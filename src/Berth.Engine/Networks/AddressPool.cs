using System.Buffers.Binary;
using System.Net;

namespace Berth.Engine.Networks;

/// <summary>The addresses of one IPv4 subnet, given to containers and taken back.</summary>
/// <remarks>
/// The next address is the lowest free one after the last that was given, so that an address that was just freed is not met again
/// by those who still remember its last owner.
/// </remarks>
internal sealed class AddressPool
{
    private readonly Lock _gate = new();
    private readonly HashSet<uint> _taken = [];
    private readonly uint _first;
    private readonly uint _last;
    private readonly uint _firstGiven;
    private readonly uint _lastGiven;
    private uint _previous;

    /// <param name="subnet">All addresses of the network.</param>
    /// <param name="gateway">The bridge's own.</param>
    /// <param name="range">Those that are given to who names none; null: all.</param>
    internal AddressPool(IPNetwork subnet, IPAddress gateway, IPNetwork? range = null)
    {
        Subnet = subnet;
        Gateway = gateway;
        // The network's own address and the broadcast address are nobody's.
        _first = Number(subnet.BaseAddress) + 1;
        _last = Number(subnet.BaseAddress) + (uint)((1UL << (32 - subnet.PrefixLength)) - 2);
        _firstGiven = range is { } part ? Math.Max(_first, Number(part.BaseAddress)) : _first;
        _lastGiven = range is { } same ? Math.Min(_last, Number(same.BaseAddress) + (uint)((1UL << (32 - same.PrefixLength)) - 1)) : _last;
        _previous = _firstGiven - 1;
        _taken.Add(Number(gateway));
    }

    internal IPNetwork Subnet { get; }

    internal IPAddress Gateway { get; }

    internal IPAddress Take()
    {
        lock (_gate)
        {
            for (var tried = 0L; tried <= (long)_lastGiven - _firstGiven; tried++)
            {
                _previous = _previous >= _lastGiven ? _firstGiven : _previous + 1;
                if (_taken.Add(_previous))
                {
                    return Address(_previous);
                }
            }

            throw NetworkErrors.NoFreeAddress();
        }
    }

    /// <summary>Takes the address that a user asked for.</summary>
    internal void Take(IPAddress address)
    {
        var number = Subnet.Contains(address) ? Number(address) : 0;
        if (number < _first || number > _last)
        {
            throw NetworkErrors.AddressOutsideSubnet(address);
        }

        lock (_gate)
        {
            if (!_taken.Add(number))
            {
                throw NetworkErrors.AddressInUse();
            }
        }
    }

    internal void Free(IPAddress address)
    {
        lock (_gate)
        {
            if (!address.Equals(Gateway))
            {
                _taken.Remove(Number(address));
            }
        }
    }

    private static uint Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static IPAddress Address(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
