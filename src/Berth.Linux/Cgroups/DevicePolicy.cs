namespace Berth.Linux.Cgroups;

/// <summary>What a list of rules comes to: one answer for all devices, and exceptions from it. This is how v1 keeps them.</summary>
/// <param name="AllowsByDefault">The answer where no exception applies.</param>
/// <param name="Exceptions">By device, the kinds of access that get the other answer.</param>
internal sealed record DevicePolicy(bool AllowsByDefault, IReadOnlyDictionary<DeviceNumber, DeviceAccess> Exceptions)
{
    internal static DevicePolicy Of(IEnumerable<DeviceRule> rules)
    {
        var allowsByDefault = false;
        var exceptions = new Dictionary<DeviceNumber, DeviceAccess>();
        foreach (var rule in rules)
        {
            if (rule.Kind == DeviceKind.Any)
            {
                allowsByDefault = rule.Allow;
                exceptions.Clear();
                continue;
            }

            // A rule that agrees with the default takes back an exception, of exactly this device: as in the kernel, it makes no
            // hole in a wider one.
            var device = new DeviceNumber(rule.Kind, rule.Major, rule.Minor);
            var before = exceptions.GetValueOrDefault(device);
            var after = rule.Allow == allowsByDefault ? before & ~rule.Access : before | rule.Access;
            if (after == DeviceAccess.None)
            {
                exceptions.Remove(device);
            }
            else
            {
                exceptions[device] = after;
            }
        }

        return new DevicePolicy(allowsByDefault, exceptions);
    }
}

/// <param name="Kind">Character or block.</param>
/// <param name="Major">Null: every.</param>
/// <param name="Minor">Null: every.</param>
internal readonly record struct DeviceNumber(DeviceKind Kind, uint? Major, uint? Minor);
