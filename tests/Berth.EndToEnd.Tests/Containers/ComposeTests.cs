using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>docker-compose 1.29, the last one in Python: a client that compares and reads more of what it gets than the command line does.</summary>
public sealed class ComposeTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Compose = "/usr/bin/docker-compose";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("berth-compose-");

    [Fact]
    public async Task A_project_is_made_and_made_again_with_its_volumes_and_goes()
    {
        Assert.SkipUnless(File.Exists(Compose), "docker-compose is not installed; ./build installs it");
        var project = NewName().Replace("-", "", StringComparison.Ordinal);
        (await Docker.RunAsync("import", "-c", "VOLUME /of-the-image", await Busybox.TarAsync(), $"{project}:latest")).Expect(0);
        await WriteAsync(project, "first");
        try
        {
            Assert.Contains("Creating", (await RunAsync("up", "-d")).Expect(0).Error, StringComparison.Ordinal);
            var unchanged = (await RunAsync("up", "-d")).Expect(0).Error;
            Assert.Contains($"{project}_db_1 is up-to-date", unchanged, StringComparison.Ordinal);
            Assert.Contains($"{project}_web_1 is up-to-date", unchanged, StringComparison.Ordinal);
            Assert.Matches($"{project}_db_1 .* Up ", (await RunAsync("ps")).Expect(0).Output);
            Assert.Contains("first is up", (await RunAsync("logs", "--no-color", "db")).Expect(0).Output, StringComparison.Ordinal);

            // What is in volumes without a name goes along when a changed container takes the place of the old one.
            (await RunAsync("exec", "-T", "db", "sh", "-c", "echo kept > /anonymous/f; echo kept > /of-the-image/f")).Expect(0);
            await WriteAsync(project, "second");
            Assert.Contains("Recreating", (await RunAsync("up", "-d")).Expect(0).Error, StringComparison.Ordinal);
            Assert.Equal("kept", (await RunAsync("exec", "-T", "db", "cat", "/anonymous/f")).Expect(0).Line);
            if (!Daemon.IsDockerd)
            {
                // Docker tells nothing there of an image that was imported.
                Assert.Equal("kept", (await RunAsync("exec", "-T", "db", "cat", "/of-the-image/f")).Expect(0).Line);
            }

            Assert.Equal("second", (await RunAsync("exec", "-T", "db", "sh", "-c", "echo $WHICH")).Expect(0).Line);
            Assert.Equal("one-off", (await RunAsync("run", "--rm", "db", "echo", "one-off")).Expect(0).Line);
            (await RunAsync("stop")).Expect(0);
            (await RunAsync("start", "db")).Expect(0);
            Assert.Contains($"{project}_db_1 is up-to-date", (await RunAsync("up", "-d", "db")).Expect(0).Error, StringComparison.Ordinal);
        }
        finally
        {
            (await RunAsync("down", "-v")).Expect(0);
            (await Docker.RunAsync($"rmi {project}")).Expect(0);
        }

        Assert.Empty((await Docker.RunAsync($"ps -aq --filter label=com.docker.compose.project={project}")).Expect(0).Lines);

        Task<ShellResult> RunAsync(params string[] words) => Shell.RunAsync(
            Compose, ["-f", Path.Combine(_folder.FullName, "docker-compose.yml"), "-p", project, .. words], environment: Docker.Environment);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Task WriteAsync(string image, string which) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, "docker-compose.yml"), $$"""
        version: "2.4"
        services:
          db:
            image: {{image}}
            network_mode: bridge
            command: sh -c 'echo $$WHICH is up; exec sleep 1000'
            environment: ["WHICH={{which}}"]
            stop_grace_period: 0s
            volumes: ["/anonymous", "./:/bound:ro"]
            tmpfs: /run
            ports: ["127.0.0.1::80"]
            mem_limit: 64m
            logging: {driver: json-file, options: {max-size: 1m} }
          web:
            image: busybox
            network_mode: "service:db"
            command: sleep 1000
            stop_grace_period: 0s
            depends_on: [db]
        """);
}
