using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Linux.Namespaces;

namespace Berth.Engine.Containers.Files;

/// <summary>
/// A container's root with its volumes and binds, for work from outside. That of a running container is its own, with every mount that
/// it sees; that of another is mounted for this purpose where nobody else sees it.
/// </summary>
internal sealed class ContainerRoot : IDisposable
{
    private readonly MountNamespace _namespace;

    private ContainerRoot(MountNamespace mounts, RootDirectory directory) => (_namespace, Directory) = (mounts, directory);

    public RootDirectory Directory { get; }

    /// <summary>The root of a container that runs; null where it does not (any more).</summary>
    public static ContainerRoot? TryOpenRunning(Container container) =>
        container.State is { HasProcess: true, Pid: var pid } && MountNamespace.OfProcess(pid, container.Id) is { } found
            ? new ContainerRoot(found.Namespace, found.Root)
            : null;

    /// <summary>The root of a container that does not run, to be written to. It must not be started meanwhile.</summary>
    public static ContainerRoot OpenWritable(Container container, IReadOnlyList<string> layers)
    {
        var paths = container.Paths;
        return Mount(container, () => OverlayMount.Make(layers, (paths.Upper, paths.Work)), container.HostConfig.ReadonlyRootfs);
    }

    /// <summary>
    /// The root of a container that does not run, to be read. What is written to it (places of mounts that were never made) goes to
    /// memory and is dropped, so that nothing happens to the container, which may even be started meanwhile.
    /// </summary>
    public static ContainerRoot OpenReadable(Container container, IReadOnlyList<string> layers) => Mount(
        container,
        () =>
        {
            using var files = FileSystem.Open("tmpfs");
            using var memory = files.Mount(MountAttributes.None);
            using var place = RootDirectory.Open(container.Paths.Root);
            memory.MoveTo(place.Descriptor);
            var (upper, work) = (Path.Combine(container.Paths.Root, "upper"), Path.Combine(container.Paths.Root, "work"));
            System.IO.Directory.CreateDirectory(upper);
            System.IO.Directory.CreateDirectory(work);
            using (var top = HeldEntry.Open(upper))
            using (var own = HeldEntry.Open(container.Paths.Upper))
            {
                top.SetMode(own.Status().Permissions);
            }

            return OverlayMount.Make([container.Paths.Upper, .. layers], (upper, work));
        },
        readOnly: false);

    public void Dispose()
    {
        Directory.Dispose();
        _namespace.Dispose();
    }

    private static ContainerRoot Mount(Container container, Func<DetachedMount> makeRoot, bool readOnly)
    {
        var (mounts, root) = MountNamespace.Make(() =>
        {
            var overlay = makeRoot();
            using (var place = RootDirectory.Open(container.Paths.Root))
            {
                overlay.MoveTo(place.Descriptor);
            }

            var directory = new RootDirectory(overlay.Descriptor);
            foreach (var (source, destination, attributes) in MountsOf(container).OrderBy(m => m.Destination.Count(c => c == '/')))
            {
                using var mount = DetachedMount.Clone(source, recursive: true);
                mount.SetAttributes(attributes, MountAttributes.None, recursive: true);
                using var target = System.IO.Directory.Exists(source) ? directory.MakeDirectory(destination) : directory.MakeFile(destination);
                mount.MoveTo(target);
            }

            if (readOnly)
            {
                overlay.SetAttributes(MountAttributes.ReadOnly, MountAttributes.None);
            }

            return directory;
        });
        return new ContainerRoot(mounts, root);
    }

    private static IEnumerable<(string Source, string Destination, MountAttributes Attributes)> MountsOf(Container container)
    {
        var mounts = container.Record.Mounts;
        foreach (var mount in mounts)
        {
            if (mount.Kind != MountKind.Tmpfs && Path.Exists(mount.Source))
            {
                yield return (mount.Source, mount.Destination, mount.ReadOnly ? MountAttributes.ReadOnly : MountAttributes.None);
            }
        }

        var paths = container.Paths;
        foreach (var (source, destination) in new[] { (paths.Hosts, "/etc/hosts"), (paths.Hostname, "/etc/hostname"), (paths.ResolvConf, "/etc/resolv.conf") })
        {
            // They are there from the first start on.
            if (File.Exists(source) && mounts.All(m => m.Destination != destination))
            {
                yield return (source, destination, MountAttributes.None);
            }
        }
    }
}
