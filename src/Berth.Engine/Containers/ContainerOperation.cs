namespace Berth.Engine.Containers;

/// <summary>Held by one operation on a container at a time.</summary>
internal sealed class ContainerOperation
{
    private int _waiting;

    /// <summary>Somebody waits for it: who holds it only because a client is slow should let go.</summary>
    public bool IsWanted => Volatile.Read(ref _waiting) > 0;

    /// <summary>Somebody has it.</summary>
    public bool IsHeld => Free.CurrentCount == 0;

    private SemaphoreSlim Free { get; } = new(1, 1);

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await Free.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Release() => Free.Release();
}
