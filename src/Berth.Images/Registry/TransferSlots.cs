namespace Berth.Images.Registry;

/// <summary>How many transfers run at once: as many as the configuration says at the moment.</summary>
/// <param name="limit">Asked each time that somebody comes or goes.</param>
public sealed class TransferSlots(Func<int> limit)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private int _taken;

    /// <summary>Takes a slot where one is free and nobody waits.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0 || _taken >= limit())
            {
                return false;
            }

            _taken++;
            return true;
        }
    }

    /// <summary>Waits for a slot; first come, first served.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> turn;
        lock (_gate)
        {
            turn = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            Serve();
        }

        try
        {
            await turn.Value.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (turn.List is not null)
                {
                    _waiting.Remove(turn);
                    throw;
                }
            }

            // It was this one's turn in the same moment.
            Leave();
            throw;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _taken--;
            Serve();
        }
    }

    private void Serve()
    {
        while (_taken < limit() && _waiting.First is { } next)
        {
            _taken++;
            _waiting.RemoveFirst();
            next.Value.SetResult();
        }
    }
}
