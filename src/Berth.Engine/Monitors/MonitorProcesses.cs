using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Sockets;
using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>Makes the monitors of containers. They are cloned from one process, the nursery, which is replaced where it was killed.</summary>
public sealed class MonitorProcesses(string runtimePath, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CgroupMoves _moves = new(CgroupLayout.Read());
    private MonitorNursery? _nursery;
    private bool _disposed;

    /// <summary>Makes the container in a monitor of its own; its first process then waits for <see cref="ContainerMonitor.StartAsync"/>.</summary>
    /// <exception cref="MonitorFailureException">It could not be made; all is undone.</exception>
    public async Task<ContainerMonitor> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        // The monitor moves the container's first process into its cgroup, after some milliseconds of other work.
        _moves.Anticipate();
        var monitor = Start();
        try
        {
            await monitor.CreateAsync(plan, cancellationToken);
            return monitor;
        }
        catch
        {
            monitor.Dispose();
            throw;
        }
    }

    /// <summary>Starts the nursery where there is none, so that the first container need not wait for it.</summary>
    /// <exception cref="MonitorFailureException">It could not be started.</exception>
    public void Prepare()
    {
        lock (_gate)
        {
            _nursery ??= Nursery();
        }
    }

    /// <summary>Lets the nursery end. Containers and their monitors go on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _nursery?.Dispose();
            _nursery = null;
        }
    }

    private ContainerMonitor Start()
    {
        var (ours, theirs) = UnixSocket.Pair();
        using (theirs)
        {
            try
            {
                Hand(theirs);
                return new ContainerMonitor(MonitorConnection.Of(ours), time);
            }
            catch
            {
                ours.Dispose();
                throw;
            }
        }
    }

    /// <summary>Has a monitor made at the other end of the connection.</summary>
    private void Hand(FileDescriptor connection)
    {
        lock (_gate)
        {
            _nursery ??= Nursery();
            if (!_nursery.TryHand(connection))
            {
                _nursery.Dispose();
                _nursery = null;
                _nursery = Nursery();
                if (!_nursery.TryHand(connection))
                {
                    throw MonitorFailureException.OfMonitor($"{runtimePath} monitor ends at once");
                }
            }
        }
    }

    private MonitorNursery Nursery()
    {
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return MonitorNursery.Start(runtimePath);
        }
        catch (LinuxException e)
        {
            throw MonitorFailureException.OfMonitor($"cannot start {runtimePath}: {e.Message}", e);
        }
    }
}
