using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>What a pull tells of each layer while it goes on.</summary>
public sealed class PullProgressTests(SharedDaemon shared) : RegistryTest(shared)
{
    private const int LayerSize = 4 << 20;

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_terminal_shows_the_unpacking_of_a_layer(string client)
    {
        await SeedAsync("shown", NewLayer());
        await using var terminal = Terminal.Open(Client(client), $"pull {Registry.Host}/progress/shown:v1", columns: 140);
        Assert.Equal(0, await terminal.ExitCodeAsync());
        await terminal.ShowsAsync("Status: Downloaded newer image");
        var screen = terminal.Screen;
        Assert.Matches(@"Extracting \[=*> *\] +[0-9.]+[kM]?B/[0-9.]+MB", screen);
        string[] steps = ["Pulling fs layer", "Download complete", "Extracting", "Pull complete"];
        var places = steps.Select(step => screen.IndexOf(step, StringComparison.Ordinal)).ToList();
        Assert.Equal(places.Order(), places);
        (await Docker.RunAsync($"rmi {Registry.Host}/progress/shown:v1")).Expect(0);
    }

    [Fact]
    public async Task A_layer_that_comes_is_extracted_to_its_end_after_the_download()
    {
        var layer = (await SeedAsync("one", NewLayer())).Single();
        var told = (await PullAsync("one")).Of(layer);
        Assert.Equal("Pulling fs layer", told[0].Status);
        Assert.Equal("Pull complete", told[^1].Status);
        var extracting = told.SkipWhile(t => t.Status != "Download complete").Where(t => t.Status == "Extracting").ToList();
        Assert.NotEmpty(extracting);
        Assert.Equal(extracting.Count, told.Count(t => t.Status == "Extracting"));
        Assert.All(extracting, e => Assert.Equal(layer.Size, e.Total));
        Assert.Equal(layer.Size, extracting[^1].Current);
        Assert.Equal(extracting.Select(e => e.Current).Order(), extracting.Select(e => e.Current));
        (await Docker.RunAsync($"rmi {Registry.Host}/progress/one:v1")).Expect(0);
    }

    [Fact]
    public async Task A_layer_that_was_fetched_before_is_extracted_and_not_downloaded()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "it looks into Berth's store");
        var layers = await SeedAsync("again", NewLayer(), NewLayer());
        var partial = Path.Combine(Daemon.DataRoot, "images", "partial");
        await using var proxy = new FaultProxy(Registry.Port) { Decide = head => head.Contains($"/blobs/{layers[1].Digest}", StringComparison.Ordinal) ? new Fault { StallAfter = 1 << 20 } : null };
        using (var cancel = new CancellationTokenSource())
        {
            var pull = Daemon.Http.PostAsync($"images/create?fromImage={proxy.Host}/progress/again&tag=v1", null, cancel.Token);
            await Eventually.HoldsAsync("one layer came, and a part of the other", () =>
                HasPart(layers[0], layers[0].Size) && HasPart(layers[1], 1 << 19));
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => pull);
        }

        bool HasPart(Layer layer, long size) => Directory.Exists(partial)
            && Directory.EnumerateFiles(partial).Any(f => f.EndsWith(layer.Digest[7..], StringComparison.Ordinal) && new FileInfo(f).Length >= size);

        var asked = proxy.Downloads.Count;
        proxy.Decide = _ => null;
        var told = await PullAsync("again", proxy.Host);
        Assert.DoesNotContain(proxy.Downloads.Skip(asked), d => d.Contains(layers[0].Digest, StringComparison.Ordinal));
        var whole = told.Of(layers[0]);
        Assert.DoesNotContain(whole, t => t.Status == "Downloading");
        Assert.Contains(whole, t => t.Status == "Extracting" && t.Current == layers[0].Size);
        var part = told.Of(layers[1]).Where(t => t.Total > 0).Select(t => t.Status).ToList();
        Assert.Equal("Extracting", part[0]);
        Assert.Contains("Downloading", part);
        Assert.Equal("Extracting", part[^1]);
        (await Docker.RunAsync($"rmi {proxy.Host}/progress/again:v1")).Expect(0);
    }

    [Fact]
    public async Task A_layer_that_an_image_has_twice_is_downloaded_once_and_extracted_twice()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "it shows both as one");
        var twice = NewLayer();
        var layer = (await SeedAsync("twice", twice, twice))[0];
        var told = (await PullAsync("twice")).Of(layer);
        var second = told.SkipWhile(t => t.Status != "Pull complete").Skip(1).ToList();
        Assert.Contains(second, t => t.Status == "Extracting" && t.Current == layer.Size);
        Assert.Equal("Pull complete", second[^1].Status);
        (await Docker.RunAsync($"rmi {Registry.Host}/progress/twice:v1")).Expect(0);
    }

    private static byte[] NewLayer() => HostileRegistry.Tar("ballast", RandomNumberGenerator.GetBytes(LayerSize));

    private async Task<List<Layer>> SeedAsync(string name, params byte[][] layers)
    {
        using var archive = await ImageArchives.OfLayersAsync("seed:v1", layers);
        await Registry.SeedAsync(archive, $"progress/{name}:v1");
        var manifest = JsonNode.Parse(await Registry.GetManifestAsync($"progress/{name}", "v1"))!;
        return [.. manifest["layers"]!.AsArray().Select(l => new Layer((string)l!["digest"]!, (long)l["size"]!))];
    }

    private async Task<Telling> PullAsync(string name, string? host = null)
    {
        using var answer = await Daemon.Http.PostAsync($"images/create?fromImage={host ?? Registry.Host}/progress/{name}&tag=v1", null);
        return Telling.Parse(await answer.Content.ReadAsStringAsync());
    }

    private sealed record Layer(string Digest, long Size);

    private sealed record Message(string Id, string Status, long Current, long Total);

    /// <summary>The messages of one pull.</summary>
    private sealed record Telling(IReadOnlyList<Message> Messages)
    {
        public static Telling Parse(string stream) => new(
            [.. stream.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).Select(m => new Message(
                (string?)m["id"] ?? "",
                (string?)m["status"] ?? $"error: {m["error"]}",
                (long?)m["progressDetail"]?["current"] ?? 0,
                (long?)m["progressDetail"]?["total"] ?? 0))]);

        public List<Message> Of(Layer layer)
        {
            Assert.StartsWith("Status: ", Messages[^1].Status, StringComparison.Ordinal);
            return [.. Messages.Where(m => m.Id == layer.Digest[7..19])];
        }
    }
}
