namespace Berth.Engine;

/// <summary>Runs work that waits (for disks, for slow clients) on a thread of its own, so that it takes none of the pool's.</summary>
internal static class OwnThread
{
    public static Task Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    public static Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
