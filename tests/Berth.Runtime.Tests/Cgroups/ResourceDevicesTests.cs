using Berth.Linux.Cgroups;
using Berth.Oci.Runtime;
using Berth.Runtime.Cgroups;

namespace Berth.Runtime.Tests.Cgroups;

public sealed class ResourceDevicesTests
{
    [Fact]
    public void The_bundles_rules_come_first_and_the_runtimes_own_devices_are_always_allowed()
    {
        var rules = Of(new OciDeviceRule { Allow = false, Access = "rwm" }, new OciDeviceRule { Allow = true, Type = "b", Major = 8, Minor = -1, Access = "r" });
        Assert.Equal(new DeviceRule(false, DeviceKind.Any, null, null, DeviceAccess.All), rules[0]);
        Assert.Equal(new DeviceRule(true, DeviceKind.Block, 8, null, DeviceAccess.Read), rules[1]);
        Assert.Contains(new DeviceRule(true, DeviceKind.Character, 1, 3, DeviceAccess.All), rules.Skip(2));
    }

    [Theory]
    [InlineData("x", "r", 1L)]
    [InlineData("c", "rx", 1L)]
    [InlineData("c", "r", -2L)]
    public void A_rule_that_makes_no_sense_is_refused(string type, string access, long major) =>
        Assert.Throws<InvalidDataException>(() => Of(new OciDeviceRule { Type = type, Access = access, Major = major }));

    [Fact]
    public void A_rule_for_some_devices_of_every_kind_does_not_open_all()
    {
        var rules = Of(new OciDeviceRule { Allow = true, Type = "a", Major = 8, Access = "r" });
        Assert.Equal(
            [new DeviceRule(true, DeviceKind.Character, 8, null, DeviceAccess.Read), new DeviceRule(true, DeviceKind.Block, 8, null, DeviceAccess.Read)],
            rules.Take(2));
        Assert.DoesNotContain(rules, r => r.Kind == DeviceKind.Any);
        Assert.Equal(DeviceKind.Any, Of(new OciDeviceRule { Allow = true, Access = "rwm" })[0].Kind);
    }

    private static IReadOnlyList<DeviceRule> Of(params OciDeviceRule[] rules) => ResourceDevices.Of(new OciResources { Devices = rules });
}
