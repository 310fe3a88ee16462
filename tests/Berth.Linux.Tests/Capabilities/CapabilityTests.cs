using Berth.Linux.Capabilities;
using Berth.Linux.Tests.Abi;

namespace Berth.Linux.Tests.Capabilities;

public sealed class CapabilityTests
{
    [Fact]
    public async Task Names_have_the_numbers_of_the_headers()
    {
        Assert.SkipUnless(CompiledAssertions.CompilerIsPresent, "no C compiler (gcc)");
        var declarations = Capability.Known.Select(c => new AbiDeclaration(c.Name, CommonHeaders.List, null, c.Name, (ulong)c.Number, uint.MaxValue));
        var failures = await CompiledAssertions.FailuresAsync(declarations, TestContext.Current.CancellationToken);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public void A_thread_that_gives_up_capabilities_has_what_it_kept()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        Assert.True(Capability.TryParse("CAP_CHOWN", out var chown));
        var keep = CapabilitySet.Empty.With(chown);
        (CapabilitySet, CapabilitySet, CapabilitySet) sets = default;
        (CapabilitySet Bounding, CapabilitySet Ambient) others = default;
        var thread = new Thread(() =>
        {
            ThreadCapabilities.KeepBounding(keep);
            ThreadCapabilities.Set(keep, keep, keep);
            ThreadCapabilities.SetAmbient(keep);
            sets = ThreadCapabilities.Read();
            others = (ThreadCapabilities.ReadBounding(), ThreadCapabilities.ReadAmbient());
        });
        thread.Start();
        thread.Join();
        Assert.Equal((keep, keep, keep), sets);
        Assert.Equal((keep, keep), others);
    }

    [Fact]
    public void The_kernels_last_capability_is_what_it_says_in_proc() =>
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/cap_last_cap").Trim(), $"{ThreadCapabilities.Last}");
}
