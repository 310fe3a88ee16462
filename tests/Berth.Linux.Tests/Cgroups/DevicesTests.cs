using System.Diagnostics;
using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

public sealed class DevicesTests
{
    private static readonly DeviceRule[] _nullOnly =
    [
        new(false, DeviceKind.Any, null, null, DeviceAccess.All),
        new(true, DeviceKind.Character, null, null, DeviceAccess.Create),
        new(true, DeviceKind.Character, 1, 3, DeviceAccess.All),
        new(true, DeviceKind.Character, 1, 5, DeviceAccess.Read),
    ];

    [Fact]
    public void Rules_add_up_in_their_order()
    {
        var policy = DevicePolicy.Of(
        [
            new(true, DeviceKind.Block, 8, 0, DeviceAccess.All),
            .. _nullOnly,
            new(true, DeviceKind.Character, 1, 5, DeviceAccess.Write),
            new(false, DeviceKind.Character, 1, 3, DeviceAccess.Write),
        ]);
        Assert.False(policy.AllowsByDefault);
        Assert.Equal(DeviceAccess.Read | DeviceAccess.Write, policy.Exceptions[new DeviceNumber(DeviceKind.Character, 1, 5)]);
        Assert.Equal(DeviceAccess.Read | DeviceAccess.Create, policy.Exceptions[new DeviceNumber(DeviceKind.Character, 1, 3)]);
        Assert.DoesNotContain(new DeviceNumber(DeviceKind.Block, 8, 0), policy.Exceptions.Keys);
    }

    [Fact]
    public void A_device_that_both_policies_allow_is_never_denied_between_them()
    {
        var writes = LegacyDevices.Writes(DevicePolicy.Of(_nullOnly), "c *:* m\nc 1:3 rwm\nc 1:5 rwm\nb 8:0 r\n").ToList();
        Assert.Equal([("devices.allow", "c 1:5 r"), ("devices.deny", "c 1:5 wm"), ("devices.deny", "b 8:0 r")], writes);
    }

    [Fact]
    public async Task The_kernel_enforces_them()
    {
        using var test = new TestCgroup();
        Assert.SkipUnless(test.Layout.Find("devices") is not null || test.Layout.IsPureUnified, "no device controller");
        test.Cgroup.SetDevices(_nullOnly);
        Assert.Equal("null zero", await ProbeAsync(test));
        // A second set replaces the first, while the cgroup is in use.
        test.Cgroup.SetDevices([.. _nullOnly, new(true, DeviceKind.Character, 1, 7, DeviceAccess.Read)]);
        Assert.Equal("null zero full", await ProbeAsync(test));
        test.Cgroup.SetDevices(_nullOnly);
        Assert.Equal("null zero", await ProbeAsync(test));
        test.Cgroup.SetDevices([new(true, DeviceKind.Any, null, null, DeviceAccess.All)]);
        Assert.Equal("null zero full random write-zero", await ProbeAsync(test));
    }

    [Fact]
    public async Task The_program_for_v2_enforces_them_on_the_v2_hierarchy()
    {
        using var test = new TestCgroup();
        Assert.SkipWhen(test.Layout.Unified is null, "no cgroup v2");
        using var directory = CgroupDirectory.TryOpen(test.Layout.Unified, test.Layout.Unified.MountPoint + test.Cgroup.Path)!;
        DeviceAttachment.Replace(directory, DeviceProgram.Build(DevicePolicy.Of(_nullOnly)));
        Assert.Equal("null zero", await ProbeAsync(test));
        var open = DevicePolicy.Of([new(true, DeviceKind.Any, null, null, DeviceAccess.All), new(false, DeviceKind.Character, 1, 8, DeviceAccess.Read)]);
        DeviceAttachment.Replace(directory, DeviceProgram.Build(open));
        Assert.Equal("null zero full write-zero", await ProbeAsync(test));
    }

    // Which of the devices a process in the cgroup can open.
    private static async Task<string> ProbeAsync(TestCgroup test)
    {
        const string Script = """
            read go
            (: < /dev/null) && echo null
            (: < /dev/zero) && echo zero
            (: < /dev/full) && echo full
            (: < /dev/random) && echo random
            (: > /dev/zero) && echo write-zero
            """;
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        test.Cgroup.Add(shell.Id);
        await shell.StandardInput.WriteLineAsync();
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output.Trim().Replace('\n', ' ');
    }
}
