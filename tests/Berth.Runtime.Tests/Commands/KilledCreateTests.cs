using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Commands;

/// <summary>A create that is killed leaves nothing that a forced delete does not remove.</summary>
public sealed class KilledCreateTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_killed_create_leaves_is_deleted_and_the_id_is_free()
    {
        await using var container = TestContainer.Of("echo again");
        await CreateKilledAsync(container);
        Assert.Equal(0, (await container.CommandAsync("delete", "--force")).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
        Assert.Empty(Cgroups(container));
        Assert.Equal(new Result(0, "again\n", ""), await container.With(s => s with { Hooks = null }).RunAsync());
    }

    [Fact]
    public async Task The_id_of_a_killed_create_can_be_taken_without_a_delete()
    {
        await using var container = TestContainer.Of("echo again");
        await CreateKilledAsync(container);
        Assert.Equal(new Result(0, "again\n", ""), await container.With(s => s with { Hooks = null }).RunAsync());
    }

    [Fact]
    public async Task Killed_at_any_moment_it_leaves_no_process_and_no_state()
    {
        await using var container = TestContainer.Of("sleep 1000");
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(0, (await container.CreateAsync()).ExitCode);
            Assert.Equal(0, (await container.CommandAsync("delete", "--force")).ExitCode);
            using (var create = RuntimeBinary.Start(["--root", container.StateRoot, "create", "--bundle", container.BundlePath, container.Id]))
            {
                // Spread over what a create takes, wherever that is on this machine.
                await Task.Delay(TimeSpan.FromMilliseconds(i), _cancellation);
                create.Kill();
                await create.WaitForExitAsync(_cancellation);
            }

            Assert.Equal(0, (await container.CommandAsync("delete", "--force")).ExitCode);
            Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
            Assert.Empty(Cgroups(container));
        }
    }

    [Fact]
    public async Task The_first_process_ends_when_its_creator_ends_before_the_container_is_recorded()
    {
        await using var container = TestContainer.Of("sleep 1000");
        var pid = await CreateKilledAsync(container);
        while (Directory.Exists($"/proc/{pid}") && !(await File.ReadAllTextAsync($"/proc/{pid}/stat", _cancellation)).Contains(") Z", StringComparison.Ordinal))
        {
            await Task.Delay(10, _cancellation);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_create_below_a_frozen_cgroup_is_refused_and_does_not_wait()
    {
        await using var parent = TestContainer.Of("sleep 1000");
        await parent.StartAsync();
        Assert.Equal(0, (await parent.CommandAsync("pause")).ExitCode);
        await using (var child = TestContainer.Of("true").With(s => s with { Linux = s.Linux! with { CgroupsPath = $"{parent.Spec.Linux!.CgroupsPath}/child" } }))
        {
            var result = await child.RunAsync();
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("frozen", result.Error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(child.StateRoot, child.Id)));
        }

        Assert.Equal(0, (await parent.CommandAsync("resume")).ExitCode);
    }

    /// <summary>A hook kills its parent, when the first process is there and the container is not recorded.</summary>
    /// <returns>The first process.</returns>
    private async Task<string> CreateKilledAsync(TestContainer container)
    {
        var path = Path.Combine(container.Files, "pid");
        var hook = new OciHook { Path = "/bin/sh", Args = ["sh", "-c", $"read state; echo \"$state\" > {path}; kill -9 $PPID"] };
        Assert.Equal(137, (await container.With(s => s with { Hooks = new OciHooks { CreateRuntime = [hook] } }).CreateAsync()).ExitCode);
        return System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(path, _cancellation)).RootElement.GetProperty("pid").GetRawText();
    }

    private static string[] Cgroups(TestContainer container) =>
        [.. Directory.GetDirectories("/sys/fs/cgroup").Append("/sys/fs/cgroup").Select(d => d + container.Spec.Linux!.CgroupsPath).Where(Directory.Exists)];
}
