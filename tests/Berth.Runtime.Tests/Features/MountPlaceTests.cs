using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Features;

/// <summary>Where a mount goes is judged by what is there, not by what the configuration or the image calls it.</summary>
public sealed class MountPlaceTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/proc", "\"/proc\" cannot be mounted because it is not of type proc")]
    [InlineData("/proc/1", "\"/proc/1\" cannot be mounted because it is inside /proc")]
    [InlineData("/link-proc", "\"/proc\" cannot be mounted because it is not of type proc")]
    [InlineData("/link-1", "\"/proc/1\" cannot be mounted because it is inside /proc")]
    [InlineData("/link-proc/sys/net", "\"/proc/sys/net\" cannot be mounted because it is inside /proc")]
    [InlineData("/link-up/fs", "\"/proc/fs\" cannot be mounted because it is inside /proc")]
    public async Task Neither_a_bind_nor_a_file_system_goes_into_proc(string destination, string reason)
    {
        await using var bound = WithLinks("true");
        bound.WithMount(destination, "bind", bound.Files, "rbind");
        var result = await bound.RunAsync();
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"error mounting \"{bound.Files}\" to rootfs at \"{destination}\": {reason}", result.Error, StringComparison.Ordinal);

        foreach (var type in new[] { "tmpfs", "cgroup" })
        {
            await using var container = WithLinks("true");
            container.WithMount(destination, type, type);
            Assert.Contains(reason, (await container.RunAsync()).Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Single_files_of_proc_may_be_covered_also_through_a_link()
    {
        await using var container = WithLinks("cat /proc/uptime /proc/meminfo");
        var file = Path.Combine(container.Files, "file");
        await File.WriteAllTextAsync(file, "covered\n", _cancellation);
        container.WithMount("/proc/uptime", "bind", file, "bind").WithMount("/link-proc/meminfo", "bind", file, "bind");
        Assert.Equal(new Result(0, "covered\ncovered\n", ""), await container.RunAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kernel_parameter_is_written_past_what_covers_proc(bool hasProcBelow)
    {
        // The bind makes /proc/net what is /proc/sys/net elsewhere, and leaves no /proc/sys.
        await using var container = TestContainer.Of("test -e /proc/sys || cat /proc/net/ipv4/ip_unprivileged_port_start", s => s with
        {
            Mounts = [.. s.Mounts!.Where(m => hasProcBelow || m.Destination != "/proc")],
            Linux = s.Linux! with
            {
                MaskedPaths = [],
                ReadonlyPaths = [],
                Sysctl = new Dictionary<string, string> { ["net.ipv4.ip_unprivileged_port_start"] = "77" },
            },
        });
        container.WithMount("/proc", "bind", "/proc/sys", "bind");
        Assert.Equal(new Result(0, "77\n", ""), await container.RunAsync());
    }

    [Theory]
    [InlineData("net.ipv4.nothing", "No such file or directory")]
    [InlineData("net.ipv4.ip_forward", "Invalid argument")]
    public async Task A_kernel_parameter_that_the_kernel_refuses_is_an_error(string name, string reason)
    {
        await using var container = TestContainer.Of("true", s => s with { Linux = s.Linux! with { Sysctl = new Dictionary<string, string> { [name] = "x" } } });
        var result = await container.RunAsync();
        Assert.Contains($"/proc/sys/{name.Replace('.', '/')}: {reason}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_console_is_not_put_over_a_file_of_proc()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "no script (Debian: bsdutils)");
        await using var container = WithLinks("true");
        var dev = Directory.CreateDirectory(Path.Combine(container.Files, "dev")).FullName;
        Directory.CreateDirectory(Path.Combine(dev, "pts"));
        File.CreateSymbolicLink(Path.Combine(dev, "console"), "/proc/version");
        container.With(s => s with
        {
            Process = s.Process! with { Terminal = true },
            Mounts = [.. s.Mounts!.Select(m => m.Destination == "/dev" ? TestContainer.Mount("/dev", "bind", dev, "bind") : m)],
        });
        _ = await container.RunAsync("--no-such-option");
        var command = $"{RuntimeBinary.Path} --root {container.StateRoot} run --bundle {container.BundlePath} {container.Id}";
        using var script = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/usr/bin/script", ["-qec", command, "/dev/null"]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        Assert.Contains("/dev/console, which is inside /proc", await script.StandardOutput.ReadToEndAsync(_cancellation), StringComparison.Ordinal);
        await script.WaitForExitAsync(_cancellation);
    }

    /// <remarks>The directory is another container's, too, which puts a link there in the moment between a device's making and its change.</remarks>
    [Fact]
    public async Task A_device_in_a_shared_directory_changes_nothing_else()
    {
        const int Rounds = 60;
        await using var container = TestContainer.Of("true");
        var directory = Directory.CreateDirectory(Path.Combine(container.Files, "shared")).FullName;
        var victim = Path.Combine(container.Files, "victim");
        await File.WriteAllTextAsync(victim, "", _cancellation);
        File.SetUnixFileMode(victim, UnixFileMode.UserRead);
        container.WithMount("/s", "bind", directory, "bind").With(s => s with
        {
            Linux = s.Linux! with
            {
                Devices = [new OciDevice { Type = "c", Path = "/s/d", Major = 1, Minor = 5, FileMode = 0x1B6, Uid = 7, Gid = 7 }],
            },
        });
        var ended = false;
        var swap = new Thread(() =>
        {
            while (!Volatile.Read(ref ended))
            {
                // What the runtime has made meanwhile gives way to the link in one step.
                File.CreateSymbolicLink(Path.Combine(directory, "link"), victim);
                File.Move(Path.Combine(directory, "link"), Path.Combine(directory, "d"), overwrite: true);
                File.Delete(Path.Combine(directory, "d"));
            }
        });
        swap.Start();
        for (var i = 0; i < Rounds; i++)
        {
            // Where the link is there first, the start fails.
            _ = await container.RunAsync();
        }

        Volatile.Write(ref ended, true);
        swap.Join();
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(victim));
        Assert.Equal(0u, Linux.Files.FileStatus.TryOf(victim)!.Value.User);
    }

    /// <summary>A container whose image has links to /proc.</summary>
    private static TestContainer WithLinks(string script)
    {
        var container = TestContainer.Of(script);
        foreach (var name in new[] { "lower", "upper", "work", "root" })
        {
            Directory.CreateDirectory(Path.Combine(container.Files, name));
        }

        var lower = Path.Combine(container.Files, "lower");
        File.CreateSymbolicLink(Path.Combine(lower, "link-proc"), "/proc");
        File.CreateSymbolicLink(Path.Combine(lower, "link-1"), "proc/1");
        File.CreateSymbolicLink(Path.Combine(lower, "link-up"), "../../tmp/../proc/.");
        var overlay = TestContainer.Mount(
            "/", "overlay", "overlay",
            $"lowerdir+={lower}", $"lowerdir+={BusyboxRoot.Path}", $"upperdir={container.Files}/upper", $"workdir={container.Files}/work");
        return container.With(s => s with { Root = new OciRoot { Path = Path.Combine(container.Files, "root") }, Mounts = [overlay, .. s.Mounts!] });
    }
}
