using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

/// <summary><c>images --tree</c> is the same in both clients, byte for byte: a daemon of its own, as the listing is of all its images.</summary>
public sealed class TreeTests
{
    private const string Long = "far/away/an-image-whose-name-is-longer-than-the-column-of-the-names-can-be/in-a-terminal-of-the-usual-width:1";

    [Fact]
    public async Task Both_clients_show_the_same()
    {
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "compares berth with docker");
        await using var daemon = await Daemon.StartAsync();

        // Several names, in use by a container that runs; in use by one that does not; without a name, alone and as a parent.
        (await daemon.Docker.RunAsync("run -d --name running busybox sleep 1000")).Expect(0);
        foreach (var name in (string[])["b:1", "a-longer/name:2", "c:1", Long])
        {
            (await daemon.Docker.RunAsync($"tag busybox {name}")).Expect(0);
        }

        await CommitAsync("stopped:1");
        (await daemon.Docker.RunAsync("create stopped:1 true")).Expect(0);
        await CommitAsync();
        await CommitAsync("x" + Long);

        foreach (var words in (string[])
            [
                "", "-a", "--filter dangling=true", "--filter dangling=true -a", "--filter reference=b*", "--filter label=no=such", "--filter foo=bar",
                "busybox", "b:1", "nosuch", "-a nosuch", "a-longer/name", "--filter x",
                "-q", "--no-trunc", "--digests", "--format json", "--format=", "--format json --digests --no-trunc -q", "--format json --digests --no-trunc",
                "--format json --digests",
            ])
        {
            var expected = await daemon.Docker.RunAsync($"images --tree {words}");
            var shown = await daemon.Berth.RunAsync($"images --tree {words}");
            Assert.Equal(expected.ExitCode, shown.ExitCode);
            Assert.Equal(expected.Output, shown.Output);
            Assert.Equal(Words(expected.Error), Words(shown.Error));
        }

        foreach (var columns in (int[])[0, 1, 19, 26, 27, 39, 40, 54, 55, 62, 63, 80, 100, 180])
        {
            foreach (var words in (string[])["images --tree", "images --tree -a", "image ls --tree nosuch", "images --tree --digests"])
            {
                Assert.Equal(await ShownAsync(daemon.Docker, words, columns), await ShownAsync(daemon.Berth, words, columns));
            }
        }

        async Task CommitAsync(string name = "") => (await daemon.Docker.RunAsync($"commit running {name}")).Expect(0);
    }

    /// <summary>Each client names itself where it tells how it is used.</summary>
    private static string Words(string error) => error.Replace("docker", "berth", StringComparison.Ordinal);

    private static async Task<(string Screen, int ExitCode)> ShownAsync(Client client, string words, int columns)
    {
        await using var terminal = Terminal.Open(client, words, columns: columns);
        var exitCode = await terminal.ExitCodeAsync();
        return (await terminal.FullScreenAsync(), exitCode);
    }
}
