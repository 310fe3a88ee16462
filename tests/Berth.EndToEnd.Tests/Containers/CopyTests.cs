using System.Net;
using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

public sealed class CopyTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-cp-").FullName;

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Files_and_directories_go_in_and_come_out(string client)
    {
        var cli = Client(client);
        var name = await RunSleeperAsync();
        var source = Path.Combine(_folder, "src");
        Directory.CreateDirectory(Path.Combine(source, "sub"));
        var content = new byte[3_000_000];
        Random.Shared.NextBytes(content);
        await File.WriteAllBytesAsync(Path.Combine(source, "big"), content);
        await File.WriteAllTextAsync(Path.Combine(source, "sub", "ü small"), "hello\n");
        File.SetUnixFileMode(Path.Combine(source, "sub", "ü small"), (UnixFileMode)0b110_100_000);
        File.CreateSymbolicLink(Path.Combine(source, "link"), "sub/ü small");

        // A directory to a place that is not there takes that name, to one that is there goes below it; "/." is its content.
        (await cli.RunAsync("cp", source, $"{name}:/tmp/new")).Expect(0);
        (await cli.RunAsync("cp", source, $"{name}:/tmp")).Expect(0);
        (await cli.RunAsync("cp", source + "/.", $"{name}:/home")).Expect(0);
        (await cli.RunAsync("cp", Path.Combine(source, "sub", "ü small"), $"{name}:/tmp/renamed")).Expect(0);
        var listing = (await cli.ScriptAsync($"exec {name}", "cd /; ls -d tmp/new/big tmp/src/big home/big tmp/renamed; stat -c '%a %n' '/tmp/new/sub/ü small'; readlink /tmp/src/link; cat tmp/renamed")).Expect(0);
        Assert.Equal(["home/big", "tmp/new/big", "tmp/renamed", "tmp/src/big", "640 /tmp/new/sub/ü small", "sub/ü small", "hello"], listing.Lines);

        (await cli.RunAsync("cp", $"{name}:/tmp/new", Path.Combine(_folder, "back"))).Expect(0);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_folder, "back", "big")));
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(_folder, "back", "sub", "ü small")));
        Assert.Equal("sub/ü small", new FileInfo(Path.Combine(_folder, "back", "link")).LinkTarget);
        (await cli.RunAsync("cp", $"{name}:/tmp/renamed", _folder)).Expect(0);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(_folder, "renamed")));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_stopped_container_is_copied_from_and_to_with_its_volumes(string client)
    {
        var cli = Client(client);
        var name = NewName();
        var bind = Path.Combine(_folder, "bind");
        Directory.CreateDirectory(bind);
        await File.WriteAllTextAsync(Path.Combine(bind, "file"), "in the bind\n");
        (await Docker.RunAsync($"create --name {name} -v /data -v {bind}:/bound:ro busybox cat /data/f /etc/g")).Expect(0);
        await File.WriteAllTextAsync(Path.Combine(_folder, "f"), "in the volume\n");
        (await cli.RunAsync("cp", Path.Combine(_folder, "f"), $"{name}:/data/")).Expect(0);
        (await cli.RunAsync("cp", Path.Combine(_folder, "f"), $"{name}:/etc/g")).Expect(0);
        Assert.Equal("in the bind\n", Untar((await cli.RunAsync("cp", $"{name}:/bound/file", "-")).Expect(0).OutputBytes)["file"]);
        var refused = (await cli.RunAsync("cp", Path.Combine(_folder, "f"), $"{name}:/bound")).Expect(1);
        Assert.Contains("mounted volume is marked read-only", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["in the volume", "in the volume"], (await cli.RunAsync($"start -a {name}")).Expect(0).Lines);
        Assert.Equal("in the volume\n", Untar((await cli.RunAsync("cp", $"{name}:/data/.", "-")).Expect(0).OutputBytes)["./f"]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_tar_stream_goes_in_from_standard_input(string client)
    {
        var cli = Client(client);
        var name = await RunSleeperAsync("--tmpfs /fast");
        await File.WriteAllTextAsync(Path.Combine(_folder, "f"), "x\n");
        var tar = (await Shell.RunAsync("tar", ["-C", _folder, "--owner=1234", "--group=567", "-cf", "-", "f"])).Expect(0).OutputBytes;
        (await cli.InputAsync($"cp - {name}:/home", tar)).Expect(0);
        Assert.Equal("1234:567", (await cli.RunAsync($"exec {name} stat -c %u:%g /home/f")).Expect(0).Line);
        Assert.Contains("must be a directory", (await cli.InputAsync($"cp - {name}:/etc/passwd", tar)).Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("must be a directory", (await cli.InputAsync($"cp - {name}:/nowhere", tar)).Expect(1).Error, StringComparison.Ordinal);
        if (!Harness.Daemon.IsDockerd)
        {
            // As the container sees it, which dockerd 20.10 does not.
            (await cli.InputAsync($"cp - {name}:/fast", tar)).Expect(0);
            Assert.Equal("x", (await cli.RunAsync($"exec {name} cat /fast/f")).Expect(0).Line);
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Links_are_followed_where_asked_and_never_out_of_the_container(string client)
    {
        var cli = Client(client);
        var name = await RunSleeperAsync();
        (await cli.ScriptAsync($"exec {name}", "ln -s /etc/passwd /tmp/abs; ln -s ../../../../../../etc /tmp/up; ln -s /tmp/up /tmp/chain; ln -s /nowhere /tmp/dangling")).Expect(0);
        (await cli.RunAsync("cp", "-L", $"{name}:/tmp/abs", Path.Combine(_folder, "followed"))).Expect(0);
        Assert.Contains("home/app", await File.ReadAllTextAsync(Path.Combine(_folder, "followed")), StringComparison.Ordinal);
        (await cli.RunAsync("cp", $"{name}:/tmp/abs", _folder)).Expect(0);
        Assert.Equal("/etc/passwd", new FileInfo(Path.Combine(_folder, "abs")).LinkTarget);

        // Through the links: the container's /etc, not the host's.
        await File.WriteAllTextAsync(Path.Combine(_folder, "mark-of-cp"), "x");
        (await cli.RunAsync("cp", Path.Combine(_folder, "mark-of-cp"), $"{name}:/tmp/up/")).Expect(0);
        (await cli.RunAsync("cp", Path.Combine(_folder, "mark-of-cp"), $"{name}:/tmp/chain/second")).Expect(0);
        Assert.False(File.Exists("/etc/mark-of-cp"));
        (await cli.RunAsync($"exec {name} ls /etc/mark-of-cp /etc/second")).Expect(0);
        (await cli.RunAsync("cp", $"{name}:/tmp/dangling/x", _folder)).Expect(1);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Errors_read_as_Dockers(string client)
    {
        var cli = Client(client);
        var name = await RunSleeperAsync();
        async Task FailsAsync(string message, params string[] words) =>
            Assert.Contains(message, (await cli.RunAsync(words)).Expect(1).Error, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(_folder, "dir"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "f"), "x");
        await FailsAsync("must specify at least one container source", "cp", "/a", "/b");
        await FailsAsync("copying between containers is not supported", "cp", $"{name}:/etc/passwd", $"{name}:/tmp");
        await FailsAsync($"Could not find the file /nope in container {name}", "cp", $"{name}:/nope", _folder);
        await FailsAsync("No such container: nobody", "cp", "nobody:/etc", _folder);
        await FailsAsync($"lstat {_folder}/nope: no such file or directory", "cp", $"{_folder}/nope", $"{name}:/tmp");
        await FailsAsync("cannot copy directory", "cp", $"{_folder}/dir", $"{name}:/etc/passwd");
        await FailsAsync("no such directory", "cp", $"{_folder}/f", $"{name}:/tmp/no/");
        await FailsAsync($"Could not find the file /tmp/no in container {name}", "cp", $"{_folder}/f", $"{name}:/tmp/no/f");
        await FailsAsync($"invalid output path: directory \"{_folder}/no\" does not exist", "cp", $"{name}:/etc/passwd", $"{_folder}/no/f");
        (await cli.ScriptAsync($"exec {name}", "mkdir -p /tmp/t/f; touch /tmp/t/dir")).Expect(0);
        await FailsAsync("cannot overwrite directory", "cp", $"{_folder}/f", $"{name}:/tmp/t/");
        await FailsAsync("cannot overwrite non-directory", "cp", $"{_folder}/dir", $"{name}:/tmp/t/");
    }

    [Fact]
    public async Task The_header_tells_what_is_there()
    {
        var name = await RunSleeperAsync();
        (await Docker.ScriptAsync($"exec {name}", "mkdir -m 1777 /tmp/d; ln -s /etc/../etc/passwd /tmp/d/l")).Expect(0);
        Assert.Contains("\"name\":\"d\"", await StatAsync(name, "/tmp/d"), StringComparison.Ordinal);
        Assert.Contains("\"mode\":2148532735,", await StatAsync(name, "/tmp/d/"), StringComparison.Ordinal);
        Assert.Contains("\"mode\":134218239,", await StatAsync(name, "/tmp/d/l"), StringComparison.Ordinal);
        Assert.Contains("\"linkTarget\":\"/etc/passwd\"", await StatAsync(name, "/tmp/d/l"), StringComparison.Ordinal);
        using var missing = await Daemon.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"containers/{name}/archive?path=/nope"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Parents_that_the_archive_does_not_list_are_made_and_a_broken_one_is_refused()
    {
        var name = NewName();
        (await Docker.RunAsync($"create --name {name} busybox cat /tmp/a/b/f")).Expect(0);
        Directory.CreateDirectory(Path.Combine(_folder, "a", "b"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "a", "b", "f"), "deep\n");
        var tar = (await Shell.RunAsync("tar", ["-C", _folder, "-czf", "-", "a/b/f"])).Expect(0).OutputBytes;
        Assert.Equal(HttpStatusCode.OK, await PutAsync(name, "/tmp", tar));
        Assert.Equal("deep", (await Docker.RunAsync($"start -a {name}")).Expect(0).Line);
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(name, "/absent", tar));
        Assert.NotEqual(HttpStatusCode.OK, await PutAsync(name, "/tmp", Encoding.ASCII.GetBytes(new string('x', 2000))));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> StatAsync(string container, string path)
    {
        using var answer = await Daemon.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"containers/{container}/archive?path={path}"));
        return Encoding.UTF8.GetString(Convert.FromBase64String(answer.Headers.GetValues("X-Docker-Container-Path-Stat").Single()));
    }

    private async Task<HttpStatusCode> PutAsync(string container, string path, byte[] archive)
    {
        using var answer = await Daemon.Http.PutAsync($"containers/{container}/archive?path={path}", new ByteArrayContent(archive));
        return answer.StatusCode;
    }

    private static Dictionary<string, string> Untar(byte[] archive)
    {
        var files = new Dictionary<string, string>();
        using var reader = new System.Formats.Tar.TarReader(new MemoryStream(archive));
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            files[entry.Name] = entry.DataStream is null ? "" : new StreamReader(entry.DataStream).ReadToEnd();
        }

        return files;
    }
}
