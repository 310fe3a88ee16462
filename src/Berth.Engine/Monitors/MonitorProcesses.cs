using Berth.Linux;
using Berth.Linux.Cgroups;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;
using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>
/// Starts the monitors of containers, and reaps those that end while this daemon lives. One waits ahead of need, so that its own
/// start (2 to 3 ms) is no part of a container's.
/// </summary>
public sealed class MonitorProcesses(string runtimePath, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _firstReapDelay = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan _longestReapDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CgroupMoves _moves = new(CgroupLayout.Read());
    private ContainerMonitor? _spare;
    private bool _disposed;

    /// <summary>Makes the container in a monitor of its own; its first process then waits for <see cref="ContainerMonitor.StartAsync"/>.</summary>
    /// <exception cref="MonitorFailureException">It could not be made; all is undone.</exception>
    public async Task<ContainerMonitor> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        // The monitor moves the container's first process into its cgroup, after some milliseconds of other work.
        _moves.Anticipate();
        if (TakeSpare() is { } spare && await TryCreateAsync(spare, plan, isSpare: true, cancellationToken))
        {
            return spare;
        }

        var monitor = Start();
        await TryCreateAsync(monitor, plan, isSpare: false, cancellationToken);
        return monitor;
    }

    /// <summary>
    /// Starts the spare where there is none. To be called when the daemon has started; then each container that has started, and
    /// nobody waits for any more, brings the next.
    /// </summary>
    public void PrepareSpare()
    {
        lock (_gate)
        {
            if (_spare is null && !_disposed)
            {
                _spare = Start();
            }
        }
    }

    /// <summary>Lets the spare end. Containers and their monitors go on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        TakeSpare()?.Dispose();
    }

    private ContainerMonitor? TakeSpare()
    {
        lock (_gate)
        {
            var spare = _spare;
            _spare = null;
            return spare is { Closed.IsCompleted: true } ? null : spare;
        }
    }

    /// <returns>False where the spare was dead before it was asked; nothing was made then.</returns>
    private async Task<bool> TryCreateAsync(ContainerMonitor monitor, ContainerPlan plan, bool isSpare, CancellationToken cancellationToken)
    {
        try
        {
            await monitor.CreateAsync(plan, cancellationToken);
            _ = PrepareNextAsync(monitor);
            return true;
        }
        catch (MonitorFailureException e) when (isSpare && e.Failure.Step == MonitorFailureException.MonitorStep)
        {
            monitor.Dispose();
            return false;
        }
        catch
        {
            monitor.Dispose();
            throw;
        }
    }

    private async Task PrepareNextAsync(ContainerMonitor monitor)
    {
        await monitor.Settled;
        try
        {
            PrepareSpare();
        }
        catch (MonitorFailureException)
        {
            // Whoever needs the next monitor will be told why there is none.
        }
    }

    private ContainerMonitor Start()
    {
        var (ours, theirs) = UnixSocket.Pair();
        using (theirs)
        {
            try
            {
                var process = ChildProcess.Spawn(new SpawnPlan
                {
                    Path = runtimePath,
                    Arguments = [runtimePath, "monitor"],
                    Descriptors = [theirs],
                    NewSession = true,
                });
                var monitor = new ContainerMonitor(MonitorConnection.Of(ours), time);
                _ = ReapAsync(process, monitor.Closed);
                return monitor;
            }
            catch (LinuxException e)
            {
                ours.Dispose();
                throw MonitorFailureException.OfMonitor($"cannot start a monitor: {e.Message}", e);
            }
        }
    }

    /// <summary>
    /// A monitor that ends closes its connection first, so that is the sign to wait for; its end follows at once. If this daemon ends
    /// before it, it is the init process's to reap.
    /// </summary>
    private async Task ReapAsync(ProcessHandle process, Task closed)
    {
        using (process)
        {
            await closed;
            for (var delay = _firstReapDelay; process.TryReap() is null; delay = delay * 2 < _longestReapDelay ? delay * 2 : _longestReapDelay)
            {
                await Task.Delay(delay, time);
            }
        }
    }
}
