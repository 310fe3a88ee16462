using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

public sealed class ImportLoadTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_imported_archive_is_an_image_with_the_changes_applied(string client)
    {
        var image = $"imported-{client}:v1";
        var id = (await Client(client).RunAsync(
            "import", "--change", "CMD [\"echo\",\"from the image\"]", "--change", "ENV A=b", "-m", "made by a test", await Busybox.TarAsync(), image)).Expect(0).Line;
        Assert.StartsWith("sha256:", id, StringComparison.Ordinal);
        Assert.Equal("from the image", (await Client(client).RunAsync($"run --rm {image}")).Expect(0).Line);
        var inspect = JsonNode.Parse((await Docker.RunAsync($"image inspect {image}")).Expect(0).Output)![0]!;
        Assert.Equal(id, (string?)inspect["Id"]);
        Assert.Equal("made by a test", (string?)inspect["Comment"]);
        Assert.Contains("A=b", inspect["Config"]!["Env"]!.AsArray().Select(v => (string)v!));
        var removed = (await Client(client).RunAsync($"rmi {image}")).Expect(0);
        Assert.Equal($"Untagged: {image}", removed.Lines[0]);
        Assert.Contains($"Deleted: {id}", removed.Lines);
        Assert.Contains("No such image", (await Client(client).RunAsync($"rmi {image}")).Expect(1).Error);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_archive_from_standard_input_is_imported_too(string client)
    {
        var tar = await File.ReadAllBytesAsync(await Busybox.TarAsync());
        (await Client(client).InputAsync($"import - stdin-{client}", tar)).Expect(0);
        (await Client(client).RunAsync($"run --rm stdin-{client} true")).Expect(0);
        (await Client(client).RunAsync($"rmi stdin-{client}")).Expect(0);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_compressed_archive_is_imported(string compressor)
    {
        Assert.SkipWhen(Daemon.IsDockerd && compressor == "zstd", "dockerd 20.10 knows no zstd here");
        var tar = await File.ReadAllBytesAsync(await Busybox.TarAsync());
        var packed = await Shell.RunAsync(compressor, ["-c"], tar);
        (await Docker.InputAsync($"import - packed-{compressor}", packed.Expect(0).OutputBytes)).Expect(0);
        (await Docker.RunAsync($"run --rm packed-{compressor} true")).Expect(0);
        (await Docker.RunAsync($"rmi packed-{compressor}")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_docker_archive_is_loaded_under_its_names(string client)
    {
        using var archive = await ImageArchives.DockerArchiveAsync($"loaded-{client}:v2");
        var load = (await Client(client).RunAsync("load", "-i", archive.Path)).Expect(0);
        Assert.Equal($"Loaded image: loaded-{client}:v2", load.Lines[^1]);
        Assert.Equal("from the archive", (await Client(client).RunAsync($"run --rm loaded-{client}:v2")).Expect(0).Line);
        (await Client(client).RunAsync($"rmi loaded-{client}:v2")).Expect(0);
    }

    [Fact]
    public async Task An_oci_layout_archive_is_loaded()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd 20.10 knows no OCI layout");
        using var docker = await ImageArchives.DockerArchiveAsync("oci-source:v1");
        var oci = docker.Path + ".oci";
        try
        {
            (await Shell.RunAsync("skopeo", ["--insecure-policy", "copy", $"docker-archive:{docker.Path}", $"oci-archive:{oci}:loaded-oci:v1"])).Expect(0);
            Assert.Contains("Loaded image", (await Docker.RunAsync("load", "-i", oci)).Expect(0).Output);
            Assert.Equal("from the archive", (await Docker.RunAsync("run --rm loaded-oci:v1")).Expect(0).Line);
            (await Docker.RunAsync("rmi loaded-oci:v1")).Expect(0);
        }
        finally
        {
            File.Delete(oci);
        }
    }

    [Fact]
    public async Task Garbage_is_no_image()
    {
        var load = await Docker.InputAsync("load", "this is no archive, whatever its name says"u8.ToArray());
        Assert.NotEqual(0, load.ExitCode);
    }

    [Fact]
    public async Task An_image_in_use_is_not_removed()
    {
        (await Docker.RunAsync("tag busybox used:v1")).Expect(0);
        var id = (await Docker.RunAsync("import", await Busybox.TarAsync(), "inuse:v1")).Expect(0).Line;
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} inuse:v1 true")).Expect(0);
        var refused = (await Docker.RunAsync($"rmi {id[7..19]}")).Expect(1);
        Assert.Contains("conflict: unable to delete", refused.Error);
        Assert.Contains("image is being used by stopped container", refused.Error);
        (await Docker.RunAsync($"rm {name}")).Expect(0);
        (await Docker.RunAsync($"rmi {id[7..19]}")).Expect(0);
        (await Docker.RunAsync("rmi used:v1")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Images_lists_names_ids_and_sizes(string client)
    {
        var images = (await Client(client).RunAsync("images busybox")).Expect(0);
        Assert.Matches(@"^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE$", images.Lines[0]);
        Assert.Matches(@"^busybox +latest +[0-9a-f]{12} +\S.* ago +\d.*MB$", images.Lines[1]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_embedded_image_runs_with_no_network(string client)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Berth's own image");
        Assert.Contains("Berth", (await Client(client).RunAsync("run --rm hello-berth")).Expect(0).Output);
    }
}
