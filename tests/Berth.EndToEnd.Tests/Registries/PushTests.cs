using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

public sealed class PushTests(SharedDaemon shared) : RegistryTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_pushed_image_can_be_read_by_others_and_comes_back_the_same(string client)
    {
        var name = $"{Registry.Host}/{client}/app:v1";
        var tool = Client(client);
        (await tool.RunAsync($"tag busybox {name}")).Expect(0);
        var push = (await tool.RunAsync($"push {name}")).Expect(0);
        Assert.Equal($"The push refers to repository [{Registry.Host}/{client}/app]", push.Lines[0]);
        Assert.Contains(push.Lines, l => l.EndsWith(": Preparing", StringComparison.Ordinal));
        Assert.Contains(push.Lines, l => l.EndsWith(": Pushed", StringComparison.Ordinal));
        Assert.Matches("^v1: digest: sha256:[0-9a-f]{64} size: [0-9]+$", push.Lines[^1]);
        var digest = push.Lines[^1].Split(' ')[2];

        var seen = (await Shell.RunAsync("skopeo", ["inspect", "--tls-verify=false", $"docker://{name}"])).Expect(0);
        Assert.Equal(digest, (string?)JsonNode.Parse(seen.Output)!["Digest"]);
        Assert.Contains($"{Registry.Host}/{client}/app@{digest}", (await tool.RunAsync("inspect", "-f", "{{.RepoDigests}}", name)).Line, StringComparison.Ordinal);

        var id = (await tool.RunAsync("inspect", "-f", "{{.Id}}", name)).Line;
        (await tool.RunAsync($"rmi {name}")).Expect(0);
        Assert.Contains($"Digest: {digest}", (await tool.RunAsync($"pull {name}")).Expect(0).Lines);
        Assert.Equal(id, (await tool.RunAsync("inspect", "-f", "{{.Id}}", name)).Line);
        Assert.Contains(": Layer already exists\n", (await tool.RunAsync($"push {name}")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(name, (await tool.RunAsync($"push -q {name}")).Expect(0).Line);
        (await tool.RunAsync($"rmi {name}")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_layer_of_another_repository_is_mounted_from_there(string client)
    {
        var tool = Client(client);
        (await tool.RunAsync($"tag busybox {Registry.Host}/{client}/one:v1")).Expect(0);
        (await tool.RunAsync($"tag busybox {Registry.Host}/{client}/two:v1")).Expect(0);
        (await tool.RunAsync($"push {Registry.Host}/{client}/one:v1")).Expect(0);
        var second = (await tool.RunAsync($"push {Registry.Host}/{client}/two:v1")).Expect(0);
        Assert.Matches("(?m)^[0-9a-f]{12}: Mounted from [a-z]+/one$", second.Output);
        (await tool.RunAsync($"rmi {Registry.Host}/{client}/one:v1 {Registry.Host}/{client}/two:v1")).Expect(0);
    }

    [Fact]
    public async Task Layers_go_compressed_and_the_second_push_knows_their_digests()
    {
        var name = $"{Registry.Host}/compressed/app:v1";
        (await Docker.RunAsync($"tag busybox {name}")).Expect(0);
        var first = (await Docker.RunAsync($"push {name}")).Expect(0).Lines[^1];
        var text = await Registry.GetManifestAsync("compressed/app", "v1");
        Assert.DoesNotContain("\\u002B", text, StringComparison.OrdinalIgnoreCase);
        var layer = JsonNode.Parse(text)!["layers"]![0]!;
        Assert.EndsWith("gzip", (string?)layer["mediaType"], StringComparison.Ordinal);
        using var http = new HttpClient();
        var blob = await http.GetByteArrayAsync($"http://{Registry.Host}/v2/compressed/app/blobs/{layer["digest"]}");
        Assert.Equal((long)layer["size"]!, blob.Length);
        Assert.Equal([0x1F, 0x8B], blob[..2]);

        if (!Daemon.IsDockerd)
        {
            var notes = Directory.GetFiles(Path.Combine(Daemon.DataRoot, "images", "compressed"));
            var written = notes.ToDictionary(n => n, File.GetLastWriteTimeUtc);
            Assert.NotEmpty(notes);
            Assert.Equal(first, (await Docker.RunAsync($"push {name}")).Expect(0).Lines[^1]);
            Assert.All(written, note => Assert.Equal(note.Value, File.GetLastWriteTimeUtc(note.Key)));
        }

        // Elsewhere, where nothing is known of it, the same comes out.
        await using var other = await Registry.StartAsync();
        (await Docker.RunAsync($"tag busybox {other.Host}/far/app:v1")).Expect(0);
        Assert.Equal(first, (await Docker.RunAsync($"push {other.Host}/far/app:v1")).Expect(0).Lines[^1]);
        var store = Directory.CreateTempSubdirectory("berth-copy-").FullName;
        try
        {
            (await Shell.RunAsync("skopeo", ["copy", "--insecure-policy", "--src-tls-verify=false", $"docker://{name}", $"dir:{store}/copy"])).Expect(0);
        }
        finally
        {
            Directory.Delete(store, recursive: true);
        }

        (await Docker.RunAsync($"rmi {name} {other.Host}/far/app:v1")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_image_for_another_platform_than_asked_for_is_not_pushed(string client)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd 20.10 does not know the flag");
        var name = $"{Registry.Host}/{client}/platform:v1";
        (await Docker.RunAsync($"tag busybox {name}")).Expect(0);
        var push = (await Client(client).RunAsync($"push --platform linux/arm64 {name}")).Expect(1);
        Assert.Contains($"image with reference {name} was found but its platform (linux/amd64) does not match the specified platform (linux/arm64)", push.Error, StringComparison.Ordinal);
        (await Client(client).RunAsync($"push --platform linux/amd64 {name}")).Expect(0);
        (await Docker.RunAsync($"rmi {name}")).Expect(0);
        using var answer = await Daemon.Http.PostAsync($"images/{Registry.Host}/x/push?tag=v1&platform=%7B", null);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task All_tags_are_pushed_on_demand(string client)
    {
        var tool = Client(client);
        var name = $"{Registry.Host}/{client}/tags";
        (await tool.RunAsync($"tag busybox {name}:v1")).Expect(0);
        (await tool.RunAsync($"tag busybox {name}:v2")).Expect(0);
        var push = (await tool.RunAsync($"push -a {name}")).Expect(0);
        Assert.Equal(2, push.Lines.Count(l => l.Contains(": digest: sha256:", StringComparison.Ordinal)));
        var tags = (await Shell.RunAsync("skopeo", ["list-tags", "--tls-verify=false", $"docker://{name}"])).Expect(0);
        Assert.Equal(["v1", "v2"], JsonNode.Parse(tags.Output)!["Tags"]!.AsArray().Select(t => (string)t!).Order());
        (await tool.RunAsync($"rmi {name}:v1 {name}:v2")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task What_is_not_there_cannot_be_pushed(string client)
    {
        var name = $"{Registry.Host}/{client}/none";
        var push = (await Client(client).RunAsync($"push {name}:v1")).Expect(1);
        Assert.Equal($"The push refers to repository [{name}]", push.Line);
        Assert.Contains($"An image does not exist locally with the tag: {name}", push.Error, StringComparison.Ordinal);
        (await Client(client).RunAsync($"tag busybox {name}:v1")).Expect(0);
        Assert.Contains($"tag does not exist: {name}:v2", (await Client(client).RunAsync($"push {name}:v2")).Expect(1).Error, StringComparison.Ordinal);
        (await Client(client).RunAsync($"rmi {name}:v1")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_registrys_manifest_is_shown(string client)
    {
        var name = $"{Registry.Host}/{client}/shown:v1";
        (await Docker.RunAsync($"tag busybox {name}")).Expect(0);
        var digest = (await Docker.RunAsync($"push {name}")).Expect(0).Lines[^1].Split(' ')[2];
        var shown = JsonNode.Parse((await Client(client).RunAsync($"manifest inspect --insecure {name}")).Expect(0).Output)!;
        Assert.Equal(2, (int)shown["schemaVersion"]!);
        Assert.Single(shown["layers"]!.AsArray());
        var verbose = JsonNode.Parse((await Client(client).RunAsync($"manifest inspect -v --insecure {name}")).Expect(0).Output)!;
        Assert.Equal(digest, (string?)verbose["Descriptor"]!["digest"]);
        Assert.Equal("linux", (string?)verbose["Descriptor"]!["platform"]!["os"]);

        var inspect = JsonNode.Parse(await Daemon.Http.GetStringAsync($"distribution/{name}/json"))!;
        Assert.Equal(digest, (string?)inspect["Descriptor"]!["digest"]);
        Assert.Equal("amd64", (string?)inspect["Platforms"]![0]!["architecture"]);
        (await Docker.RunAsync($"rmi {name}")).Expect(0);
    }
}
