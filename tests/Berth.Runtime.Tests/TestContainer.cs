using System.Globalization;
using System.Text.Json;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests;

/// <summary>A bundle and the container that a test makes of it. Disposed, it is deleted and leaves nothing; a test of that asserts it.</summary>
internal sealed class TestContainer : IAsyncDisposable
{
    private static int _last;
    private readonly string _directory;

    private TestContainer(OciSpec spec)
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"runtime-test-{Environment.ProcessId}-{Interlocked.Increment(ref _last)}");
        _directory = Directory.CreateTempSubdirectory("berth-runtime-test-").FullName;
        Spec = spec with { Linux = spec.Linux! with { CgroupsPath = $"/berth-runtime-test/{Id}" } };
    }

    internal string Id { get; }

    internal OciSpec Spec { get; private set; }

    internal string BundlePath => Directory.CreateDirectory(Path.Combine(_directory, "bundle")).FullName;

    internal string StateRoot => Path.Combine(_directory, "state");

    /// <summary>A directory on the host for the test's own files.</summary>
    internal string Files => Directory.CreateDirectory(Path.Combine(_directory, "files")).FullName;

    internal string OutputPath => Path.Combine(_directory, "output");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A container that runs a shell script, with Docker's usual mounts and namespaces.</summary>
    internal static TestContainer Of(string script, Func<OciSpec, OciSpec>? change = null)
    {
        var spec = new OciSpec
        {
            Process = new OciProcess
            {
                Args = ["/bin/sh", "-c", script],
                Env = ["PATH=/bin"],
                Capabilities = Capabilities("CAP_CHOWN", "CAP_KILL", "CAP_SETUID", "CAP_SETGID", "CAP_MKNOD", "CAP_DAC_OVERRIDE"),
            },
            Root = new OciRoot { Path = BusyboxRoot.Path, Readonly = true },
            Hostname = "test-host",
            Mounts =
            [
                Mount("/proc", "proc", "proc"),
                Mount("/dev", "tmpfs", "tmpfs", "nosuid", "mode=755", "size=65536k"),
                Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
                Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
                Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
                Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
                Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "ro"),
                Mount("/tmp", "tmpfs", "tmpfs", "nosuid", "nodev"),
            ],
            Linux = new OciLinux
            {
                Namespaces = [.. new[] { "pid", "mount", "network", "uts", "ipc", "cgroup" }.Select(t => new OciNamespace { Type = t })],
                MaskedPaths = ["/proc/kcore", "/proc/keys", "/sys/firmware"],
                ReadonlyPaths = ["/proc/bus", "/proc/sys"],
            },
        };
        return new TestContainer(change is null ? spec : change(spec));
    }

    internal static OciMount Mount(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };

    internal static OciCapabilities Capabilities(params string[] names) => new() { Bounding = names, Effective = names, Permitted = names };

    /// <summary>Changes the specification with paths that only the made container knows.</summary>
    internal TestContainer With(Func<OciSpec, OciSpec> change)
    {
        Spec = change(Spec);
        return this;
    }

    internal TestContainer WithMount(string destination, string type, string source, params string[] options) =>
        With(s => s with { Mounts = [.. s.Mounts!, Mount(destination, type, source, options)] });

    /// <summary>The runtime's command on this container: run, kill, state, with the options before its id.</summary>
    internal Task<Result> CommandAsync(string command, params string[] options) => CommandAsync(command, options, []);

    internal Task<Result> CommandAsync(string command, string[] options, string[] rest) =>
        RuntimeBinary.RunAsync("", ["--root", StateRoot, command, .. options, Id, .. rest]);

    internal async Task<Result> RunAsync(params string[] options)
    {
        await WriteSpecAsync();
        return await CommandAsync("run", ["--bundle", BundlePath, .. options]);
    }

    internal async Task<Result> CreateAsync(params string[] options)
    {
        await WriteSpecAsync();
        return await RuntimeBinary.RunDetachedAsync(OutputPath, ["--root", StateRoot, "create", "--bundle", BundlePath, .. options, Id]);
    }

    /// <summary>Creates and starts it, and asserts that this went well.</summary>
    internal async Task StartAsync()
    {
        var created = await CreateAsync();
        Assert.True(created.ExitCode == 0, created.Output);
        var started = await CommandAsync("start");
        Assert.True(started.ExitCode == 0, started.Error);
    }

    internal Task<Result> ExecAsync(params string[] command) => CommandAsync("exec", [], command);

    internal async Task<JsonElement> StateAsync()
    {
        var result = await CommandAsync("state");
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    internal async Task<string> StatusAsync() => (await StateAsync()).GetProperty("status").GetString()!;

    internal async Task<int> PidAsync() => (await StateAsync()).GetProperty("pid").GetInt32();

    /// <summary>Waits until the kernel says that it is so.</summary>
    internal async Task EventuallyAsync(string status)
    {
        for (var wait = 1; await StatusAsync() != status; wait = Math.Min(wait * 2, 100))
        {
            await Task.Delay(wait, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ = await RuntimeBinary.RunAsync("", "--root", StateRoot, "delete", "--force", Id);
        Directory.Delete(_directory, recursive: true);
    }

    private async Task WriteSpecAsync() => await File.WriteAllBytesAsync(
        Path.Combine(BundlePath, "config.json"), JsonSerializer.SerializeToUtf8Bytes(Spec, OciRuntimeJson.Default.OciSpec), Cancellation);
}
