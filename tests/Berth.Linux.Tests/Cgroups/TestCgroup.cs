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
        // It waits until it is in every hierarchy: what it forked before that would stay out of some.
        var process = Process.Start(new ProcessStartInfo("sh", ["-c", "read go; exec \"$@\"", "sh", .. command]) { RedirectStandardInput = true })!;
        _processes.Add(process);
        Cgroup.Add(process.Id);
        process.StandardInput.WriteLine();
        return process;
    }

    internal string Path(string controller) => Layout.Find(controller)!.MountPoint + Cgroup.Path;
}
