using System.Globalization;
using System.Text;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

/// <summary>What a container sees of the runtime's processes while they become its own.</summary>
public sealed class VisibilityTests
{
    private const int Execs = 40;

    /// <summary>Looks into every process that comes up: for a file of the host's below its root, and for descriptors that are not its streams.</summary>
    private static readonly CompositeFormat _looking = CompositeFormat.Parse(
        """
        echo ready
        while :; do
          for p in /proc/[0-9]*; do
            [ $p = /proc/$$ ] && continue
            [ -e $p/root{0} ] && echo "root of $p"
            for f in $p/fd/[3-9] $p/fd/[1-9][0-9]; do [ -L $f ] && echo "$f: $(readlink $f)"; done
          done
        done
        """);

    [Fact]
    public async Task A_container_with_ptrace_sees_no_exec_that_has_the_hosts_root_or_descriptors()
    {
        await using var container = TestContainer.Of("", s => s with { Process = s.Process! with { Capabilities = WithPtrace() } });
        container.With(s => s with { Process = s.Process! with { Args = ["/bin/sh", "-c", Looking(container)] } });
        await container.StartAsync();
        for (var i = 0; i < Execs; i++)
        {
            Assert.Equal(0, (await container.ExecAsync("true")).ExitCode);
        }

        await AssertNothingSeenAsync(container);
    }

    private static string Looking(TestContainer container)
    {
        var marker = Path.Combine(container.Files, "marker");
        File.WriteAllText(marker, "");
        return string.Format(CultureInfo.InvariantCulture, _looking, marker);
    }

    private static OciCapabilities WithPtrace() => TestContainer.Capabilities("CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_KILL");

    private static async Task AssertNothingSeenAsync(TestContainer container)
    {
        Assert.Equal(0, (await container.CommandAsync("kill", [], ["KILL"])).ExitCode);
        await container.EventuallyAsync("stopped");
        Assert.Equal("ready\n", await File.ReadAllTextAsync(container.OutputPath, TestContext.Current.CancellationToken));
    }
}
