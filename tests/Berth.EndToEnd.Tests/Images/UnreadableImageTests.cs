using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

/// <summary>Documents in the store: whole when written here, and no harm to other images where they cannot be read (issue 9, number 14).</summary>
public sealed class UnreadableImageTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Fact]
    public async Task An_image_of_an_empty_archive_has_all_that_its_manifest_needs()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Berth's own storage");
        var id = (await Docker.InputAsync("import - empty-archive:v1", [])).Expect(0).Line;
        var manifest = await ManifestOfAsync(Daemon, id);
        foreach (var descriptor in manifest["layers"]!.AsArray().Append(manifest["config"]))
        {
            Assert.True((long)descriptor!["size"]! >= 0);
            Assert.StartsWith("sha256:", (string)descriptor["digest"]!, StringComparison.Ordinal);
            Assert.NotEmpty((string)descriptor["mediaType"]!);
        }

        Assert.Equal(0, (long)manifest["layers"]![0]!["size"]!);
        (await Docker.RunAsync("rmi empty-archive:v1")).Expect(0);
    }

    [Theory]
    [InlineData("manifest", "{\"schemaVersion\":2")]
    [InlineData("manifest", "{\"schemaVersion\":2,\"config\":{},\"layers\":[{}]}")]
    [InlineData("config", "")]
    [InlineData("config", null)]
    public async Task A_document_that_cannot_be_read_harms_no_other_image(string document, string? content)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Berth's own storage");
        await using var daemon = await Daemon.StartAsync();
        var docker = daemon.Docker;
        var id = (await docker.InputAsync("import - broken:v1", new HostileArchive().File("f", "x").ToArray())).Expect(0).Line;
        (await docker.InputAsync("import - whole:v1", new HostileArchive().File("g", "y").ToArray())).Expect(0);
        var blob = Path.Combine(daemon.DataRoot, "images/blobs/sha256", document == "config" ? id["sha256:".Length..] : await ManifestDigestAsync(daemon, id));
        await daemon.TerminateAsync();
        if (content is null)
        {
            File.Delete(blob);
        }
        else
        {
            await File.WriteAllTextAsync(blob, content);
        }

        await daemon.StartProcessAsync();
        Assert.Contains("whole:v1", (await docker.RunAsync("images", "--format", "{{.Repository}}:{{.Tag}}")).Expect(0).Lines);
        (await docker.RunAsync("run --rm busybox true")).Expect(0);
        (await docker.RunAsync("system df")).Expect(0);
        (await docker.InputAsync("import - third:v1", new HostileArchive().File("h", "z").ToArray())).Expect(0);
        var archive = (await docker.RunAsync("save third:v1")).Expect(0).OutputBytes;
        (await docker.RunAsync("rmi third:v1")).Expect(0);
        (await docker.InputAsync("load", archive)).Expect(0);
        (await docker.RunAsync("rmi third:v1 whole:v1")).Expect(0);
        (await docker.RunAsync("image prune -f")).Expect(0);
        Assert.Contains("an image cannot be read", daemon.Log, StringComparison.Ordinal);
        Assert.Contains("broken:v1", daemon.Log, StringComparison.Ordinal);

        // It is still there for whoever can read it, and goes when it is told to.
        (await docker.RunAsync("rmi broken:v1")).Expect(0);
        (await docker.RunAsync("rmi broken:v1")).Expect(1);
        Assert.False(File.Exists(blob));
    }

    private static async Task<JsonNode> ManifestOfAsync(Daemon daemon, string id) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(daemon.DataRoot, "images/blobs/sha256", await ManifestDigestAsync(daemon, id))))!;

    private static async Task<string> ManifestDigestAsync(Daemon daemon, string id)
    {
        var index = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(daemon.DataRoot, "images/index.json")))!;
        var entry = index["manifests"]!.AsArray().Single(m => (string)m!["annotations"]!["dev.berth.image.id"]! == id)!;
        return ((string)entry["digest"]!)["sha256:".Length..];
    }
}
