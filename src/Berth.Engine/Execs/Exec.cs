using Berth.Api.Containers;
using Berth.Engine.Containers;

namespace Berth.Engine.Execs;

/// <summary>Another process of a container: asked for, then started once, then ended.</summary>
public sealed class Exec(string id, Container container, CreateExecRequest request, DateTimeOffset created)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _started;

    public string Id { get; } = id;

    public Container Container { get; } = container;

    public CreateExecRequest Request { get; } = request;

    /// <summary>Its creation was told as an event.</summary>
    internal bool IsToldOf { get; set; }

    public bool Running { get; private set; }

    /// <summary>Null before its end.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>0 while it was not started.</summary>
    public int Pid { get; private set; }

    /// <summary>When it was made, or ended.</summary>
    public DateTimeOffset LastUse { get; private set; } = created;

    /// <summary>Completes when it runs, or failed to.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Takes the one chance to start it.</summary>
    public void BeginStart()
    {
        lock (_gate)
        {
            if (_started)
            {
                throw new EngineException(
                    ErrorKind.Conflict,
                    Running ? $"Error: Exec command {Id} is already running" : $"Error: Exec command {Id} has already run");
            }

            _started = true;
            Running = true;
        }
    }

    /// <summary>Takes the one chance to start it, for nobody.</summary>
    /// <returns>False where somebody has had it.</returns>
    internal bool TryForgo()
    {
        lock (_gate)
        {
            var had = _started;
            _started = true;
            return !had;
        }
    }

    public void Start(int pid)
    {
        Pid = pid;
        _settled.TrySetResult();
    }

    public void End(int exitCode, DateTimeOffset at)
    {
        lock (_gate)
        {
            ExitCode = exitCode;
            Running = false;
            LastUse = at;
        }

        _settled.TrySetResult();
    }
}
