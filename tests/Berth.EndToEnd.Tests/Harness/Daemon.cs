using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>
/// A berthd of the tests' own: own data root, sockets, bridge, subnet and cgroup parent, so that it runs beside any other engine.
/// </summary>
/// <remarks>
/// With BERTH_TEST_ENGINE=dockerd the same tests are held against Debian's dockerd, which is how they were proved to ask for
/// Docker's behaviour and not for ours.
/// </remarks>
public sealed class Daemon : IAsyncDisposable
{
    private static int _count;

    private readonly string _subnet;
    private readonly string[] _options;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private string[] _before = [];
    private Process? _process;

    private Daemon(string folder, string bridge, string subnet, string[] options, IReadOnlyDictionary<string, string> environment)
    {
        _environment = environment;
        _options = options;
        Folder = folder;
        Bridge = bridge;
        _subnet = subnet;
        Docker = new Client("docker", FindOnPath("docker"), Socket);
        Berth = new Client("berth", IsDockerd ? FindOnPath("docker") : Path.Combine(Binaries.Folder, "berth"), Socket);
        Http = new HttpClient(new SocketsHttpHandler
        {
            // So that a test that counts the daemon's descriptors need not wait long for those that are only kept.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2),
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://berth/"),
            Timeout = Shell.Limit,
        };
    }

    public static bool IsDockerd { get; } = System.Environment.GetEnvironmentVariable("BERTH_TEST_ENGINE") == "dockerd";

    public string Folder { get; }

    public string Bridge { get; }

    /// <summary>An address of this machine that is not a loopback one: the default bridge's.</summary>
    public string Address => _subnet[.._subnet.IndexOf('/')];

    public string DataRoot => Path.Combine(Folder, "data");

    public string ExecRoot => Path.Combine(Folder, "exec");

    public string Socket => Path.Combine(Folder, "s");

    /// <summary>Parent of the cgroups of this daemon's containers, from the root of each hierarchy.</summary>
    public string CgroupParent => $"/{Bridge}";

    /// <summary>The real docker command line.</summary>
    public Client Docker { get; }

    public Client Berth { get; }

    public HttpClient Http { get; }

    /// <summary>The daemon's process; a new one after a restart.</summary>
    public Process Process => _process ?? throw new InvalidOperationException("the daemon is not running");

    public string Log => File.ReadAllText(Path.Combine(Folder, "log"));

    /// <summary>Starts a daemon with an empty data root, and a busybox image in it.</summary>
    /// <param name="options">Further flags of the daemon.</param>
    public static Task<Daemon> StartAsync(params string[] options) => StartAsync(new Dictionary<string, string>(), options);

    /// <summary>Starts one whose host is a network of its own, without a way out: for traffic that must not reach this machine.</summary>
    public static Task<Daemon> StartInOwnNetworkAsync() =>
        StartAsync(["unshare", "--net", "sh", "-c", "ip link set lo up; exec \"$@\"", "sh"], new Dictionary<string, string>(), []);

    /// <param name="environment">Further variables of its environment.</param>
    public static Task<Daemon> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] options) => StartAsync([], environment, options);

    private static async Task<Daemon> StartAsync(string[] before, IReadOnlyDictionary<string, string> environment, string[] options)
    {
        var number = Interlocked.Increment(ref _count);
        var folder = Directory.CreateTempSubdirectory("berth-e2e-").FullName;
        var bridge = string.Create(CultureInfo.InvariantCulture, $"bt{System.Environment.ProcessId % 100000}n{number}");
        var subnet = string.Create(CultureInfo.InvariantCulture, $"10.{200 + (number % 50)}.{System.Environment.ProcessId % 250}.1/24");
        var daemon = new Daemon(folder, bridge, subnet, options, environment) { _before = before };
        try
        {
            await daemon.StartProcessAsync();
            await daemon.Docker.RunAsync("import", await Busybox.TarAsync(), "busybox:latest").ContinueWith(r => r.Result.Expect(0));
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the daemon's process on what is there, and waits until it answers.</summary>
    /// <param name="umask">Its umask.</param>
    public async Task StartProcessAsync(string umask = "022")
    {
        BeginProcess(umask);
        await Eventually.HoldsAsync("the daemon answers", async () =>
        {
            Assert.False(Process.HasExited, $"the daemon ended at its start:\n{(Process.HasExited ? Log : "")}");
            try
            {
                using var answer = await Http.GetAsync("_ping");
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Starts the daemon's process, and does not wait.</summary>
    public void BeginProcess(string umask = "022")
    {
        var program = IsDockerd ? FindOnPath("dockerd") : Path.Combine(Binaries.Folder, "berthd");
        string[] network = IsDockerd ? ["--bip", _subnet] : ["--bridge", Bridge, "--bip", _subnet, "--cgroup-parent", CgroupParent];
        var start = new ProcessStartInfo("/bin/sh");
        foreach (var word in (string[])
            [
                "-c", "umask $1; log=$2; shift 2; exec \"$@\" >>\"$log\" 2>&1", "sh", umask, Path.Combine(Folder, "log"),
                .. _before, program, "--data-root", DataRoot, "--exec-root", ExecRoot, "--pidfile", Path.Combine(Folder, "pid"),
                "-H", $"unix://{Socket}", .. network, .. _options,
            ])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    /// <summary>Ends the daemon's process with SIGKILL, as a crash would.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>Ends the daemon's process as a service manager would; containers go on.</summary>
    public async Task TerminateAsync()
    {
        await Shell.RunAsync("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]);
        await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>
    /// Removes every container, ends the daemon and fails where it left something behind. One that is not there any more, or does not
    /// do it, is cleared up after.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var inOrder = false;
        try
        {
            if (_process is { HasExited: false })
            {
                await EndInOrderAsync();
                inOrder = true;
            }
        }
        finally
        {
            if (_process is { HasExited: false })
            {
                await KillAsync();
            }

            if (!inOrder && !IsDockerd)
            {
                await Remains.ClearAsync(this);
            }

            _process?.Dispose();
            Http.Dispose();
            await Shell.RunAsync("rm", ["-rf", Folder]);
        }
    }

    private async Task EndInOrderAsync()
    {
        var containers = await Docker.RunAsync("ps -aq");
        if (containers.Lines.Count > 0)
        {
            await Docker.RunAsync(["rm", "-f", "-v", .. containers.Lines]);
        }

        await TerminateAsync();

        // The parent of the containers' cgroups stays, as /docker does; it is these tests' own, and must be empty.
        foreach (var cgroup in Leftovers.CgroupsOf(Bridge))
        {
            Directory.Delete(cgroup);
        }
    }

    private static string FindOnPath(string program) =>
        System.Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"{program} is not on PATH; ./build installs it");
}
