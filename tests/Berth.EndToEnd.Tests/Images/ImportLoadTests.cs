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
    [InlineData("bzip2")]
    [InlineData("xz")]
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
    public async Task An_archive_is_fetched_from_a_web_server(string client)
    {
        var tar = await File.ReadAllBytesAsync(await Busybox.TarAsync());
        await using var server = new RawServer(head =>
            head.StartsWith("GET /old ", StringComparison.Ordinal) ? RawAnswer.Status("302 Found", "Location: /new.tar")
            : head.StartsWith("GET /new.tar ", StringComparison.Ordinal) ? RawAnswer.Content(tar)
            : head.StartsWith("GET /short ", StringComparison.Ordinal) ? RawAnswer.Content(tar) with { Body = tar[..100_000] }
            : RawAnswer.Status("404 Not Found"));
        var image = $"fetched-{client}:v1";
        var import = (await Client(client).RunAsync("import", "-c", "CMD [\"echo\",\"fetched\"]", $"http://{server.Host}/old", image)).Expect(0);
        Assert.Contains($"Downloading from http://{server.Host}/old", import.Output, StringComparison.Ordinal);
        Assert.Equal((await Docker.RunAsync("image", "inspect", "-f", "{{.Id}}", image)).Expect(0).Line, import.Lines[^1]);
        Assert.Equal("fetched", (await Client(client).RunAsync($"run --rm {image}")).Expect(0).Line);
        (await Client(client).RunAsync($"rmi {image}")).Expect(0);

        var missing = (await Client(client).RunAsync($"import http://{server.Host}/none {image}")).Expect(1);
        Assert.Contains($"failed to GET http://{server.Host}/none with status 404 Not Found", missing.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await Client(client).RunAsync($"import http://{server.Host}/short {image}")).ExitCode);
        Assert.Contains("connection refused", (await Client(client).RunAsync($"import http://127.0.0.1:1/x {image}")).Expect(1).Error, StringComparison.Ordinal);
        (await Docker.RunAsync($"image inspect {image}")).Expect(1);
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

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_terminal_shows_how_far_each_layer_is(string client)
    {
        using var archive = await ImageArchives.DockerArchiveAsync($"shown-{client}:v1", new byte[1 << 20]);
        await using var terminal = Terminal.Open(Client(client), $"load -i {archive.Path}", columns: 140);
        Assert.Equal(0, await terminal.ExitCodeAsync());
        await terminal.ShowsAsync($"Loaded image: shown-{client}:v1");
        Assert.Matches(@"[0-9a-f]{12}: Loading layer \[=+>\] +1\.\d+MB/1\.\d+MB", terminal.Screen);
        (await Client(client).RunAsync($"rmi shown-{client}:v1")).Expect(0);
    }

    [Theory]
    [InlineData("?quiet=0", true)]
    [InlineData("?quiet=1", false)]
    [InlineData("", false)]
    public async Task Who_sends_an_archive_is_told_of_the_layers_only_where_he_asks(string query, bool expected)
    {
        using var archive = await ImageArchives.DockerArchiveAsync("told:v1", new byte[1 << 20]);
        await using var file = File.OpenRead(archive.Path);
        using var answer = await Daemon.Http.PostAsync($"images/load{query}", new StreamContent(file));
        var messages = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal("Loaded image: told:v1\n", (string?)messages[^1]["stream"]);
        Assert.Equal(expected, messages.Any(m => (string?)m["status"] == "Loading layer" && (long)m["progressDetail"]!["current"]! == (long)m["progressDetail"]!["total"]!));
        (await Docker.RunAsync("rmi told:v1")).Expect(0);
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
    public async Task Garbage_is_no_image_and_an_error_in_the_stream()
    {
        var load = await Docker.InputAsync("load", "this is no archive, whatever its name says"u8.ToArray());
        Assert.NotEqual(0, load.ExitCode);
        using var garbage = new ByteArrayContent([.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))]);
        using var answer = await Daemon.Http.PostAsync("images/load", garbage);
        Assert.Equal(200, (int)answer.StatusCode);
        var last = JsonNode.Parse((await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
        Assert.NotEmpty((string?)last["error"] ?? "");
        Assert.Equal((string?)last["error"], (string?)last["errorDetail"]!["message"]);
    }

    [Fact]
    public async Task An_image_without_a_name_is_loaded_by_its_id()
    {
        var id = (await Docker.RunAsync("import", await Busybox.TarAsync())).Expect(0).Line;
        var archive = (await Docker.RunAsync($"save {id}")).Expect(0).OutputBytes;
        (await Docker.RunAsync($"rmi {id}")).Expect(0);
        Assert.Equal($"Loaded image ID: {id}", (await Docker.InputAsync("load", archive)).Expect(0).Lines[^1]);
        (await Docker.RunAsync($"rmi {id}")).Expect(0);
    }

    [Fact]
    public async Task An_archive_of_an_old_docker_is_loaded()
    {
        var layer = await File.ReadAllBytesAsync(await Busybox.TarAsync());
        var upper = new HostileArchive().File("etc/motto", "from long ago\n").ToArray();
        var (parent, child) = (new string('1', 64), new string('2', 64));
        const string Config = """ "created":"2014-01-01T00:00:00Z","architecture":"amd64","os":"linux" """;
        var archive = new HostileArchive()
            .Entry('5', $"{parent}/").File($"{parent}/VERSION", "1.0").File($"{parent}/json", $$"""{"id":"{{parent}}",{{Config}}}""").Entry('0', $"{parent}/layer.tar", layer)
            .Entry('5', $"{child}/").File($"{child}/VERSION", "1.0")
            .File($"{child}/json", $$$"""{"id":"{{{child}}}","parent":"{{{parent}}}",{{{Config}}},"config":{"Cmd":["cat","/etc/motto"],"Env":["PATH=/bin"]}}""").Entry('0', $"{child}/layer.tar", upper)
            .File("repositories", $$$"""{"old/docker":{"v1":"{{{child}}}","v2":"{{{parent}}}"}}""").ToArray();
        var load = (await Docker.InputAsync("load", archive)).Expect(0);
        if (!Daemon.IsDockerd)
        {
            // 20.10 says nothing of what comes in this form.
            Assert.Contains("Loaded image: old/docker:v1", load.Lines);
        }

        Assert.Equal("from long ago", (await Docker.RunAsync("run --rm old/docker:v1")).Expect(0).Line);
        Assert.Equal("1", (await Docker.ScriptAsync("run --rm old/docker:v2", "test -e /etc/motto; echo $?")).Expect(0).Line);
        (await Docker.RunAsync("rmi old/docker:v1 old/docker:v2")).Expect(0);
    }

    [Fact]
    public async Task Old_versions_of_the_api_show_what_their_clients_read()
    {
        var id = (await Docker.RunAsync("import", "-c", "VOLUME /data", await Busybox.TarAsync())).Expect(0).Line;
        async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Daemon.Http.GetStringAsync(path))!;
        var old = await GetAsync($"v1.38/images/{id}/json");
        Assert.Equal((long)old["Size"]!, (long)old["VirtualSize"]!);
        Assert.Equal(Daemon.IsDockerd ? null : """{"/data":{}}""", old["ContainerConfig"]!["Volumes"]?.ToJsonString());
        var listed = (await GetAsync("v1.38/images/json")).AsArray().Single(i => (string)i!["Id"]! == id)!;
        Assert.Equal((long)listed["Size"]!, (long)listed["VirtualSize"]!);
        Assert.Equal(["<none>:<none>"], listed["RepoTags"]!.AsArray().Select(t => (string)t!));
        Assert.True((long)(await GetAsync("v1.38/system/df"))["Images"]![0]!["VirtualSize"]! > 0);
        if (!Daemon.IsDockerd)
        {
            Assert.Null((await GetAsync($"v1.51/images/{id}/json"))["VirtualSize"]);
            Assert.Null((await GetAsync("v1.51/system/df"))["Images"]![0]!["VirtualSize"]);
            Assert.Empty((await GetAsync("v1.51/images/json")).AsArray().Single(i => (string)i!["Id"]! == id)!["RepoTags"]!.AsArray());
        }

        (await Docker.RunAsync($"rmi {id}")).Expect(0);
    }

    [Fact]
    public async Task An_image_without_layers_is_one()
    {
        using var archive = await ImageArchives.OfLayersAsync("nothing:v1", [], """{"Cmd":["nosuch"]}""");
        (await Docker.RunAsync("load", "-i", archive.Path)).Expect(0);
        var image = JsonNode.Parse(await Daemon.Http.GetStringAsync("images/nothing:v1/json"))!;
        Assert.Equal(0, (long)image["Size"]!);
        (await Docker.RunAsync("run --rm nothing:v1")).Expect(127);
        (await Docker.RunAsync("rmi nothing:v1")).Expect(0);
    }

    [Fact]
    public async Task The_last_line_of_an_import_has_the_id_as_its_status()
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(await Busybox.TarAsync()));
        using var answer = await Daemon.Http.PostAsync($"images/create?fromSrc=-&repo=status&tag=v1&changes={Uri.EscapeDataString("USER 1000")}&changes={Uri.EscapeDataString("WORKDIR /tmp")}", body);
        var last = JsonNode.Parse((await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
        var image = JsonNode.Parse(await Daemon.Http.GetStringAsync("images/status:v1/json"))!;
        Assert.Equal((string?)image["Id"], (string?)last["status"]);
        Assert.Equal(("1000", "/tmp"), ((string?)image["Config"]!["User"], (string?)image["Config"]!["WorkingDir"]));
        (await Docker.RunAsync("rmi status:v1")).Expect(0);
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
