using System.Net;
using System.Net.Sockets;

namespace Berth.Engine.Tests.Networks;

/// <summary>Sends frames as they are on the first link of a container (packet(7)), which CAP_NET_RAW allows it to.</summary>
internal sealed class PacketSocket(Place place) : IDisposable
{
    private readonly Socket _socket = place.Open(AddressFamily.Packet, SocketType.Raw, 0);
    private readonly int _link = int.Parse(place.Sh("ip -o link show eth0 | cut -d: -f1"), System.Globalization.CultureInfo.InvariantCulture);

    internal void Send(byte[] frame) => _socket.SendTo(frame, new LinkEndPoint(_link, frame[..6]));

    public void Dispose() => _socket.Dispose();

    /// <summary>struct sockaddr_ll</summary>
    private sealed class LinkEndPoint(int link, byte[] target) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            for (var i = 0; i < 4; i++)
            {
                address[4 + i] = (byte)(link >> (8 * i));
            }

            address[11] = 6;
            for (var i = 0; i < 6; i++)
            {
                address[12 + i] = target[i];
            }

            return address;
        }
    }
}
