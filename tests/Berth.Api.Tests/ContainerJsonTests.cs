using System.Text.Json;
using Berth.Api.Containers;

namespace Berth.Api.Tests;

public sealed class ContainerJsonTests
{
    [Fact]
    public void Null_is_the_zero_value_as_in_Go()
    {
        var request = Read("""{"Hostname":null,"Tty":null,"HostConfig":{"Memory":null,"OomScoreAdj":null,"PidsLimit":null}}""");
        Assert.Equal("", request.Hostname);
        Assert.False(request.Tty);
        Assert.Equal(0, request.HostConfig!.Memory);
        Assert.Null(request.HostConfig.PidsLimit);
    }

    [Fact]
    public void What_is_absent_has_its_default()
    {
        var request = Read("""{"Image":"i","HostConfig":{}}""");
        Assert.Equal("", request.User);
        Assert.Equal("", request.HostConfig!.Runtime);
        Assert.Equal("", request.HostConfig.RestartPolicy.Name);
        Assert.Equal([0, 0], request.HostConfig.ConsoleSize!);
    }

    [Fact]
    public void Names_are_read_in_any_case_and_unknown_ones_are_passed_over()
    {
        var request = Read("""{"image":"busybox","HOSTCONFIG":{"networkmode":"none"},"Future":[1,2]}""");
        Assert.Equal("busybox", request.Image);
        Assert.Equal("none", request.HostConfig!.NetworkMode);
    }

    [Theory]
    [InlineData("""{"Cmd":"date"}""", new[] { "date" })]
    [InlineData("""{"Cmd":["echo","a b"]}""", new[] { "echo", "a b" })]
    [InlineData("""{"Cmd":[]}""", new string[0])]
    [InlineData("""{"Cmd":null}""", null)]
    public void A_command_is_a_string_or_a_list(string json, string[]? expected) => Assert.Equal(expected, Read(json).Cmd);

    [Fact]
    public void A_configuration_is_written_without_the_other_parts_of_its_request()
    {
        var request = Read("""{"Image":"i","Labels":{"a":"b"},"ExposedPorts":{"80/tcp":{}},"HostConfig":{"Privileged":true}}""");
        var json = JsonSerializer.Serialize(request, ContainerJson.Default.ContainerConfig);
        Assert.Contains("\"ExposedPorts\":{\"80/tcp\":{}}", json, StringComparison.Ordinal);
        Assert.Contains("\"Cmd\":null", json, StringComparison.Ordinal);
        Assert.DoesNotContain("HostConfig", json, StringComparison.Ordinal);
        Assert.DoesNotContain("StopSignal", json, StringComparison.Ordinal);
    }

    private static CreateContainerRequest Read(string json) =>
        JsonSerializer.Deserialize(json, ContainerJson.Default.CreateContainerRequest)!;
}
