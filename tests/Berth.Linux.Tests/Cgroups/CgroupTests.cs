using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

public sealed class CgroupTests
{
    [Fact]
    public void Create_makes_the_directory_in_every_hierarchy_and_Remove_takes_all_away()
    {
        using var test = new TestCgroup();
        Assert.All(test.Layout.Hierarchies, h => Assert.True(Directory.Exists(h.MountPoint + test.Cgroup.Path), h.MountPoint));
        test.Cgroup.Remove();
        Assert.All(test.Layout.Hierarchies, h => Assert.False(Directory.Exists(h.MountPoint + test.Cgroup.Path), h.MountPoint));
    }

    [Fact]
    public void A_process_is_in_the_cgroup_in_every_hierarchy()
    {
        using var test = new TestCgroup();
        var process = test.Start("sleep", "60");
        Assert.Equal([process.Id], test.Cgroup.Processes());
        var lines = File.ReadAllLines($"/proc/{process.Id}/cgroup");
        Assert.Equal(test.Layout.Hierarchies.Count, lines.Length);
        Assert.All(lines, l => Assert.EndsWith($":{test.Cgroup.Path}", l, StringComparison.Ordinal));
    }

    [Fact]
    public void One_that_was_there_is_known_and_what_is_below_it_counts()
    {
        using var test = new TestCgroup();
        Assert.True(test.Cgroup.IsNew);
        test.Start("sleep", "60");
        using var parent = Cgroup.Create(test.Layout, test.Parent);
        Assert.False(parent.IsNew);
        Assert.Equal(1, parent.CountProcesses());
        Assert.Equal(1, test.Cgroup.CountProcesses());

        // Made in one hierarchy more than it was there in: what was there before is left.
        parent.RemoveMade();
        Assert.All(test.Layout.Hierarchies, h => Assert.True(Directory.Exists(h.MountPoint + test.Parent), h.MountPoint));
    }

    [Fact]
    public async Task Many_at_once_below_a_new_parent_do_not_disturb_each_other()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        var layout = CgroupLayout.Read();
        var parent = $"/berth-test-{Guid.NewGuid():n}";
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() =>
            {
                using var cgroup = Cgroup.Create(layout, $"{parent}/{n}");
                Assert.All(layout.Hierarchies, h => Assert.True(Directory.Exists(h.MountPoint + cgroup.Path), h.MountPoint));
                cgroup.Remove();
                Cgroup.RemoveIfEmpty(layout, parent);
            }, TestContext.Current.CancellationToken)));
        }
    }
}
