namespace Berth.Linux.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Sets which devices the cgroup's processes may use; all rules before are replaced.</summary>
    public void SetDevices(IEnumerable<DeviceRule> rules)
    {
        var policy = DevicePolicy.Of(rules);
        if (Find("devices") is { } legacy)
        {
            foreach (var (file, value) in LegacyDevices.Writes(policy, legacy.Read("devices.list")))
            {
                legacy.Write(file, value);
            }
        }
        else if (_directories.FirstOrDefault(d => d.Hierarchy.IsUnified) is { } unified)
        {
            DeviceAttachment.Replace(unified, DeviceProgram.Build(policy));
        }
        else
        {
            throw new LinuxException("set device rules", Errno.ENODEV, Path);
        }
    }
}
