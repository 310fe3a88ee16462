using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>What a container changed: diff, export and commit.</summary>
public sealed class DiffTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Change =
        """
        mkdir /new; echo 1 > /new/f; rm /etc/group; chmod 644 /etc/passwd; touch -r /etc/passwd /etc/passwd; chmod 700 /tmp
        rm -r /var; mkdir /var; echo x > /var/y; ln -s a /etc/l; rmdir /root; touch /root; chown 5 /home/app; mkfifo /new/p
        """;

    private static readonly string[] _changes =
        ["A /etc/l", "A /new", "A /new/f", "A /new/p", "A /var/y", "C /etc", "C /home", "C /home/app", "C /root", "C /tmp", "C /var", "D /etc/group", "D /var/www"];

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-diff-").FullName;

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Diff_lists_what_changed_and_nothing_else(string client)
    {
        var name = await RunSleeperAsync();
        Assert.Empty((await Client(client).RunAsync($"diff {name}")).Expect(0).Lines);
        (await Docker.ScriptAsync($"exec {name}", Change)).Expect(0);
        Assert.Equal(_changes, (await Client(client).RunAsync($"diff {name}")).Expect(0).Lines.Order(StringComparer.Ordinal));
        (await Docker.RunAsync($"stop -t 0 {name}")).Expect(0);
        Assert.Equal(_changes, (await Client(client).RunAsync($"diff {name}")).Expect(0).Lines.Order(StringComparer.Ordinal));
        Assert.Contains("No such container: nobody", (await Client(client).RunAsync("diff nobody")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_export_is_the_whole_root_without_its_volumes(string client)
    {
        var name = await RunSleeperAsync("-v /data");
        (await Docker.ScriptAsync($"exec {name}", Change + "; echo no > /data/in-volume")).Expect(0);
        var archive = Path.Combine(_folder, "root.tar");
        (await Client(client).RunAsync("export", "-o", archive, name)).Expect(0);
        var listed = (await Shell.RunAsync("tar", ["-tf", archive])).Expect(0).Lines.ToHashSet();
        Assert.Superset(new HashSet<string> { "bin/busybox", "etc/passwd", "etc/l", "new/f", "new/p", "root", "var/y", "data/", "tmp/" }, listed);
        Assert.DoesNotContain(listed, n => n is "etc/group" or "var/www/" or "data/in-volume" or "proc/1/");
        Assert.Equal(listed, (await Shell.RunAsync("tar", ["-t"], (await Client(client).RunAsync("export", name)).Expect(0).OutputBytes)).Expect(0).Lines.ToHashSet());
        (await Docker.RunAsync("import", archive, $"{name}:exported")).Expect(0);
        Assert.Equal("1", (await Docker.RunAsync($"run --rm {name}:exported cat /new/f")).Expect(0).Line);
        (await Docker.RunAsync($"rmi {name}:exported")).Expect(0);
        Assert.Contains("invalid output path", (await Client(client).RunAsync("export", "-o", $"{_folder}/no/f", name)).Expect(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_commit_is_an_image_with_one_layer_more(string client)
    {
        var name = await RunSleeperAsync("-e KEPT=1");
        (await Docker.ScriptAsync($"exec {name}", Change)).Expect(0);
        var id = (await Client(client).RunAsync(
            ["commit", "-a", "me", "-m", "what I did", "-c", "ENV ADDED=\"two words\"", "-c", "CMD [\"sh\", \"-c\", \"cat /new/f; ls /var; test -e /etc/group || echo gone\"]", "--change", "LABEL a=b", name, $"{name}:one"]))
            .Expect(0).Line;
        Assert.StartsWith("sha256:", id, StringComparison.Ordinal);
        Assert.Equal("running", (string)(await InspectAsync(name))["State"]!["Status"]!);
        Assert.Equal(["1", "y", "gone"], (await Docker.RunAsync($"run --rm {name}:one")).Expect(0).Lines);
        var image = (await InspectAsync($"{name}:one"));
        Assert.Equal(id, (string)image["Id"]!);
        Assert.Equal(("me", "what I did", "b"), ((string)image["Author"]!, (string)image["Comment"]!, (string)image["Config"]!["Labels"]!["a"]!));
        Assert.Superset(new HashSet<string> { "KEPT=1", "ADDED=two words" }, image["Config"]!["Env"]!.AsArray().Select(e => (string)e!).ToHashSet());
        Assert.Equal(2, image["RootFS"]!["Layers"]!.AsArray().Count);
        var history = (await Docker.RunAsync("history", "--no-trunc", "--format", "{{.CreatedBy}}|{{.Comment}}", id)).Expect(0).Lines;
        Assert.Equal("sleep 1000|what I did", history[0]);

        // Without a name, over a client that is old: instructions in one parameter, a line each.
        using var answer = await Daemon.Http.PostAsync($"commit?container={name}&pause=0&changes={Uri.EscapeDataString("USER 1000\nEXPOSE 80")}", null);
        var reply = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(201, (int)answer.StatusCode);
        var second = await InspectAsync((string)reply["Id"]!);
        Assert.Equal("1000", (string)second["Config"]!["User"]!);
        Assert.NotNull(second["Config"]!["ExposedPorts"]!["80/tcp"]);
        (await Docker.RunAsync("rmi", $"{name}:one", (string)reply["Id"]!)).Expect(0);
        Assert.Contains("not a valid change command", (await Client(client).RunAsync(["commit", "-c", "RUN true", name])).Expect(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Images_are_saved_to_a_file_or_to_standard_output(string client)
    {
        var archive = Path.Combine(_folder, "images.tar");
        (await Client(client).RunAsync("save", "-o", archive, "busybox")).Expect(0);
        Assert.Contains("manifest.json", (await Shell.RunAsync("tar", ["-tf", archive])).Expect(0).Lines);
        Assert.Contains("manifest.json", (await Shell.RunAsync("tar", ["-t"], (await Client(client).RunAsync("save busybox")).Expect(0).OutputBytes)).Expect(0).Lines);
        Assert.Contains("nobody", (await Client(client).RunAsync("save", "-o", Path.Combine(_folder, "x"), "nobody")).Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal([archive], Directory.GetFileSystemEntries(_folder));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
