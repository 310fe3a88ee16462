using System.Text.Json.Nodes;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>What every test class over the shared daemon has at hand.</summary>
public abstract class EndToEndTest(SharedDaemon shared) : IAsyncDisposable
{
    private readonly List<string> _containers = [];

    protected Daemon Daemon => shared.Daemon;

    protected Client Docker => shared.Daemon.Docker;

    protected Client Client(string name) => shared.Client(name);

    /// <summary>A container name of this test's own; the container is removed after the test.</summary>
    protected string NewName()
    {
        var name = $"t-{Guid.NewGuid():N}"[..14];
        _containers.Add(name);
        return name;
    }

    /// <summary>The id of a new running container that sleeps; a flag before the image goes into <paramref name="options"/>.</summary>
    protected async Task<string> RunSleeperAsync(string options = "", string? name = null)
    {
        name ??= NewName();
        (await Docker.RunAsync($"run -d --name {name} {options} busybox sleep 1000")).Expect(0);
        return name;
    }

    protected async Task<JsonNode> InspectAsync(string container) =>
        JsonNode.Parse((await Docker.RunAsync("inspect", container)).Expect(0).Output)![0]!;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var name in _containers)
        {
            await Docker.RunAsync("rm", "-f", "-v", name);
        }

        GC.SuppressFinalize(this);
    }
}
