using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;

namespace Berth.Engine.Tests.Containers.Creation;

public sealed class HostConfigDefaultsTests
{
    [Fact]
    public void The_daemons_ulimits_stand_where_the_container_names_none_of_the_kind()
    {
        var options = new EngineOptions
        {
            RuntimePath = "/berth-runtime",
            DefaultUlimits = new Dictionary<string, (long Soft, long Hard)> { ["nofile"] = (10, 20), ["nproc"] = (30, 40) },
        };
        var host = new HostConfig { Ulimits = [new Ulimit { Name = "nofile", Soft = 1, Hard = 2 }] };

        var complete = HostConfigDefaults.Complete(host, options).Ulimits!;

        Assert.Equal(["nofile 1 2", "nproc 30 40"], complete.Select(u => $"{u.Name} {u.Soft} {u.Hard}"));
    }
}
