using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

public sealed class FreezeTests
{
    [Fact]
    public void Frozen_processes_stand_still_and_go_on_when_thawed()
    {
        using var test = new TestCgroup();
        var spin = test.Start("sh", "-c", "while :; do :; done");
        test.Cgroup.Freeze();
        Assert.True(test.Cgroup.IsFrozen);
        var before = Ticks(spin.Id);
        spin.WaitForExit(60);
        Assert.Equal(before, Ticks(spin.Id));
        test.Cgroup.Thaw();
        Assert.False(test.Cgroup.IsFrozen);
        Assert.True(SpinWait.SpinUntil(() => Ticks(spin.Id) > before, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Kill_ends_frozen_processes_and_those_that_fork()
    {
        using var test = new TestCgroup();
        var forks = test.Start("sh", "-c", "while :; do sh -c 'sleep 30 & sleep 30' & sleep 0.01; done");
        forks.WaitForExit(100);
        test.Cgroup.Freeze();
        Assert.True(test.Cgroup.Kill());
        Assert.Empty(test.Cgroup.Processes());
        Assert.True(forks.WaitForExit(60_000));
    }

    [Fact]
    public void The_freezer_of_v1_is_used_where_there_is_no_v2()
    {
        using var test = new TestCgroup();
        Assert.SkipWhen(test.Layout.Find("freezer") is not { IsUnified: false }, "no freezer of v1");
        using var legacy = Cgroup.TryOpen(new CgroupLayout([.. test.Layout.Hierarchies.Where(h => !h.IsUnified)]), test.Cgroup.Path)!;
        var sleep = test.Start("sleep", "60");
        legacy.Freeze();
        Assert.True(legacy.IsFrozen);
        Assert.True(legacy.Kill());
        Assert.True(sleep.WaitForExit(60_000));
    }

    // User and system time: fields 14 and 15 of proc_pid_stat(5).
    private static long Ticks(int pid) =>
        File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ').Skip(11).Take(2).Sum(t => long.Parse(t, System.Globalization.CultureInfo.InvariantCulture));
}
