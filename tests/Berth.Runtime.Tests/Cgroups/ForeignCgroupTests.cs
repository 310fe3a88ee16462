using System.Diagnostics;
using Berth.Linux.Cgroups;

namespace Berth.Runtime.Tests.Cgroups;

/// <summary>A cgroup that was there before the container, and who is in it.</summary>
public sealed class ForeignCgroupTests : IDisposable
{
    private readonly CgroupLayout _layout = CgroupLayout.Read();
    private readonly string _path = $"/berth-runtime-test-foreign-{Guid.NewGuid():n}";
    private readonly List<Process> _processes = [];
    private readonly List<Cgroup> _cgroups = [];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        foreach (var cgroup in Enumerable.Reverse(_cgroups))
        {
            cgroup.Remove();
            cgroup.Dispose();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/below")]
    public async Task One_with_processes_is_refused_and_they_live_on(string below)
    {
        var stranger = Put(below);
        await using var container = TestContainer.Of("true").With(s => s with { Linux = s.Linux! with { CgroupsPath = _path } });
        var created = await container.CreateAsync();
        Assert.NotEqual(0, created.ExitCode);
        Assert.Contains("container's cgroup is not empty: 1 process(es) found", created.Output, StringComparison.Ordinal);
        await container.CommandAsync("delete", "--force");
        Assert.False(stranger.HasExited);
        Assert.All(_layout.Hierarchies, h => Assert.True(Directory.Exists(h.MountPoint + _path)));
    }

    [Fact]
    public async Task An_empty_one_is_taken_and_with_the_container_only_its_own_processes_end()
    {
        Make("");
        await using var container = TestContainer.Of("sleep 1000 & echo child $!; exec sleep 1000").With(s => s with
        {
            // Its processes do not end with the first one.
            Linux = s.Linux! with { CgroupsPath = _path, Namespaces = [.. s.Linux.Namespaces!.Where(n => n.Type != "pid")] },
        });
        await container.StartAsync();
        var child = await ChildOfAsync(container);
        var stranger = Put("");

        var deleted = await container.CommandAsync("delete", "--force");
        Assert.True(deleted.ExitCode == 0, deleted.Error);
        Assert.False(File.Exists($"/proc/{child}/stat") && !File.ReadAllText($"/proc/{child}/stat").Contains(") Z ", StringComparison.Ordinal));
        Assert.False(stranger.HasExited);
        Assert.All(_layout.Hierarchies, h => Assert.True(Directory.Exists(h.MountPoint + _path)));
    }

    [Fact]
    public async Task What_an_earlier_container_of_the_name_left_goes_with_its_limits()
    {
        await using var container = TestContainer.Of("cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null; true");
        using (var left = Cgroup.Create(_layout, container.Spec.Linux!.CgroupsPath!))
        {
            left.Apply(new CgroupLimits { Processes = 77 });
        }

        Assert.Equal("max\n", (await container.RunAsync()).Output);
        Assert.All(_layout.Hierarchies, h => Assert.False(Directory.Exists(h.MountPoint + container.Spec.Linux.CgroupsPath)));
    }

    private Cgroup Make(string below)
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root");
        _cgroups.Add(Cgroup.Create(_layout, _path + below));
        return _cgroups[^1];
    }

    private Process Put(string below)
    {
        if (_cgroups.Count == 0)
        {
            Make("");
        }

        var cgroup = below.Length == 0 ? _cgroups[0] : Make(below);
        var process = Process.Start("sleep", "1000");
        _processes.Add(process);
        cgroup.Add(process.Id);
        return process;
    }

    private static async Task<string> ChildOfAsync(TestContainer container)
    {
        while (true)
        {
            var words = (await File.ReadAllTextAsync(container.OutputPath, TestContext.Current.CancellationToken)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["child", var child])
            {
                return child;
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
