using Berth.Linux;
using Berth.Linux.Events;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;

namespace Berth.Engine.Monitors;

/// <summary>The process that monitors are cloned from (<c>berth-runtime monitor</c>), and the socket over which it is asked for them.</summary>
internal sealed class MonitorNursery : IDisposable
{
    private const int EndMilliseconds = 1000;

    private readonly ProcessHandle _process;
    private readonly MessageSocket _orders;

    private MonitorNursery(ProcessHandle process, MessageSocket orders) => (_process, _orders) = (process, orders);

    /// <exception cref="LinuxException">The program could not be executed.</exception>
    public static MonitorNursery Start(string runtimePath)
    {
        var (ours, theirs) = MessageSocket.Pair();
        using (theirs)
        {
            try
            {
                var process = ChildProcess.Spawn(new SpawnPlan
                {
                    Path = runtimePath,
                    Arguments = [runtimePath, "monitor"],
                    Descriptors = [theirs.Descriptor],
                    NewSession = true,
                });
                return new MonitorNursery(process, ours);
            }
            catch
            {
                ours.Dispose();
                throw;
            }
        }
    }

    /// <summary>Has it compile a seccomp profile that its monitors will then have ready.</summary>
    public bool TryTeach(ReadOnlySpan<byte> profile) => _orders.TrySend(profile);

    /// <summary>Has a monitor made at the other end of the connection.</summary>
    /// <returns>False where the process has ended.</returns>
    public bool TryHand(FileDescriptor connection) => _orders.TrySend([0], connection);

    /// <summary>Lets the process end: it does so by itself when its socket ends. One that takes its time is the init process's to reap.</summary>
    public void Dispose()
    {
        _orders.Dispose();
        using (var end = new EventQueue())
        {
            end.Add(_process.Descriptor, 0, ReadyEvents.Readable);
            _ = end.Wait(EndMilliseconds);
        }

        _ = _process.TryReap();
        _process.Dispose();
    }
}
