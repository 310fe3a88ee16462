namespace Berth.Engine;

/// <summary>
/// Compensations of an operation with several effects. Each effect pushes how to take it back; <see cref="Commit"/> at the end
/// keeps them all. Disposed without a commit, they run last first; one that fails does not keep the others from running, and is
/// reported to <paramref name="failed"/> instead of hiding the error that led here.
/// </summary>
public sealed class Undo(Action<string, Exception> failed) : IAsyncDisposable
{
    private readonly Stack<(string What, Func<ValueTask> Run)> _compensations = new();

    /// <param name="what">What the compensation does, for the report of its failure.</param>
    /// <param name="compensation">Must not depend on the request's cancellation.</param>
    public void Push(string what, Func<ValueTask> compensation) => _compensations.Push((what, compensation));

    public void Push(string what, Action compensation) =>
        Push(what, () =>
        {
            compensation();
            return ValueTask.CompletedTask;
        });

    public void Commit() => _compensations.Clear();

    public async ValueTask DisposeAsync()
    {
        while (_compensations.TryPop(out var compensation))
        {
            try
            {
                await compensation.Run();
            }
            catch (Exception e)
            {
                failed(compensation.What, e);
            }
        }
    }
}
