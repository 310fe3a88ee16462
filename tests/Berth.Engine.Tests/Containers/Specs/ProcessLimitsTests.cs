using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Engine.Containers.Specs;

namespace Berth.Engine.Tests.Containers.Specs;

public sealed class ProcessLimitsTests
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

        Assert.Equal(
            ["RLIMIT_NOFILE 1 2", "RLIMIT_NPROC 30 40"],
            ProcessLimits.Rlimits(host, options)!.Select(limit => $"{limit.Type} {limit.Soft} {limit.Hard}"));

        // They are not shown as if the user had asked for them.
        Assert.Single(HostConfigDefaults.Complete(host, options).Ulimits!);
    }
}
