using Berth.Engine.Containers;

namespace Berth.Engine.Tests.Containers;

public sealed class StatusTextTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "Up Less than a second")]
    [InlineData(1, "Up 1 second")]
    [InlineData(59, "Up 59 seconds")]
    [InlineData(61, "Up About a minute")]
    [InlineData(180, "Up 3 minutes")]
    [InlineData(3600, "Up About an hour")]
    [InlineData(3600 * 47, "Up 47 hours")]
    [InlineData(3600 * 24 * 3, "Up 3 days")]
    [InlineData(3600 * 24 * 21, "Up 3 weeks")]
    [InlineData(3600 * 24 * 90, "Up 3 months")]
    [InlineData(3600L * 24 * 365 * 3, "Up 3 years")]
    public void A_running_container_is_up_since(long seconds, string expected) =>
        Assert.Equal(expected, StatusText.Of(new RunState { Status = ContainerStatus.Running, StartedAt = _now.AddSeconds(-seconds) }, _now));

    [Fact]
    public void An_ended_one_tells_its_code()
    {
        var state = new RunState { Status = ContainerStatus.Exited, ExitCode = 137, FinishedAt = _now.AddHours(-2) };
        Assert.Equal("Exited (137) 2 hours ago", StatusText.Of(state, _now));
    }
}
