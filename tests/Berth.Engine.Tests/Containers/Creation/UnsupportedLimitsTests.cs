using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Engine.Hosts;

namespace Berth.Engine.Tests.Containers.Creation;

public sealed class UnsupportedLimitsTests
{
    private static readonly CgroupFacts _legacy = new() { Version = "1", Memory = true, Swap = true, Swappiness = true, OomKillDisable = true };
    private static readonly CgroupFacts _unified = new() { Version = "2", Memory = true, Swap = true };

    private readonly List<string> _warnings = [];

    [Fact]
    public void On_v2_swappiness_and_the_switch_of_the_out_of_memory_killer_are_dropped_with_a_warning()
    {
        var host = new HostConfig { Memory = 64 << 20, MemorySwap = 128 << 20, MemorySwappiness = 10, OomKillDisable = true };

        var kept = UnsupportedLimits.Discard(host, _unified, _warnings);

        Assert.Equal((64 << 20, 128 << 20, null, null), (kept.Memory, kept.MemorySwap, kept.MemorySwappiness, kept.OomKillDisable));
        Assert.Equal(
            [
                "Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.",
                "Your kernel does not support OomKillDisable. OomKillDisable discarded.",
            ],
            _warnings);
    }

    [Fact]
    public void What_was_not_asked_for_is_dropped_without_a_word()
    {
        var kept = UnsupportedLimits.Discard(new HostConfig { OomKillDisable = false }, _unified, _warnings);

        Assert.Null(kept.OomKillDisable);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void What_v1_can_set_stays()
    {
        var host = new HostConfig { Memory = 64 << 20, MemorySwap = 128 << 20, MemorySwappiness = 10, OomKillDisable = true };

        Assert.Equal(host, UnsupportedLimits.Discard(host, _legacy, _warnings));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Without_a_limit_of_memory_a_disabled_killer_is_worth_a_warning()
    {
        Assert.True(UnsupportedLimits.Discard(new HostConfig { OomKillDisable = true }, _legacy, _warnings).OomKillDisable);
        Assert.Contains("no memory limit is set", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_swap_is_not_counted_memory_alone_is_limited()
    {
        var host = new HostConfig { Memory = 64 << 20, MemorySwap = 128 << 20 };

        Assert.Equal(-1, UnsupportedLimits.Discard(host, _legacy with { Swap = false }, _warnings).MemorySwap);
        Assert.Contains("Memory limited without swap", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(900_000, 0)]
    [InlineData(0, 1000)]
    public void A_real_time_limit_is_refused_where_it_cannot_be_set(long period, long runtime)
    {
        var host = new HostConfig { CpuRealtimePeriod = period, CpuRealtimeRuntime = runtime };

        var error = Assert.Throws<EngineException>(() => ResourceRules.CheckRealtime(host, _unified));
        Assert.Equal((ErrorKind.InvalidParameter, "Your kernel does not support CPU real-time scheduler"), (error.Kind, error.Message));
        ResourceRules.CheckRealtime(host, _legacy with { CpuRealtime = true });
        ResourceRules.CheckRealtime(new HostConfig(), _unified);
    }
}
