using Berth.Api.Containers;
using Berth.Engine.Security;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

/// <summary>
/// Makes the OCI specification of a container from its record: Docker's defaults, with what the user asked for. Pure but for what it
/// reads of the host: users of the image, devices, other containers.
/// </summary>
/// <param name="layers">The layers below the container's own, the top first.</param>
/// <param name="links">Variables of the containers that it is linked to.</param>
/// <param name="find">Finds the containers whose namespaces are shared.</param>
internal sealed partial class SpecBuilder(
    EngineOptions options, Container container, IReadOnlyList<string> layers, IReadOnlyList<string> links, Func<string, Container> find)
{
    private readonly ContainerConfig _config = container.Config;
    private readonly HostConfig _host = container.HostConfig;
    private readonly ContainerPaths _paths = container.Paths;
    private readonly SecurityOptions _security = SecurityOptions.Parse(container.HostConfig.SecurityOpt);

    public OciSpec Build()
    {
        // First, as it names what is wrong with a container whose namespace is shared.
        var namespaces = Namespaces();
        var hostname = HostNamespace(_host.UTSMode) ? null : Hostname();
        var (devices, deviceRules) = Devices();
        var process = Process(hostname ?? Environment.MachineName);
        return new OciSpec
        {
            Process = process,
            Root = new OciRoot { Path = _paths.Root, Readonly = _host.ReadonlyRootfs },
            Hostname = hostname,
            Domainname = hostname is null || _config.Domainname.Length == 0 ? null : _config.Domainname,
            Mounts = Mounts(),
            Annotations = _host.Annotations,
            Linux = new OciLinux
            {
                Namespaces = namespaces,
                Devices = devices,
                CgroupsPath = CgroupsPathOf(options, container),
                Resources = LimitsOf(_host) with { Devices = deviceRules },
                Sysctl = Sysctls(),
                Seccomp = Seccomp(process),
                RootfsPropagation = RootPropagation(),
                MaskedPaths = _host.MaskedPaths,
                ReadonlyPaths = _host.ReadonlyPaths,
            },
        };
    }

    private bool HasInit => _host.Init ?? options.Init;

    private static bool HostNamespace(string mode) => mode == NamespaceMode.Host;

    /// <summary>What the filter allows depends on the capabilities: CAP_SYS_ADMIN brings mount, and so on.</summary>
    private OciSeccomp? Seccomp(OciProcess process)
    {
        // A privileged container goes without the daemon's profile, but not without one that was asked for.
        var wanted = _security.Seccomp switch
        {
            "unconfined" => DefaultSeccomp.None,
            "builtin" => DefaultSeccomp.Builtin,
            { } own => new DefaultSeccomp("", own, false),
            null => _host.Privileged ? DefaultSeccomp.None : options.Seccomp,
        };
        return wanted.Unconfined ? null : SeccompProfiles.Resolve(wanted.Profile, [.. process.Capabilities?.Bounding ?? []]);
    }

    /// <summary>One that shares another container's network has that one's name.</summary>
    private string Hostname() => _config.Hostname.Length > 0 ? _config.Hostname
        : NamespaceMode.ContainerOf(_host.NetworkMode) is { } other ? find(other).Config.Hostname
        : container.Id[..12];

    /// <summary>The path of a container's cgroup, below the root of each hierarchy.</summary>
    public static string CgroupsPathOf(EngineOptions options, Container container)
    {
        var parent = container.HostConfig.CgroupParent.Length > 0 ? container.HostConfig.CgroupParent : options.CgroupParent;
        return Path.Combine("/", parent, container.Id);
    }
}
