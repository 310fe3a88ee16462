using Berth.Linux;
using Berth.Linux.Namespaces;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Bundles;

/// <summary>Refuses kernel parameters that would be the host's, and a name that would be.</summary>
internal static class SysctlCheck
{
    /// <param name="spec">Whose sysctls are checked.</param>
    /// <param name="joined">The namespaces that exist already, opened: whose they are is asked of them, not of their paths.</param>
    internal static void Verify(OciSpec spec, IReadOnlyCollection<(NamespaceKinds Kind, FileDescriptor Descriptor)> joined)
    {
        if ((spec.Hostname is { Length: > 0 } || spec.Domainname is { Length: > 0 }) && !HasOwn(spec, joined, "uts"))
        {
            throw StartException.Of("hostname", "unable to set hostname without a private UTS namespace");
        }

        foreach (var name in spec.Linux?.Sysctl?.Keys ?? [])
        {
            if (KernelParameters.Refusal(name, type => HasOwn(spec, joined, type)) is { } refusal)
            {
                throw StartException.Of("sysctl", refusal);
            }
        }
    }

    private static bool HasOwn(OciSpec spec, IReadOnlyCollection<(NamespaceKinds Kind, FileDescriptor Descriptor)> joined, string type) =>
        NamespaceNames.TryParse(type, out var kind)
        && (spec.Linux?.Namespaces ?? []).FirstOrDefault(n => n.Type == type) is { } entry
        && (string.IsNullOrEmpty(entry.Path) || joined.All(j => j.Kind != kind || !IsHosts(j.Descriptor, type)));

    // The runtime runs in the host's namespaces. Where it was itself put into others, the first process's are not the container's either.
    private static bool IsHosts(FileDescriptor joined, string type)
    {
        var (id, file) = (Namespace.IdOf(joined), type == "network" ? "net" : type);
        return id == Namespace.TryGetId("self", file) || id == Namespace.TryGetId("1", file);
    }
}
