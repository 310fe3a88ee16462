using System.Globalization;
using Berth.Linux.Mounts;

namespace Berth.Linux.Tests.Mounts;

public sealed class ProcFileSystemTests
{
    private static readonly string _self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void A_file_is_written_without_a_link_on_the_way()
    {
        using var proc = ProcFileSystem.Open();
        proc.Write($"{_self}/oom_score_adj", File.ReadAllText("/proc/self/oom_score_adj"));
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => proc.Write("self/oom_score_adj", "0")).Errno);
        Assert.Equal(Errno.ELOOP, Assert.Throws<LinuxException>(() => proc.Write($"{_self}/root/proc/self/oom_score_adj", "0")).Errno);
        Assert.Equal(Errno.EXDEV, Assert.Throws<LinuxException>(() => proc.Write("../proc/self/oom_score_adj", "0")).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => proc.Write("sys/nothing", "0")).Errno);
    }

    [Fact]
    public void One_of_its_own_has_what_proc_has_and_nobody_sees_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root mounts");
        var mounts = File.ReadAllLines("/proc/self/mountinfo").Length;
        using var proc = ProcFileSystem.OpenOwn();
        proc.Write($"{_self}/oom_score_adj", File.ReadAllText("/proc/self/oom_score_adj"));
        Assert.Equal(mounts, File.ReadAllLines("/proc/self/mountinfo").Length);
    }
}
