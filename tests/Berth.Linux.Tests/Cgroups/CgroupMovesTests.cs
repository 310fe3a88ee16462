using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

public sealed class CgroupMovesTests
{
    [Fact(Timeout = 20_000)]
    public async Task Moves_to_nowhere_leave_this_process_where_it_is_and_end_by_themselves()
    {
        Assert.SkipWhen(CgroupLayout.Read().IsPureUnified, "on v2 alone nothing is moved");
        var before = await File.ReadAllTextAsync("/proc/self/cgroup", TestContext.Current.CancellationToken);
        var moves = new CgroupMoves(CgroupLayout.Read(), TimeProvider.System);
        moves.Expect();
        moves.Expect();
        Assert.True(moves.IsAttentive);
        while (moves.IsAttentive)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, await File.ReadAllTextAsync("/proc/self/cgroup", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_machine_without_cgroups_is_left_alone()
    {
        var moves = new CgroupMoves(CgroupLayout.Parse("", ""), TimeProvider.System);
        moves.Expect();
        Assert.False(moves.IsAttentive);
    }
}
