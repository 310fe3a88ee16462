using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

public sealed class RunTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Output_goes_to_the_stream_it_was_written_to(string client)
    {
        var run = (await Client(client).ScriptAsync("run --rm busybox", "echo out; echo err >&2")).Expect(0);
        Assert.Equal("out\n", run.Output);
        Assert.Equal("err\n", run.Error);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_exit_code_is_the_commands(string client)
    {
        (await Client(client).ScriptAsync("run --rm busybox", "exit 42")).Expect(42);
        (await Client(client).ScriptAsync("run --rm busybox", "kill -9 $$")).Expect(0);
        (await Client(client).ScriptAsync("run --rm --init busybox", "kill -TERM $$")).Expect(128 + 15);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Rm_leaves_no_container(string client)
    {
        var name = NewName();
        (await Client(client).RunAsync($"run --rm --name {name} busybox true")).Expect(0);
        Assert.Empty((await Docker.RunAsync($"ps -aq --filter name={name}")).Expect(0).Lines);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Detached_prints_the_id_of_a_running_container(string client)
    {
        var name = NewName();
        var id = (await Client(client).RunAsync($"run -d --name {name} busybox sleep 1000")).Expect(0).Line;
        Assert.Equal(64, id.Length);
        Assert.Equal("running", (string?)(await InspectAsync(id))["State"]!["Status"]);
        Assert.Equal($"/{name}", (string?)(await InspectAsync(id))["Name"]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Input_reaches_the_process_and_its_end_too(string client)
    {
        var run = (await Client(client).InputAsync("run -i --rm busybox cat", Encoding.UTF8.GetBytes("line 1\nline 2"))).Expect(0);
        Assert.Equal("line 1\nline 2", run.Output);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_hundred_megabytes_go_in_and_out_unchanged(string client)
    {
        var data = new byte[100 << 20];
        new Random(1).NextBytes(data);
        var run = (await Client(client).InputAsync("run -i --rm busybox cat", data)).Expect(0);
        Assert.True(data.AsSpan().SequenceEqual(run.OutputBytes), $"{run.OutputBytes.Length} bytes came back, or others");
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Without_i_the_process_reads_nothing(string client) =>
        Assert.Equal("", (await Client(client).InputAsync("run --rm busybox cat", [1, 2, 3])).Expect(0).Output);

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Environment_directory_user_and_host_name_are_set(string client)
    {
        var run = await Client(client).ScriptAsync(
            "run --rm -e A=1 -e B -w /srv/deep -u app:extra -h boat busybox",
            "echo $A:$B:$PWD:$(id -u):$(id -g):$(hostname):$HOME");
        Assert.Equal("1::/srv/deep:1000:2000:boat:/home/app", run.Expect(0).Line);
    }

    [Fact]
    public async Task The_default_host_name_is_the_short_id()
    {
        var name = NewName();
        var run = (await Docker.RunAsync($"run --name {name} busybox hostname")).Expect(0);
        Assert.Equal(((string)(await InspectAsync(name))["Id"]!)[..12], run.Line);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_bound_directory_is_shared_and_may_be_read_only(string client)
    {
        var folder = Directory.CreateTempSubdirectory("berth-bind-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "in"), "from the host");
            var run = await Client(client).ScriptAsync($"run --rm -v {folder.FullName}:/data busybox", "cat /data/in; echo back > /data/out");
            Assert.Equal("from the host", run.Expect(0).Output);
            Assert.Equal("back\n", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "out")));

            var refused = await Client(client).ScriptAsync($"run --rm -v {folder.FullName}:/data:ro busybox", "echo x > /data/out");
            Assert.Contains("Read-only file system", refused.Expect(1).Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_named_volume_keeps_its_content_and_starts_with_the_images()
    {
        var volume = NewName();
        (await Docker.ScriptAsync($"run --rm -v {volume}:/etc busybox", "test -s /etc/passwd && echo kept > /etc/mark")).Expect(0);
        Assert.Equal("kept", (await Docker.RunAsync($"run --rm -v {volume}:/v busybox cat /v/mark")).Expect(0).Line);
        await Docker.RunAsync($"volume rm {volume}");
    }

    [Fact]
    public async Task The_files_by_which_programs_know_a_container_are_there_unless_the_image_has_its_own()
    {
        const string Look = "stat -c '%a %s' /.dockerenv; readlink /etc/mtab";
        var name = NewName();
        Assert.Equal(["755 0", "/proc/mounts"], (await Docker.ScriptAsync($"run --name {name} busybox", Look)).Expect(0).Lines);
        Assert.Empty((await Docker.RunAsync($"diff {name}")).Expect(0).Lines);
        Assert.SkipWhen(Daemon.IsDockerd, "Docker puts its own in the place of the image's");
        var image = NewName();
        using (var archive = await ImageArchives.OfLayersAsync(
            $"{image}:latest", [await File.ReadAllBytesAsync(await Busybox.TarAsync()), new HostileArchive().File("etc/mtab", "mine").ToArray()], """{"Env":["PATH=/bin"]}"""))
        {
            (await Docker.RunAsync("load", "-i", archive.Path)).Expect(0);
        }

        Assert.Equal("mine", (await Docker.RunAsync($"run --rm {image} cat /etc/mtab")).Expect(0).Output);
        (await Docker.RunAsync($"rmi {image}")).Expect(0);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task The_root_can_be_read_only_with_a_writable_tmpfs(string client)
    {
        var run = await Client(client).ScriptAsync(
            "run --rm --read-only --tmpfs /run:size=1m busybox",
            "echo x > /x; echo y > /run/y && cat /run/y; grep ' /run ' /proc/mounts");
        Assert.Contains("can't create /x: Read-only file system", run.Expect(0).Error);
        Assert.Equal("y", run.Lines[0]);
        Assert.Contains("size=1024k", run.Lines[1]);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Limits_reach_the_cgroup(string client)
    {
        // The cgroup as the container sees it: the file's place tells v1 from v2.
        var run = await Client(client).ScriptAsync(
            "run --rm -m 64m --cpus 0.5 --pids-limit 50 busybox",
            """
            cd /sys/fs/cgroup
            cat memory/memory.limit_in_bytes memory.max 2>/dev/null
            cat cpu/cpu.cfs_quota_us cpu,cpuacct/cpu.cfs_quota_us 2>/dev/null || cut -d' ' -f1 cpu.max
            cat pids/pids.max pids.max 2>/dev/null
            true
            """);
        Assert.Equal(["67108864", "50000", "50"], run.Expect(0).Lines);
    }

    [Fact]
    public async Task A_process_over_its_memory_limit_is_killed_and_said_to_be()
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run --name {name} -m 16m --memory-swap 16m busybox", "exec dd if=/dev/zero of=/dev/null bs=64M")).Expect(137);
        Assert.True((bool?)(await InspectAsync(name))["State"]!["OOMKilled"]);
    }

    [Theory]
    [InlineData("", "00000000a80425fb")]
    [InlineData("--cap-drop ALL", "0000000000000000")]
    [InlineData("--cap-drop ALL --cap-add NET_ADMIN", "0000000000001000")]
    [InlineData("--cap-add SYS_TIME", "00000000aa0425fb")]
    public async Task Capabilities_are_dockers_defaults_with_what_was_added_and_dropped(string options, string expected) =>
        Assert.Equal(expected, (await Docker.ScriptAsync($"run --rm {options} busybox", "awk '/CapEff/ { print $2 }' /proc/self/status")).Expect(0).Line);

    /// <remarks>Debian's dockerd with runc gives up where root itself lacks a capability; an engine can take that as a fact.</remarks>
    [Fact]
    public async Task Privileged_sees_the_hosts_devices_and_may_mount() =>
        (await Docker.ScriptAsync("run --rm --privileged busybox", "test -e /dev/kmsg && mount -t tmpfs none /tmp")).Expect(0);

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_entry_point_takes_the_commands_place(string client) =>
        Assert.Equal("a b", (await Client(client).RunAsync("run --rm --entrypoint echo busybox a b")).Expect(0).Line);

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_full_line_of_one_megabyte_arrives_whole(string client) =>
        Assert.Equal(1 << 20, (await Client(client).ScriptAsync("run --rm busybox", "head -c 1048576 /dev/zero | tr '\\0' x")).Expect(0).Output.Length);
}
