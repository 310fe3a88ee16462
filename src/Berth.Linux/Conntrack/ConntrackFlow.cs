using System.Buffers.Binary;
using System.Net;
using Berth.Linux.Native;
using Berth.Linux.Netlink;

namespace Berth.Linux.Conntrack;

/// <summary>A flow of packets that the kernel remembers, with what its first packet was for, before any translation.</summary>
public sealed class ConntrackFlow
{
    private ConntrackFlow(byte[] tuple, byte[] id) => (Tuple, Id) = (tuple, id);

    /// <summary>Number of the protocol, such as 17 for UDP.</summary>
    public byte Protocol { get; private set; }

    public IPAddress Destination { get; private set; } = IPAddress.None;

    public ushort DestinationPort { get; private set; }

    /// <summary>The flow as the kernel described it, which is how it wants to be asked for it.</summary>
    internal byte[] Tuple { get; }

    /// <summary>Tells the flow from a later one with the same addresses.</summary>
    internal byte[] Id { get; }

    /// <returns>Null for a message that describes no flow.</returns>
    internal static ConntrackFlow? Read(NetlinkMessage message)
    {
        byte[] tuple = [];
        byte[] id = [];
        var attributes = message.Attributes<nfgenmsg>();
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case LinuxConntrack.CTA_TUPLE_ORIG:
                    tuple = attributes.Value.ToArray();
                    break;
                case LinuxConntrack.CTA_ID:
                    id = attributes.Value.ToArray();
                    break;
            }
        }

        if (tuple.Length == 0)
        {
            return null;
        }

        var flow = new ConntrackFlow(tuple, id);
        flow.ReadTuple();
        return flow;
    }

    private void ReadTuple()
    {
        var parts = new NetlinkAttributes(Tuple);
        while (parts.Next())
        {
            var part = parts.Type;
            var values = new NetlinkAttributes(parts.Value);
            while (values.Next())
            {
                switch (part, values.Type)
                {
                    case (LinuxConntrack.CTA_TUPLE_IP, LinuxConntrack.CTA_IP_V4_DST) when values.Value.Length == 4:
                        Destination = new IPAddress(values.Value);
                        break;
                    case (LinuxConntrack.CTA_TUPLE_PROTO, LinuxConntrack.CTA_PROTO_NUM) when values.Value.Length == 1:
                        Protocol = values.Value[0];
                        break;
                    case (LinuxConntrack.CTA_TUPLE_PROTO, LinuxConntrack.CTA_PROTO_DST_PORT) when values.Value.Length == 2:
                        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(values.Value);
                        break;
                }
            }
        }
    }
}
