using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Templates;

/// <summary>The templates of templates.txt through both command lines, on one daemon.</summary>
public sealed partial class TemplateTests(SharedDaemon shared) : EndToEndTest(shared)
{
    /// <summary>Ages and states change while both ask.</summary>
    private const int Tries = 5;

    [Fact]
    public async Task Templates_print_what_they_print_for_docker()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "both clients are docker");
        Assert.SkipUnless((await Docker.RunAsync("--version")).Output.StartsWith("Docker version 28.", StringComparison.Ordinal), "the docker command line 28 is not installed");
        var names = await ObjectsAsync();
        var differences = new ConcurrentBag<string>();
        var cases = Cases().ToList();
        Assert.True(cases.Count > 300, $"{cases.Count} templates");
        await Parallel.ForEachAsync(
            cases,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken },
            async (command, _) =>
            {
                string[] words = [.. command.Words.Select(word => names.GetValueOrDefault(word[(word.LastIndexOf('=') + 1)..]) is { } name
                    ? word[..(word.LastIndexOf('=') + 1)] + name
                    : word), "--format", command.Template];
                var (theirs, ours) = ("", "");
                for (var i = 0; i < Tries; i++)
                {
                    (theirs, ours) = (await SaidAsync("docker", words), await SaidAsync("berth", words));
                    if (theirs == ours)
                    {
                        return;
                    }
                }

                differences.Add($"{string.Join(' ', words)}\n  docker {theirs}\n  berth  {ours}");
            });
        Assert.True(differences.IsEmpty, string.Join('\n', differences));
    }

    private async Task<string> SaidAsync(string client, string[] words)
    {
        // Both speak the version that the older of them knows; where a pointer leads is nobody's business.
        var said = await Client(client).With("DOCKER_API_VERSION", "1.50").RunAsync(words);
        return Address().Replace(string.Create(CultureInfo.InvariantCulture, $"{said.ExitCode} stdout:{said.Output} stderr:{said.Error}"), "0xc000000000");
    }

    /// <summary>What the templates are about, with as much in it as they ask for.</summary>
    private async Task<Dictionary<string, string>> ObjectsAsync()
    {
        var (running, stopped, image, volume) = (NewName(), NewName(), NewName(), NewName());
        (await Docker.RunAsync(
            "import", "-c", "CMD [\"sh\"]", "-c", "ENV A=b", "-c", "LABEL a=b", "-c", "EXPOSE 80", "-c", "VOLUME /v", "-c", "USER 0", await Busybox.TarAsync(), image)).Expect(0);
        (await Docker.RunAsync("tag", image, $"{image}:other")).Expect(0);
        var began = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        (await Docker.RunAsync(
            "run", "-d", "--name", running, "--label", "com.example.one=1 & <2>", "--label", "plain=yes", "--label", "com.example.some-label=é\"",
            "-e", "ONE=1", "-e", "TWO=a b", "-p", "127.0.0.1::80", "--expose", "81/udp", "-v", $"{volume}:/data:ro", "--tmpfs", "/scratch",
            "--ulimit", "nofile=100:200", "--cap-add", "SYS_TIME", "--dns", "127.0.0.1", "--sysctl", "net.ipv4.ip_forward=1", "--add-host", "one:127.0.0.2",
            "--log-opt", "max-size=1m", "--memory", "64m", "--pids-limit", "100", "--stop-timeout", "3", image, "sleep", "1000")).Expect(0);
        (await Docker.RunAsync(
            "run", "--name", stopped, "--network", "none", "--restart", "on-failure:3", "--health-cmd", "true", "--health-interval", "90s", "--health-timeout", "1500ms",
            "--health-retries", "2", "busybox", "true")).Expect(0);
        await Eventually.HoldsAsync("the container has ended", async () => (await Docker.RunAsync("inspect", "-f", "{{.State.Status}}", stopped)).Line == "exited");
        return new Dictionary<string, string>
        {
            ["CONTAINER"] = running,
            ["STOPPED"] = stopped,
            ["IMAGE"] = image,
            ["NETWORK"] = "bridge",
            ["VOLUME"] = volume,
            ["START"] = began.ToString(CultureInfo.InvariantCulture),
            ["END"] = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1).ToString(CultureInfo.InvariantCulture),
        };
    }

    private static IEnumerable<(string[] Words, string Template)> Cases()
    {
        using var reader = new StreamReader(typeof(TemplateTests).Assembly.GetManifestResourceStream("templates.txt")!);
        string[] command = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('['))
            {
                command = line[1..^1].Split(' ');
            }
            else if (line.Length > 0 && !line.StartsWith('#'))
            {
                yield return (command, line);
            }
        }
    }

    [GeneratedRegex("0xc[0-9a-f]+")]
    private static partial Regex Address();
}
