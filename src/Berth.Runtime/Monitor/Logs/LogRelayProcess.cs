using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Monitor;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>A program that sends a log on where that takes more than a monitor has. It ends when our end of its input is closed.</summary>
internal static class LogRelayProcess
{
    private const int StandardInput = 0;

    /// <returns>Where it takes its messages, without waiting; null: no process can be made. One that cannot be executed closes it.</returns>
    internal static FileDescriptor? TryStart(LogRelay relay)
    {
        var (ours, theirs) = MessageSocket.Pair();
        using (theirs)
        {
            try
            {
                DescriptorStream.SetNonBlocking(ours.Descriptor);
                var image = new ProgramImage([.. relay.Command], [.. relay.Environment]);
                DetachedProcess.Start(
                    () => _ = image.Execute(relay.Command[0]),
                    prepare: () => DescriptorTable.Assign(theirs.Descriptor, StandardInput));
                return ours.Descriptor;
            }
            catch (LinuxException)
            {
                ours.Dispose();
                return null;
            }
        }
    }
}
