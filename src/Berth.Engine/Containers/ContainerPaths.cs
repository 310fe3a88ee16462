namespace Berth.Engine.Containers;

/// <summary>Where the files of a container lie; ARCHITECTURE.md, "Where things lie".</summary>
public sealed class ContainerPaths(EngineOptions options, string id)
{
    /// <summary>What is added to the name of a directory that is not a container yet: what is found like this is undone.</summary>
    public const string BeingCreated = ".new";

    /// <summary>What is added to the name of a directory that is not a container any more: what is found like this is removed.</summary>
    public const string BeingRemoved = ".removed";

    public const string RecordName = "container.json";

    public const string SyncedRecordName = "container.synced.json";

    public string Directory { get; } = Path.Combine(ContainersOf(options), id);

    /// <summary>Where the directory is until it is complete.</summary>
    public string NewDirectory => Directory + BeingCreated;

    /// <summary>Where the directory is from the moment that it goes away.</summary>
    public string RemovedDirectory => Directory + BeingRemoved;

    public string Record => Path.Combine(Directory, RecordName);

    /// <summary>A second name of the record that was brought to the disk last: whole, whatever a power failure does to the other.</summary>
    public string SyncedRecord => Path.Combine(Directory, SyncedRecordName);

    /// <summary>A record that could not be read, kept when the synced one took its place.</summary>
    public string UnreadableRecord => Path.Combine(Directory, "container.unreadable.json");

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

    /// <summary>Whether a directory of this name is a container's.</summary>
    public static bool IsId(string name) => name.Length == 64 && name.All(char.IsAsciiHexDigitLower);

    /// <summary>The directory of all containers.</summary>
    public static string ContainersOf(EngineOptions options) => Path.Combine(options.DataRoot, "containers");

    /// <summary>The directory of all monitors' sockets.</summary>
    public static string StatesOf(EngineOptions options) => Path.Combine(options.ExecRoot, "containers");

    /// <summary>State of the OCI runtime (its --root).</summary>
    public static string RuntimeRootOf(EngineOptions options) => Path.Combine(options.ExecRoot, "runtime");
}
