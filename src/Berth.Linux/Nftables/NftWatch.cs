using System.Net.Sockets;
using Berth.Linux.Native;
using Berth.Linux.Netlink;

namespace Berth.Linux.Nftables;

/// <summary>Follows the changes that other sockets make to the firewall.</summary>
public sealed class NftWatch : IDisposable
{
    private const int ReceiveBuffer = 1 << 20;

    private readonly byte[] _received = new byte[64 << 10];
    private readonly Socket _socket;

    private NftWatch(Socket socket) => _socket = socket;

    /// <summary>Starts to watch the network namespace of the calling thread.</summary>
    public static NftWatch Open()
    {
        using var descriptor = NetlinkSocket.OpenGroup(NetlinkProtocol.Netfilter, LinuxNfTables.NFNLGRP_NFTABLES, ReceiveBuffer);
        var handle = new SafeSocketHandle(descriptor.Number, ownsHandle: true);
        descriptor.SetHandleAsInvalid();
        return new NftWatch(new Socket(handle));
    }

    /// <summary>Waits for changes by others than <paramref name="own"/>.</summary>
    /// <returns>Names of the tables that were changed; null where changes came faster than they were read: any may have changed.</returns>
    public async Task<IReadOnlySet<string>?> NextAsync(NetlinkSocket own, CancellationToken cancellationToken)
    {
        var tables = new HashSet<string>();
        while (tables.Count == 0)
        {
            try
            {
                var count = await _socket.ReceiveAsync(_received, SocketFlags.None, cancellationToken);
                Read(_received.AsMemory(0, count), own.Port, tables);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.NoBufferSpaceAvailable)
            {
                return null;
            }
        }

        return tables;
    }

    public void Dispose() => _socket.Dispose();

    private static void Read(ReadOnlyMemory<byte> received, uint own, HashSet<string> tables)
    {
        // Every message but the one that ends a transaction has the table's name as its first attribute.
        const ushort TableName = LinuxNfTables.NFTA_TABLE_NAME;
        foreach (var (header, payload) in NetlinkMessage.Split(received))
        {
            if (header.nlmsg_pid == own || header.nlmsg_type == NftQueries.Type(LinuxNfTables.NFT_MSG_NEWGEN))
            {
                continue;
            }

            var attributes = new NetlinkMessage(header.nlmsg_type, payload).Attributes<nfgenmsg>();
            while (attributes.Next())
            {
                if (attributes.Type == TableName)
                {
                    tables.Add(attributes.Text);
                }
            }
        }
    }
}
