namespace Berth.Runtime.Tests.Commands;

public sealed class DeleteTests
{
    [Fact]
    public async Task A_running_container_is_deleted_only_by_force()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        var refused = await container.CommandAsync("delete");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("that is not stopped: running", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await container.CommandAsync("delete", "--force")).ExitCode);
        Assert.Contains("container does not exist", (await container.CommandAsync("state")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frozen_container_is_deleted_by_force()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        Assert.Equal(0, (await container.CommandAsync("pause")).ExitCode);
        Assert.Equal(0, (await container.CommandAsync("delete", "--force")).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_an_error_but_by_force_is_none()
    {
        await using var container = TestContainer.Of("true");
        Assert.Equal(1, (await container.CommandAsync("delete")).ExitCode);
        Assert.Equal(0, (await container.CommandAsync("delete", "--force")).ExitCode);
    }

    [Fact]
    public async Task A_container_that_was_created_and_never_started_is_deleted_with_its_process()
    {
        await using var container = TestContainer.Of("sleep 60");
        _ = await container.CreateAsync();
        var pid = await container.PidAsync();
        Assert.Equal(0, (await container.CommandAsync("delete")).ExitCode);

        // Gone, or a zombie of the test machine's own first process.
        Assert.True(!File.Exists($"/proc/{pid}/cmdline") || (await File.ReadAllTextAsync($"/proc/{pid}/cmdline", TestContext.Current.CancellationToken)).Length == 0);
    }
}
