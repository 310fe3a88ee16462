using Berth.Linux.Mounts;

namespace Berth.Linux.Tests.Mounts;

public sealed class MountPointTests
{
    private static readonly string[] _lines =
    [
        "20 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
        "30 20 0:40 / /data rw,relatime shared:3 - tmpfs tmpfs rw",
        "31 30 0:41 / /data/deep rw,relatime master:3 - tmpfs tmpfs rw",
        "32 31 0:42 / /data/deep rw,relatime - tmpfs tmpfs rw",
        "33 20 0:43 / /with\\040blank rw,relatime shared:4 master:3 - tmpfs tmpfs rw",
    ];

    [Theory]
    [InlineData("/", "/", false, false)]
    [InlineData("/database", "/", false, false)]
    [InlineData("/data", "/data", true, false)]
    [InlineData("/data/file", "/data", true, false)]
    [InlineData("/data/deep/file", "/data/deep", false, false)]
    [InlineData("/with blank/file", "/with blank", true, true)]
    public void A_path_lies_on_the_deepest_and_topmost_mount(string path, string point, bool isShared, bool isSlave) =>
        Assert.Equal(new MountPoint(point, isShared, isSlave), MountPoint.Find(_lines, path));

    [Fact]
    public void A_link_is_followed_to_the_mount_of_what_it_means() =>
        Assert.Equal("/proc", MountPoint.Of("/proc/self/mounts").Path);
}
