using Berth.Api.Containers;

namespace Berth.Engine.Containers.Creation;

/// <summary>Reads the ways of asking for a mount: -v (Binds), --mount (Mounts), --tmpfs, and the image's VOLUMEs.</summary>
internal static class MountSpecs
{
    private const string DefaultPropagation = "rprivate";
    private static readonly string[] _propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

    /// <summary>source:target[:options]; the source is a path or a volume's name. One part alone is an anonymous volume.</summary>
    public static ContainerMount ParseBind(string spec)
    {
        var parts = spec.Split(':');
        if (parts.Length > 3 || parts.Any(p => p.Length == 0))
        {
            throw ContainerErrors.Invalid($"invalid volume specification: '{spec}'");
        }

        var (source, target) = parts.Length == 1 ? ("", parts[0]) : (parts[0], parts[1]);
        var mode = parts.Length == 3 ? parts[2] : "";
        var isBind = source is ['/', ..];
        var mount = new ContainerMount
        {
            Kind = isBind ? MountKind.Bind : MountKind.Volume,
            Destination = CheckTarget(target, isBind ? "bind" : "volume", $"invalid volume specification: '{spec}': "),
            Source = isBind ? CleanPath(source) : "",
            Name = isBind || source.Length == 0 ? null : VolumeName(source),
            Anonymous = source.Length == 0,
            CreateSource = isBind,
            Mode = mode.Length == 0 && !isBind && source.Length > 0 ? "z" : mode,
            Propagation = isBind ? DefaultPropagation : "",
        };
        return mode.Length == 0 ? mount : mode.Split(',').Aggregate(mount, (m, option) => option switch
        {
            "ro" => m with { ReadOnly = true },
            "nocopy" when !isBind => m with { NoCopy = true },
            "rw" or "z" or "Z" or "cached" or "delegated" or "consistent" => m,
            _ when isBind && _propagations.Contains(option) => m with { Propagation = option },
            _ => throw ContainerErrors.Invalid($"invalid mode: {mode}"),
        });
    }

    public static ContainerMount ParseMount(Mount mount)
    {
        var type = mount.Type is { Length: > 0 } given ? given : "";
        var prefix = $"invalid mount config for type \"{type}\": ";
        if (string.IsNullOrEmpty(mount.Target))
        {
            throw ContainerErrors.Invalid(prefix + "field Target must not be empty");
        }

        CheckOptions(mount, type);
        RefuseMissing(mount, type);
        var target = CheckTarget(mount.Target, type, "");
        var source = mount.Source ?? "";
        return type switch
        {
            "bind" => BindOf(mount, source, target, prefix),
            "volume" => new ContainerMount
            {
                Kind = MountKind.Volume,
                Destination = target,
                Name = source.Length == 0 ? null : VolumeName(source),
                Anonymous = source.Length == 0,
                ReadOnly = mount.ReadOnly,
                NoCopy = mount.VolumeOptions?.NoCopy == true,
                Driver = mount.VolumeOptions?.DriverConfig?.Name is { Length: > 0 } driver ? driver : null,
                Mode = source.Length == 0 ? "" : "z",
            },
            "tmpfs" when source.Length > 0 => throw ContainerErrors.Invalid(prefix + "field Source must not be specified"),
            "tmpfs" => new ContainerMount
            {
                Kind = MountKind.Tmpfs,
                Destination = target,
                ReadOnly = mount.ReadOnly,
                TmpfsOptions = TmpfsMountOptions.Of(mount.TmpfsOptions, mount.ReadOnly),
            },
            _ => throw ContainerErrors.Invalid(prefix + "mount type unknown"),
        };
    }

    public static ContainerMount ParseTmpfs(string target, string options) => new()
    {
        Kind = MountKind.Tmpfs,
        Destination = CheckTarget(target, "tmpfs", ""),
        TmpfsOptions = TmpfsMountOptions.Of(options),
        Hidden = true,
    };

    /// <summary>Collapses the path as Go's path.Clean does; it never climbs above the root.</summary>
    public static string CleanPath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, "/"));

    public static string VolumeName(string name) => ContainerNames.IsName(name)
        ? name
        : throw ContainerErrors.Invalid(
            $"create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are "
            + "allowed. If you intended to pass a host directory, use absolute path");

    /// <summary>What is not there yet is refused, as something else would be mounted in its place.</summary>
    private static void RefuseMissing(Mount mount, string type)
    {
        if (type == "image")
        {
            throw new EngineException(ErrorKind.NotImplemented, "not implemented: mounting an image");
        }

        if (mount.VolumeOptions is { Subpath.Length: > 0 })
        {
            throw new EngineException(ErrorKind.NotImplemented, "not implemented: mounting a part of a volume (volume-subpath)");
        }

        if (mount.VolumeOptions?.DriverConfig is { Options.Count: > 0, Name: null or "" or "local" })
        {
            throw new EngineException(ErrorKind.NotImplemented, "not implemented: options of volume drivers (volume-opt)");
        }
    }

    private static ContainerMount BindOf(Mount mount, string source, string target, string prefix)
    {
        if (source.Length == 0)
        {
            throw ContainerErrors.Invalid(prefix + "field Source must not be empty");
        }

        if (source[0] != '/')
        {
            throw ContainerErrors.Invalid($"{prefix}invalid mount path: '{source}' mount path must be absolute");
        }

        CheckReadOnly(mount);
        var clean = CleanPath(source);
        var create = mount.BindOptions?.CreateMountpoint == true;
        if (!create && !Path.Exists(clean))
        {
            throw ContainerErrors.BindSourceMissing(source);
        }

        var propagation = mount.BindOptions?.Propagation is { Length: > 0 } given ? given : DefaultPropagation;
        return _propagations.Contains(propagation)
            ? new ContainerMount
            {
                Kind = MountKind.Bind,
                Destination = target,
                Source = clean,
                ReadOnly = mount.ReadOnly,
                ReadOnlyNonRecursive = mount.BindOptions?.ReadOnlyNonRecursive == true,
                Propagation = propagation,
                NonRecursive = mount.BindOptions?.NonRecursive == true,
                CreateSource = create,
            }
            : throw ContainerErrors.Invalid($"{prefix}invalid propagation mode: {propagation}");
    }

    /// <summary>What is asked of another type of mount would be ignored.</summary>
    private static void CheckOptions(Mount mount, string type)
    {
        var foreign = mount.BindOptions is not null && type != "bind" ? nameof(mount.BindOptions)
            : mount.VolumeOptions is not null && type != "volume" ? nameof(mount.VolumeOptions)
            : mount.TmpfsOptions is not null && type != "tmpfs" ? nameof(mount.TmpfsOptions)
            : mount.ImageOptions is not null && type != "image" ? nameof(mount.ImageOptions)
            : null;
        if (foreign is not null)
        {
            throw ContainerErrors.Invalid($"{foreign} must not be specified on mount type \"{type}\"");
        }
    }

    /// <summary>Docker's words, which its daemon says at the start.</summary>
    private static void CheckReadOnly(Mount mount)
    {
        if (mount.BindOptions is not { } options || options is { ReadOnlyNonRecursive: false, ReadOnlyForceRecursive: false })
        {
            return;
        }

        var conflict = !mount.ReadOnly
            ? $"!ReadOnly && BindOptions.{(options.ReadOnlyNonRecursive ? nameof(options.ReadOnlyNonRecursive) : nameof(options.ReadOnlyForceRecursive))}"
            : options is { ReadOnlyNonRecursive: true, ReadOnlyForceRecursive: true } ? "ReadOnlyNonRecursive && BindOptions.ReadOnlyForceRecursive"
            // What is mounted later would come in writable.
            : options is { ReadOnlyForceRecursive: true, Propagation: not (null or "" or "private" or "rprivate") }
                ? $"BindOptions.ReadOnlyForceRecursive && BindOptions.Propagation={options.Propagation}"
            : null;
        if (conflict is not null)
        {
            throw ContainerErrors.Invalid($"mount options conflict: {conflict}");
        }
    }

    private static string CheckTarget(string target, string type, string prefix)
    {
        if (target is not ['/', ..])
        {
            throw ContainerErrors.Invalid(
                $"{prefix}invalid mount config for type \"{type}\": invalid mount path: '{target}' mount path must be absolute");
        }

        var clean = CleanPath(target);
        return clean != "/"
            ? clean
            : throw ContainerErrors.Invalid(
                $"{prefix}invalid mount config for type \"{type}\": invalid specification: destination can't be '/'");
    }
}
