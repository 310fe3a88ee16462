using System.Text.Json;
using System.Text.Json.Nodes;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Tests.Commands;

/// <summary>Documents that are no good: one line says what is wrong with them, whatever it is.</summary>
public sealed class BadDocumentTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mounts")]
    [InlineData("process.args")]
    [InlineData("process.env")]
    [InlineData("process.rlimits")]
    [InlineData("process.user.additionalGids")]
    [InlineData("process.capabilities.bounding")]
    [InlineData("process.scheduler.flags")]
    [InlineData("hooks.prestart")]
    [InlineData("hooks.poststop")]
    [InlineData("linux.namespaces")]
    [InlineData("linux.devices")]
    [InlineData("linux.maskedPaths")]
    [InlineData("linux.readonlyPaths")]
    [InlineData("linux.uidMappings")]
    [InlineData("linux.resources.devices")]
    [InlineData("linux.resources.hugepageLimits")]
    [InlineData("linux.resources.blockIO.weightDevice")]
    [InlineData("linux.seccomp.syscalls")]
    [InlineData("linux.seccomp.architectures")]
    [InlineData("linux.personality.flags")]
    public async Task A_null_in_any_list_is_refused(string list) =>
        await AssertRefusedAsync(list, new JsonArray { null }, "config.json: null in a list");

    [Theory]
    [InlineData("process.cwd", "null", "$.process")]
    [InlineData("root.path", "null", "$.root")]
    [InlineData("linux.namespaces", """[{"type":null}]""", "$.linux.namespaces[0]")]
    [InlineData("mounts", """[{"type":"tmpfs"}]""", "lacks 'destination'")]
    [InlineData("process.args", "7", "$.process.args")]
    [InlineData("linux.sysctl", """{"kernel.domainname":null}""", "sysctl")]
    [InlineData("linux.devices", """[{"type":"x","path":"/dev/x"}]""", "invalid device type \"x\" of /dev/x")]
    [InlineData("linux.resources.devices", """[{"allow":true,"type":"q"}]""", "invalid device type: q")]
    [InlineData("linux.resources.devices", """[{"allow":true,"type":"c","access":"rwz"}]""", "invalid device access: rwz")]
    [InlineData("process.scheduler", """{"policy":"SCHED_NONE"}""", "SCHED_NONE")]
    [InlineData("process.ioPriority", """{"class":"IOPRIO_NONE"}""", "IOPRIO_NONE")]
    public async Task A_value_that_is_none_is_named(string member, string value, string message) =>
        await AssertRefusedAsync(member, JsonNode.Parse(value), message);

    [Theory]
    [InlineData("process.apparmorProfile", "\"docker-default\"", "AppArmor")]
    [InlineData("process.selinuxLabel", "\"system_u:system_r:container_t:s0\"", "SELinux")]
    [InlineData("linux.mountLabel", "\"system_u:object_r:container_file_t:s0\"", "SELinux")]
    [InlineData("mounts", """[{"destination":"/mnt","type":"bind","source":"/tmp","options":["rbind"],"uidMappings":[{"containerID":0,"hostID":1000,"size":1}]}]""", "idmapped mounts")]
    [InlineData("mounts", """[{"destination":"/mnt","type":"bind","source":"/tmp","options":["rbind","idmap"]}]""", "idmapped mounts")]
    public async Task Confinement_that_cannot_be_had_is_refused_and_not_left_out(string member, string value, string message) =>
        await AssertRefusedAsync(member, JsonNode.Parse(value), message);

    [Theory]
    [InlineData("{", "invalid JSON")]
    [InlineData("""{"args":[null]}""", "null in a list")]
    [InlineData("""{"args":["true"],"apparmorProfile":"docker-default"}""", "AppArmor")]
    [InlineData("[]", "invalid value")]
    public async Task A_bad_process_of_an_exec_is_one_line(string json, string message)
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        var path = Path.Combine(container.Files, "process.json");
        await File.WriteAllTextAsync(path, json, _cancellation);
        AssertOneLine(255, message, await container.CommandAsync("exec", "--process", path));
    }

    [Theory]
    [InlineData("{", "invalid JSON")]
    [InlineData("""{"devices":[null]}""", "null in a list")]
    [InlineData("""{"devices":[{"allow":true,"type":"c","access":"x"}]}""", "invalid device access: x")]
    [InlineData("""{"memory":{"limit":"much"}}""", "$.memory.limit")]
    public async Task Bad_resources_of_an_update_are_one_line(string json, string message)
    {
        await using var container = TestContainer.Of("sleep 60");
        await container.StartAsync();
        var path = Path.Combine(container.Files, "resources.json");
        await File.WriteAllTextAsync(path, json, _cancellation);
        AssertOneLine(1, message, await container.CommandAsync("update", "--resources", path));
    }

    [Fact]
    public async Task Errors_also_go_to_the_log_those_of_the_command_line_among_them()
    {
        await using var container = TestContainer.Of("true");
        var log = Path.Combine(container.Files, "log");
        _ = await RuntimeBinary.RunAsync("", "--log", log, "--log-format", "json", "--no-such-option");
        _ = await RuntimeBinary.RunAsync("", "--log", log, "--log-format", "json", "--root", container.StateRoot, "state", "nosuch");
        var messages = (await File.ReadAllLinesAsync(log, _cancellation)).Select(l => (string)JsonNode.Parse(l)!["msg"]!).ToArray();
        Assert.Equal(["flag provided but not defined: -no-such-option", "container does not exist: nosuch"], messages);
    }

    private static async Task AssertRefusedAsync(string member, JsonNode? value, string message)
    {
        await using var container = TestContainer.Of("true");
        var spec = JsonSerializer.SerializeToNode(container.Spec, OciRuntimeJson.Default.OciSpec)!;
        var parts = member.Split('.');
        var parent = spec;
        foreach (var part in parts[..^1])
        {
            parent = parent[part] ??= new JsonObject();
        }

        parent[parts[^1]] = value;
        await File.WriteAllTextAsync(Path.Combine(container.BundlePath, "config.json"), spec.ToJsonString(), TestContext.Current.CancellationToken);
        AssertOneLine(1, message, await container.CommandAsync("run", "--bundle", container.BundlePath));
        Assert.False(Directory.Exists(Path.Combine(container.StateRoot, container.Id)));
    }

    private static void AssertOneLine(int code, string message, Result result)
    {
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("Berth.", result.Error, StringComparison.Ordinal);
    }
}
