using Berth.Linux.Sockets;
using Berth.Oci.Runtime;
using Berth.Runtime.Hooks;
using Berth.Runtime.Processes;
using Berth.Runtime.Seccomp;
using Berth.Runtime.State;

namespace Berth.Runtime.Containers;

/// <summary>Gives a created container the word to start.</summary>
internal static class ContainerStart
{
    private const int Kill = 9;

    /// <exception cref="StartException">The program could not be executed, or a poststart hook failed: the container has ended.</exception>
    internal static void Run(ContainerDirectory directory, ContainerRecord record, OciSpec spec)
    {
        using var socket = MessageSocket.TryConnect(directory.Path, ContainerDirectory.StartSocketName)
            ?? throw StartException.Of("start", "cannot start a container that has stopped");
        using var channel = new InitChannel(socket);

        // From here on the container is no longer "created"; nobody else can connect either.
        File.Delete(directory.StartSocket);

        // execve closes the other end; so does the end of the process, but before it says that it executes.
        channel.Expect(InitWord.Executing);
        while (channel.Receive(out var attached) is InitWord.SeccompListener)
        {
            SeccompListener.HandOn(attached!, spec.Linux!.Seccomp!, ContainerStatus.State(directory, record), record.Pid);
        }

        try
        {
            HookRunner.Run(spec.Hooks?.Poststart, ContainerStatus.State(directory, record));
        }
        catch (StartException)
        {
            ContainerSignal.Send(record, Kill);
            throw;
        }
    }
}
