using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Sockets;
using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>Makes the monitors of containers. They are cloned from one process, the nursery, which is replaced where it was killed.</summary>
/// <param name="runtimePath">Path of berth-runtime.</param>
/// <param name="usualProfile">The seccomp profile (OCI's JSON) that most containers will have; null: not known.</param>
/// <param name="time">What timeouts are measured with.</param>
public sealed class MonitorProcesses(string runtimePath, Func<byte[]?>? usualProfile, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CgroupMoves _moves = new(CgroupLayout.Machine, time);
    private MonitorNursery? _nursery;
    private bool _disposed;

    /// <summary>A process will soon be started in a container: its monitor will move it into a cgroup.</summary>
    public void Expect()
    {
        _moves.Expect();
        if (_nursery is null)
        {
            // Where it fails, so does the start that is expected, which says why.
            _ = Task.Run(Prepare);
        }
    }

    /// <summary>
    /// Has the container made by a monitor of its own. When this returns, the first process exists and has its namespaces;
    /// <see cref="ContainerMonitor.Created"/> says when all is made, or why it is not.
    /// </summary>
    /// <exception cref="MonitorFailureException">It could not be made; all is undone.</exception>
    public async Task<ContainerMonitor> CreateAsync(ContainerPlan plan)
    {
        _moves.Expect();
        for (var isLast = false; ; isLast = true)
        {
            var monitor = Start();
            try
            {
                await monitor.CreateAsync(plan);
                return monitor;
            }
            catch (MonitorFailureException e) when (!isLast && e.Failure.Step == MonitorFailureException.MonitorStep)
            {
                // The nursery was killed with our order in its socket. The next one is another.
                monitor.Dispose();
            }
            catch
            {
                monitor.Dispose();
                throw;
            }
        }
    }

    /// <summary>Starts the nursery where there is none, so that the first container need not wait for it.</summary>
    /// <exception cref="MonitorFailureException">It could not be started.</exception>
    public void Prepare()
    {
        lock (_gate)
        {
            _nursery ??= StartNursery();
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
            _nursery ??= StartNursery();
            if (!_nursery.TryHand(connection))
            {
                _nursery.Dispose();
                _nursery = null;
                _nursery = StartNursery();
                if (!_nursery.TryHand(connection))
                {
                    throw MonitorFailureException.OfMonitor($"{runtimePath} monitor ends at once");
                }
            }
        }
    }

    private void TeachProfile()
    {
        if (usualProfile?.Invoke() is { } profile)
        {
            lock (_gate)
            {
                _ = _nursery?.TryTeach(profile);
            }
        }
    }

    private MonitorNursery StartNursery()
    {
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var nursery = MonitorNursery.Start(runtimePath);
            _ = Task.Run(TeachProfile);
            return nursery;
        }
        catch (LinuxException e)
        {
            throw MonitorFailureException.OfMonitor($"cannot start {runtimePath}: {e.Message}", e);
        }
    }
}
