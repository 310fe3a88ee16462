using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

public enum NetlinkProtocol
{
    Route = LinuxNetlink.NETLINK_ROUTE,
    Netfilter = LinuxNetlink.NETLINK_NETFILTER,
}

/// <summary>
/// A socket to one part of the kernel's network code, in the namespace it was opened in. Calls are synchronous, as the kernel's
/// own side is: it has carried everything out when the send returns. Any thread may call; one exchange is under way at a time.
/// </summary>
public sealed unsafe class NetlinkSocket : IDisposable
{
    /// <summary>The kernel answers at once; an answer that does not come is a defect, and must not hang the caller.</summary>
    private const int AnswerSeconds = 5;

    private const int SendBuffer = 4 << 20;
    private const int ReceiveBuffer = 64 << 10;

    private readonly Lock _gate = new();
    private readonly FileDescriptor _socket;
    private uint _sequence;

    private NetlinkSocket(FileDescriptor socket, uint port) => (_socket, Port) = (socket, port);

    /// <summary>The kernel's number for this socket: what its notifications name as the author of a change.</summary>
    internal uint Port { get; }

    /// <summary>Opens a socket in the network namespace of the calling thread.</summary>
    public static NetlinkSocket Open(NetlinkProtocol protocol)
    {
        var socket = OpenDescriptor(protocol);
        var timeout = new timeval { tv_sec = AnswerSeconds };
        Option(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_RCVTIMEO, &timeout, (uint)sizeof(timeval));
        // Sentences instead of bare numbers in errors, and answers that do not repeat the question.
        Option(socket, LinuxNetlink.SOL_NETLINK, LinuxNetlink.NETLINK_EXT_ACK, 1);
        Option(socket, LinuxNetlink.SOL_NETLINK, LinuxNetlink.NETLINK_CAP_ACK, 1);
        // A whole firewall goes to the kernel with one send. Where the capability is missing the normal limit does for smaller ones.
        TryOption(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_SNDBUFFORCE, SendBuffer);
        return new NetlinkSocket(socket, BindToAnyPort(socket));
    }

    /// <summary>Opens a socket that receives what the kernel says to a multicast group; it takes no requests.</summary>
    internal static FileDescriptor OpenGroup(NetlinkProtocol protocol, int group, int receiveBuffer)
    {
        var socket = OpenDescriptor(protocol);
        TryOption(socket, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_RCVBUFFORCE, receiveBuffer);
        // A socket with no port of its own has the kernel's, 0, and the kernel does not send to itself.
        BindToAnyPort(socket);
        Option(socket, LinuxNetlink.SOL_NETLINK, LinuxNetlink.NETLINK_ADD_MEMBERSHIP, group);
        return socket;
    }

    /// <summary>Carries out every message; throws for the first one that failed.</summary>
    public void Execute(NetlinkBatch batch)
    {
        if (TryExecute(batch) is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Carries out every message.</summary>
    /// <returns>What the first failing message failed with; null where none did.</returns>
    public LinuxException? TryExecute(NetlinkBatch batch) => Exchange(batch, null);

    /// <summary>Sends a batch of questions and returns what the kernel told.</summary>
    internal IReadOnlyList<NetlinkMessage> Query(NetlinkBatch batch) =>
        TryQuery(batch, out var answers) is { } failure ? throw failure : answers;

    /// <summary>Sends a batch of questions. A dump that was disturbed by a change is repeated.</summary>
    internal LinuxException? TryQuery(NetlinkBatch batch, out IReadOnlyList<NetlinkMessage> answers)
    {
        const int Attempts = 20;
        for (var attempt = 1; ; attempt++)
        {
            var received = new List<NetlinkMessage>();
            answers = received;
            var failure = Exchange(batch, received);
            if (failure is not { Errno: Errno.EINTR or Errno.ENOBUFS } || attempt == Attempts)
            {
                return failure;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static FileDescriptor OpenDescriptor(NetlinkProtocol protocol)
    {
        var socket = new FileDescriptor(Libc.socket(LinuxNetlink.AF_NETLINK, LinuxSocket.SOCK_RAW | Libc.SOCK_CLOEXEC, (int)protocol));
        return socket.IsInvalid ? throw LinuxException.FromLastError("socket", $"AF_NETLINK {protocol}") : socket;
    }

    private static uint BindToAnyPort(FileDescriptor socket)
    {
        var address = new sockaddr_nl { nl_family = LinuxNetlink.AF_NETLINK };
        var length = (uint)sizeof(sockaddr_nl);
        if (Libc.bind(socket.Number, (byte*)&address, length) != 0 || Libc.getsockname(socket.Number, &address, &length) != 0)
        {
            var failure = LinuxException.FromLastError("bind", "AF_NETLINK");
            socket.Dispose();
            throw failure;
        }

        return address.nl_pid;
    }

    private static void Option(FileDescriptor socket, int level, int name, int value) => Option(socket, level, name, &value, sizeof(int));

    private static void Option(FileDescriptor socket, int level, int name, void* value, uint length)
    {
        if (Libc.setsockopt(socket.Number, level, name, value, length) != 0)
        {
            var failure = LinuxException.FromLastError("setsockopt", name.ToString(CultureInfo.InvariantCulture));
            socket.Dispose();
            throw failure;
        }
    }

    private static void TryOption(FileDescriptor socket, int level, int name, int value) =>
        _ = Libc.setsockopt(socket.Number, level, name, &value, sizeof(int));

    private LinuxException? Exchange(NetlinkBatch batch, List<NetlinkMessage>? answers)
    {
        if (batch.Count == 0)
        {
            return null;
        }

        lock (_gate)
        {
            var first = _sequence + 1;
            _sequence += (uint)batch.Count;
            batch.Number(first);
            Send(batch);
            // Rented, because a socket inside a container's namespace is used for two exchanges and closed.
            var buffer = ArrayPool<byte>.Shared.Rent(ReceiveBuffer);
            try
            {
                return Receive(batch, first, buffer, answers);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private void Send(NetlinkBatch batch)
    {
        var bytes = batch.Buffer.Written;
        fixed (byte* start = bytes)
        {
            while (Libc.send(_socket.Number, start, (nuint)bytes.Length, 0) < 0)
            {
                var failure = LinuxException.FromLastError(batch.Messages[0].Call, batch.Messages[0].Target);
                if (failure.Errno != Errno.EINTR)
                {
                    throw failure;
                }
            }
        }
    }

    private LinuxException? Receive(NetlinkBatch batch, uint first, byte[] buffer, List<NetlinkMessage>? answers)
    {
        LinuxException? failure = null;
        var failed = int.MaxValue;
        var disturbed = false;
        var awaited = batch.Messages.Count(m => m.Answered);
        while (awaited > 0)
        {
            if (ReceiveOnce(batch, buffer) is not { } count)
            {
                return new LinuxException("recv", Errno.ENOBUFS, batch.Messages[0].Call);
            }

            foreach (var (header, payload) in NetlinkMessage.Split(buffer.AsMemory(0, count)))
            {
                var index = (int)(header.nlmsg_seq - first);
                if (index < 0 || index >= batch.Count)
                {
                    // Late answer to an exchange that was given up.
                    continue;
                }

                disturbed |= (header.nlmsg_flags & LinuxNetlink.NLM_F_DUMP_INTR) != 0;
                if (header.nlmsg_type is LinuxNetlink.NLMSG_ERROR or LinuxNetlink.NLMSG_DONE)
                {
                    var message = batch.Messages[index];
                    var errno = payload.Length >= 4 ? -MemoryMarshal.Read<int>(payload.Span) : 0;
                    // A message that asked for no answer is only heard of when it failed, and with it the whole of its batch.
                    awaited = message.Answered ? awaited - 1 : 0;
                    if (errno != 0 && index < failed)
                    {
                        (failed, failure) = (index, Failure(message, (Errno)errno, header, payload.Span));
                    }
                }
                else
                {
                    answers?.Add(new NetlinkMessage(header.nlmsg_type, payload.ToArray()));
                }
            }
        }

        return failure ?? (disturbed ? new LinuxException(batch.Messages[0].Call, Errno.EINTR, "dump") : null);
    }

    /// <returns>How many bytes; null where answers were lost for want of room (ENOBUFS).</returns>
    private int? ReceiveOnce(NetlinkBatch batch, byte[] buffer)
    {
        while (true)
        {
            fixed (byte* start = buffer)
            {
                var count = Libc.recv(_socket.Number, start, (nuint)buffer.Length, LinuxSocket.MSG_TRUNC);
                if (count >= 0)
                {
                    return count <= buffer.Length ? (int)count : throw new LinuxException("recv", Errno.EMSGSIZE, "netlink");
                }
            }

            var failure = LinuxException.FromLastError("recv", batch.Messages[0].Call);
            switch (failure.Errno)
            {
                case Errno.EINTR:
                    continue;
                case Errno.ENOBUFS:
                    return null;
                case Errno.EAGAIN:
                    throw new LinuxException("recv", Errno.ETIMEDOUT, batch.Messages[0].Call);
                default:
                    throw failure;
            }
        }
    }

    private static LinuxException Failure(NetlinkBatch.Message message, Errno errno, nlmsghdr header, ReadOnlySpan<byte> payload)
    {
        // struct nlmsgerr: the error, then the header of the question, then attributes.
        const int AttributesAt = 20;
        var target = message.Target;
        if ((header.nlmsg_flags & LinuxNetlink.NLM_F_ACK_TLVS) != 0 && payload.Length > AttributesAt)
        {
            var attributes = new NetlinkAttributes(payload[AttributesAt..]);
            while (attributes.Next())
            {
                if (attributes.Type == LinuxNetlink.NLMSGERR_ATTR_MSG)
                {
                    target = $"{target} ({attributes.Text})";
                }
            }
        }

        return new LinuxException(message.Call, errno, target);
    }
}
