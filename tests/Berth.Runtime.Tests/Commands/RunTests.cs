namespace Berth.Runtime.Tests.Commands;

public sealed class RunTests
{
    [Fact]
    public async Task Run_answers_with_the_exit_code_and_the_output_of_the_program()
    {
        await using var container = TestContainer.Of("echo out; echo err >&2; exit 7");
        Assert.Equal(new Result(7, "out\n", "err\n"), await container.RunAsync());
    }

    [Fact]
    public async Task The_program_reads_the_input_of_run()
    {
        await using var container = TestContainer.Of("cat");
        _ = await container.CreateAsync();
        _ = await container.CommandAsync("delete", "--force");
        var result = await RuntimeBinary.RunAsync("typed", "--root", container.StateRoot, "run", "--bundle", container.BundlePath, container.Id);
        Assert.Equal(new Result(0, "typed", ""), result);
    }

    [Fact]
    public async Task A_program_that_is_ended_by_a_signal_gives_128_and_its_number()
    {
        // Signals that a first process of a pid namespace sends itself are ignored; another process of it must be asked.
        await using var container = TestContainer.Of("sleep 60");
        using var run = await StartRunAsync(container);
        await container.EventuallyAsync("running");
        _ = await container.CommandAsync("kill", [], ["KILL"]);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(137, run.ExitCode);
    }

    [Fact]
    public async Task Run_passes_signals_on_to_the_program()
    {
        await using var container = TestContainer.Of("trap 'exit 9' TERM; echo ready; while true; do sleep 0.05; done");
        using var run = await StartRunAsync(container);
        Assert.Equal("ready", await run.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using (var kill = System.Diagnostics.Process.Start("/bin/kill", ["-TERM", $"{run.Id}"]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(9, run.ExitCode);
    }

    [Fact]
    public async Task After_run_nothing_is_left()
    {
        await using var container = TestContainer.Of("sleep 60 & true");
        Assert.Equal(0, (await container.RunAsync()).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
        Assert.Empty(Directory.GetDirectories("/sys/fs/cgroup", container.Id, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }));
        Assert.DoesNotContain(container.BundlePath, await File.ReadAllTextAsync("/proc/self/mountinfo", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nosuch", "exec: \"nosuch\": executable file not found in $PATH")]
    [InlineData("/nosuch", "exec: \"/nosuch\": stat /nosuch: no such file or directory")]
    [InlineData("/etc", "exec: \"/etc\": is a directory")]
    [InlineData("/etc/passwd", "exec: \"/etc/passwd\": permission denied")]
    public async Task A_program_that_cannot_be_run_is_named_in_the_words_of_runc(string program, string message)
    {
        await using var container = TestContainer.Of("").With(s => s with { Process = s.Process! with { Args = [program] } });
        var result = await container.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
    }

    [Fact]
    public async Task A_script_whose_interpreter_is_missing_is_no_such_file()
    {
        await using var container = TestContainer.Of("");
        await File.WriteAllTextAsync(Path.Combine(container.Files, "run.sh"), "#!/nosuch\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(container.Files, "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        container.WithMount("/tmp", "bind", container.Files, "bind").With(s => s with { Process = s.Process! with { Args = ["/tmp/run.sh"] } });
        Assert.Equal("exec /tmp/run.sh: no such file or directory\n", (await container.RunAsync()).Error);
    }

    private static async Task<System.Diagnostics.Process> StartRunAsync(TestContainer container)
    {
        // Create writes the bundle; the container itself is run below, so that the test holds the process.
        _ = await container.CreateAsync();
        _ = await container.CommandAsync("delete", "--force");
        var run = RuntimeBinary.Start(["--root", container.StateRoot, "run", "--bundle", container.BundlePath, container.Id]);
        while (!File.Exists(Path.Combine(container.StateRoot, container.Id, "state.json")))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return run;
    }
}
