using Berth.Engine.Monitors;
using Berth.Monitor;

namespace Berth.Engine.Containers;

/// <summary>A client that attached before the container runs. Its stream is opened between create and start, so that it misses nothing.</summary>
internal sealed class PendingAttach(AttachRequest request)
{
    private readonly TaskCompletionSource<MonitorStream?> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AttachRequest Request { get; } = request;

    /// <summary>The stream; null where the container was not started, but failed or was removed.</summary>
    public Task<MonitorStream?> Stream => _stream.Task;

    public void Connect(MonitorStream stream)
    {
        if (!_stream.TrySetResult(stream))
        {
            stream.Dispose();
        }
    }

    public void Cancel() => _stream.TrySetResult(null);
}
