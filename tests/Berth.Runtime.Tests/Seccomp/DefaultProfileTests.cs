using Berth.Engine.Security;

namespace Berth.Runtime.Tests.Seccomp;

/// <summary>The engine's default profile on a real container.</summary>
public sealed class DefaultProfileTests
{
    [Theory]
    [InlineData(new[] { "CAP_CHOWN", "CAP_SYS_ADMIN" }, false, "mounted")]
    // The filter alone stands in the way: the capability is there, but the profile was resolved without it.
    [InlineData(new[] { "CAP_CHOWN", "CAP_SYS_ADMIN" }, true, "refused")]
    [InlineData(new[] { "CAP_CHOWN" }, false, "refused")]
    public async Task Mounting_takes_the_capability_and_a_profile_that_knows_of_it(string[] capabilities, bool hidden, string expected)
    {
        await using var container = TestContainer.Of(
            "mount -t tmpfs none /tmp 2>/dev/null && echo mounted || echo refused",
            s => s with
            {
                Process = s.Process! with { Capabilities = TestContainer.Capabilities(capabilities) },
                Linux = s.Linux! with { Seccomp = SeccompProfiles.Resolve(null, hidden ? [] : capabilities) },
            });
        var result = await container.RunAsync();
        Assert.Equal($"{expected}\n", result.Output);
        Assert.Equal("", result.Error);
    }
}
