using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>Messages that go to the kernel with one send. It carries them out in their order, and goes on after one that fails.</summary>
/// <remarks>The methods that add messages are extensions beside this class: links, addresses, routes; nftables has its own.</remarks>
public sealed class NetlinkBatch
{
    private readonly List<Message> _messages = [];

    internal NetlinkBuffer Buffer { get; } = new(1024);

    public int Count => _messages.Count;

    internal IReadOnlyList<Message> Messages => _messages;

    public byte[] ToArray() => Buffer.Written.ToArray();

    /// <param name="call">The kernel's name of the message, for the text of an error.</param>
    /// <param name="target">What the message is about, for the text of an error.</param>
    /// <param name="type">The message's type.</param>
    /// <param name="flags">Its flags; NLM_F_REQUEST is added.</param>
    internal void Begin(string call, string? target, ushort type, ushort flags)
    {
        // The two bits of a dump mean other things, one at a time, in a message that makes something.
        var answered = (flags & LinuxNetlink.NLM_F_ACK) != 0 || (flags & LinuxNetlink.NLM_F_DUMP) == LinuxNetlink.NLM_F_DUMP;
        _messages.Add(new Message(Buffer.Length, call, target, answered));
        Buffer.Structure(new nlmsghdr { nlmsg_type = type, nlmsg_flags = (ushort)(flags | LinuxNetlink.NLM_F_REQUEST) });
    }

    /// <summary>Closes the message that was begun last.</summary>
    internal void End()
    {
        var start = _messages[^1].Offset;
        MemoryMarshal.Write(Buffer.Written[start..], (uint)(Buffer.Length - start));
    }

    /// <summary>Asks for an answer to the message that was closed last.</summary>
    internal void AcknowledgeLast()
    {
        _messages[^1] = _messages[^1] with { Answered = true };
        ref var header = ref MemoryMarshal.AsRef<nlmsghdr>(Buffer.Written[_messages[^1].Offset..]);
        header.nlmsg_flags |= LinuxNetlink.NLM_F_ACK;
    }

    /// <summary>Numbers the messages, so that answers can be told apart; the first gets <paramref name="first"/>.</summary>
    internal void Number(uint first)
    {
        for (var i = 0; i < _messages.Count; i++)
        {
            ref var header = ref MemoryMarshal.AsRef<nlmsghdr>(Buffer.Written[_messages[i].Offset..]);
            header.nlmsg_seq = first + (uint)i;
        }
    }

    /// <summary>What the batch remembers of a message: where it starts, how to name it, and whether the kernel says when it is done.</summary>
    internal readonly record struct Message(int Offset, string Call, string? Target, bool Answered);
}
