using System.Globalization;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

/// <summary>SIGHUP: daemon.json is read again.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task What_daemon_json_says_of_registries_is_taken_over_at_a_hangup()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        var config = Path.Combine(Path.GetTempPath(), $"berth-reload-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(config, """{"labels":["first=1"]}""");
        try
        {
            await using var daemon = await Daemon.StartAsync("--config-file", config);
            using var authority = new TestAuthority(daemon.Address);
            await using var registry = await Registry.StartAsync(daemon.Address, authority);
            var image = $"{registry.Host}/reload/app:v1";
            (await daemon.Docker.RunAsync($"tag busybox {image}")).Expect(0);
            (await daemon.Docker.RunAsync($"push {image}")).Expect(1);

            var attributes = await ReloadAsync(
                daemon,
                config,
                $$"""
                {"labels":["a=b","c=d"],"debug":true,"insecure-registries":["{{registry.Host}}","10.250.0.0/16"],"registry-mirrors":["https://mirror.test"],
                 "max-concurrent-downloads":2,"max-concurrent-uploads":1,"max-download-attempts":3,"live-restore":true,"shutdown-timeout":9}
                """);
            foreach (var (name, expected) in new[]
            {
                ("labels", """["a=b","c=d"]"""), ("debug", "true"), ("insecure-registries", $"""["{registry.Host}","10.250.0.0/16"]"""),
                ("registry-mirrors", """["https://mirror.test"]"""), ("max-concurrent-downloads", "2"), ("max-concurrent-uploads", "1"),
                ("max-download-attempts", "3"), ("live-restore", "true"), ("shutdown-timeout", "9"),
            })
            {
                Assert.Equal((name, expected), (name, (string?)attributes[name]));
            }

            (await daemon.Docker.RunAsync($"push {image}")).Expect(0);
            (await daemon.Docker.RunAsync($"rmi {image}")).Expect(0);
            (await daemon.Docker.RunAsync($"pull {image}")).Expect(0);
            var info = (await daemon.Docker.RunAsync("info")).Expect(0).Output;
            Assert.Contains("c=d\n", info, StringComparison.Ordinal);
            Assert.Contains("10.250.0.0/16", info, StringComparison.Ordinal);
            Assert.Contains("https://mirror.test", info, StringComparison.Ordinal);
            Assert.Contains("Debug Mode: true", info, StringComparison.Ordinal);

            await File.WriteAllTextAsync(config, """{"labels":["broken=1"]""");
            await HangUpAsync(daemon);
            await Eventually.HoldsAsync("the failure is logged", () => daemon.Log.Contains("unable to configure the", StringComparison.Ordinal));
            var kept = (await daemon.Docker.RunAsync("info")).Expect(0).Output;
            Assert.Contains("c=d\n", kept, StringComparison.Ordinal);
            Assert.DoesNotContain("broken", kept, StringComparison.Ordinal);

            await File.WriteAllTextAsync(config, """{"labels":["broken=1"],"registry-mirrors":["https://mirror.test/path"]}""");
            await HangUpAsync(daemon);
            await Eventually.HoldsAsync("the mirror is refused", () =>
                daemon.Log.Contains("invalid mirror: path, query, or fragment at end of the URI", StringComparison.Ordinal));
            kept = (await daemon.Docker.RunAsync("info")).Expect(0).Output;
            Assert.Contains("  https://mirror.test/\n", kept, StringComparison.Ordinal);
            Assert.DoesNotContain("broken", kept, StringComparison.Ordinal);

            await ReloadAsync(daemon, config, "{}");
            (await daemon.Docker.RunAsync($"pull {image}")).Expect(1);
        }
        finally
        {
            File.Delete(config);
        }
    }

    /// <summary>Issue 9, number 34: none is lost, however early it comes, and of several the last reading holds.</summary>
    [Fact]
    public async Task No_hangup_is_lost()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "it is ended by an early one");
        var config = Path.Combine(Path.GetTempPath(), $"berth-hangup-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(config, """{"labels":["n=0"]}""");
        try
        {
            await using var daemon = await Daemon.StartAsync("--config-file", config);
            for (var i = 1; i <= 30; i++)
            {
                // Two at once, of which the first may find the file before it was changed.
                var first = HangUpAsync(daemon);
                var changed = $"{config}.new";
                await File.WriteAllTextAsync(changed, $$"""{"labels":["n={{i}}"]}""");
                File.Move(changed, config, overwrite: true);
                var second = HangUpAsync(daemon);
                await Task.WhenAll(first, second);
                await Eventually.HoldsAsync("the last word holds", async () =>
                    (await daemon.Docker.RunAsync("info", "-f", "{{json .Labels}}")).Expect(0).Line == $"[\"n={i}\"]");
            }

            await daemon.TerminateAsync();
            daemon.BeginProcess();
            await Eventually.HoldsAsync("its program runs", () => IsCaught(daemon.Process.Id));
            await HangUpAsync(daemon);
            await Eventually.HoldsAsync("the early one is answered", () =>
                !daemon.Process.HasExited && daemon.Log.Split('\n').Count(line => line.Contains("Daemon shutdown complete", StringComparison.Ordinal)) == 1
                && daemon.Log[daemon.Log.LastIndexOf("Daemon shutdown complete", StringComparison.Ordinal)..].Contains("Reloaded configuration", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(config);
        }
    }

    /// <summary>Whether a process has a handler for SIGHUP (SigCgt of proc_pid_status(5)).</summary>
    private static bool IsCaught(int process)
    {
        try
        {
            var caught = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("SigCgt:", StringComparison.Ordinal));
            return caught is not null && (ulong.Parse(caught[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task A_mirror_that_can_be_none_keeps_the_daemon_from_starting()
    {
        var config = Path.Combine(Path.GetTempPath(), $"berth-mirror-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(config, """{"registry-mirrors":["ftp://mirror.test"]}""");
        var program = Path.Combine(Binaries.Folder, "berthd");
        try
        {
            var flag = (await Shell.RunAsync(program, ["--registry-mirror", "https://user:secret@mirror.test"])).Expect(1);
            Assert.Contains("invalid mirror: username/password not allowed in URI \"https://user:xxxxx@mirror.test\"", flag.Error, StringComparison.Ordinal);
            var file = (await Shell.RunAsync(program, ["--config-file", config])).Expect(1);
            Assert.Contains("invalid mirror: unsupported scheme \"ftp\" in \"ftp://mirror.test\"", file.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(config);
        }
    }

    private static async Task<JsonNode> ReloadAsync(Daemon daemon, string config, string json)
    {
        await File.WriteAllTextAsync(config, json);
        var before = await ReloadsAsync(daemon);
        await HangUpAsync(daemon);
        await Eventually.HoldsAsync("the reload is told of", async () => (await ReloadsAsync(daemon)).Count > before.Count);
        return (await ReloadsAsync(daemon))[^1]["Actor"]!["Attributes"]!;
    }

    private static async Task<List<JsonNode>> ReloadsAsync(Daemon daemon)
    {
        var until = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0).ToString("F3", CultureInfo.InvariantCulture);
        var events = await daemon.Docker.RunAsync("events", "--since", "0", "--until", until, "--filter", "type=daemon", "--format", "{{json .}}");
        return [.. events.Expect(0).Lines.Select(line => JsonNode.Parse(line)!).Where(e => (string?)e["Action"] == "reload")];
    }

    private static async Task HangUpAsync(Daemon daemon) =>
        (await Shell.RunAsync("kill", ["-HUP", daemon.Process.Id.ToString(CultureInfo.InvariantCulture)])).Expect(0);
}
