using System.Globalization;

namespace Berth.Runtime.Tests.Commands;

public sealed class ExecTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exec_runs_in_the_namespaces_root_and_cgroup_of_the_container()
    {
        await using var container = TestContainer.Of("echo own > /tmp/file; sleep 60");
        await container.StartAsync();
        Assert.Equal(new Result(0, "test-host\n", ""), await container.ExecAsync("hostname"));
        Assert.Equal("own\n", (await container.ExecAsync("cat", "/tmp/file")).Output);
        Assert.All((await container.ExecAsync("cat", "/proc/self/cgroup")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.EndsWith(":/", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exec_answers_with_the_code_of_the_program_and_255_for_failures_of_its_own()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        Assert.Equal(3, (await container.ExecAsync("sh", "-c", "exit 3")).ExitCode);
        var missing = await container.ExecAsync("nosuch");
        Assert.Equal(255, missing.ExitCode);
        Assert.Contains("exec: \"nosuch\": executable file not found in $PATH", missing.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await container.CommandAsync("delete", "--force")).ExitCode);
        Assert.Equal(255, (await container.ExecAsync("true")).ExitCode);
    }

    [Fact]
    public async Task Exec_takes_user_environment_and_directory()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        var result = await container.CommandAsync(
            "exec", ["--user", "1000:1001", "--env", "A=1", "--env", "A=2", "--cwd", "/etc"], ["sh", "-c", "id -u; id -g; echo $A; pwd; echo $HOME; env | grep -c ^A="]);
        Assert.Equal(new Result(0, "1000\n1001\n2\n/etc\n/home/worker\n1\n", ""), result);
    }

    [Fact]
    public async Task Exec_works_in_a_created_container_and_leaves_it_created()
    {
        await using var container = TestContainer.Of("sleep 60");
        _ = await container.CreateAsync();
        Assert.Equal(0, (await container.ExecAsync("true")).ExitCode);
        Assert.Equal("created", await container.StatusAsync());
    }

    [Fact]
    public async Task Exec_in_a_paused_container_is_refused()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        _ = await container.CommandAsync("pause");
        var result = await container.ExecAsync("true");
        Assert.Equal(255, result.ExitCode);
        Assert.Contains("paused", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await container.CommandAsync("resume")).ExitCode);
        Assert.Equal(0, (await container.ExecAsync("true")).ExitCode);
    }

    [Fact]
    public async Task A_process_file_is_taken_alone_and_the_pid_file_holds_the_host_pid()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        var process = Path.Combine(container.Files, "process.json");
        await File.WriteAllTextAsync(process, """{"args":["/bin/sh","-c","echo $PATH; grep CapEff /proc/self/status"],"cwd":"/","env":["PATH=/x"]}""", _cancellation);
        var result = await container.CommandAsync("exec", "--process", process);
        Assert.Equal("/x\n", result.Output.Split("CapEff", 2)[0]);

        var pidFile = Path.Combine(container.Files, "pid");
        var detached = await RuntimeBinary.RunDetachedAsync(
            container.OutputPath, "--root", container.StateRoot, "exec", "--detach", "--pid-file", pidFile, container.Id, "sleep", "63");
        Assert.Equal(0, detached.ExitCode);
        var pid = int.Parse(await File.ReadAllTextAsync(pidFile, _cancellation), CultureInfo.InvariantCulture);
        Assert.Equal("sleep 63 ", (await File.ReadAllTextAsync($"/proc/{pid}/cmdline", _cancellation)).Replace('\0', ' '));
    }

    [Fact]
    public async Task Capabilities_are_added_to_an_exec()
    {
        await using var container = TestContainer.Of("sleep 60", s => s with { Process = s.Process! with { Capabilities = TestContainer.Capabilities("CAP_KILL") } });
        await container.StartAsync();
        Assert.Contains("CapEff:\t0000000000000020", (await container.ExecAsync("cat", "/proc/self/status")).Output, StringComparison.Ordinal);
        var more = await container.CommandAsync("exec", ["--cap", "CAP_CHOWN"], ["cat", "/proc/self/status"]);
        Assert.Contains("CapEff:\t0000000000000021", more.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exec_as_a_user_never_changes_the_owner_of_the_hosts_null_device()
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        Assert.Equal(0, (await RuntimeBinary.RunDetachedAsync(
            container.OutputPath, "--root", container.StateRoot, "exec", "--user", "1000", container.Id, "true")).ExitCode);
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/busybox", ["stat", "-c", "%u", "/dev/null"]) { RedirectStandardOutput = true })!;
        Assert.Equal("0\n", await stat.StandardOutput.ReadToEndAsync(_cancellation));
    }
}
