using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

public sealed class HookTests
{
    [Fact]
    public async Task The_hooks_run_in_order_with_the_state_on_their_input()
    {
        await using var container = TestContainer.Of("true");
        var log = Path.Combine(container.Files, "log");
        OciHook Hook(string name) => new() { Path = "/bin/sh", Args = ["sh", "-c", $"read state; echo {name} $state >> {log}"] };
        container.With(s => s with
        {
            Hooks = new OciHooks
            {
                Prestart = [Hook("prestart")],
                CreateRuntime = [Hook("createRuntime")],
                CreateContainer = [Hook("createContainer")],
                Poststart = [Hook("poststart")],
                Poststop = [Hook("poststop")],
            },
        });
        Assert.Equal(0, (await container.RunAsync()).ExitCode);
        var lines = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
        Assert.Equal(["prestart", "createRuntime", "createContainer", "poststart", "poststop"], lines.Select(l => l.Split(' ')[0]));
        Assert.All(lines, l => Assert.Contains($"id:{container.Id},", l.Replace("\"", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_startContainer_hook_runs_in_the_container_with_its_environment()
    {
        await using var container = TestContainer.Of("cat /tmp/seen", s => s with
        {
            Process = s.Process! with { Env = ["PATH=/bin", "MARK=inherited"] },
            Hooks = new OciHooks { StartContainer = [new OciHook { Path = "/bin/sh", Args = ["sh", "-c", "echo $0 $MARK > /tmp/seen", "named"] }] },
        });
        Assert.Equal("named inherited\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task A_failing_hook_before_the_start_undoes_the_container()
    {
        await using var container = TestContainer.Of("true", s => s with { Hooks = new OciHooks { CreateRuntime = [new OciHook { Path = "/bin/false" }] } });
        var result = await container.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("error running hook #0: /bin/false: exit status 1", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
    }

    [Fact]
    public async Task A_failing_poststart_hook_ends_the_container()
    {
        await using var container = TestContainer.Of("sleep 60", s => s with { Hooks = new OciHooks { Poststart = [new OciHook { Path = "/bin/false" }] } });
        Assert.Equal(1, (await container.RunAsync()).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
    }

    [Fact]
    public async Task A_hook_that_does_not_end_is_ended_after_its_timeout()
    {
        await using var container = TestContainer.Of("true", s => s with
        {
            Hooks = new OciHooks { Prestart = [new OciHook { Path = "/bin/sleep", Args = ["sleep", "60"], Timeout = 1 }] },
        });
        Assert.Contains("did not end within 1 seconds", (await container.RunAsync()).Error, StringComparison.Ordinal);
    }
}
