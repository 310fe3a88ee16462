using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

public sealed class PullTests(SharedDaemon shared) : RegistryTest(shared)
{
    private const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    private const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string OciIndex = "application/vnd.oci.image.index.v1+json";

    private ImageArchive? _archive;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _archive = await ImageArchives.DockerArchiveAsync("seed:v1");
        await Registry.SeedAsync(_archive, "team/app:v1");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _archive?.Dispose();
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Pull_tells_of_each_layer_and_the_image_runs(string client)
    {
        var name = $"{Registry.Host}/team/app:v1";
        var pull = (await Client(client).RunAsync($"pull {name}")).Expect(0);
        Assert.Equal("v1: Pulling from team/app", pull.Lines[0]);
        // The lower layer is that of busybox, though its archive lies in the store without the registry's compression.
        Assert.Equal(1, pull.Lines.Count(l => l.EndsWith(": Already exists", StringComparison.Ordinal)));
        const int layers = 1;
        Assert.Equal(layers, pull.Lines.Count(l => l.EndsWith(": Pulling fs layer", StringComparison.Ordinal)));
        Assert.Equal(layers, pull.Lines.Count(l => l.EndsWith(": Download complete", StringComparison.Ordinal)));
        Assert.Equal(layers, pull.Lines.Count(l => l.EndsWith(": Pull complete", StringComparison.Ordinal)));
        Assert.Matches("^Digest: sha256:[0-9a-f]{64}$", pull.Lines[^3]);
        Assert.Equal($"Status: Downloaded newer image for {name}", pull.Lines[^2]);
        Assert.Equal(name, pull.Lines[^1]);
        Assert.Equal("from the archive", (await Client(client).RunAsync($"run --rm {name}")).Expect(0).Line);

        var again = (await Client(client).RunAsync($"pull {name}")).Expect(0);
        Assert.Equal(["v1: Pulling from team/app", pull.Lines[^3], $"Status: Image is up to date for {name}", name], again.Lines);
        Assert.Equal($"[{Registry.Host}/team/app@{pull.Lines[^3][8..]}]", (await Client(client).RunAsync("inspect", "-f", "{{.RepoDigests}}", name)).Line);
        Assert.Equal(name, (await Client(client).RunAsync($"pull -q {name}")).Expect(0).Line);
        (await Client(client).RunAsync($"rmi {name}")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Run_pulls_what_is_absent(string client)
    {
        var run = (await Client(client).RunAsync($"run --rm {Registry.Host}/team/app:v1")).Expect(0);
        Assert.Equal("from the archive", run.Line);
        Assert.StartsWith($"Unable to find image '{Registry.Host}/team/app:v1' locally\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("Status: Downloaded newer image", run.Error, StringComparison.Ordinal);
        (await Client(client).RunAsync($"rmi {Registry.Host}/team/app:v1")).Expect(0);
    }

    [Fact]
    public async Task A_layer_that_is_here_in_another_form_is_not_fetched_and_the_image_is_whole()
    {
        await using var proxy = new FaultProxy(Registry.Port);
        var name = $"{proxy.Host}/team/app:v1";
        (await Docker.RunAsync($"pull {name}")).Expect(0);
        Assert.Equal(2, proxy.Downloads.Count);
        Assert.Contains("Image is up to date", (await Docker.RunAsync($"pull {name}")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(Daemon.IsDockerd ? 2 : 3, proxy.Downloads.Count);
        var file = Path.Combine(Path.GetTempPath(), $"berth-saved-{Guid.NewGuid():N}.tar");
        try
        {
            var id = (await Docker.RunAsync("inspect", "-f", "{{.Id}}", name)).Expect(0).Line;
            (await Docker.RunAsync($"save -o {file} {name}")).Expect(0);
            (await Docker.RunAsync($"tag {name} {Registry.Host}/again/app:v1")).Expect(0);
            (await Docker.RunAsync($"push {Registry.Host}/again/app:v1")).Expect(0);
            (await Docker.RunAsync($"rmi {name} {Registry.Host}/again/app:v1")).Expect(0);
            (await Docker.RunAsync($"load -i {file}")).Expect(0);
            Assert.Equal("from the archive", (await Docker.RunAsync($"run --rm {name}")).Expect(0).Line);
            (await Docker.RunAsync($"rmi {name}")).Expect(0);
            (await Docker.RunAsync($"pull {Registry.Host}/again/app:v1")).Expect(0);
            Assert.Equal(id, (await Docker.RunAsync("inspect", "-f", "{{.Id}}", $"{Registry.Host}/again/app:v1")).Expect(0).Line);
            (await Docker.RunAsync($"rmi {Registry.Host}/again/app:v1")).Expect(0);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_single_image_for_another_platform_comes_with_a_warning(string client)
    {
        var name = $"{Registry.Host}/team/app:v1";
        var pull = (await Client(client).RunAsync($"pull --platform linux/arm/v7 {name}")).Expect(0);

        // dockerd 20.10 has older words for it.
        Assert.Contains(pull.Lines, line => line.StartsWith($"WARNING: image with reference {name} was found but ", StringComparison.Ordinal));
        Assert.DoesNotContain("WARNING", (await Client(client).RunAsync($"pull --platform linux/amd64 {name}")).Expect(0).Output, StringComparison.Ordinal);
        (await Client(client).RunAsync($"rmi {name}")).Expect(0);
    }

    [Theory]
    [InlineData("--format", "oci", "--dest-compress-format", "zstd")]
    [InlineData("--format", "oci")]
    [InlineData("--format", "v2s2")]
    public async Task Every_format_unpacks_to_the_same_image(params string[] format)
    {
        Assert.SkipWhen(Daemon.IsDockerd && format.Contains("zstd"), "dockerd 20.10 knows no zstd");
        await Registry.SeedAsync(_archive!, "formats/app:v1", format);
        (await Docker.RunAsync($"pull {Registry.Host}/formats/app:v1")).Expect(0);
        Assert.Equal("from the archive", (await Docker.RunAsync($"run --rm {Registry.Host}/formats/app:v1")).Expect(0).Line);
        (await Docker.RunAsync($"rmi {Registry.Host}/formats/app:v1")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_digest_names_one_image_and_leaves_no_tag(string client)
    {
        var first = (await Docker.RunAsync($"pull {Registry.Host}/team/app:v1")).Expect(0);
        var digest = first.Lines[^3][8..];
        (await Docker.RunAsync($"rmi {Registry.Host}/team/app:v1")).Expect(0);
        var name = $"{Registry.Host}/team/app@{digest}";
        var pull = (await Client(client).RunAsync($"pull {name}")).Expect(0);
        Assert.Equal($"{name}: Pulling from team/app", pull.Lines[0]);
        Assert.Equal($"[] [{name}]", (await Client(client).RunAsync("inspect", "-f", "{{.RepoTags}} {{.RepoDigests}}", name)).Expect(0).Line);
        (await Client(client).RunAsync($"rmi {name}")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task All_tags_of_a_repository_come(string client)
    {
        await Registry.SeedAsync(_archive!, "team/app:v2");
        (await Client(client).RunAsync($"pull -a {Registry.Host}/team/app")).Expect(0);
        var tags = (await Client(client).RunAsync("images", "--format", "{{.Tag}}", $"{Registry.Host}/team/app")).Expect(0).Lines;
        Assert.Equal(["v1", "v2"], tags.Order());
        (await Client(client).RunAsync($"rmi {Registry.Host}/team/app:v1 {Registry.Host}/team/app:v2")).Expect(0);
    }

    [Fact]
    public async Task An_index_gives_the_image_for_the_platform()
    {
        var manifest = await Registry.GetManifestAsync("team/app", "v1");
        var digest = await Registry.PutManifestAsync("team/app", "v1", DockerManifest, manifest);
        var entry = $$"""{"mediaType":"{{DockerManifest}}","digest":"{{digest}}","size":{{manifest.Length}},"platform":{"os":"linux","architecture":"ARCH"} }""";
        string Index(string mediaType, params string[] architectures) =>
            $$"""{"schemaVersion":2,"mediaType":"{{mediaType}}","manifests":[{{string.Join(',', architectures.Select(a => entry.Replace("ARCH", a, StringComparison.Ordinal)))}}]}""";
        var list = await Registry.PutManifestAsync("team/app", "multi", DockerList, Index(DockerList, "s390x", "amd64", "arm64"));
        var index = await Registry.PutManifestAsync("team/app", "index", OciIndex, Index(OciIndex, "arm64", "amd64"));
        await Registry.PutManifestAsync("team/app", "foreign", OciIndex, Index(OciIndex, "s390x"));

        foreach (var (tag, expected) in new[] { ("multi", list), ("index", index) })
        {
            var pull = (await Docker.RunAsync($"pull {Registry.Host}/team/app:{tag}")).Expect(0);
            Assert.Contains($"Digest: {expected}", pull.Lines);
            Assert.Equal("from the archive", (await Docker.RunAsync($"run --rm {Registry.Host}/team/app:{tag}")).Expect(0).Line);
        }

        var none = (await Docker.RunAsync($"pull {Registry.Host}/team/app:foreign")).Expect(1);
        Assert.Contains("no matching manifest for linux/amd64 in the manifest list entries", none.Error, StringComparison.Ordinal);
        var arm = (await Docker.RunAsync($"pull --platform linux/arm/v7 {Registry.Host}/team/app:foreign")).Expect(1);
        Assert.Contains("no matching manifest for linux/arm/v7 in the manifest list entries", arm.Error, StringComparison.Ordinal);
        (await Docker.RunAsync($"pull --platform linux/s390x {Registry.Host}/team/app:foreign")).Expect(0);
        (await Docker.RunAsync($"rmi -f {Registry.Host}/team/app:multi {Registry.Host}/team/app:index {Registry.Host}/team/app:foreign")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task What_is_not_there_is_named(string client)
    {
        var noTag = (await Client(client).RunAsync($"pull {Registry.Host}/team/app:none")).Expect(1);
        Assert.Equal($"Error response from daemon: manifest for {Registry.Host}/team/app:none not found: manifest unknown: manifest unknown\n", noTag.Error);
        var nobody = (await Client(client).RunAsync("pull 127.0.0.1:1/app")).Expect(1);
        Assert.Contains("connect: connection refused", nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_is_no_image_to_run_is_refused_with_its_reason()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "its words differ");
        await using var proxy = new FaultProxy(Registry.Port);
        var text = await Registry.GetManifestAsync("team/app", "v1");
        async Task RefusedAsync(string mediaType, Func<JsonNode, JsonNode> change, string expected)
        {
            var document = change(JsonNode.Parse(text)!).ToJsonString();
            proxy.Decide = head => head.Contains("/manifests/", StringComparison.Ordinal) ? Fault.Document(mediaType, document) : null;
            var pull = (await Docker.RunAsync($"pull {proxy.Host}/team/app:v1")).Expect(1);
            Assert.Contains(expected, pull.Error, StringComparison.Ordinal);
        }

        await RefusedAsync(OciManifest, m => With(m, "mediaType", OciManifest, "layers/0/mediaType", "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"), "is foreign");
        await RefusedAsync(DockerManifest, m => With(m, "layers/0/mediaType", "text/plain"), "which is not supported");
        await RefusedAsync(DockerManifest, m => With(m, "config/mediaType", "application/vnd.cncf.helm.config.v1+json"), "this is no image to run");
        await RefusedAsync(DockerManifest, m => With(m, "manifests", "both"), "an index and a manifest at once");
        await RefusedAsync(OciManifest, m => m, "it says that it is");
        await RefusedAsync(DockerManifest, m => With(m, "config/digest", "sha256:../../x"), "not a valid document");
        await RefusedAsync(DockerManifest, m => With(m, "config", null), "not a valid document");
        await RefusedAsync(DockerManifest, m => Without(m, "layers", 0), "layers length mismatch: expected 2, got 1");

        // In the lower one's place the layer is known already, whatever its blob is; in the upper one's it is not.
        var lower = (string)JsonNode.Parse(text)!["layers"]![0]!["digest"]!;
        await RefusedAsync(DockerManifest, m => Swapped(m), $"failed to register layer {lower}: invalid diffID");
        Assert.DoesNotContain(proxy.Host, (await Docker.RunAsync("images -a --digests")).Output, StringComparison.Ordinal);
    }

    private static JsonNode With(JsonNode document, params string?[] pathsAndValues)
    {
        foreach (var pair in pathsAndValues.Chunk(2))
        {
            var path = pair[0]!.Split('/');
            var node = path[..^1].Aggregate(document, (n, part) => int.TryParse(part, out var index) ? n[index]! : n[part]!);
            node[path[^1]] = pair[1];
        }

        return document;
    }

    private static JsonNode Without(JsonNode document, string list, int index)
    {
        document[list]!.AsArray().RemoveAt(index);
        return document;
    }

    private static JsonNode Swapped(JsonNode document)
    {
        var layers = document["layers"]!.AsArray();
        document["layers"] = new JsonArray(layers[1]!.DeepClone(), layers[0]!.DeepClone());
        return document;
    }
}
