using Berth.Linux;
using Berth.Linux.Sockets;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Commands;

/// <summary>Where an engine waits for the terminal of a process that it lets us make (runc, docs/terminals.md).</summary>
internal static class ConsoleSocket
{
    /// <exception cref="UsageException">The terminal would have nobody to hold it, or there is none.</exception>
    internal static void Check(string? socket, bool terminal, bool isDetached)
    {
        if (terminal && isDetached && socket is null)
        {
            throw new UsageException("cannot allocate tty if the runtime will detach without setting console socket");
        }

        if (socket is not null && !(terminal && isDetached))
        {
            throw new UsageException("cannot use console socket if the runtime will not detach or allocate tty");
        }
    }

    internal static void Send(string path, FileDescriptor master)
    {
        using var socket = MessageSocket.TryConnectStream(path) ?? throw StartException.Of("terminal", $"console socket {path}: nobody listens");

        // The message is the terminal's name, as its receivers expect; they use the descriptor.
        if (!socket.TrySend("/dev/pts/ptmx"u8, master))
        {
            throw StartException.Of("terminal", $"console socket {path}: closed");
        }
    }
}
