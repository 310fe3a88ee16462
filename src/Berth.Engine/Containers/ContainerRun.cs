using Berth.Engine.Monitors;
using Berth.Engine.Networks;

namespace Berth.Engine.Containers;

/// <summary>One run of a container, from its start to its end, as long as this daemon watches it.</summary>
internal sealed class ContainerRun(ContainerMonitor monitor, SandboxNetwork? network) : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ContainerMonitor Monitor { get; } = monitor;

    /// <summary>Null where the container shares another's.</summary>
    public SandboxNetwork? Network { get; } = network;

    /// <summary>Completes when the end of the run was recorded and told.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Cancelled when the run is over or the daemon lets go of it.</summary>
    public CancellationToken Stopped => _stopped.Token;

    public void End() => _ended.TrySetResult();

    public void Dispose()
    {
        // Not disposed: whoever watches the run may be about to ask for its token.
        _stopped.Cancel();
        Monitor.Dispose();
    }
}
