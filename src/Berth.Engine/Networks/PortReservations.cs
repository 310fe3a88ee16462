using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Berth.Linux;
using Berth.Linux.Sockets;

namespace Berth.Engine.Networks;

/// <summary>
/// The host's ports that containers have. Each is also bound by a socket of this process, so that other programs' ports are
/// noticed, and other programs notice ours.
/// </summary>
internal sealed class PortReservations(HostNetwork host) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Protocol, ushort Port), List<Reservation>> _reservations = [];
    private PortRange? _ephemeral;
    private ushort _previous;

    /// <summary>Takes a port for what is wished, the same on every address where the wish names none.</summary>
    internal Reservation Take(PortWish wish)
    {
        lock (_gate)
        {
            if (!wish.HostPorts.Any)
            {
                return TakeFrom(wish);
            }

            var range = _ephemeral ??= ReadEphemeral();
            for (var tried = range.First; tried <= range.Last; tried++)
            {
                _previous = _previous < range.First || _previous >= range.Last ? range.First : (ushort)(_previous + 1);
                if (TryTake(wish, _previous, out _) is { } reservation)
                {
                    return reservation;
                }
            }

            throw NetworkErrors.AllPortsAllocated();
        }
    }

    /// <summary>Takes back a port that was published before this process started. Its rule wins even where another program has it now.</summary>
    internal Reservation Restore(PortWish wish, out EngineException? conflict)
    {
        lock (_gate)
        {
            return TryTake(wish, wish.HostPorts.First, out conflict) ?? Add(wish, wish.HostPorts.First, []);
        }
    }

    internal void Free(Reservation reservation)
    {
        lock (_gate)
        {
            var key = (reservation.Wish.Port.Protocol, reservation.HostPort);
            if (_reservations.TryGetValue(key, out var all) && all.Remove(reservation) && all.Count == 0)
            {
                _reservations.Remove(key);
            }
        }

        reservation.Dispose();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var reservation in _reservations.Values.SelectMany(r => r))
            {
                reservation.Dispose();
            }

            _reservations.Clear();
        }
    }

    private Reservation TakeFrom(PortWish wish)
    {
        EngineException? first = null;
        for (int port = wish.HostPorts.First; port <= wish.HostPorts.Last; port++)
        {
            if (TryTake(wish, (ushort)port, out var conflict) is { } reservation)
            {
                return reservation;
            }

            first ??= conflict;
        }

        throw wish.HostPorts.First == wish.HostPorts.Last ? first! : NetworkErrors.AllPortsAllocated();
    }

    private Reservation? TryTake(PortWish wish, ushort port, out EngineException? conflict)
    {
        conflict = null;
        var others = _reservations.GetValueOrDefault((wish.Port.Protocol, port)) ?? [];
        if (others.Any(o => Collide(o.Wish.Address, wish.Address)))
        {
            conflict = NetworkErrors.PortAllocated(wish.Address, port);
            return null;
        }

        // A port of every IPv4 address keeps the one of IPv6 with it (below): it is not taken a second time.
        var hasIPv6 = others.Any(o => IsAny(o.Wish.Address));
        var sockets = new List<BoundPort>();
        foreach (var address in Addresses(wish).Where(a => a.AddressFamily == AddressFamily.InterNetwork || !hasIPv6))
        {
            if (Bind(wish.Port.Protocol, new IPEndPoint(address, port), out conflict) is { } socket)
            {
                sockets.Add(socket);
            }
            else if (conflict is not null)
            {
                sockets.ForEach(s => s.Dispose());
                return null;
            }
        }

        return Add(wish, port, sockets);
    }

    private Reservation Add(PortWish wish, ushort port, IReadOnlyList<BoundPort> sockets)
    {
        var reservation = new Reservation(wish, port, sockets);
        var key = (wish.Port.Protocol, port);
        if (!_reservations.TryGetValue(key, out var all))
        {
            _reservations[key] = all = [];
        }

        all.Add(reservation);
        return reservation;
    }

    /// <summary>IPv6 goes with every IPv4 address, so that nobody else answers at localhost, which is tried as ::1 first.</summary>
    private static IEnumerable<IPAddress> Addresses(PortWish wish) =>
        wish.Port.Protocol == "sctp" ? [] : wish.Address.Equals(IPAddress.Any) ? [IPAddress.Any, IPAddress.IPv6Any] : [wish.Address];

    private static bool Collide(IPAddress one, IPAddress other) =>
        one.AddressFamily == other.AddressFamily && (one.Equals(other) || IsAny(one) || IsAny(other));

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    /// <returns>Null with a conflict where another program has the port, null without one where the host has no such family.</returns>
    private BoundPort? Bind(string protocol, IPEndPoint endpoint, out EngineException? conflict)
    {
        var (bound, error) = host.Run(() =>
            (BoundPort.TryBind(protocol == "udp" ? ProtocolType.Udp : ProtocolType.Tcp, endpoint, out var e), e));
        var optional = endpoint.Address.Equals(IPAddress.IPv6Any) && error is Errno.EAFNOSUPPORT or Errno.EADDRNOTAVAIL;
        conflict = bound is null && !optional ? NetworkErrors.PortInUse(protocol, endpoint, error) : null;
        return bound;
    }

    private PortRange ReadEphemeral()
    {
        var numbers = host.Get("net/ipv4/ip_local_port_range").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return new PortRange(ushort.Parse(numbers[0], CultureInfo.InvariantCulture), ushort.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A port that one container has.</summary>
    internal sealed class Reservation(PortWish wish, ushort hostPort, IReadOnlyList<BoundPort> sockets) : IDisposable
    {
        internal PortWish Wish { get; } = wish;

        internal ushort HostPort { get; } = hostPort;

        public void Dispose()
        {
            foreach (var socket in sockets)
            {
                socket.Dispose();
            }
        }
    }
}
