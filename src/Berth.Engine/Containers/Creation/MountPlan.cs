using Berth.Api.Containers;

namespace Berth.Engine.Containers.Creation;

/// <summary>All mounts of a container in Docker's order of precedence: -v, --mount, --tmpfs, then --volumes-from, then the image's VOLUMEs.</summary>
internal static class MountPlan
{
    /// <param name="find">Finds the containers that --volumes-from names.</param>
    public static IReadOnlyList<ContainerMount> Of(ContainerConfig config, HostConfig host, Func<string, Container> find)
    {
        var mounts = new Dictionary<string, ContainerMount>(StringComparer.Ordinal);
        foreach (var mount in (host.Binds ?? []).Select(MountSpecs.ParseBind)
            .Concat((host.Mounts ?? []).Select(MountSpecs.ParseMount)))
        {
            if (!mounts.TryAdd(mount.Destination, mount))
            {
                throw ContainerErrors.Invalid($"Duplicate mount point: {mount.Destination}");
            }
        }

        foreach (var (target, tmpfs) in host.Tmpfs ?? new Dictionary<string, string>())
        {
            var mount = MountSpecs.ParseTmpfs(target, tmpfs);
            if (!mounts.TryAdd(mount.Destination, mount))
            {
                throw ContainerErrors.Invalid($"Duplicate mount point: {mount.Destination}");
            }
        }

        foreach (var mount in (host.VolumesFrom ?? []).SelectMany(spec => Inherited(spec, find)))
        {
            mounts.TryAdd(mount.Destination, mount);
        }

        foreach (var target in config.Volumes?.Keys ?? [])
        {
            // As Docker: a path of an image may lack its slash.
            var mount = MountSpecs.ParseBind(target.Length > 0 && target[0] != '/' && !target.Contains(':', StringComparison.Ordinal) ? "/" + target : target);
            if (mount is { Kind: MountKind.Volume, Name: null })
            {
                mounts.TryAdd(mount.Destination, mount);
            }
        }

        return [.. mounts.Values.OrderBy(m => m.Destination, StringComparer.Ordinal)];
    }

    private static IEnumerable<ContainerMount> Inherited(string spec, Func<string, Container> find)
    {
        if (spec.Length == 0)
        {
            throw ContainerErrors.Invalid("volumes-from specification cannot be an empty string");
        }

        var parts = spec.Split(':');
        if (parts is not ([_] or [_, "ro" or "rw" or "z" or "Z"]))
        {
            throw ContainerErrors.Invalid(parts.Length == 2 ? $"invalid mode: {parts[1]}" : $"invalid volumes-from specification: '{spec}'");
        }

        var readOnly = parts is [_, "ro"];
        return find(parts[0]).Record.Mounts
            .Where(m => m.Kind != MountKind.Tmpfs)
            .Select(m => m with { ReadOnly = m.ReadOnly || readOnly, Anonymous = false, NoCopy = true });
    }
}
