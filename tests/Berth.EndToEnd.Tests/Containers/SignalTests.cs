using System.Diagnostics;
using System.Globalization;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>Signals that the command line gets while it is attached (issue 9).</summary>
public sealed class SignalTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_interrupt_that_the_shell_had_ignored_is_passed_on_all_the_same(string client)
    {
        var name = NewName();

        // As a shell does with a job in the background.
        using var run = Start(client, "trap '' INT QUIT; exec \"$@\"", "run", "--name", name, "busybox", "sh", "-c", "trap 'exit 5' INT; echo ready; while :; do sleep 0.1; done");
        await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Output.Contains("ready", StringComparison.Ordinal));
        await SignalAsync(run, "INT");
        await run.WaitForExitAsync().WaitAsync(Shell.Limit);
        Assert.Equal(5, run.ExitCode);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_third_interrupt_frees_the_command_line_from_a_container_that_does_not_care(string client)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "an older command line does not");
        var name = NewName();
        using var run = Start(client, "exec \"$@\"", "run", "--name", name, "busybox", "sh", "-c", "trap 'echo no' INT; echo ready; while :; do sleep 0.1; done");
        await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Output.Contains("ready", StringComparison.Ordinal));
        for (var i = 1; i <= 2; i++)
        {
            await SignalAsync(run, "INT");
            await Eventually.HoldsAsync("the container got it", async () => (await Docker.RunAsync($"logs {name}")).Lines.Count(line => line == "no") == i);
            Assert.False(run.HasExited);
        }

        await SignalAsync(run, "INT");
        var error = await run.StandardError.ReadToEndAsync().WaitAsync(Shell.Limit);
        await run.WaitForExitAsync().WaitAsync(Shell.Limit);
        Assert.Equal((1, "\ngot 3 SIGTERM/SIGINTs, forcefully exiting\n"), (run.ExitCode, error));
        Assert.Equal("running", (string?)(await InspectAsync(name))["State"]!["Status"]);
    }

    private static async Task SignalAsync(Process process, string signal) =>
        (await Shell.RunAsync("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)])).Expect(0);

    /// <summary>Starts a command line by a shell script, to which its words are the arguments.</summary>
    private Process Start(string client, string script, params string[] words)
    {
        var cli = Client(client);
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])["-c", script, "sh", cli.Program, .. words])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (variable, value) in cli.Environment)
        {
            start.Environment[variable] = value;
        }

        return Process.Start(start)!;
    }
}
