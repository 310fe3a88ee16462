using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Flags;

/// <summary>Command lines that both clients answer with the same words, but for the program's name.</summary>
public sealed class ClientWordsTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public async Task Both_clients_say_the_same()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "both clients are docker");
        Assert.SkipUnless((await Docker.RunAsync("--version")).Output.StartsWith("Docker version 28.", StringComparison.Ordinal), "the docker command line 28 is not installed");
        var running = await RunSleeperAsync("-p 127.0.0.1::80");
        var (stopped, folder) = (NewName(), Directory.CreateTempSubdirectory("berth-words-").FullName);
        (await Docker.RunAsync($"create --name {stopped} busybox true")).Expect(0);
        File.CreateSymbolicLink($"{folder}/link", $"{folder}/target");
        string[] lines =
        [
            "cp --help", "login --help", "logout --help", "attach --help", "port --help", "save --help", "import --help", "tag --help",
            $"port {running}", $"port {running} 80", $"port {running} 80/", $"port {running} 80/tcp", $"port {running} 80/TCP", $"port {running} 80/udp",
            $"port {running} 81/", $"port {running} x", $"port {running} 65536", $"port {running} +80", $"port {running} 80/tcp/x", "port nowhere 80",
            $"attach {stopped}", "attach nowhere", $"attach --no-stdin {stopped}",
            $"tag busybox x@{Digest}", $"tag busybox x:y@{Digest}", "tag busybox UPPER", $"import - x@{Digest}",
            $"save -o {folder} busybox", "save -o /dev/null busybox", $"save -o {folder}/link busybox", $"save -o {folder}/none/x busybox",
            $"export -o {folder} {stopped}", $"export -o /dev/full {stopped}", $"export -o none/x {stopped}",
            "events --since nonsense", $"logs --since nonsense {running}",
        ];
        try
        {
            var differences = new List<string>();
            foreach (var line in lines)
            {
                var (theirs, ours) = (await Docker.RunAsync(line), await Client("berth").RunAsync(line));
                var expected = $"{theirs.ExitCode} {theirs.Output}{theirs.Error}".Replace("docker ", "berth ", StringComparison.Ordinal);
                var said = $"{ours.ExitCode} {ours.Output}{ours.Error}";
                if (expected != said)
                {
                    differences.Add($"{line}\n  docker {expected}\n  berth  {said}");
                }
            }

            Assert.True(differences.Count == 0, string.Join('\n', differences));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
