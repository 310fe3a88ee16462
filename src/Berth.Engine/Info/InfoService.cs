using System.Globalization;
using System.Runtime.InteropServices;
using Berth.Api.System;
using Berth.Engine.Containers.Creation;
using Berth.Engine.Events;
using Berth.Engine.Hosts;
using Berth.Images.Registry;

namespace Berth.Engine.Info;

/// <summary>Tells what the engine is, what it runs on and what it holds.</summary>
/// <param name="options">The resolved configuration.</param>
/// <param name="build">The daemon's build.</param>
/// <param name="apiVersions">The newest and the oldest API version that are spoken.</param>
/// <param name="events">Where the readers of events are counted.</param>
/// <param name="counts">Asks the other services what they hold.</param>
/// <param name="time">The clock that clients compare with theirs.</param>
/// <param name="writes">For the engine's id.</param>
public sealed class InfoService(
    EngineOptions options,
    EngineBuild build,
    (string Newest, string Oldest) apiVersions,
    EventService events,
    Func<EngineCounts> counts,
    TimeProvider time,
    DeferredWrites writes)
{
    private readonly EngineId _id = new(options.DataRoot, writes);
    private volatile EngineOptions _options = options;

    public string EngineId => _id.Value;

    public static string HostName => HostFacts.Name;

    /// <summary>daemon.json was read again: of its settings only what is shown here follows at once.</summary>
    public void Reload(EngineOptions reloaded) => _options = _options with
    {
        Debug = reloaded.Debug,
        Labels = reloaded.Labels,
        Registries = reloaded.Registries,
    };

    public SystemVersion Version() => new()
    {
        Platform = new PlatformName("Berth"),
        Components =
        [
            new ComponentVersion("Engine", build.Version, new Dictionary<string, string>
            {
                ["ApiVersion"] = apiVersions.Newest,
                ["Arch"] = HostFacts.Architecture,
                ["BuildTime"] = build.Time,
                ["Experimental"] = "false",
                ["GitCommit"] = build.Commit,
                ["GoVersion"] = RuntimeInformation.FrameworkDescription,
                ["KernelVersion"] = HostFacts.KernelVersion,
                ["MinAPIVersion"] = apiVersions.Oldest,
                ["Os"] = "linux",
            }),
            new ComponentVersion("berth-runtime", build.Version, new Dictionary<string, string> { ["GitCommit"] = build.Commit }),
        ],
        Version = build.Version,
        ApiVersion = apiVersions.Newest,
        MinAPIVersion = apiVersions.Oldest,
        GitCommit = build.Commit,
        GoVersion = RuntimeInformation.FrameworkDescription,
        Os = "linux",
        Arch = HostFacts.Architecture,
        KernelVersion = HostFacts.KernelVersion,
        BuildTime = build.Time,
    };

    public SystemInfo Info()
    {
        var cgroups = CgroupFacts.Read();
        var held = counts();
        return new SystemInfo
        {
            ID = _id.Value,
            Containers = held.Running + held.Paused + held.Stopped,
            ContainersRunning = held.Running,
            ContainersPaused = held.Paused,
            ContainersStopped = held.Stopped,
            Images = held.Images,
            Driver = "overlay2",
            DriverStatus = [["Backing Filesystem", HostFacts.FilesystemOf(_options.DataRoot)], ["Supports d_type", "true"]],
            Plugins = new PluginNames { Volume = ["local"], Network = ["bridge", "host", "null"], Log = LogDrivers.Names },
            MemoryLimit = cgroups.Memory,
            SwapLimit = cgroups.Swap,
            CpuCfsPeriod = cgroups.CpuPeriod,
            CpuCfsQuota = cgroups.CpuQuota,
            CPUShares = cgroups.CpuShares,
            CPUSet = cgroups.CpuSet,
            PidsLimit = cgroups.Pids,
            OomKillDisable = cgroups.OomKillDisable,
            IPv4Forwarding = HostFacts.ForwardsIPv4,
            Debug = _options.Debug,
            NFd = Directory.GetFileSystemEntries("/proc/self/fd").Length,
            NGoroutines = ThreadPool.ThreadCount,
            SystemTime = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
            LoggingDriver = _options.DefaultLogDriver,
            CgroupDriver = "cgroupfs",
            CgroupVersion = cgroups.Version,
            NEventsListener = events.ReaderCount,
            KernelVersion = HostFacts.KernelVersion,
            OperatingSystem = HostFacts.OperatingSystem,
            OSVersion = HostFacts.OperatingSystemVersion,
            OSType = "linux",
            Architecture = HostFacts.Machine,
            IndexServerAddress = "https://index.docker.io/v1/",
            RegistryConfig = Registries(),
            NCPU = Environment.ProcessorCount,
            MemTotal = HostFacts.Memory,
            DockerRootDir = _options.DataRoot,
            HttpProxy = ProxySettings.Masked(_options.Registries.Proxies.Http),
            HttpsProxy = ProxySettings.Masked(_options.Registries.Proxies.Https),
            NoProxy = _options.Registries.Proxies.Except,
            Name = HostFacts.Name,
            Labels = _options.Labels,
            ServerVersion = build.Version,
            Runtimes = new Dictionary<string, RuntimeInfo> { ["berth"] = new(_options.RuntimePath) },
            DefaultRuntime = "berth",
            Swarm = new SwarmInfo(),
            LiveRestoreEnabled = true,
            InitBinary = "",
            ContainerdCommit = new CommitInfo("N/A"),
            RuncCommit = new CommitInfo(build.Commit),
            InitCommit = new CommitInfo("N/A"),
            SecurityOptions =
            [
                $"name=seccomp,profile={_options.Seccomp.Path}", "name=cgroupns",
                .. _options.NoNewPrivileges ? ["name=no-new-privileges"] : Array.Empty<string>(),
            ],
            Warnings = [.. OpenAddressWarnings(), .. cgroups.Warnings(), .. HostFacts.ForwardsIPv4 ? [] : ForwardingWarning],
        };
    }

    private static string[] ForwardingWarning { get; } = ["WARNING: IPv4 forwarding is disabled"];

    private RegistryConfig Registries()
    {
        // As Docker shows them.
        string[] mirrors = [.. _options.Registries.HubMirrors.Select(m => m.EndsWith('/') ? m : m + "/").Distinct()];
        var indexes = new Dictionary<string, RegistryIndex>
        {
            ["docker.io"] = new() { Name = "docker.io", Mirrors = mirrors, Secure = true, Official = true },
        };
        foreach (var name in _options.Registries.InsecureRegistries.Where(r => !r.Contains('/', StringComparison.Ordinal)))
        {
            indexes[name] = new RegistryIndex { Name = name, Mirrors = [] };
        }

        return new RegistryConfig
        {
            InsecureRegistryCIDRs =
                ["::1/128", "127.0.0.0/8", .. _options.Registries.InsecureRegistries.Where(r => r.Contains('/', StringComparison.Ordinal))],
            IndexConfigs = WireMap.Sorted(indexes),
            Mirrors = mirrors,
        };
    }

    private IEnumerable<string> OpenAddressWarnings() => _options.OpenAddresses.Select(address =>
        $"WARNING: API is accessible on {address} without encryption.\n"
        + "         Access to the remote API is equivalent to root access on the host.");
}
