using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Runtime.Cgroups;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Bundles;

/// <summary>Refuses specifications that cannot be carried out, before anything is made.</summary>
internal static class SpecCheck
{
    internal static void Verify(OciSpec spec)
    {
        Require(spec.OciVersion.StartsWith("1.", StringComparison.Ordinal), $"unsupported ociVersion \"{spec.OciVersion}\"");
        Require(!string.IsNullOrEmpty(spec.Root?.Path), "root.path must be set");
        Require(spec.Process is not null, "process property must not be empty");
        Verify(spec.Process!);

        var namespaces = spec.Linux?.Namespaces ?? [];
        foreach (var entry in namespaces)
        {
            Require(NamespaceNames.TryParse(entry.Type, out _), $"namespace \"{entry.Type}\" does not exist");
            Require(entry.Path is null || Path.IsPathRooted(entry.Path), $"namespace path {entry.Path} must be absolute");
            Require(namespaces.Count(n => n.Type == entry.Type) == 1, $"malformed spec file: duplicated ns {{\"{entry.Type}\"}}");
        }

        bool Has(string type) => namespaces.Any(n => n.Type == type);
        Require(Has("mount"), "a container needs a mount namespace");
        Require(spec.Hostname is not { Length: > 0 } || Has("uts"), "unable to set hostname without a private UTS namespace");
        Require(spec.Domainname is not { Length: > 0 } || Has("uts"), "unable to set domainname without a private UTS namespace");
        Require(Has("user") || spec.Linux?.UidMappings is not { Count: > 0 }, "user namespace mappings specified, but user namespace isn't enabled in the config");
        Require(spec.Linux?.MaskedPaths?.All(Path.IsPathRooted) ?? true, "masked paths must be absolute");
        Require(spec.Linux?.ReadonlyPaths?.All(Path.IsPathRooted) ?? true, "read-only paths must be absolute");
        Require(string.IsNullOrEmpty(spec.Linux?.MountLabel), $"mountLabel \"{spec.Linux?.MountLabel}\" is requested, and SELinux labels are not supported");
        foreach (var device in spec.Linux?.Devices ?? [])
        {
            Require(device.Type is "c" or "b" or "u" or "p", $"invalid device type \"{device.Type}\" of {device.Path}");
            Require(Path.IsPathRooted(device.Path), $"device path \"{device.Path}\" must be absolute");
        }

        Verify(spec.Linux?.Resources ?? new OciResources());
        Require(spec.Linux?.Sysctl?.All(s => s.Value is not null) ?? true, "a sysctl has no value");
        Require(spec.Annotations?.All(a => a.Value is not null) ?? true, "an annotation has no value");
        foreach (var mount in spec.Mounts ?? [])
        {
            Require(mount is { UidMappings: not { Count: > 0 }, GidMappings: not { Count: > 0 } }, $"mount at \"{mount.Destination}\": idmapped mounts are not supported");
            Require(!(mount.Options ?? []).Any(o => o is "idmap" or "ridmap"), $"mount at \"{mount.Destination}\": idmapped mounts are not supported");
            Require(mount.Destination.Length > 0, "a mount has no destination");
            Require(!mount.Destination.Contains('\0', StringComparison.Ordinal), "a mount's destination contains a null byte");
        }
    }

    /// <summary>The checks of resources, which an update brings without the rest.</summary>
    internal static void Verify(OciResources resources)
    {
        Require(resources.Unified?.All(u => u.Value is not null) ?? true, "a file of the unified resources has no value");
        try
        {
            _ = ResourceDevices.Of(resources);
        }
        catch (InvalidDataException e)
        {
            throw StartException.Of("config", e.Message);
        }
    }

    /// <summary>The checks of a process, which an exec brings without the rest.</summary>
    internal static void Verify(OciProcess process)
    {
        Require(process.Args is { Count: > 0 }, "args must not be empty");
        Require(process.Cwd.StartsWith('/'), $"cwd must be an absolute path: \"{process.Cwd}\"");
        foreach (var text in process.Args!.Concat(process.Env ?? []))
        {
            Require(!text.Contains('\0', StringComparison.Ordinal), "args and env must not contain null bytes");
        }

        // What is asked for to confine it and cannot be had must not be left out in silence.
        Require(process.ApparmorProfile is null or "" or "unconfined", $"AppArmor profile \"{process.ApparmorProfile}\" is requested, and AppArmor is not supported");
        Require(string.IsNullOrEmpty(process.SelinuxLabel), $"SELinux label \"{process.SelinuxLabel}\" is requested, and SELinux is not supported");
        foreach (var limit in process.Rlimits ?? [])
        {
            Require(ResourceLimit.IsKnown(limit.Type), $"invalid rlimit type {limit.Type}");
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw StartException.Of("config", message);
        }
    }
}
