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

    private static OciSpec WithTerminal(OciSpec spec) => spec with { Process = spec.Process! with { Terminal = true } };
}
