using Berth.Linux.Cgroups;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Cgroups;

/// <summary>A bundle's device rules (config-linux.md, "Allowed Device list") as those of a cgroup.</summary>
public static class ResourceDevices
{
    // What every container may use whatever its bundle says: nodes may be made, and the devices that the runtime itself puts
    // into /dev (config-linux.md, "Default Devices") opened. The list is runc's.
    private static readonly DeviceRule[] _always =
    [
        new(true, DeviceKind.Character, null, null, DeviceAccess.Create),
        new(true, DeviceKind.Block, null, null, DeviceAccess.Create),
        new(true, DeviceKind.Character, 1, 3, DeviceAccess.All), // null
        new(true, DeviceKind.Character, 1, 5, DeviceAccess.All), // zero
        new(true, DeviceKind.Character, 1, 7, DeviceAccess.All), // full
        new(true, DeviceKind.Character, 1, 8, DeviceAccess.All), // random
        new(true, DeviceKind.Character, 1, 9, DeviceAccess.All), // urandom
        new(true, DeviceKind.Character, 5, 0, DeviceAccess.All), // tty
        new(true, DeviceKind.Character, 5, 2, DeviceAccess.All), // ptmx
        new(true, DeviceKind.Character, 136, null, DeviceAccess.All), // pts/*
    ];

    public static IReadOnlyList<DeviceRule> Of(OciResources? resources) => [.. (resources?.Devices ?? []).SelectMany(Rules), .. _always];

    private static IEnumerable<DeviceRule> Rules(OciDeviceRule rule)
    {
        var (major, minor, access) = (Number(rule.Major), Number(rule.Minor), Access(rule.Access));
        DeviceRule Of(DeviceKind kind) => new(rule.Allow, kind, major, minor, access);
        return rule.Type switch
        {
            "c" or "u" => [Of(DeviceKind.Character)],
            "b" => [Of(DeviceKind.Block)],
            // The kernel takes "every kind" for every device and every access, whatever else the rule says. A rule that allows no
            // more than some of it must not open the rest.
            null or "" or "a" when rule.Allow && (major, minor, access) is not (null, null, DeviceAccess.All) =>
                [Of(DeviceKind.Character), Of(DeviceKind.Block)],
            null or "" or "a" => [Of(DeviceKind.Any)],
            _ => throw new InvalidDataException($"invalid device type: {rule.Type}"),
        };
    }

    // -1 is any, as in older bundles.
    private static uint? Number(long? number) => number switch
    {
        null or -1 => null,
        >= 0 and <= uint.MaxValue => (uint)number,
        _ => throw new InvalidDataException($"invalid device number: {number}"),
    };

    private static DeviceAccess Access(string? access) => string.IsNullOrEmpty(access)
        ? DeviceAccess.All
        : access.Aggregate(DeviceAccess.None, (all, one) => all | one switch
        {
            'r' => DeviceAccess.Read,
            'w' => DeviceAccess.Write,
            'm' => DeviceAccess.Create,
            _ => throw new InvalidDataException($"invalid device access: {access}"),
        });
}
