using System.Text.Json;
using Berth.Api;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The flags about namespaces, capabilities and what else separates a container from the host.</summary>
sealed class IsolationFlags
{
    private const string AllCapabilities = "ALL";

    private readonly ListFlag<string> _capAdd;
    private readonly ListFlag<string> _capDrop;
    private readonly Flag<string> _cgroupns;
    private readonly ListFlag<string> _groupAdd;
    private readonly Flag<string> _ipc;
    private readonly Flag<string> _isolation;
    private readonly Flag<string> _pid;
    private readonly Flag<bool> _privileged;
    private readonly Flag<string> _runtime;
    private readonly ListFlag<string> _securityOpt;
    private readonly ListFlag<string> _sysctl;
    private readonly Flag<string> _userns;
    private readonly Flag<string> _uts;

    public IsolationFlags(FlagSet flags)
    {
        _capAdd = flags.List("cap-add", null, "Add Linux capabilities");
        _capDrop = flags.List("cap-drop", null, "Drop Linux capabilities");
        _cgroupns = flags.String(
            "cgroupns",
            null,
            """
            Cgroup namespace to use (host|private)
            'host':    Run the container in the Docker host's cgroup namespace
            'private': Run the container in its own private cgroup namespace
            '':        Use the cgroup namespace as configured by the
                       default-cgroupns-mode option on the daemon (default)
            """);
        _groupAdd = flags.List("group-add", null, "Add additional groups to join");
        _ipc = flags.String("ipc", null, "IPC mode to use");
        _isolation = flags.String("isolation", null, "Container isolation technology");
        _pid = flags.String("pid", null, "PID namespace to use");
        _privileged = flags.Bool("privileged", null, "Give extended privileges to this container");
        _runtime = flags.String("runtime", null, "Runtime to use for this container");
        _securityOpt = flags.List("security-opt", null, "Security Options");
        _sysctl = flags.List("sysctl", null, "Sysctl options", Validation.Sysctl, "map", "map[]");
        _userns = flags.String("userns", null, "User namespace to use");
        _uts = flags.String("uts", null, "UTS namespace to use");
    }

    public HostConfig Apply(HostConfig host)
    {
        Check(_pid, "PID", _pid.Value is "" or "host" || IsContainer(_pid.Value));
        Check(_uts, "UTS", _uts.Value is "" or "host");
        Check(_userns, "USER", _userns.Value is "" or "host");
        Check(_cgroupns, "CGROUP", _cgroupns.Value is "" or "host" or "private");
        var security = _securityOpt.Values.Select(SecurityOption).ToList();
        var unconfinedPaths = security.RemoveAll(option => option == "systempaths=unconfined") > 0;
        return host with
        {
            CapAdd = _capAdd.IsSet ? StringList.Of(Capabilities(_capAdd.Values)) : null,
            // What is also added is not dropped.
            CapDrop = _capDrop.IsSet ? [.. Capabilities(_capDrop.Values).Except(Capabilities(_capAdd.Values))] : null,
            CgroupnsMode = _cgroupns.Value,
            GroupAdd = _groupAdd.IsSet ? _groupAdd.Values : null,
            IpcMode = _ipc.Value,
            Isolation = _isolation.Value,
            PidMode = _pid.Value,
            Privileged = _privileged.Value,
            Runtime = _runtime.Value,
            SecurityOpt = _securityOpt.IsSet ? security : null,
            Sysctls = _sysctl.IsSet ? Pairs(_sysctl.Values) : null,
            UsernsMode = _userns.Value,
            UTSMode = _uts.Value,
            MaskedPaths = unconfinedPaths ? [] : null,
            ReadonlyPaths = unconfinedPaths ? [] : null,
        };
    }

    public static Dictionary<string, string> Pairs(IEnumerable<string> values)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var value in values)
        {
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            pairs[equals < 0 ? value : value[..equals]] = equals < 0 ? "" : value[(equals + 1)..];
        }

        return pairs;
    }

    /// <summary>The kernel's names, sorted; ALL stands for all of them.</summary>
    private static List<string> Capabilities(IEnumerable<string> values)
    {
        List<string> names = [.. values
            .Select(value => value.ToUpperInvariant())
            .Select(name => name == AllCapabilities || name.StartsWith("CAP_", StringComparison.Ordinal) ? name : $"CAP_{name}")
            .Distinct()
            .Order(StringComparer.Ordinal)];
        return names.Contains(AllCapabilities) ? [AllCapabilities] : names;
    }

    private static bool IsContainer(string mode) => mode.StartsWith("container:", StringComparison.Ordinal) && mode.Length > "container:".Length;

    private static void Check(Flag<string> flag, string kind, bool valid)
    {
        if (!valid)
        {
            throw new CommandException($"--{flag.Name}: invalid {kind} mode");
        }
    }

    /// <summary>A seccomp profile is a file on this side of the connection: its content is sent.</summary>
    private static string SecurityOption(string text)
    {
        var split = text.IndexOfAny(['=', ':']);
        if (split < 0)
        {
            return text is "no-new-privileges" ? text : throw new CommandException($"Invalid --security-opt: {GoText.Quote(text)}");
        }

        var (name, value) = (text[..split], text[(split + 1)..]);
        if (name != "seccomp" || value is "unconfined" or "builtin")
        {
            return text;
        }

        var profile = KeyValueFile.ReadText(value, problem => $"opening seccomp profile ({value}) failed: {problem}");
        try
        {
            using var json = JsonDocument.Parse(profile);
            return $"seccomp={JsonSerializer.Serialize(json.RootElement, ProfileJson.Default.JsonElement)}";
        }
        catch (JsonException wrong)
        {
            throw new CommandException($"compacting json for seccomp profile ({value}) failed: {wrong.Message}");
        }
    }
}
