using Berth.Engine.Monitors;
using Berth.Engine.Networks;

namespace Berth.Engine.Containers;

/// <summary>One run of a container, from its start to its end, as long as this daemon watches it.</summary>
internal sealed class ContainerRun(ContainerMonitor monitor, SandboxNetwork? network) : IDisposable
{
    /// <summary>How long before it shows as ended a process that is being killed may have let go of its namespaces.</summary>
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    /// <summary>An end is recorded at once, unless the network or the disk is slow.</summary>
    private static readonly TimeSpan _endTimeout = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isToldOfMemory;

    public ContainerMonitor Monitor { get; } = monitor;

    /// <summary>Null where the container shares another's.</summary>
    public SandboxNetwork? Network { get; } = network;

    /// <summary>Completes when the end of the run was recorded and told.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Cancelled when the run is over or the daemon lets go of it.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>An oom event was published. One that was told in the monitor's own time need not be told with the end.</summary>
    public bool IsToldOfMemory
    {
        get => _isToldOfMemory;
        set => _isToldOfMemory = value;
    }

    public void End() => _ended.TrySetResult();

    /// <summary>Whether the run's end is why its monitor did not carry out a request. When this returns true, the end is recorded.</summary>
    public async Task<bool> IsOverAsync(TimeProvider time)
    {
        for (var begun = time.GetTimestamp(); !Monitor.HasEnded; await Task.Delay(_pause, time))
        {
            if (time.GetElapsedTime(begun) > _moment)
            {
                return false;
            }
        }

        try
        {
            await Ended.WaitAsync(_endTimeout, time);
        }
        catch (TimeoutException)
        {
            // It is over all the same.
        }

        return true;
    }

    public void Dispose()
    {
        // Not disposed: whoever watches the run may be about to ask for its token.
        _stopped.Cancel();
        Monitor.Dispose();
    }
}
