using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

/// <summary>What a container must not see or reach.</summary>
public sealed class IsolationTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_sees_no_process_of_the_host_and_no_descriptor_beyond_its_streams()
    {
        await using var container = TestContainer.Of("echo /proc/[0-9]*; ls /proc/1/fd; true");
        Assert.Equal("/proc/1\n0\n1\n2\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task A_container_sees_no_mount_of_the_host()
    {
        await using var container = TestContainer.Of("cat /proc/self/mountinfo");
        Assert.DoesNotContain(container.BundlePath, (await container.RunAsync()).Output, StringComparison.Ordinal);
        var lines = (await container.RunAsync()).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches("^[0-9]+ [0-9]+ [0-9:]+ [^ ]+ /(proc|dev|sys|tmp)?( |/)", line));
    }

    [Fact]
    public async Task A_program_that_executes_the_runtime_through_proc_cannot_open_it_for_writing()
    {
        // CVE-2019-5736: the entry point is a script with the runtime as its interpreter, which runs it as a process of the
        // container. While one loop executes it, another tries to write to the file behind /proc/PID/exe.
        await using var container = TestContainer.Of("""
            for i in 1 2 3 4 5 6 7 8 9 10; do
              for exe in /proc/[0-9]*/exe; do
                case "$(readlink $exe)" in
                  */busybox) ;;
                  *) if (: >> $exe) 2>/dev/null; then echo written; else echo refused; fi ;;
                esac
              done
              sleep 0.05
            done
            """);
        await container.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(container.Files, "x"), "", _cancellation);
        for (var i = 0; i < 5; i++)
        {
            _ = await container.ExecAsync("/proc/self/exe", "--version");
        }

        await container.EventuallyAsync("stopped");
        Assert.DoesNotContain("written", await File.ReadAllTextAsync(container.OutputPath, _cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_runtime_that_waits_in_a_created_container_runs_from_a_read_only_mount_and_is_closed_to_others()
    {
        await using var container = TestContainer.Of("sleep 60");
        _ = await container.CreateAsync();
        var executable = $"/proc/{await container.PidAsync()}/exe";

        // The test is root on the host and may look. (Opening it for writing would be ETXTBSY as long as anyone runs the runtime.)
        using (var program = OpenFile.Read(executable))
        {
            Assert.True(MountStatus.IsReadOnly(program));
        }

        var inside = await container.ExecAsync("sh", "-c", "readlink /proc/1/exe || echo closed");
        Assert.Equal("closed\n", inside.Output);
    }

    [Fact]
    public async Task The_session_keyring_is_the_containers_own()
    {
        await using var container = TestContainer.Of("cat /proc/keys", s => s with { Linux = s.Linux! with { MaskedPaths = [] } });
        Assert.Contains($"_ses.{container.Id}", (await container.RunAsync()).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--no-pivot")]
    public async Task A_nested_user_namespace_cannot_mount_a_procfs_without_the_protected_paths(string option)
    {
        // As an ordinary user, who may map himself to root there.
        await using var container = TestContainer.Of(
            "busybox unshare -U -r -m -p -f mount -t proc proc /tmp && echo mounted || echo refused", s => s with { Process = s.Process! with { User = new OciUser { Uid = 1000, Gid = 1000 } } });
        Assert.Equal("refused\n", (await container.RunAsync(option.Length == 0 ? [] : [option])).Output);
    }
}
