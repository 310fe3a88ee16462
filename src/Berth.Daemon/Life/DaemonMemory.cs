using Berth.Linux.Memory;

namespace Berth.Daemon.Life;

/// <summary>Gives memory back that only something large, or something done once, needed: a daemon mostly waits.</summary>
static class DaemonMemory
{
    /// <summary>So many bytes allocated between two ticks are the ticks' own.</summary>
    private const long Quiet = 128 * 1024;

    private const long WorthGiving = 2 * 1024 * 1024;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(500);

    private static readonly Lazy<ProgramPages> _program = new(ProgramPages.Find);

    /// <summary>Gives back in quiet moments what a busy one has left, as long as the daemon lives.</summary>
    public static async Task WatchAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        // Nothing at once: whoever started the daemon wants its answer first.
        using var ticks = new PeriodicTimer(_tick, time);
        for (long last = 0, given = 0; await ticks.WaitForNextTickAsync(cancellationToken);)
        {
            var now = GC.GetTotalAllocatedBytes();
            if (now - last < Quiet && now - given > WorthGiving)
            {
                GiveBack();
                given = now;
            }

            last = now;
        }
    }

    /// <summary>Collects what is garbage and lets go of the program's pages; takes some milliseconds.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _program.Value.Release();
    }

    /// <summary>Carries out a request that moves whole images, and gives back what it took; the client does not wait for that.</summary>
    public static async Task AfterAsync(Task request)
    {
        try
        {
            await request;
        }
        finally
        {
            _ = Task.Run(GiveBack);
        }
    }
}
