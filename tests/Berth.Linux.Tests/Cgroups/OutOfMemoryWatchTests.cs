using Berth.Linux.Cgroups;
using Berth.Linux.Events;

namespace Berth.Linux.Tests.Cgroups;

/// <summary>On whichever version of cgroups the machine has its memory in.</summary>
public sealed class OutOfMemoryWatchTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void Memory_that_runs_out_makes_it_ready_until_that_is_taken()
    {
        using var test = new TestCgroup();
        Assert.SkipUnless(test.Layout.Find("memory") is not null, "memory is not controlled");
        test.Cgroup.Apply(new CgroupLimits { Memory = 16 * MiB, MemoryAndSwap = 16 * MiB });
        using var watch = test.Cgroup.TryWatchOutOfMemory();
        Assert.NotNull(watch);
        using var queue = new EventQueue();
        queue.Add(watch.Descriptor, 1, watch.Interest);
        Assert.False(queue.Wait(0));
        Assert.False(watch.TryTake());
        for (var i = 0; i < 2; i++)
        {
            test.Start("dd", "if=/dev/zero", "of=/dev/null", "bs=100M", "count=1").WaitForExit();
            Assert.True(queue.Wait(10_000));
            Assert.True(watch.TryTake());
            Assert.False(queue.Wait(0));
            Assert.False(watch.TryTake());
        }
    }
}
