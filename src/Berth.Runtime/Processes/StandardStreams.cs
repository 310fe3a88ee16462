using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Files;
using Berth.Linux.Terminals;

namespace Berth.Runtime.Processes;

/// <summary>Gives a cloned child its own descriptors 0, 1 and 2, and none of its parent's others.</summary>
internal static class StandardStreams
{
    private const int Count = 3;

    // Devices that are the same in every root: their owner is the host's affair.
    private static readonly (uint Major, uint Minor) _null = (1, 3);

    /// <summary>First thing in the child: it is a copy of a process that holds sockets and pipes of others, whose ends must not stay open here.</summary>
    internal static void Install(ProcessStdio stdio, params ReadOnlySpan<FileDescriptor> kept)
    {
        FileDescriptor? nothing = null;
        FileDescriptor[] streams = [Source(stdio.Input), Source(stdio.Output), Source(stdio.Error)];
        for (var number = 0; number < Count; number++)
        {
            DescriptorTable.Assign(streams[number], number);
        }

        // The sources, too.
        DescriptorTable.CloseAllBut(kept, Count + stdio.PreservedDescriptors);

        // Above 2, so that no assignment closes the source of a later one.
        FileDescriptor Source(FileDescriptor? stream)
        {
            stream ??= nothing ??= OpenFile.ReadWrite("/dev/null");
            return stream.Number < Count ? DescriptorTable.Duplicate(stream) : stream;
        }
    }

    /// <summary>
    /// In the container's root: its own /dev/null where a stream is the host's, and streams that the user may open again by name
    /// (/dev/stdout is a link to this very descriptor).
    /// </summary>
    internal static void Adopt(uint user)
    {
        for (var number = 0; number < Count; number++)
        {
            var stream = new FileDescriptor(number);
            var status = FileStatus.Of(stream);
            if (status is { IsCharacterDevice: true } && status.Device == _null)
            {
                if (FileStatus.TryOf("/dev/null") is { IsCharacterDevice: true } own && own.Device == _null)
                {
                    var replacement = OpenFile.ReadWrite("/dev/null");
                    DescriptorTable.Assign(replacement, number);
                    replacement.Dispose();
                }
            }
            else if (status.User != user)
            {
                _ = OpenFile.TrySetOwner(stream, user, status.Group);
            }

            // The number goes on to the program: this object must not close it.
            stream.SetHandleAsInvalid();
        }
    }

    /// <summary>Opens a terminal in the container's devpts and makes it the three streams; not yet the controlling terminal, which takes a session.</summary>
    /// <returns>The terminal's master.</returns>
    internal static FileDescriptor OpenTerminal(ProcessStdio stdio, uint user)
    {
        var terminal = PseudoTerminal.Open("/dev/pts/ptmx");
        using (terminal.Slave)
        {
            if (stdio.Size is { } size)
            {
                Terminal.SetSize(terminal.Master, size.Rows, size.Columns);
            }

            // The group stays as devpts gave it (tty).
            _ = OpenFile.TrySetOwner(terminal.Slave, user, FileStatus.Of(terminal.Slave).Group);
            for (var number = 0; number < Count; number++)
            {
                DescriptorTable.Assign(terminal.Slave, number);
            }
        }

        return terminal.Master;
    }
}
