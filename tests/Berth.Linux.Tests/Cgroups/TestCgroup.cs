using System.Diagnostics;
using Berth.Linux.Cgroups;

namespace Berth.Linux.Tests.Cgroups;

/// <summary>A cgroup of a test's own on the real hierarchies, gone afterwards with all that was in it.</summary>
internal sealed class TestCgroup : IDisposable
{
    private readonly List<Process> _processes = [];

    internal TestCgroup()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        Layout = CgroupLayout.Read();
        Parent = $"/berth-test-{Guid.NewGuid():n}";
        Cgroup = Cgroup.Create(Layout, $"{Parent}/one");
    }

    internal CgroupLayout Layout { get; }

    internal string Parent { get; }

    internal Cgroup Cgroup { get; }

    public void Dispose()
    {
        Cgroup.Kill();
        _processes.ForEach(p => p.WaitForExit());
        Cgroup.Remove();
        Cgroup.Dispose();
        Cgroup.RemoveIfEmpty(Layout, Parent);
    }

    internal Process Start(params string[] command)
    {
        var process = Process.Start(command[0], command[1..]);
        _processes.Add(process);
        Cgroup.Add(process.Id);
        return process;
    }

    internal string Path(string controller) => Layout.Find(controller)!.MountPoint + Cgroup.Path;
}
