using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>All flags that describe a new container, for <c>create</c> and <c>run</c>.</summary>
sealed class CreateFlags
{
    private readonly ListFlag<string> _annotation;
    private readonly Flag<string> _cidfile;
    private readonly Flag<bool> _init;
    private readonly Flag<string> _logDriver;
    private readonly ListFlag<string> _logOpt;
    private readonly Flag<string> _name;
    private readonly Flag<string> _platform;
    private readonly Flag<string> _restart;
    private readonly StorageFlags _storage;
    private readonly NetworkFlags _network;
    private readonly ResourceFlags _resources;
    private readonly IsolationFlags _isolation;

    /// <param name="flags">Where to declare them.</param>
    /// <param name="pullUsage">The two commands describe <c>--pull</c> differently.</param>
    public CreateFlags(FlagSet flags, string pullUsage)
    {
        flags.Interspersed = false;
        Process = new ProcessFlags(flags);
        _storage = new StorageFlags(flags);
        _network = new NetworkFlags(flags);
        _resources = new ResourceFlags(flags);
        _isolation = new IsolationFlags(flags);
        _annotation = flags.List(
            "annotation", null, "Add an annotation to the container (passed through to the OCI runtime)", type: "map", defaultText: "map[]");
        _cidfile = flags.String("cidfile", null, "Write the container ID to the file");
        ContentTrust = new ContentTrust(flags, "Skip image verification");
        _init = flags.Bool("init", null, "Run an init inside the container that forwards signals and reaps processes");
        _logDriver = flags.String("log-driver", null, "Logging driver for the container");
        _logOpt = flags.List("log-opt", null, "Log driver options");
        _name = flags.String("name", null, "Assign a name to the container");
        _platform = PlatformOption.Declare(flags);
        Pull = flags.String("pull", null, pullUsage, "missing");
        Quiet = flags.Bool("quiet", 'q', "Suppress the pull output");
        _restart = flags.String("restart", null, "Restart policy to apply when a container exits", "no");
        AutoRemove = flags.Bool("rm", null, "Automatically remove the container and its associated anonymous volumes when it exits");
        UseApiSocket = flags.Bool("use-api-socket", null, "Bind mount Docker API socket and required auth");
    }

    public ProcessFlags Process { get; }

    public Flag<bool> AutoRemove { get; }

    public ContentTrust ContentTrust { get; }

    public Flag<string> Pull { get; }

    public Flag<bool> Quiet { get; }

    public Flag<bool> UseApiSocket { get; }

    public string Name => _name.Value;

    public string Platform => _platform.Value;

    public string ContainerIdFile => _cidfile.Value;

    /// <exception cref="CommandException">Flags contradict each other, or name a file that cannot be read.</exception>
    public CreateContainerRequest Build(string image, IReadOnlyList<string> command, (int Rows, int Columns)? console)
    {
        var host = _isolation.Apply(_resources.Apply(new HostConfig())) with
        {
            ContainerIDFile = ContainerIdFile,
            LogConfig = LogConfig(),
            RestartPolicy = RestartOption.Parse(_restart.Value),
            AutoRemove = AutoRemove.Value,
            ConsoleSize = console is { } size ? [(uint)size.Rows, (uint)size.Columns] : [0, 0],
            Annotations = _annotation.IsSet ? IsolationFlags.Pairs(_annotation.Values) : null,
            Init = _init.IsSet ? _init.Value : null,
        };
        if (AutoRemove.Value && host.RestartPolicy.Name is not ("" or "no"))
        {
            throw new CommandException("conflicting options: cannot specify both --restart and --rm");
        }

        var request = _storage.Apply(Process.Request(image, command), host);
        return _network.Apply(request, request.HostConfig!);
    }

    private LogConfig LogConfig()
    {
        if (_logDriver.Value == "none" && _logOpt.Values.Count > 0)
        {
            throw new CommandException("invalid logging opts for driver none");
        }

        return new LogConfig { Type = _logDriver.Value, Config = IsolationFlags.Pairs(_logOpt.Values) };
    }
}
