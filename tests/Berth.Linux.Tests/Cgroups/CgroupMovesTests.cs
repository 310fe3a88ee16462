using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

public sealed class CgroupMovesTests
{
    [Fact]
    public void A_move_to_nowhere_leaves_this_process_where_it_is()
    {
        var before = File.ReadAllText("/proc/self/cgroup");
        new CgroupMoves(CgroupLayout.Read()).Move();
        Assert.Equal(before, File.ReadAllText("/proc/self/cgroup"));
    }

    [Fact]
    public void A_machine_without_cgroups_is_left_alone() => new CgroupMoves(CgroupLayout.Parse("", "")).Move();
}
