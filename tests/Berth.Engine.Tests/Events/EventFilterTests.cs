using Berth.Engine.Events;

namespace Berth.Engine.Tests.Events;

public sealed class EventFilterTests
{
    private static readonly EngineEvent _execStart = new()
    {
        Type = "container",
        Action = "exec_start: /bin/sh",
        ActorId = "abcdef",
        Attributes = new Dictionary<string, string> { ["image"] = "busybox:latest", ["name"] = "web", ["tier"] = "front" },
        Time = DateTimeOffset.UnixEpoch,
    };

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"type": ["container"]}""", true)]
    [InlineData("""{"type": ["image", "network"]}""", false)]
    [InlineData("""{"event": ["exec_start"]}""", true)]
    [InlineData("""{"event": ["exec"]}""", false)]
    [InlineData("""{"event": ["start"]}""", false)]
    [InlineData("""{"container": ["web"]}""", true)]
    [InlineData("""{"container": ["abc"]}""", true)]
    [InlineData("""{"container": ["def"]}""", false)]
    [InlineData("""{"image": ["busybox"]}""", true)]
    [InlineData("""{"image": ["busybox:latest"]}""", true)]
    [InlineData("""{"image": ["busybox:other"]}""", false)]
    [InlineData("""{"label": ["tier=front"]}""", true)]
    [InlineData("""{"label": ["tier=back"]}""", false)]
    [InlineData("""{"container": ["web"], "type": ["image"]}""", false)]
    [InlineData("""{"scope": ["swarm"]}""", false)]
    public void All_filters_must_match_and_one_value_of_each(string json, bool expected) =>
        Assert.Equal(expected, new EventFilter(Filters.Parse(json)).Includes(_execStart));

    [Fact]
    public void An_unknown_filter_is_refused() =>
        Assert.Throws<EngineException>(() => new EventFilter(Filters.Parse("""{"nosuch": ["x"]}""")));
}
