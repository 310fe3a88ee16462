using Berth.Runtime.Cgroups;

namespace Berth.Runtime.Tests.Cgroups;

public sealed class CgroupPathTests
{
    [Theory]
    [InlineData(null, "/berth-runtime/id")]
    [InlineData("", "/berth-runtime/id")]
    [InlineData("/", "/berth-runtime/id")]
    [InlineData("/docker/abc", "/docker/abc")]
    [InlineData("//docker/./abc/", "/docker/abc")]
    [InlineData("mine/abc", "/berth-runtime/mine/abc")]
    [InlineData("../../../etc", "/etc")]
    [InlineData("/a/../../b", "/b")]
    public void A_path_stays_below_the_root_of_the_hierarchies(string? cgroupsPath, string expected) =>
        Assert.Equal(expected, CgroupPath.Resolve(cgroupsPath, "id"));
}
