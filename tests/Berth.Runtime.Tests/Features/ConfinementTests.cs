using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

/// <summary>Capabilities, no_new_privs, seccomp and limits.</summary>
public sealed class ConfinementTests
{
    private const string Status = "grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status";

    [Fact]
    public async Task All_five_sets_of_capabilities_are_what_was_asked_for()
    {
        await using var container = Container(Status, p => p with
        {
            User = new OciUser { Uid = 1000 },
            Capabilities = new OciCapabilities
            {
                Bounding = ["CAP_CHOWN", "CAP_KILL", "CAP_NET_RAW"],
                Permitted = ["CAP_CHOWN", "CAP_KILL"],
                Effective = ["CAP_CHOWN"],
                Inheritable = ["CAP_CHOWN"],
                Ambient = ["CAP_CHOWN"],
            },
        });

        // After execve of a program without file capabilities only the ambient ones are permitted and effective (capabilities(7)).
        Assert.StartsWith(
            "CapInh:\t0000000000000001\nCapPrm:\t0000000000000001\nCapEff:\t0000000000000001\nCapBnd:\t0000000000002021\nCapAmb:\t0000000000000001\n",
            (await container.RunAsync()).Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capability_that_nobody_knows_is_a_warning()
    {
        await using var container = Container("echo ran", p => p with { Capabilities = TestContainer.Capabilities("CAP_NO_SUCH") });
        var result = await container.RunAsync();
        Assert.Equal("ran\n", result.Output);
        Assert.Contains("CAP_NO_SUCH", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0u)]
    [InlineData(false, 0u)]
    [InlineData(true, 1000u)]
    [InlineData(false, 1000u)]
    public async Task A_seccomp_filter_is_loaded_with_and_without_no_new_privs(bool noNewPrivileges, uint user)
    {
        await using var container = Container($"mkdir /tmp/x; {Status}", p => p with { NoNewPrivileges = noNewPrivileges, User = new OciUser { Uid = user } });
        container.With(s => s with
        {
            Linux = s.Linux! with
            {
                Seccomp = new OciSeccomp
                {
                    DefaultAction = "SCMP_ACT_ALLOW",
                    Syscalls = [new OciSyscall { Names = ["mkdir", "mkdirat", "close_range", "openat2"], Action = "SCMP_ACT_ERRNO", ErrnoRet = 28 }],
                },
            },
        });
        var result = await container.RunAsync();
        Assert.Contains("No space left on device", result.Error, StringComparison.Ordinal);
        Assert.Contains($"NoNewPrivs:\t{(noNewPrivileges ? 1 : 0)}\nSeccomp:\t2\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_the_process_are_set()
    {
        await using var container = Container("ulimit -n; ulimit -Hn; ulimit -c", p => p with
        {
            Rlimits = [new OciRlimit { Type = "RLIMIT_NOFILE", Soft = 100, Hard = 200 }, new OciRlimit { Type = "RLIMIT_CORE", Soft = 0, Hard = 0 }],
        });
        Assert.Equal("100\n200\n0\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task Limits_of_the_cgroup_are_set_before_the_program_runs()
    {
        await using var container = Container(
            "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null; cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; true", p => p);
        container.With(s => s with { Linux = s.Linux! with { Resources = new OciResources { Pids = new OciPids { Limit = 50 }, Memory = new OciMemory { Limit = 67108864 } } } });
        Assert.Equal("50\n67108864\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task Kernel_parameters_are_those_of_the_containers_namespaces()
    {
        await using var container = Container("cat /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_forward", p => p);
        container.With(s => s with { Linux = s.Linux! with { Sysctl = new Dictionary<string, string> { ["kernel.msgmax"] = "9001", ["net/ipv4/ip_forward"] = "1" } } });
        Assert.Equal("9001\n1\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task Lowering_the_out_of_memory_score_is_a_warning_where_it_is_forbidden()
    {
        await using var container = Container("cat /proc/self/oom_score_adj", p => p with { OomScoreAdj = 500 });
        Assert.Equal("500\n", (await container.RunAsync()).Output);
        await using var lowered = Container("echo ran", p => p with { OomScoreAdj = -900 });
        Assert.Equal("ran\n", (await lowered.RunAsync()).Output);
    }

    private static TestContainer Container(string script, Func<OciProcess, OciProcess> change) =>
        TestContainer.Of(script, s => s with { Process = change(s.Process!) });
}
