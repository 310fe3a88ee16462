using System.Text.Json;
using Berth.Api.System;

namespace Berth.Api.Tests;

public sealed class SystemJsonTests
{
    [Fact]
    public void An_event_has_the_old_fields_beside_the_new()
    {
        var message = new EventMessage
        {
            Status = "start",
            Id = "abc",
            From = "busybox",
            Type = "container",
            Action = "start",
            Actor = new EventActor("abc", new Dictionary<string, string> { ["image"] = "busybox", ["name"] = "web" }),
            Time = 1136073845,
            TimeNano = 1136073845000000100,
        };

        Assert.Equal(
            """{"status":"start","id":"abc","from":"busybox","Type":"container","Action":"start","Actor":{"ID":"abc","Attributes":{"image":"busybox","name":"web"}},"scope":"local","time":1136073845,"timeNano":1136073845000000100}""",
            JsonSerializer.Serialize(message, SystemJson.Default.EventMessage));
    }

    [Fact]
    public void An_event_of_a_network_has_none_of_the_old_fields()
    {
        var message = new EventMessage
        {
            Type = "network",
            Action = "create",
            Actor = new EventActor("n", new Dictionary<string, string>()),
            Time = 1,
            TimeNano = 1000000000,
        };

        Assert.Equal(
            """{"Type":"network","Action":"create","Actor":{"ID":"n","Attributes":{}},"scope":"local","time":1,"timeNano":1000000000}""",
            JsonSerializer.Serialize(message, SystemJson.Default.EventMessage));
    }

    [Fact]
    public void Swarm_and_runtimes_have_Dockers_shape()
    {
        Assert.Equal(
            """{"NodeID":"","NodeAddr":"","LocalNodeState":"inactive","ControlAvailable":false,"Error":"","RemoteManagers":null}""",
            JsonSerializer.Serialize(new SwarmInfo(), SystemJson.Default.SwarmInfo));
        Assert.Equal("""{"path":"/usr/bin/x"}""", JsonSerializer.Serialize(new RuntimeInfo("/usr/bin/x"), SystemJson.Default.RuntimeInfo));
    }
}
