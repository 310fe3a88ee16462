using Berth.Linux.Capabilities;

namespace Berth.Engine.Containers;

/// <summary>Capabilities of containers: the default set, and what --cap-add and --cap-drop make of it.</summary>
internal static class CapabilityNames
{
    /// <summary>capabilities(7), in the kernel's order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Capability.Known.Select(c => c.Name)];

    /// <summary>What a container has unless its user says otherwise; the same as Docker's.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>Upper case, with CAP_ before it; ALL stays ALL.</summary>
    /// <param name="names">As a client gave them.</param>
    /// <param name="field">The field's name, for the refusal of an unknown one.</param>
    public static IReadOnlyList<string> Normalize(IReadOnlyList<string>? names, string field) => [.. (names ?? []).Select(given =>
    {
        var name = given.ToUpperInvariant();
        name = name == "ALL" || name.StartsWith("CAP_", StringComparison.Ordinal) ? name : $"CAP_{name}";
        return name == "ALL" || All.Contains(name)
            ? name
            : throw ContainerErrors.Invalid($"invalid {field}: unknown capability: \"{name}\"");
    })];

    /// <summary>The capabilities of a container, as Docker computes them from its options.</summary>
    public static IReadOnlyList<string> Of(bool privileged, IReadOnlyList<string>? add, IReadOnlyList<string>? drop)
    {
        if (privileged)
        {
            return All;
        }

        var (added, dropped) = (Normalize(add, "CapAdd"), Normalize(drop, "CapDrop"));
        if (added.Contains("ALL"))
        {
            return [.. All.Except(dropped)];
        }

        return dropped.Contains("ALL")
            ? [.. added.Distinct()]
            : [.. Default.Except(dropped).Union(added)];
    }
}
