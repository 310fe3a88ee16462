namespace Berth.Runtime.Tests.Commands;

public sealed class PauseTests
{
    [Fact]
    public async Task A_paused_container_says_so_and_resumes()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        Assert.Equal(0, (await container.CommandAsync("pause")).ExitCode);
        Assert.Equal("paused", await container.StatusAsync());
        Assert.Equal(0, (await container.CommandAsync("resume")).ExitCode);
        Assert.Equal("running", await container.StatusAsync());
        Assert.Contains("not paused", (await container.CommandAsync("resume")).Error, StringComparison.Ordinal);
    }
}
