using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

public sealed class MountTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_directory_and_a_file_are_bound_where_the_image_has_neither()
    {
        await using var container = Overlay("cat /new/dir/inside /new/file; touch /new/dir/x && echo writable");
        await File.WriteAllTextAsync(Path.Combine(container.Files, "inside"), "data\n", _cancellation);
        container.WithMount("/new/dir", "bind", container.Files, "rbind").WithMount("/new/file", "bind", Path.Combine(container.Files, "inside"), "bind");
        Assert.Equal(new Result(0, "data\ndata\nwritable\n", ""), await container.RunAsync());
        Assert.True(File.Exists(Path.Combine(container.Files, "x")));
    }

    [Fact]
    public async Task A_read_only_bind_cannot_be_written_to_and_keeps_no_other_flag_of_its_source()
    {
        await using var container = Overlay("touch /data/x 2>&1; grep ' /data ' /proc/self/mountinfo");
        container.WithMount("/data", "bind", container.Files, "rbind", "ro");
        var result = await container.RunAsync();
        Assert.Contains("Read-only file system", result.Output, StringComparison.Ordinal);
        Assert.Contains(" /data ro,", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_path_is_so_with_what_is_mounted_below_it()
    {
        await using var container = TestContainer.Of("touch /tmp/x || touch /tmp/below/x || echo refused");
        container.WithMount("/tmp/below", "tmpfs", "tmpfs").With(s => s with { Linux = s.Linux! with { ReadonlyPaths = ["/tmp"] } });
        Assert.Equal("refused\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task A_link_in_the_image_that_leads_out_is_resolved_inside_the_root()
    {
        // The image's /escape points to a directory of the host that the bind would otherwise be mounted on.
        await using var container = Overlay("grep -c bound-here /proc/self/mountinfo; cat /outside/target/mark");
        var mark = Directory.CreateDirectory(Path.Combine(container.Files, "bound-here")).FullName;
        await File.WriteAllTextAsync(Path.Combine(mark, "mark"), "inside\n", _cancellation);
        File.CreateSymbolicLink(Path.Combine(Lower(container), "escape"), "../../../../outside");
        container.WithMount("/escape/target", "bind", mark, "bind");
        var result = await container.RunAsync();
        Assert.EndsWith("inside\n", result.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists("/outside"));
    }

    [Fact]
    public async Task Proc_as_a_link_in_the_image_is_refused()
    {
        await using var container = TestContainer.Of("true");
        var root = Directory.CreateDirectory(Path.Combine(container.Files, "root")).FullName;
        File.CreateSymbolicLink(Path.Combine(root, "proc"), "/tmp");
        container.With(s => s with { Root = new OciRoot { Path = root } });
        Assert.Contains("must be mounted on ordinary directory", (await container.RunAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mount_inside_proc_is_refused()
    {
        await using var container = TestContainer.Of("true").WithMount("/proc/1", "tmpfs", "tmpfs");
        Assert.Contains("cannot be mounted because it is inside /proc", (await container.RunAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tmpfs_takes_its_options_and_the_mode_of_the_directory_that_it_covers()
    {
        await using var container = Overlay("stat -c %a /covered /new; grep ' /sized ' /proc/mounts");
        Directory.CreateDirectory(Path.Combine(Lower(container), "covered"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        container.WithMount("/covered", "tmpfs", "tmpfs").WithMount("/new", "tmpfs", "tmpfs").WithMount("/sized", "tmpfs", "tmpfs", "size=64k", "noexec", "ro");
        var result = await container.RunAsync();
        Assert.StartsWith("710\n1777\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("size=64k", result.Output, StringComparison.Ordinal);
        Assert.Contains(" ro,noexec,", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Propagation_is_private_unless_asked_for()
    {
        await using var container = TestContainer.Of("grep ' /tmp/a ' /proc/self/mountinfo; grep ' /tmp/b ' /proc/self/mountinfo");
        container.WithMount("/tmp/a", "bind", container.Files, "rbind").WithMount("/tmp/b", "bind", container.Files, "rbind", "rshared");
        var lines = (await container.RunAsync()).Output.Split('\n');
        Assert.DoesNotContain("shared:", lines[0], StringComparison.Ordinal);
        Assert.Contains("shared:", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overlay_root_is_mounted_in_the_container_alone_and_takes_its_writes()
    {
        await using var container = Overlay("grep ' / / ' /proc/self/mountinfo; touch /made; sleep 60");
        await container.StartAsync();
        while (!File.Exists(Path.Combine(container.Files, "upper/made")))
        {
            await Task.Delay(5, _cancellation);
        }

        Assert.Contains("overlay", await File.ReadAllTextAsync(container.OutputPath, _cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(container.Files, await File.ReadAllTextAsync("/proc/self/mountinfo", _cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_default_devices_and_links_are_there()
    {
        await using var container = TestContainer.Of(
            "echo x > /dev/null; head -c 4 /dev/zero | wc -c; for f in fd stdin stdout stderr ptmx; do readlink /dev/$f; done; test -c /dev/tty -a -c /dev/urandom -a -c /dev/full && echo all");
        Assert.Equal("4\n/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2\npts/ptmx\nall\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task Masked_paths_are_empty_and_read_only_paths_cannot_be_written_to()
    {
        await using var container = TestContainer.Of("cat /proc/keys; ls /sys/firmware | wc -l; echo 1 2>/dev/null > /proc/sys/kernel/msgmax; echo $?; umount /proc/keys 2>/dev/null; echo $?");
        Assert.Equal("0\n1\n1\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task Each_of_several_masked_directories_is_empty_and_read_only()
    {
        string[] paths = ["/sys/firmware", "/sys/kernel", "/proc/fs", "/proc/irq"];
        await using var container = TestContainer.Of($"for d in {string.Join(' ', paths)}; do ls -A $d | wc -l; mkdir $d/x 2>/dev/null || echo refused; done")
            .With(s => s with { Linux = s.Linux! with { MaskedPaths = paths } });
        Assert.Equal(string.Concat(Enumerable.Repeat("0\nrefused\n", paths.Length)), (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task A_working_directory_that_the_image_lacks_is_made()
    {
        await using var container = Overlay("pwd");
        container.With(s => s with { Process = s.Process! with { Cwd = "/made/for/this" } });
        Assert.Equal("/made/for/this\n", (await container.RunAsync()).Output);
    }

    [Fact]
    public async Task A_working_directory_that_is_a_file_is_an_error()
    {
        await using var container = TestContainer.Of("true").With(s => s with { Process = s.Process! with { Cwd = "/etc/passwd" } });
        var result = await container.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/etc/passwd", result.Error, StringComparison.Ordinal);
    }

    private static string Lower(TestContainer container) => Path.Combine(container.Files, "lower");

    /// <summary>A container whose root is an overlay that may be written to; the first lower directory is the test's.</summary>
    private static TestContainer Overlay(string script)
    {
        var container = TestContainer.Of(script);
        foreach (var name in new[] { "lower", "upper", "work", "root" })
        {
            Directory.CreateDirectory(Path.Combine(container.Files, name));
        }

        var overlay = TestContainer.Mount(
            "/", "overlay", "overlay",
            $"lowerdir+={Lower(container)}", $"lowerdir+={BusyboxRoot.Path}", $"upperdir={container.Files}/upper", $"workdir={container.Files}/work");
        return container.With(s => s with
        {
            Root = new OciRoot { Path = Path.Combine(container.Files, "root") },
            Mounts = [overlay, .. s.Mounts!],
        });
    }
}
