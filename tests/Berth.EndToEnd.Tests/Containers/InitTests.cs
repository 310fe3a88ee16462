using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>--init: a first process that reaps and passes signals on, with nothing to install.</summary>
public sealed class InitTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Zombies_are_reaped(string client)
    {
        var name = NewName();
        (await Client(client).ScriptAsync($"run -d --init --name {name} busybox", "for i in 1 2 3 4 5; do (sleep 0.1 & ) ; done; exec sleep 1000")).Expect(0);
        Assert.Equal("docker-init", (await Docker.ScriptAsync($"exec {name}", "cat /proc/1/comm")).Expect(0).Line);
        await Eventually.HoldsAsync("what has ended is gone", async () =>
        {
            var processes = (await Docker.RunAsync($"exec {name} ps -o stat,args")).Expect(0).Output;
            return !processes.Contains('Z', StringComparison.Ordinal) && !processes.Split('\n').Any(line => line.EndsWith(" sleep 0.1", StringComparison.Ordinal));
        });

        // 20 KB and not the megabytes of a runtime: there may be hundreds.
        var memory = (await Docker.ScriptAsync($"exec {name}", "grep VmRSS /proc/1/status")).Expect(0).Line;
        Assert.InRange(int.Parse(memory.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture), 0, 200);
    }

    [Fact]
    public async Task The_programs_exit_code_and_signals_are_passed_on()
    {
        (await Docker.ScriptAsync("run --rm --init busybox", "exit 42")).Expect(42);
        (await Docker.ScriptAsync("run --rm --init busybox", "kill -9 $$")).Expect(137);
        (await Docker.RunAsync("run --rm --init busybox /nonexistent")).Expect(127);
        (await Docker.RunAsync("run --rm --init busybox /etc/passwd")).Expect(126);
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --init --name {name} busybox", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done")).Expect(0);
        await Eventually.HoldsAsync("it is ready", async () => (await Docker.RunAsync($"logs {name}")).Line == "ready");
        (await Docker.RunAsync($"stop {name}")).Expect(0);
        Assert.Equal(7, (int)(await InspectAsync(name))["State"]!["ExitCode"]!);
    }

    [Fact]
    public async Task A_program_without_handlers_ends_at_once_when_it_is_stopped()
    {
        var name = await RunSleeperAsync("--init");
        var before = TimeProvider.System.GetTimestamp();
        (await Docker.RunAsync($"stop {name}")).Expect(0);
        Assert.InRange(TimeProvider.System.GetElapsedTime(before).TotalSeconds, 0, 9);
        Assert.Equal(143, (int)(await InspectAsync(name))["State"]!["ExitCode"]!);
    }

    [Fact]
    public async Task In_a_terminal_the_program_owns_it()
    {
        var result = await Docker.ScriptAsync("run --rm -t --init busybox", "test \"$(cut -d' ' -f5 /proc/self/stat)\" = \"$(cut -d' ' -f8 /proc/self/stat)\" && echo foreground");
        Assert.Equal("foreground\r\n", result.Expect(0).Output);
    }
}
