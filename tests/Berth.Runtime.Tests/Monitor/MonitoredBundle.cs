using System.Globalization;
using System.Text;
using System.Text.Json;
using Berth.Engine.Monitors;
using Berth.Monitor;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>A bundle of busybox with a monitor for it, on the real kernel. Disposed, it leaves nothing, and fails where the monitor did.</summary>
internal sealed class MonitoredBundle : IAsyncDisposable
{
    private static int _last;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("berth-monitor-");
    private readonly MonitorProcesses _processes;

    internal MonitoredBundle(string script, bool terminal = false, bool openStdin = false, bool stdinOnce = false, bool log = true)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can make containers");
        Assert.SkipUnless(File.Exists(RuntimePath), $"no runtime at {RuntimePath} (./build publish makes it)");
        var busybox = new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(busybox is null, "no busybox (Debian: busybox-static)");

        Id = string.Create(CultureInfo.InvariantCulture, $"monitor-test-{Environment.ProcessId}-{Interlocked.Increment(ref _last)}");
        var binaries = _directory.CreateSubdirectory("rootfs/bin").FullName;
        File.Copy(busybox, Path.Combine(binaries, "busybox"));
        foreach (var applet in new[] { "sh", "cat", "sleep", "echo", "head", "yes", "stty", "sha256sum", "true", "kill", "wc", "tr" })
        {
            File.CreateSymbolicLink(Path.Combine(binaries, applet), "busybox");
        }

        foreach (var name in new[] { "proc", "dev", "sys", "tmp" })
        {
            _directory.CreateSubdirectory($"rootfs/{name}");
        }

        Spec = new OciSpec
        {
            Process = Process(script) with { Terminal = terminal },
            Root = new OciRoot { Path = "rootfs" },
            Mounts =
            [
                new OciMount { Destination = "/proc", Type = "proc", Source = "proc" },
                new OciMount { Destination = "/dev", Type = "tmpfs", Source = "tmpfs", Options = ["nosuid", "mode=755", "size=65536k"] },
                new OciMount { Destination = "/dev/pts", Type = "devpts", Source = "devpts", Options = ["newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
            ],
            Linux = new OciLinux
            {
                CgroupsPath = $"/berth-monitor-test/{Id}",
                Namespaces = [.. new[] { "pid", "mount", "network", "uts", "ipc" }.Select(t => new OciNamespace { Type = t })],
            },
        };
        Plan = new ContainerPlan
        {
            Id = Id,
            Bundle = _directory.FullName,
            StateDirectory = Path.Combine(_directory.FullName, "state"),
            RuntimeRoot = Path.Combine(_directory.FullName, "runtime"),
            Log = log ? new LogPlan { Path = LogPath } : null,
            OpenStdin = openStdin,
            StdinOnce = stdinOnce,
            DurableExit = true,
        };
        _processes = new MonitorProcesses(RuntimePath, usualProfile: null, TimeProvider.System);
    }

    internal static string RuntimePath =>
        Environment.GetEnvironmentVariable("BERTH_RUNTIME") ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../out/berth-runtime"));

    internal string Id { get; }

    internal OciSpec Spec { get; set; }

    internal ContainerPlan Plan { get; set; }

    internal MonitorProcesses Processes => _processes;

    internal string LogPath => Path.Combine(_directory.FullName, "json.log");

    internal string Log => File.ReadAllText(LogPath);

    internal static OciProcess Process(params string[] script) =>
        new() { Args = script.Length == 1 ? ["/bin/sh", "-c", script[0]] : script, Env = ["PATH=/bin"] };

    /// <summary>Writes config.json.</summary>
    internal Task WriteAsync() => File.WriteAllBytesAsync(
        Path.Combine(Plan.Bundle, "config.json"), JsonSerializer.SerializeToUtf8Bytes(Spec, OciRuntimeJson.Default.OciSpec), Cancellation);

    internal async Task<ContainerMonitor> CreateAsync()
    {
        await WriteAsync();
        var monitor = await _processes.CreateAsync(Plan);
        try
        {
            await monitor.Created;
            return monitor;
        }
        catch
        {
            monitor.Dispose();
            throw;
        }
    }

    internal async Task<ContainerMonitor> StartAsync()
    {
        var monitor = await CreateAsync();
        await monitor.StartAsync(Cancellation);
        return monitor;
    }

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Reads a stream to its end.</summary>
    internal static async Task<(string Stdout, string Stderr)> ReadAllAsync(MonitorStream stream)
    {
        using var stdout = new MemoryStream();
        using var stderr = new MemoryStream();
        while (await stream.ReadAsync(Cancellation) is { } frame)
        {
            (frame.Kind is FrameKind.Stdout ? stdout : stderr).Write(frame.Payload.Span);
        }

        return (Encoding.UTF8.GetString(stdout.ToArray()), Encoding.UTF8.GetString(stderr.ToArray()));
    }

    /// <summary>Reads a stream until the text has come.</summary>
    internal static async Task<string> ReadUntilAsync(MonitorStream stream, string expected)
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            var frame = await stream.ReadAsync(Cancellation) ?? throw new InvalidOperationException($"The stream ended after: {text}");
            text.Append(Encoding.UTF8.GetString(frame.Payload.Span));
        }

        return text.ToString();
    }

    internal static async Task<ExitRecord> ExitOf(ContainerMonitor monitor) => await monitor.Exited.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

    public async ValueTask DisposeAsync()
    {
        await EndContainerAsync();
        _processes.Dispose();
        var monitorLog = Path.Combine(_directory.FullName, "monitor.log");
        var failures = File.Exists(monitorLog) ? await File.ReadAllTextAsync(monitorLog, CancellationToken.None) : "";
        var left = Remains();
        foreach (var cgroup in Directory.Exists("/sys/fs/cgroup") ? CgroupsOf("/berth-monitor-test") : [])
        {
            try
            {
                Directory.Delete(cgroup);
            }
            catch (IOException)
            {
                // Another test's container is in it.
            }
        }

        _directory.Delete(recursive: true);
        Assert.Equal("", failures);
        Assert.Equal([], left);
    }

    /// <summary>Cgroups, sockets and state of the container that are still there.</summary>
    internal IReadOnlyList<string> Remains() =>
    [
        .. CgroupsOf($"/berth-monitor-test/{Id}"),
        .. new[] { Path.Combine(Plan.StateDirectory, "monitor.sock"), Path.Combine(Plan.RuntimeRoot, Id) }.Where(p => File.Exists(p) || Directory.Exists(p)),
    ];

    /// <summary>Ends the container of a test that failed before its end, so that what is reported is that failure.</summary>
    private async Task EndContainerAsync()
    {
        using var monitor = await ContainerMonitor.TryReconnectAsync(Plan.StateDirectory, Plan.Bundle, TimeProvider.System, CancellationToken.None);
        if (monitor is not null)
        {
            await monitor.SignalAsync(9, cancellationToken: CancellationToken.None);
            await monitor.Exited.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    private static IEnumerable<string> CgroupsOf(string path) =>
        Directory.GetDirectories("/sys/fs/cgroup").Select(d => d + path).Append("/sys/fs/cgroup" + path).Where(Directory.Exists);
}
