using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>A directory of the host with another mount below it, bound in every way of being read-only.</summary>
public sealed class BindTests(SharedDaemon shared) : EndToEndTest(shared), IAsyncLifetime
{
    private const string Probe = "touch /m/x 2>/dev/null && echo top; touch /m/below/x 2>/dev/null && echo below; true";

    private static readonly (string Option, string Written)[] _ways =
    [
        ("-v SOURCE:/m", "top below"),
        ("-v SOURCE:/m:ro", ""),
        ("--mount type=bind,src=SOURCE,dst=/m,readonly", ""),
        ("--mount type=bind,src=SOURCE,dst=/m,readonly,bind-recursive=enabled", ""),
        ("--mount type=bind,src=SOURCE,dst=/m,readonly,bind-recursive=writable", "below"),
        ("--mount type=bind,src=SOURCE,dst=/m,readonly,bind-recursive=readonly,bind-propagation=rprivate", ""),
        ("--mount type=bind,src=SOURCE,dst=/m,bind-recursive=enabled", "top below"),
    ];

    private readonly string _source = Directory.CreateTempSubdirectory("berth-bind-").FullName;

    private string Below => Path.Combine(_source, "below");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(System.Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Directory.CreateDirectory(Below);
        (await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", "nosuid,nodev", "berth-bind", Below])).Expect(0);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Shell.RunAsync("umount", [Below]);
        Directory.Delete(_source, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task What_can_be_written_to_is_what_was_said(string client)
    {
        foreach (var (option, written) in _ways)
        {
            var run = await Client(client).ScriptAsync($"run --rm {option.Replace("SOURCE", _source, StringComparison.Ordinal)} busybox", Probe);
            Assert.Equal((option, written), (option, string.Join(' ', run.Expect(0).Lines)));
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Disabled_leaves_out_what_is_mounted_below(string client)
    {
        var run = await Client(client).ScriptAsync($"run --rm --mount type=bind,src={_source},dst=/m,readonly,bind-recursive=disabled busybox", "grep -c ' /m/below ' /proc/self/mountinfo; " + Probe);
        Assert.Equal("0", run.Expect(0).Line);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_bind_keeps_what_the_host_mounted_its_source_with(string client)
    {
        (await Shell.RunAsync("mount", ["-o", "remount,ro,nosuid,nodev", Below])).Expect(0);
        var run = await Client(client).ScriptAsync($"run --rm -v {Below}:/m -v {Below}:/n:rw busybox", "touch /m/x /n/x 2>/dev/null && echo written; awk '$5 == \"/m\" || $5 == \"/n\" { print $6 }' /proc/self/mountinfo");
        Assert.Equal(2, run.Expect(0).Lines.Count);
        Assert.All(run.Lines, line => Assert.StartsWith("ro,nosuid,nodev", line, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Propagation_of_a_source_that_takes_no_part_in_it_is_refused(string client)
    {
        // Whatever the machine's own mounts are, these are no peers of others.
        (await Shell.RunAsync("mount", ["--make-private", Below])).Expect(0);
        foreach (var (mode, kind) in ((string, string)[])[("shared", "shared"), ("rshared", "shared"), ("slave", "shared or slave"), ("rslave", "shared or slave")])
        {
            var run = await Client(client).RunAsync($"run --name {NewName()} -v {Below}:/m:{mode} busybox true");
            Assert.Contains($"path {Below} is mounted on {Below} but it is not a {kind} mount", run.Expect(125).Error, StringComparison.Ordinal);
        }

        (await Shell.RunAsync("mount", ["--make-shared", Below])).Expect(0);
        foreach (var mode in (string[])["rshared", "rslave"])
        {
            (await Client(client).RunAsync($"run --rm -v {Below}:/m:{mode} busybox true")).Expect(0);
        }
    }

    [Fact]
    public async Task A_fields_meaning_is_that_of_the_api()
    {
        var api = new EngineApi(Daemon.Http);
        (await CreateAsync("v1.51", new JsonObject { ["ReadOnlyForceRecursive"] = true }, readOnly: false)).Expect(400);
        (await CreateAsync("v1.51", new JsonObject { ["ReadOnlyForceRecursive"] = true, ["ReadOnlyNonRecursive"] = true }, readOnly: true)).Expect(400);
        var old = await CreateAsync("v1.43", new JsonObject { ["ReadOnlyForceRecursive"] = true }, readOnly: true);
        Assert.Contains("BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer", old.Expect(400).Text, StringComparison.Ordinal);
        (await CreateAsync("v1.51", new JsonObject { ["ReadOnlyForceRecursive"] = true }, readOnly: true)).Expect(201);

        Task<ApiAnswer> CreateAsync(string version, JsonObject options, bool readOnly) => api.PostAsync($"{version}/containers/create?name={NewName()}", new JsonObject
        {
            ["Image"] = "busybox",
            ["Cmd"] = new JsonArray("true"),
            ["HostConfig"] = new JsonObject
            {
                ["Mounts"] = new JsonArray(new JsonObject { ["Type"] = "bind", ["Source"] = _source, ["Target"] = "/m", ["ReadOnly"] = readOnly, ["BindOptions"] = options }),
            },
        });
    }
}
