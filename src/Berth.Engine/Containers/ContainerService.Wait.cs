namespace Berth.Engine.Containers;

/// <summary>What a client waits for.</summary>
public enum WaitCondition
{
    NotRunning,
    NextExit,
    Removed,
}

public sealed partial class ContainerService
{
    /// <summary>The end that the client waits for, with the state that it left. The wait has begun when this returns.</summary>
    public Task<RunState> Wait(string nameOrId, WaitCondition condition)
    {
        var lifecycle = Get(nameOrId).Lifecycle;
        return condition switch
        {
            WaitCondition.NextExit => lifecycle.NextExit,
            WaitCondition.Removed => lifecycle.Removed,
            _ => lifecycle.NotRunning,
        };
    }
}
