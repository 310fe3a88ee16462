using System.Net;
using System.Net.Sockets;
using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>The log drivers, and what can be asked of a log.</summary>
public sealed class LogDriverTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string JournalSocket = "/run/systemd/journal/socket";

    [Theory]
    [InlineData("docker", "json-file")]
    [InlineData("docker", "local")]
    [InlineData("berth", "local")]
    public async Task What_was_written_is_read_again_whatever_it_was(string client, string driver)
    {
        var name = NewName();
        var run = (await Client(client).ScriptAsync(
            $"run --name {name} --log-driver {driver} busybox",
            "head -c 300000 /bin/busybox | tr -d '\\200-\\377'; echo; printf 'no end' >&2; printf '\\n\\n'; echo last; printf open")).Expect(0);
        var logs = (await Client(client).RunAsync($"logs {name}")).Expect(0);
        Assert.Equal(run.OutputBytes, logs.OutputBytes);
        Assert.Equal("no end", logs.Error);
        Assert.Equal("open", (await Client(client).RunAsync($"logs -n 1 {name}")).Expect(0).Output);
        Assert.Equal("last\nopen", (await Client(client).RunAsync($"logs -n 2 {name}")).Expect(0).Output);
    }

    [Fact]
    public async Task The_local_driver_keeps_bytes_that_are_no_text()
    {
        var name = NewName();
        var run = (await Docker.ScriptAsync($"run --name {name} --log-driver local busybox", "head -c 500000 /bin/busybox")).Expect(0);
        Assert.Equal(run.OutputBytes, (await Docker.RunAsync($"logs {name}")).Expect(0).OutputBytes);
    }

    [Theory]
    [InlineData("json-file")]
    [InlineData("local")]
    public async Task A_line_of_ten_megabytes_is_one_line_in_frames_of_16_kilobytes(string driver)
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} --log-driver {driver} --log-opt max-size=100m busybox", "head -c 10000000 /dev/zero | tr '\\0' x; echo; echo second")).Expect(0);
        (await Docker.RunAsync($"wait {name}")).Expect(0);
        var lines = (await Docker.RunAsync($"logs {name}")).Expect(0).Lines;
        Assert.Equal([10000000, 6], lines.Select(l => l.Length));
        var timed = (await Docker.RunAsync($"logs -t -n 2 {name}")).Expect(0).Lines;
        Assert.Equal([10000031, 37], timed.Select(l => l.Length));
        var raw = await Daemon.Http.GetByteArrayAsync($"containers/{name}/logs?stdout=1");
        Assert.Equal(16384, (raw[4] << 24) | (raw[5] << 16) | (raw[6] << 8) | raw[7]);
    }

    [Theory]
    [InlineData("docker", "json-file")]
    [InlineData("docker", "local")]
    [InlineData("berth", "json-file")]
    public async Task Since_and_until_cut_at_times(string client, string driver)
    {
        var name = NewName();
        (await Docker.ScriptAsync($"run --name {name} --log-driver {driver} busybox", "for i in 1 2 3; do echo $i; sleep 0.2; done")).Expect(0);
        var times = (await Client(client).RunAsync($"logs -t {name}")).Expect(0).Lines.Select(l => l.Split(' ')[0]).ToList();
        Assert.Equal("2\n3\n", (await Client(client).RunAsync($"logs --since {times[1]} {name}")).Expect(0).Output);
        Assert.Equal("1\n2\n", (await Client(client).RunAsync($"logs --until {times[1]} {name}")).Expect(0).Output);
        Assert.Equal("2\n", (await Client(client).RunAsync($"logs --since {times[1]} --until {times[1]} {name}")).Expect(0).Output);
        Assert.Equal("1\n2\n3\n", (await Client(client).RunAsync($"logs --since 10m {name}")).Expect(0).Output);
        Assert.Equal("", (await Client(client).RunAsync($"logs --until 10m {name}")).Expect(0).Output);
    }

    [Theory]
    [InlineData("docker", "json-file")]
    [InlineData("berth", "local")]
    public async Task A_followed_log_goes_on_over_rotation_and_restart(string client, string driver)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker's ends with the run");
        var name = NewName();
        (await Docker.ScriptAsync(
            $"run -d --name {name} --restart on-failure:2 --log-driver {driver} --log-opt max-size=20k --log-opt max-file=50 busybox",
            "echo run >>/runs; n=$(wc -l </runs); i=0; while [ $i -lt 1000 ]; do echo run $n line $i of a thousand; i=$((i+1)); done; exit 1")).Expect(0);
        var followed = (await Client(client).RunAsync($"logs -f {name}")).Expect(0).Lines;
        var expected = from run in Enumerable.Range(1, 3) from line in Enumerable.Range(0, 1000) select $"run {run} line {line} of a thousand";
        Assert.Equal(expected, followed);
    }

    [Fact]
    public async Task Rotation_is_on_by_default_and_can_be_turned_off()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker does not rotate by default");
        var (rotated, whole) = (await RunSleeperAsync(), await RunSleeperAsync("--log-opt max-size=-1"));
        var config = (await InspectAsync(rotated))["HostConfig"]!;

        // What the engine does by itself is not shown as if the user had asked for it.
        Assert.Equal("{}", config["LogConfig"]!["Config"]!.ToJsonString());
        Assert.Equal("", (string?)config["Runtime"]);
        foreach (var name in (string[])[rotated, whole])
        {
            (await Docker.ScriptAsync($"exec {name}", "head -c 500000 /dev/zero | tr '\\0' '\\n' >/proc/1/fd/1")).Expect(0);
        }

        var path = (string)(await InspectAsync(whole))["LogPath"]!;
        await Eventually.HoldsAsync("the log is longer than the default's file", () => new FileInfo(path).Length > 21_000_000, TimeSpan.FromMinutes(2));
        Assert.False(File.Exists(path + ".1"));
        path = (string)(await InspectAsync(rotated))["LogPath"]!;
        await Eventually.HoldsAsync("the other was rotated", () => File.Exists(path + ".1"), TimeSpan.FromMinutes(2));
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Details_show_labels_environment_and_tag(string client)
    {
        var name = NewName();
        (await Client(client).RunAsync(
            "run", "--name", name, "--label", "a=1", "--label", "other=x y", "-e", "E1=e", "--log-opt", "labels=a", "--log-opt", "labels-regex=^oth",
            "--log-opt", "env=E1", "--log-opt", "tag={{.Name}}/{{.ImageName}}", "busybox", "echo", "hello")).Expect(0);
        var line = (await Client(client).RunAsync($"logs --details {name}")).Expect(0).Line;
        Assert.EndsWith(" hello", line, StringComparison.Ordinal);
        Assert.Equal(["E1=e", "a=1", "other=x%20y", $"tag={name}%2Fbusybox"], line[..^6].Replace('+', ' ').Replace("x y", "x%20y", StringComparison.Ordinal).Split(',').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task None_keeps_nothing()
    {
        var name = NewName();
        Assert.Equal("hello\n", (await Docker.RunAsync($"run --name {name} --log-driver none busybox echo hello")).Expect(0).Output);
        Assert.Contains("configured logging driver does not support reading", (await Docker.RunAsync($"logs {name}")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udp", "rfc3164")]
    [InlineData("tcp", "rfc5424")]
    [InlineData("tcp", "rfc5424micro")]
    [InlineData("unix", "")]
    [InlineData("unixgram", "")]
    public async Task Syslog_gets_each_line(string scheme, string format)
    {
        var name = NewName();
        var path = Path.Combine(Daemon.Folder, name);
        using var server = scheme switch
        {
            "udp" => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp),
            "tcp" => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp),
            "unix" => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified),
            _ => new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified),
        };
        server.Bind(scheme is "udp" or "tcp" ? new IPEndPoint(IPAddress.Loopback, 0) : new UnixDomainSocketEndPoint(path));
        var address = scheme is "udp" or "tcp" ? $"{scheme}://{server.LocalEndPoint}" : $"{scheme}://{path}";
        var received = ReceiveAsync(server, isStream: scheme is "tcp" or "unix", messages: 3);
        var formatOption = format.Length > 0 ? $"--log-opt syslog-format={format}" : "";
        (await Docker.ScriptAsync(
            $"run --name {name} --log-driver syslog --log-opt syslog-address={address} --log-opt syslog-facility=local1 --log-opt tag={name} {formatOption} busybox",
            "echo one; echo two; sleep 0.3; echo three >&2")).Expect(0);
        var lines = (await received.WaitAsync(Shell.Limit)).ToList();
        Assert.Equal(3, lines.Count);
        const string Stamp = @"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d";
        var (information, error) = (17 * 8 + 6, 17 * 8 + 3);
        var head = format switch
        {
            "rfc3164" => $@"{Stamp} \S+ {name}\[\d+\]: ",
            "rfc5424" => $@"1 \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d) \S+ {name} \d+ {name} - ",
            "rfc5424micro" => $@"1 \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{6}}(Z|[+-]\d\d:\d\d) \S+ {name} \d+ {name} - ",
            _ => $@"{Stamp} {name}\[\d+\]: ",
        };
        Assert.Matches($"^<{information}>{head}one$", lines[0]);
        Assert.Matches($"^<{information}>{head}two$", lines[1]);
        Assert.Matches($"^<{error}>{head}three$", lines[2]);

        // Beside what is sent there is a copy that can be read.
        Assert.Equal("one\ntwo\n", (await Docker.RunAsync($"logs {name}")).Expect(0).Output);
    }

    [Fact]
    public async Task A_syslog_server_that_is_slow_holds_the_container_back_and_loses_nothing()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "the same there, but it is our own buffer that is tested");
        var name = NewName();
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        (await Docker.ScriptAsync(
            $"run -d --name {name} --log-driver syslog --log-opt syslog-address=tcp://{server.LocalEndPoint} busybox",
            "i=0; while [ $i -lt 200000 ]; do echo line $i; i=$((i+1)); done")).Expect(0);

        // The first connection is the daemon's, which only looks whether anybody is there.
        (await server.AcceptAsync()).Dispose();
        using var connection = await server.AcceptAsync().WaitAsync(Shell.Limit);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(new NetworkStream(connection));
        for (var i = 0; i < 200000; i++)
        {
            Assert.EndsWith($": line {i}", await reader.ReadLineAsync().WaitAsync(Shell.Limit), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_journal_gets_each_line_with_its_fields()
    {
        Assert.SkipWhen(File.Exists(JournalSocket), "this machine has a journal of its own");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the journal's socket is root's");
        Directory.CreateDirectory(Path.GetDirectoryName(JournalSocket)!);
        using var journal = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        journal.Bind(new UnixDomainSocketEndPoint(JournalSocket));
        try
        {
            var name = NewName();
            var received = ReceiveAsync(journal, isStream: false, messages: 2);
            (await Docker.ScriptAsync(
                $"run --name {name} --log-driver journald --label com.x=1 --log-opt labels=com.x busybox", "echo one; sleep 0.3; echo two >&2")).Expect(0);
            var entries = (await received.WaitAsync(Shell.Limit)).ToList();
            var id = (string)(await InspectAsync(name))["Id"]!;
            Assert.Contains($"CONTAINER_ID_FULL={id}\n", entries[0], StringComparison.Ordinal);
            Assert.Contains($"CONTAINER_NAME={name}\n", entries[0], StringComparison.Ordinal);
            Assert.Contains("COM_X=1\n", entries[0], StringComparison.Ordinal);
            Assert.Contains("PRIORITY=6\n", entries[0], StringComparison.Ordinal);
            Assert.Contains($"SYSLOG_IDENTIFIER={id[..12]}\n", entries[0], StringComparison.Ordinal);
            Assert.EndsWith("MESSAGE\n\x03\0\0\0\0\0\0\0one", entries[0], StringComparison.Ordinal);
            Assert.Contains("PRIORITY=3\n", entries[1], StringComparison.Ordinal);
            Assert.Equal("one\n", (await Docker.RunAsync($"logs {name}")).Expect(0).Output);
        }
        finally
        {
            File.Delete(JournalSocket);
        }
    }

    [Theory]
    [InlineData("--log-driver nosuch", "nosuch")]
    [InlineData("--log-opt nosuch=1", "nosuch")]
    [InlineData("--log-opt max-size=x", "invalid size")]
    [InlineData("--log-opt max-file=0", "max-file")]
    [InlineData("--log-opt mode=fast", "fast")]
    [InlineData("--log-opt tag={{.Nope}}", "tag")]
    [InlineData("--log-opt labels-regex=(", "labels-regex")]
    [InlineData("--log-driver syslog --log-opt syslog-address=nowhere", "syslog-address")]
    [InlineData("--log-driver syslog --log-opt syslog-tls-skip-verify=maybe", "syslog-tls-skip-verify")]
    [InlineData("--log-driver syslog --log-opt syslog-tls-cert=/c", "syslog-tls-key")]
    [InlineData("--log-driver syslog --log-opt syslog-tls-nosuch=1", "syslog-tls-nosuch")]
    [InlineData("--log-driver syslog --log-opt syslog-facility=x", "facility")]
    [InlineData("--log-driver syslog --log-opt syslog-address=tcp://127.0.0.1:1", "failed to initialize logging driver")]
    public async Task What_cannot_be_is_refused_with_its_name(string options, string message)
    {
        var refused = await Docker.RunAsync($"run --rm {options} busybox true");
        Assert.Equal(125, refused.ExitCode);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> ReceiveAsync(Socket server, bool isStream, int messages)
    {
        var received = new List<string>();
        if (isStream)
        {
            server.Listen();
            while (received.Count < messages)
            {
                using var connection = await server.AcceptAsync();
                using var reader = new StreamReader(new NetworkStream(connection));
                while (await reader.ReadLineAsync() is { } line)
                {
                    received.Add(line);
                }
            }

            return received;
        }

        var buffer = new byte[64 * 1024];
        while (received.Count < messages)
        {
            received.Add(Encoding.Latin1.GetString(buffer, 0, await server.ReceiveAsync(buffer)).TrimEnd('\n'));
        }

        return received;
    }
}
