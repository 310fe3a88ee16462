using Berth.Api.Containers;
using Berth.Engine.Containers.Specs;

namespace Berth.Engine.Tests.Containers.Specs;

public sealed class ProcessEnvironmentTests
{
    [Fact]
    public void Defaults_come_first_and_are_replaced_in_their_place() =>
        Assert.Equal(
            ["PATH=/mine", "HOSTNAME=box", "TERM=xterm", "A=2"],
            ProcessEnvironment.Of(new ContainerConfig { Tty = true, Env = ["A=1", "PATH=/mine", "A=2"] }, "box", links: []));

    [Fact]
    public void An_entry_without_a_value_removes_the_variable() =>
        Assert.Equal(["PATH=/p"], ProcessEnvironment.Override(["PATH=/p", "HOSTNAME=box"], ["HOSTNAME", "NEVER"]));
}
