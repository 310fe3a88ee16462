using System.Globalization;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Engine.Containers.Specs;

internal sealed partial class SpecBuilder
{
    /// <summary>Names may come to mean containers that go round in a circle.</summary>
    private const int MostDonors = 32;

    private List<OciMount> Mounts()
    {
        var own = container.Record.Mounts.OrderBy(m => m.Destination.Count(c => c == '/')).ToList();
        var taken = own.Select(m => m.Destination).ToHashSet(StringComparer.Ordinal);
        List<OciMount> mounts = [Overlay()];
        // Whoever mounts /dev brings all that is below it.
        mounts.AddRange(Defaults().Where(m =>
            !taken.Contains(m.Destination) && !(taken.Contains("/dev") && m.Destination.StartsWith("/dev/", StringComparison.Ordinal))));
        mounts.AddRange(own.Select(ToOci));
        mounts.AddRange(NetworkFiles().Where(m => !taken.Contains(m.Destination)));
        if (HasInit)
        {
            mounts.Add(Bind(InitProgram.Provide(options), InitProgram.Destination, "ro"));
        }

        return mounts;
    }

    /// <summary>The root itself. One option for each layer, because the kernel limits the length of one (lowerdir+, Linux 6.5).</summary>
    private OciMount Overlay() => new()
    {
        Destination = "/",
        Type = "overlay",
        Source = "overlay",
        Options =
        [
            .. layers is [var only] ? [$"lowerdir={only}"] : layers.Select(layer => $"lowerdir+={layer}"),
            $"upperdir={_paths.Upper}",
            $"workdir={_paths.Work}",
            .. OverlayMount.Plain.Select(feature => $"{feature.Key}={feature.Value}"),
        ],
    };

    private IEnumerable<OciMount> Defaults()
    {
        var access = _host.Privileged ? "rw" : "ro";
        yield return Mount("proc", "/proc", "nosuid", "noexec", "nodev");
        yield return Mount("tmpfs", "/dev", "nosuid", "strictatime", "mode=755", "size=65536k");
        yield return Mount("devpts", "/dev/pts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        yield return Mount("sysfs", "/sys", "nosuid", "noexec", "nodev", access);
        yield return Mount("cgroup", "/sys/fs/cgroup", _security.WritableCgroups ?? _host.Privileged ? "rw" : "ro", "nosuid", "noexec", "nodev");
        var owner = OwnerOfSharedMemory();
        if (HostNamespace(owner.HostConfig.IpcMode))
        {
            if (Directory.Exists("/dev/mqueue"))
            {
                yield return Bind("/dev/mqueue", "/dev/mqueue", "nosuid", "noexec", "nodev");
            }

            yield return Bind("/dev/shm", "/dev/shm", "nosuid", "noexec", "nodev");
            yield break;
        }

        yield return Mount("mqueue", "/dev/mqueue", "nosuid", "noexec", "nodev");
        if (SharedMemory.IsOf(owner))
        {
            yield return Bind(owner.Paths.SharedMemory, SharedMemory.Destination, "nosuid", "noexec", "nodev");
        }
        else if (_host.IpcMode != "none")
        {
            yield return Mount(
                "tmpfs", "/dev/shm", "nosuid", "noexec", "nodev", "mode=1777",
                string.Create(CultureInfo.InvariantCulture, $"size={_host.ShmSize}")) with
            { Source = "shm" };
        }
    }

    /// <summary>Whose IPC namespace it has in the end: the donor may have joined another's itself.</summary>
    private Container OwnerOfSharedMemory()
    {
        var owner = container;
        for (var i = 0; i < MostDonors && NamespaceMode.ContainerOf(owner.HostConfig.IpcMode) is { } donor; i++)
        {
            owner = find(donor);
        }

        return owner;
    }

    /// <summary>One that shares another container's network shares its files about the network.</summary>
    private IEnumerable<OciMount> NetworkFiles()
    {
        var paths = NamespaceMode.ContainerOf(_host.NetworkMode) is { } other ? find(other).Paths : _paths;
        string[] options = _host.ReadonlyRootfs ? ["ro"] : [];
        yield return Bind(paths.ResolvConf, "/etc/resolv.conf", options);
        yield return Bind(paths.Hostname, "/etc/hostname", options);
        yield return Bind(paths.Hosts, "/etc/hosts", options);
    }

    private static OciMount ToOci(ContainerMount mount)
    {
        if (mount.Kind == MountKind.Tmpfs)
        {
            return Mount("tmpfs", mount.Destination, [.. mount.TmpfsOptions]);
        }

        if (mount.Kind == MountKind.Bind && !Path.Exists(mount.Source))
        {
            if (!mount.CreateSource)
            {
                throw ContainerErrors.BindSourceMissing(mount.Source);
            }

            Directory.CreateDirectory(mount.Source);
        }

        CheckPropagation(mount);
        return new OciMount
        {
            Destination = mount.Destination,
            Type = "bind",
            Source = mount.Source,
            Options =
            [
                mount.NonRecursive ? "bind" : "rbind",
                .. ReadOnlyOption(mount),
                mount.Propagation.Length > 0 ? mount.Propagation : "rprivate",
            ],
        };
    }

    /// <summary>
    /// Read-only with all that is mounted below. One that may be written to has no option: it would take from the source what it is
    /// mounted with on the host (ro, nosuid, nodev).
    /// </summary>
    private static string[] ReadOnlyOption(ContainerMount mount) => !mount.ReadOnly ? [] : mount.ReadOnlyNonRecursive ? ["ro"] : ["rro"];

    /// <summary>Mounts come from the host, or go there, only where the host's mount takes part in that.</summary>
    private static void CheckPropagation(ContainerMount mount)
    {
        var isShared = mount.Propagation is "shared" or "rshared";
        if (!isShared && mount.Propagation is not ("slave" or "rslave"))
        {
            return;
        }

        var point = MountPoint.Of(mount.Source);
        if (!point.IsShared && (isShared || !point.IsSlave))
        {
            var wanted = isShared ? "shared" : "shared or slave";
            throw new EngineException(ErrorKind.System, $"path {mount.Source} is mounted on {point.Path} but it is not a {wanted} mount");
        }
    }

    /// <summary>A mount that is to show in the host, or the host's in it, needs a root that lets it through.</summary>
    private string? RootPropagation()
    {
        var propagations = container.Record.Mounts.Select(m => m.Propagation).ToHashSet();
        return propagations.Overlaps(["shared", "rshared"]) ? "rshared"
            : propagations.Overlaps(["slave", "rslave"]) ? "rslave"
            : "rprivate";
    }

    private static OciMount Mount(string type, string destination, params string[] options) =>
        new() { Type = type, Source = type, Destination = destination, Options = options };

    private static OciMount Bind(string source, string destination, params string[] options) => new()
    {
        Type = "bind",
        Source = source,
        Destination = destination,
        Options = ["rbind", "rprivate", .. options],
    };
}
