using System.Globalization;

namespace Berth.Linux.Cgroups;

/// <summary>Device rules in the files of v1: devices.allow, devices.deny, and devices.list for reading (Documentation/admin-guide/cgroup-v1/devices.rst).</summary>
internal static class LegacyDevices
{
    private const string Everything = "a *:* rwm";

    /// <summary>The writes that lead from what a cgroup allows to a policy. What both allow stays allowed all the time: somebody may be writing to /dev/null.</summary>
    /// <param name="policy">What shall be.</param>
    /// <param name="list">devices.list as it is.</param>
    internal static IEnumerable<(string File, string Value)> Writes(DevicePolicy policy, string list)
    {
        var present = list.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var wanted = policy.Exceptions.ToDictionary(e => Text(e.Key), e => Text(e.Value));
        if (policy.AllowsByDefault)
        {
            // devices.list does not show what is denied, so it is told anew from the start.
            return [("devices.allow", Everything), .. wanted.Select(e => ("devices.deny", $"{e.Key} {e.Value}"))];
        }

        if (present.Contains(Everything))
        {
            return [("devices.deny", Everything), .. wanted.Select(e => ("devices.allow", $"{e.Key} {e.Value}"))];
        }

        var had = present.Select(l => l.Split(' ')).Where(l => l.Length == 3).ToDictionary(l => $"{l[0]} {l[1]}", l => l[2]);
        return
        [
            .. wanted.Where(e => had.GetValueOrDefault(e.Key) != e.Value).Select(e => ("devices.allow", $"{e.Key} {e.Value}")),
            .. had.Select(e => (e.Key, Access: Without(e.Value, wanted.GetValueOrDefault(e.Key, ""))))
                .Where(e => e.Access.Length > 0).Select(e => ("devices.deny", $"{e.Key} {e.Access}")),
        ];
    }

    private static string Without(string access, string other) =>
        string.Concat(access.Where(a => !other.Contains(a, StringComparison.Ordinal)));

    private static string Text(DeviceNumber device) =>
        $"{(device.Kind == DeviceKind.Block ? 'b' : 'c')} {Text(device.Major)}:{Text(device.Minor)}";

    private static string Text(uint? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "*";

    // In the kernel's order, so that what it lists compares equal.
    private static string Text(DeviceAccess access) => string.Concat(
        access.HasFlag(DeviceAccess.Read) ? "r" : "", access.HasFlag(DeviceAccess.Write) ? "w" : "", access.HasFlag(DeviceAccess.Create) ? "m" : "");
}
