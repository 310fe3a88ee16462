using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>The log driver syslog over TLS, with servers that are real, strange, slow or away.</summary>
public sealed class SyslogTlsTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Local = "127.0.0.1";

    private readonly TestAuthority _authority = new(Local);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("rfc3164", false)]
    [InlineData("rfc5424", true)]
    [InlineData("rfc5424micro", true)]
    public async Task Each_message_arrives_whole_in_its_frame(string format, bool counted)
    {
        var name = NewName();
        await using var server = new TlsSyslogServer(_authority);
        (await Docker.ScriptAsync(
            $"run --name {name} {Options(server)} --log-opt tag={name} --log-opt syslog-facility=local1 --log-opt syslog-format={format} busybox",
            "echo one; echo zwölf; head -c 20000 /dev/zero | tr '\\0' x; echo; sleep 0.3; echo three >&2")).Expect(0);
        await Eventually.HoldsAsync("the last one is there", () => Encoding.UTF8.GetString(server.Received).EndsWith("three\n", StringComparison.Ordinal));
        var (information, error) = (17 * 8 + 6, 17 * 8 + 3);
        var head = format.StartsWith("rfc5424", StringComparison.Ordinal) ? $@"1 \S+ \S+ {name} \d+ {name} - " : $@"[A-Z][a-z]{{2}} [ \d]\d [\d:]{{8}} (\S+ )?{name}\[\d+\]: ";
        string[] expected =
        [
            $"^<{information}>{head}one\n$",
            $"^<{information}>{head}zwölf\n$",
            $"^<{information}>{head}x{{16384}}\n$",
            $"^<{information}>{head}x{{3616}}\n$",
            $"^<{error}>{head}three\n$",
        ];
        List<string> messages = counted ? Frames(server.Received) : [.. server.Lines.Select(line => line + "\n")];
        Assert.Equal(expected.Length, messages.Count);
        foreach (var (pattern, message) in expected.Zip(messages))
        {
            Assert.Matches(pattern, message);
        }

        await HasNoRelayAsync(server.Port);
        Assert.Contains("zwölf\n", (await Docker.RunAsync($"logs {name}")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_demands_a_certificate_gets_one()
    {
        await using var server = new TlsSyslogServer(_authority) { Client = "CN=engine" };
        var certificate = $"--log-opt syslog-tls-cert={_authority.ClientCertificateFile} --log-opt syslog-tls-key={_authority.ClientKeyFile}";
        (await Docker.RunAsync($"run --rm {Options(server)} {certificate} busybox echo hello")).Expect(0);
        await Eventually.HoldsAsync("the line is there", () => server.Lines is [var line] && line.EndsWith("]: hello", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_does_not_get_the_certificate_that_it_demands_fails_the_start()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker does not wait for the server's verdict, and loses the log");

        // .NET's server says nothing to a client that it refuses.
        var port = Ports.Free();
        using var server = Process.Start(new ProcessStartInfo("openssl")
        {
            ArgumentList =
            {
                "s_server", "-quiet", "-accept", $"{Local}:{port}", "-cert", _authority.CertificateFile, "-key", _authority.KeyFile,
                "-CAfile", _authority.AuthorityFile, "-Verify", "1",
            },
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            await Eventually.HoldsAsync("the server listens", () => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(l => l.Port == port));
            await FailsAsync(Options($"{Local}:{port}"), "certificate required");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData("--log-opt syslog-tls-skip-verify=true")]
    [InlineData("--log-opt syslog-tls-skip-verify")]
    public async Task Verification_can_be_skipped(string option)
    {
        using var stranger = new TestAuthority("elsewhere.test");
        await using var server = new TlsSyslogServer(stranger);
        (await Docker.RunAsync($"run --rm {Address(server.Host)} {option} busybox echo hello")).Expect(0);
        await Eventually.HoldsAsync("the line is there", () => server.Lines is [var line] && line.EndsWith("]: hello", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_cannot_be_trusted_fails_the_start()
    {
        await using var server = new TlsSyslogServer(_authority);
        await FailsAsync(Address(server.Host), "certificate signed by unknown authority");
        using var elsewhere = new TestAuthority("elsewhere.test");
        await FailsAsync(Address(server.Host) + $" --log-opt syslog-tls-ca-cert={elsewhere.AuthorityFile}", "certificate signed by unknown authority");
        await using var other = new TlsSyslogServer(elsewhere);
        await FailsAsync(Address(other.Host) + $" --log-opt syslog-tls-ca-cert={elsewhere.AuthorityFile}", "x509: ");
        if (!Daemon.IsDockerd)
        {
            await FailsAsync(Address(server.Host) + " --log-opt syslog-tls-skip-verify=false", server.Host);
        }

        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_server_that_does_not_speak_TLS_fails_the_start()
    {
        await using var plain = new RawServer(_ => RawAnswer.Status("200 OK"));
        await FailsAsync(Options(plain), "failed to initialize logging driver");
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (!Daemon.IsDockerd)
        {
            await FailsAsync(Options($"{silent.LocalEndPoint}"), $"{silent.LocalEndPoint}: Connection refused");
            silent.Listen();
            await FailsAsync(Options($"{silent.LocalEndPoint}"), $"{silent.LocalEndPoint}: i/o timeout");
        }
    }

    [Theory]
    [InlineData("syslog-tls-ca-cert=/nosuch/ca.pem", "/nosuch/ca.pem")]
    [InlineData("syslog-tls-cert=/nosuch/cert.pem --log-opt syslog-tls-key=/nosuch/key.pem", "/nosuch/cert.pem")]
    [InlineData("syslog-tls-ca-cert=/bin/busybox", "/bin/busybox")]
    public async Task A_file_that_is_none_fails_the_start_with_its_name(string option, string name)
    {
        Assert.SkipWhen(Daemon.IsDockerd, "the command line takes Docker's words for a program that is missing: 127");
        await using var server = new TlsSyslogServer(_authority);
        await FailsAsync($"{Address(server.Host)} --log-opt {option}", name);
    }

    [Fact]
    public async Task A_key_of_another_certificate_fails_the_start()
    {
        await using var server = new TlsSyslogServer(_authority);
        var pair = $"--log-opt syslog-tls-cert={_authority.ClientCertificateFile} --log-opt syslog-tls-key={_authority.KeyFile}";
        await FailsAsync($"{Options(server)} {pair}", "X509 key pair");
    }

    [Fact]
    public async Task A_relay_that_is_killed_is_replaced()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "there is none");
        var name = NewName();
        await using var server = new TlsSyslogServer(_authority);
        (await Docker.ScriptAsync($"run -d --name {name} {Options(server)} busybox", "i=0; while :; do echo line $i; i=$((i+1)); sleep 0.1; done")).Expect(0);
        foreach (var signal in (string[])["-KILL", "-TERM"])
        {
            await Eventually.HoldsAsync("a relay works", async () => (await RelaysAsync(server.Port)).Count == 1);
            var before = server.Lines.Count;
            await Eventually.HoldsAsync("lines come", () => server.Lines.Count > before);
            (await Shell.RunAsync("kill", [signal, (await RelaysAsync(server.Port))[0]])).Expect(0);
            before = server.Lines.Count;
            await Eventually.HoldsAsync("lines come again", () => server.Lines.Count > before);
        }

        (await Docker.RunAsync($"rm -f {name}")).Expect(0);
        await HasNoRelayAsync(server.Port);
    }

    [Fact]
    public async Task A_server_that_was_restarted_gets_what_comes_then()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker loses the first line into the connection that is closed");
        var name = NewName();
        var first = new TlsSyslogServer(_authority);
        var port = first.Port;
        await using (first)
        {
            (await Docker.RunAsync($"run -d --name {name} {Options(first)} busybox sleep 1000")).Expect(0);
            await PrintAsync(name, "echo first");
            await Eventually.HoldsAsync("the line is there", () => first.Lines.Any(line => Text(line) == "first"));

            // Nobody is asked more than once a second for a connection.
            await Task.Delay(1100, TestContext.Current.CancellationToken);
        }

        await using (var second = new TlsSyslogServer(_authority, port))
        {
            await PrintAsync(name, "echo second");
            await Eventually.HoldsAsync("the line is there", () => second.Lines.Any(line => Text(line) == "second"));
        }

        // While it is away nobody waits for it.
        await PrintAsync(name, "i=0; while [ $i -lt 100000 ]; do echo nobody hears line $i; i=$((i+1)); done");
        await using var third = new TlsSyslogServer(_authority, port);
        await Eventually.HoldsAsync("a line is there", async () =>
        {
            await PrintAsync(name, "echo third");
            return third.Lines.Any(line => Text(line) == "third");
        });
    }

    [Fact]
    public async Task A_daemon_that_is_killed_costs_no_line()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "dockerd takes its containers with it");
        await using var server = new TlsSyslogServer(_authority);
        await using var daemon = await Harness.Daemon.StartAsync();
        (await daemon.Docker.ScriptAsync($"run -d --name counts {Options(server)} busybox", "i=0; while [ $i -lt 200 ]; do echo line $i; i=$((i+1)); sleep 0.02; done")).Expect(0);
        await Eventually.HoldsAsync("lines come", () => server.Lines.Count > 0);
        await daemon.KillAsync();
        await Eventually.HoldsAsync("all lines are there", () => server.Lines.Count >= 200);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"line {i}"), server.Lines.Select(Text));
        await HasNoRelayAsync(server.Port);
        await daemon.StartProcessAsync();
        Assert.Equal("0", (await daemon.Docker.RunAsync("wait counts")).Expect(0).Line);
    }

    [Fact]
    public async Task A_slow_server_holds_the_container_back_and_loses_nothing()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker loses the end");
        var name = NewName();
        var reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new TlsSyslogServer(_authority, reading: reading.Task);
        (await Docker.ScriptAsync(
            $"run -d --name {name} {Options(server)} busybox",
            "i=0; while [ $i -lt 200000 ]; do echo line $i; i=$((i+1)); done")).Expect(0);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Equal("running", (await Docker.RunAsync($"inspect -f {{{{.State.Status}}}} {name}")).Expect(0).Line);
        reading.SetResult();
        (await Docker.RunAsync($"wait {name}")).Expect(0);
        await Eventually.HoldsAsync("the last line is there", () => Encoding.UTF8.GetString(server.Received.AsSpan(^30..)).EndsWith("line 199999\n", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, 200000).Select(i => $"line {i}"), server.Lines.Select(Text));
    }

    private static List<string> Frames(byte[] received)
    {
        var frames = new List<string>();
        for (var rest = received.AsSpan(); rest.Length > 0;)
        {
            var blank = rest.IndexOf((byte)' ');
            var length = int.Parse(Encoding.ASCII.GetString(rest[..blank]), CultureInfo.InvariantCulture);
            frames.Add(Encoding.UTF8.GetString(rest.Slice(blank + 1, length)));
            rest = rest[(blank + 1 + length)..];
        }

        return frames;
    }

    private static string Address(string host) => $"--log-driver syslog --log-opt syslog-address=tcp+tls://{host}";

    private string Options(TestServer server) => Options(server.Host);

    private string Options(string host) => $"{Address(host)} --log-opt syslog-tls-ca-cert={_authority.AuthorityFile}";

    /// <summary>A container whose log cannot be sent is not started, and says why.</summary>
    private async Task FailsAsync(string options, string message)
    {
        var name = NewName();
        var failed = (await Docker.RunAsync($"run --name {name} {options} busybox echo hello")).Expect(125);
        Assert.Contains("failed to initialize logging driver: ", failed.Error, StringComparison.Ordinal);
        Assert.Contains(message, failed.Error, StringComparison.Ordinal);
        Assert.Equal("created", (await Docker.RunAsync($"inspect -f {{{{.State.Status}}}} {name}")).Expect(0).Line);
        if (!Daemon.IsDockerd)
        {
            var id = (string)(await InspectAsync(name))["Id"]!;
            Assert.DoesNotContain(Leftovers.CgroupsBelow(Daemon.Bridge), path => path.Contains(id, StringComparison.Ordinal));
            Assert.Empty(Leftovers.MountsBelow(id));
        }
    }

    /// <summary>Writes into a container's log.</summary>
    private async Task PrintAsync(string name, string script) =>
        (await Docker.ScriptAsync($"exec {name}", $"{{ {script}; }} >/proc/1/fd/1")).Expect(0);

    private static string Text(string line) => line[(line.IndexOf("]: ", StringComparison.Ordinal) + 3)..];

    private static async Task<IReadOnlyList<string>> RelaysAsync(int port) =>
        (await Shell.RunAsync("pgrep", ["-f", $"syslog-relay --host {Local} --port {port}"])).Lines;

    private static Task HasNoRelayAsync(int port) => Eventually.HoldsAsync("no relay is left", async () => (await RelaysAsync(port)).Count == 0);
}
