using System.Diagnostics;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

public sealed class TerminalTests
{
    [Fact]
    public async Task Without_a_console_socket_a_detached_terminal_is_refused()
    {
        await using var container = TestContainer.Of("true", WithTerminal);
        Assert.Contains("console socket", (await container.CreateAsync()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_in_a_terminal_gives_the_program_a_terminal_of_the_container()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "no script (Debian: bsdutils)");
        await using var container = TestContainer.Of("tty; stat -c '%u %g' /dev/pts/0 /dev/console; readlink /proc/self/fd/0; exit 4", WithTerminal);
        _ = await container.CommandAsync("state");
        _ = await container.RunAsync("--no-such-option");
        var command = $"{RuntimeBinary.Path} --root {container.StateRoot} run --bundle {container.BundlePath} {container.Id}";
        using var script = Process.Start(new ProcessStartInfo("/usr/bin/script", ["-qec", command, "/dev/null"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var output = await script.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("/dev/pts/0\n0 5\n0 5\n/dev/pts/0\n", output.Replace("\r", "", StringComparison.Ordinal));
        Assert.Equal(4, script.ExitCode);
    }

    [Theory]
    [InlineData("run --bundle {0} {1}")]
    [InlineData("exec --tty {1} sh -c 'tty; exit 4'")]
    public async Task In_the_foreground_output_goes_to_the_callers_standard_output_and_not_to_the_terminal_that_it_finds(string command)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "no script (Debian: bsdutils)");
        await using var container = TestContainer.Of("tty; exit 4", WithTerminal);
        _ = await container.RunAsync("--no-such-option");
        await using var running = TestContainer.Of("sleep 60");
        await running.StartAsync();
        var (owner, id) = command.StartsWith("run", StringComparison.Ordinal) ? (container, container.Id) : (running, running.Id);
        var path = Path.Combine(container.Files, "captured");
        var line = string.Format(System.Globalization.CultureInfo.InvariantCulture, command, owner.BundlePath, id);
        var script = Path.Combine(container.Files, "script");
        await File.WriteAllTextAsync(script, $"x=$({RuntimeBinary.Path} --root {owner.StateRoot} {line}); echo \"$?:$x\" > {path}", TestContext.Current.CancellationToken);
        using var terminal = Process.Start(new ProcessStartInfo("/usr/bin/script", ["-qec", $"sh {script}", "/dev/null"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var shown = await terminal.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await terminal.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("4:/dev/pts/0", (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace("\r", "", StringComparison.Ordinal).Trim());
        Assert.DoesNotContain("/dev/pts", shown, StringComparison.Ordinal);
    }

    private static OciSpec WithTerminal(OciSpec spec) => spec with { Process = spec.Process! with { Terminal = true } };
}
