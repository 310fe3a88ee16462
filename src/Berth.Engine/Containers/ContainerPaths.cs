namespace Berth.Engine.Containers;

/// <summary>Where the files of a container lie; ARCHITECTURE.md, "Where things lie".</summary>
public sealed class ContainerPaths(EngineOptions options, string id)
{
    public string Directory { get; } = Path.Combine(ContainersOf(options), id);

    public string Record => Path.Combine(Directory, "container.json");

    public string Spec => Path.Combine(Directory, "config.json");

    public string Log => Path.Combine(Directory, $"{id}-json.log");

    /// <summary>The log in Berth's own form: of the local driver, and of those that send it on.</summary>
    public string LocalLog => Path.Combine(Directory, "container.log");

    public string Hosts => Path.Combine(Directory, "hosts");

    public string Hostname => Path.Combine(Directory, "hostname");

    public string ResolvConf => Path.Combine(Directory, "resolv.conf");

    public string Upper => Path.Combine(Directory, "upper");

    public string Work => Path.Combine(Directory, "work");

    public string Root => Path.Combine(Directory, "rootfs");

    /// <summary>Holds the monitor's socket; gone after a reboot.</summary>
    public string StateDirectory { get; } = Path.Combine(StatesOf(options), id);

    /// <summary>Where the memory lies that others may share.</summary>
    public string SharedMemory => Path.Combine(StateDirectory, "shm");

    /// <summary>The directory of all containers.</summary>
    public static string ContainersOf(EngineOptions options) => Path.Combine(options.DataRoot, "containers");

    /// <summary>The directory of all monitors' sockets.</summary>
    public static string StatesOf(EngineOptions options) => Path.Combine(options.ExecRoot, "containers");

    /// <summary>State of the OCI runtime (its --root).</summary>
    public static string RuntimeRootOf(EngineOptions options) => Path.Combine(options.ExecRoot, "runtime");
}
