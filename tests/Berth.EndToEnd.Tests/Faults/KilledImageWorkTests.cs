using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>berthd is killed in the middle of pulls, loads, commits and removals: what it has is whole, and the rest goes away.</summary>
public sealed class KilledImageWorkTests : IAsyncLifetime
{
    private const int Kills = 200;
    private const int LayerCount = 5;

    private Daemon? _daemon;
    private Registry? _registry;
    private readonly List<ImageArchive> _archives = [];

    // What each layer's tree must look like, by its address; known from the first time that everything went well.
    private readonly Dictionary<string, string> _trees = [];

    private Daemon Daemon => _daemon!;

    private string Blobs => Path.Combine(Daemon.DataRoot, "images/blobs/sha256");

    private string Layers => Path.Combine(Daemon.DataRoot, "layers");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "it looks into Berth's store");
        _daemon = await Daemon.StartAsync();
        _registry = await Registry.StartAsync();
        foreach (var (name, seed) in ((string, int)[])[("pulled:one", 1), ("pulled:two", 2), ("loaded:one", 3), ("loaded:two", 4)])
        {
            // The lower half is the same in all of them.
            _archives.Add(await ImageArchives.OfLayersAsync(
                name, [.. Enumerable.Range(0, LayerCount).Select(i => MakeLayer(i < LayerCount / 2 ? i : (seed * 100) + i))]));
        }

        await _registry.SeedAsync(_archives[0], "pulled:one");
        await _registry.SeedAsync(_archives[1], "pulled:two");
        (await Daemon.Docker.ScriptAsync("run --name changed busybox", "mkdir /copy && cp -r /bin/busybox /etc /copy")).Expect(0);
    }

    public async ValueTask DisposeAsync()
    {
        _archives.ForEach(a => a.Dispose());
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }

    [Fact]
    public async Task After_every_kill_the_store_is_whole_and_the_same_command_succeeds()
    {
        List<Func<Task>> stores =
        [
            () => PullAsync("one"), () => PullAsync("two"), () => LoadAsync(_archives[2]), () => LoadAsync(_archives[3]), () => CommitAsync("made:one"),
        ];
        List<Func<Task>> removals = [.. Names.Select(name => (Func<Task>)(() => RemoveAsync(name)))];
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(stores.Select(s => s()));
        var usual = TimeProvider.System.GetElapsedTime(began);
        Assert.Equal(Names.Order(StringComparer.Ordinal), (await ListedAsync()).Order(StringComparer.Ordinal));
        foreach (var layer in LayerNames())
        {
            _trees[layer] = TreeOf(layer);
        }

        var random = new Random(3);
        var cut = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            // Some of everything at once; what is already there is removed and stored again meanwhile.
            var work = stores.Concat(removals).Where(_ => random.Next(2) == 0).Select(w => w()).ToList();
            await Task.Delay(random.NextDouble() * usual);
            await Daemon.KillAsync();
            cut += (await Task.WhenAll(work.Select(SucceededAsync))).Count(done => !done);
            await Daemon.StartProcessAsync();
            await VerifyAsync();
            if (kill % 20 == 0)
            {
                await Task.WhenAll(stores.Select(s => s()));
                Assert.Equal(Names.Order(StringComparer.Ordinal), (await ListedAsync()).Order(StringComparer.Ordinal));
                await VerifyAsync();
            }
        }

        Assert.NotEqual(0, cut);
        await Task.WhenAll(removals.Select(r => r()));
        Assert.Empty(await ListedAsync());
        await VerifyAsync();
    }

    private List<string> Names => [$"{_registry!.Host}/pulled:one", $"{_registry.Host}/pulled:two", "loaded:one", "loaded:two", "made:one"];

    private static byte[] MakeLayer(int seed)
    {
        var content = new byte[20_000];
        new Random(seed).NextBytes(content);
        var layer = new MemoryStream();
        using (var tar = new TarWriter(layer, TarEntryFormat.Pax, leaveOpen: true))
        {
            for (var i = 0; i < 40; i++)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, string.Create(CultureInfo.InvariantCulture, $"d{seed}/sub/{i}"))
                {
                    DataStream = new MemoryStream(content, 0, 500 * i),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                });
            }
        }

        return layer.ToArray();
    }

    private Task PullAsync(string tag) => PostAsync($"images/create?fromImage={_registry!.Host}/pulled&tag={tag}", null);

    private async Task LoadAsync(ImageArchive archive)
    {
        await using var file = File.OpenRead(archive.Path);
        using var body = new StreamContent(file);
        await PostAsync("images/load", body);
    }

    private Task CommitAsync(string name) => PostAsync($"commit?container=changed&repo={name.Split(':')[0]}&tag={name.Split(':')[1]}", null);

    private async Task RemoveAsync(string name)
    {
        using var answer = await Daemon.Http.DeleteAsync($"images/{name}?force=1");
        await answer.Content.ReadAsStringAsync();
    }

    private async Task PostAsync(string target, HttpContent? content)
    {
        using var answer = await Daemon.Http.PostAsync(target, content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && !text.Contains("\"error\"", StringComparison.Ordinal), $"{target}: {answer.StatusCode} {text}");
    }

    /// <summary>False where the daemon went away under the request; any other failure is the test's.</summary>
    private static async Task<bool> SucceededAsync(Task work)
    {
        try
        {
            await work;
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<string>> ListedAsync() =>
    [
        .. JsonNode.Parse(await Daemon.Http.GetStringAsync("images/json"))!.AsArray()
            .SelectMany(i => i!["RepoTags"]!.AsArray()).Select(t => (string)t!).Where(t => t != "busybox:latest"),
    ];

    /// <summary>Every image is whole, each blob is what its name says, each layer is what it was; and nothing else stays.</summary>
    private async Task VerifyAsync()
    {
        var images = JsonNode.Parse(await Daemon.Http.GetStringAsync("images/json"))!.AsArray();
        foreach (var image in images)
        {
            var inspect = JsonNode.Parse(await Daemon.Http.GetStringAsync($"images/{(string)image!["Id"]!}/json"))!;
            foreach (var directory in inspect["GraphDriver"]!["Data"]!.AsObject().SelectMany(d => ((string)d.Value!).Split(':')))
            {
                Assert.True(Directory.Exists(directory), $"{directory} of {inspect["Id"]} is missing");
            }
        }

        var (blobs, layers) = Needed();
        Assert.Subset(Directory.EnumerateFiles(Blobs).Select(f => Path.GetFileName(f)).ToHashSet(), blobs);
        Assert.Subset(LayerNames().ToHashSet(), layers);
        foreach (var blob in blobs)
        {
            Assert.Equal(blob, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Blobs, blob)))));
        }

        foreach (var layer in layers.Where(_trees.ContainsKey))
        {
            Assert.Equal(_trees[layer], TreeOf(layer));
        }

        Assert.True(_trees.Count == 0 || layers.All(_trees.ContainsKey), "a layer that nobody made");
        await Eventually.HoldsAsync("only what an image needs is left", () =>
            Directory.EnumerateFiles(Blobs).Count() == blobs.Count
            && LayerNames().Count() == layers.Count
            && new[] { Path.Combine(Daemon.DataRoot, "images/tmp"), Path.Combine(Layers, "tmp") }.All(tmp =>
                Directory.GetDirectories(tmp) is [] or [_] && !Directory.EnumerateFiles(tmp, "*", SearchOption.AllDirectories).Any()));
    }

    private IEnumerable<string> LayerNames() => Directory.EnumerateDirectories(Layers).Select(d => Path.GetFileName(d)).Where(n => n.Length == 64);

    /// <summary>The blobs and layers that the images of index.json consist of.</summary>
    private (HashSet<string> Blobs, HashSet<string> Layers) Needed()
    {
        var (blobs, layers) = (new HashSet<string>(), new HashSet<string>());
        foreach (var entry in JsonNode.Parse(File.ReadAllText(Path.Combine(Daemon.DataRoot, "images/index.json")))!["manifests"]!.AsArray())
        {
            var manifest = ReadBlob(Hex(entry!));
            blobs.UnionWith([Hex(entry!), Hex(manifest["config"]!), .. manifest["layers"]!.AsArray().Select(l => Hex(l!))]);
            var chain = "";
            foreach (var diffId in ReadBlob(Hex(manifest["config"]!))["rootfs"]!["diff_ids"]!.AsArray().Select(d => (string)d!))
            {
                chain = chain.Length == 0 ? diffId : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{chain} {diffId}")))}";
                layers.Add(chain["sha256:".Length..]);
            }
        }

        return (blobs, layers);

        static string Hex(JsonNode descriptor) => ((string)descriptor["digest"]!)["sha256:".Length..];
    }

    private JsonNode ReadBlob(string hex) => JsonNode.Parse(File.ReadAllText(Path.Combine(Blobs, hex)))!;

    private string TreeOf(string layer)
    {
        var diff = Path.Combine(Layers, layer, "diff");
        var tree = new StringBuilder();
        foreach (var entry in new DirectoryInfo(diff).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).OrderBy(e => e.FullName, StringComparer.Ordinal))
        {
            var content = entry is FileInfo { LinkTarget: null } file ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullName))) : entry.LinkTarget;
            var time = entry is FileInfo ? entry.LastWriteTimeUtc.Ticks : 0; // The archives do not describe their directories.
            tree.Append(CultureInfo.InvariantCulture, $"{entry.FullName[diff.Length..]} {entry.UnixFileMode} {time} {content}\n");
        }

        return tree.ToString();
    }
}
