namespace Berth.Oci.Runtime;

/// <summary>
/// Which kernel parameters may be set for a container: those of a namespace that it does not share with the host. All others would
/// be the host's. The list and the words are runc's.
/// </summary>
public static class KernelParameters
{
    // ipc_namespaces(7); fs.mqueue.* is the rest.
    private static readonly string[] _ipc =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
        "kernel.shm_rmid_forced",
    ];

    /// <param name="parameter">With dots or with slashes.</param>
    /// <param name="hasOwn">Whether the container has a namespace of a type (ipc, network, uts, user) that is not the host's.</param>
    /// <returns>Why it may not be set; null where it may.</returns>
    public static string? Refusal(string parameter, Func<string, bool> hasOwn)
    {
        var name = WithDots(parameter);
        if (Array.IndexOf(_ipc, name) >= 0 || name.StartsWith("fs.mqueue.", StringComparison.Ordinal))
        {
            return hasOwn("ipc") ? null : $"sysctl \"{name}\" is not allowed in the hosts ipc namespace";
        }

        if (name.StartsWith("net.", StringComparison.Ordinal))
        {
            return hasOwn("network") ? null : $"sysctl \"{name}\" not allowed in host network namespace";
        }

        return name switch
        {
            "kernel.domainname" when hasOwn("uts") => null,
            "kernel.hostname" when hasOwn("uts") => $"sysctl \"{name}\" is not allowed as it conflicts with the OCI \"hostname\" field",
            _ when name.StartsWith("user.", StringComparison.Ordinal) && hasOwn("user") => null,
            _ => $"sysctl \"{name}\" is not in a separate kernel namespace",
        };
    }

    // sysctl.d(5): where the first separator is a slash, dots and slashes stand for each other.
    private static string WithDots(string name)
    {
        var first = name.AsSpan().IndexOfAny('.', '/');
        return first < 0 || name[first] == '.'
            ? name
            : string.Create(name.Length, name, static (text, source) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = source[i] switch { '.' => '/', '/' => '.', var other => other };
                }
            });
    }
}
