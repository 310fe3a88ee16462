using Berth.Linux.Native;

namespace Berth.Linux.Events;

/// <summary>Sleeping for less than a millisecond, which is the least that the base library does.</summary>
public static unsafe class ShortSleep
{
    /// <summary>Sleeps, or returns earlier where a signal came.</summary>
    /// <param name="time">Less than a second.</param>
    public static void For(TimeSpan time)
    {
        var request = stackalloc long[] { 0, (long)time.TotalNanoseconds };
        _ = Libc.nanosleep(request, null);
    }
}
