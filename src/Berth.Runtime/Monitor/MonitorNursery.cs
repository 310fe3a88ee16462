using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Memory;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Monitor;
using Berth.Runtime.Containers;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Monitor;

/// <summary>
/// <c>berth-runtime monitor</c>: one process of a daemon from which all its monitors are cloned. What a monitor has to load and to
/// learn before its first container is done here once (some 10 ms of work), and stays in memory once for all of them.
/// </summary>
/// <remarks>
/// The daemon holds the other end of descriptor 3, and sends one message for each monitor that it wants, with the monitor's first
/// control connection attached. A message that has none attached is the seccomp profile (OCI's JSON) that most containers will
/// have. When that socket ends, so does the nursery; its monitors go on.
/// </remarks>
internal static class MonitorNursery
{
    private const int Orders = 3;
    private const int LongestOrder = 64 * 1024;
    private const int Failure = 1;
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int BrokenPipe = 13;
    private const int Terminate = 15;
    private const int ChildEnded = 17;

    internal static int Run()
    {
        // A monitor goes on when its terminal, its daemon or its system's shutdown would end it: its container decides. Monitors
        // that end are nobody's to reap but the kernel's: the daemon hears of it from their connections.
        ProcessControl.IgnoreSignals(Hangup, Interrupt, Terminate, BrokenPipe, ChildEnded);
        CreationRehearsal.Run();
        var program = ProgramPages.Find();
        Settle(program);
        using var orders = new MessageSocket(new FileDescriptor(Orders));
        var order = new byte[LongestOrder];
        while (orders.Receive(order, out var connection) is > 0 and var length)
        {
            using (connection)
            {
                if (connection is null)
                {
                    CreationRehearsal.LearnProfile(order.AsSpan(..length));
                    Settle(program);
                }
                else
                {
                    Clone(orders, connection, program);
                }
            }
        }

        return 0;
    }

    /// <summary>
    /// Lets go of what was only needed to learn: each clone has a copy of this process's page tables, and so has each process that
    /// it clones in turn. What is left should be what is used, and never be worth moving.
    /// </summary>
    private static void Settle(ProgramPages program)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        program.Release();
    }

    private static void Clone(MessageSocket orders, FileDescriptor connection, ProgramPages program)
    {
        try
        {
            using var child = ForkWindow.Clone(NamespaceKinds.None);
            if (child is null)
            {
                ForkWindow.Exit(Serve(orders, connection, program));
            }
        }
        catch (LinuxException e)
        {
            var failure = new StartFailure { Step = "monitor", Errno = (int)e.Errno, Message = $"cannot make a monitor: {e.Message}", ExitCode = StartException.OtherFailure };
            _ = DescriptorStream.Write(connection, MessageFrame.Of(new MonitorReply { Event = MonitorEvent.Failed, Failure = failure }), out _);
        }
    }

    /// <summary>What is the Main of a monitor.</summary>
    private static int Serve(MessageSocket orders, FileDescriptor connection, ProgramPages program)
    {
        try
        {
            orders.Dispose();
            ProcessControl.StartSession();
            ProcessControl.HeedSignals(ChildEnded);
            using var server = new MonitorServer(connection, program);
            server.Run();
            return 0;
        }
        catch (Exception)
        {
            // The server has said why, where there is a bundle to say it in.
            return Failure;
        }
    }
}
