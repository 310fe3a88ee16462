using Berth.Api;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>The flags about the container's first process and what describes the container.</summary>
sealed class ProcessFlags
{
    private readonly Flag<string> _domainname;
    private readonly Flag<string> _entrypoint;
    private readonly ListFlag<string> _env;
    private readonly ListFlag<string> _envFile;
    private readonly Flag<string> _hostname;
    private readonly ListFlag<string> _label;
    private readonly ListFlag<string> _labelFile;
    private readonly Flag<string> _stopSignal;
    private readonly Flag<long> _stopTimeout;
    private readonly Flag<string> _user;
    private readonly Flag<string> _workdir;
    private readonly HealthFlags _health;

    public ProcessFlags(FlagSet flags)
    {
        Attach = flags.List("attach", 'a', "Attach to STDIN, STDOUT or STDERR", Validation.Attach);
        _domainname = flags.String("domainname", null, "Container NIS domain name");
        _entrypoint = flags.String("entrypoint", null, "Overwrite the default ENTRYPOINT of the image");
        _env = flags.List("env", 'e', "Set environment variables", Validation.Environment);
        _envFile = flags.List("env-file", null, "Read in a file of environment variables");
        _hostname = flags.String("hostname", 'h', "Container host name");
        Interactive = flags.Bool("interactive", 'i', "Keep STDIN open even if not attached");
        _label = flags.List("label", 'l', "Set meta data on a container", Validation.Label);
        _labelFile = flags.List("label-file", null, "Read in a line delimited file of labels");
        _stopSignal = flags.String("stop-signal", null, "Signal to stop the container");
        _stopTimeout = flags.Int("stop-timeout", null, "Timeout (in seconds) to stop a container");
        Tty = flags.Bool("tty", 't', "Allocate a pseudo-TTY");
        _user = flags.String("user", 'u', "Username or UID (format: <name|uid>[:<group|gid>])");
        _workdir = flags.String("workdir", 'w', "Working directory inside the container");
        _health = new HealthFlags(flags);
    }

    /// <summary>The streams that <c>-a</c> names; none means standard output and error.</summary>
    public ListFlag<string> Attach { get; }

    public Flag<bool> Interactive { get; }

    public Flag<bool> Tty { get; }

    public CreateContainerRequest Request(string image, IReadOnlyList<string> command)
    {
        var all = Attach.Values.Count == 0;
        var stdin = Interactive.Value || Attach.Values.Contains("stdin");
        return new CreateContainerRequest
        {
            Hostname = _hostname.Value,
            Domainname = _domainname.Value,
            User = _user.Value,
            AttachStdin = stdin,
            AttachStdout = all || Attach.Values.Contains("stdout"),
            AttachStderr = all || Attach.Values.Contains("stderr"),
            Tty = Tty.Value,
            OpenStdin = Interactive.Value,
            // The daemon closes the process's input when the client that feeds it goes away.
            StdinOnce = Interactive.Value && stdin,
            Env = Environment(_envFile.Values, _env.Values),
            Cmd = command.Count > 0 ? StringList.Of(command) : null,
            Image = image,
            WorkingDir = _workdir.Value,
            // An empty --entrypoint removes the image's.
            Entrypoint = _entrypoint.IsSet ? [_entrypoint.Value] : null,
            Labels = Labels(),
            StopSignal = _stopSignal.Value.Length > 0 ? _stopSignal.Value : null,
            StopTimeout = _stopTimeout.IsSet ? (int)_stopTimeout.Value : null,
            Healthcheck = _health.Build(),
        };
    }

    /// <summary>The files' variables, then those of the command line.</summary>
    public static List<string> Environment(IEnumerable<string> files, IEnumerable<string> variables) =>
        [.. files.SelectMany(path => KeyValueFile.Read(path, System.Environment.GetEnvironmentVariable)), .. variables];

    private Dictionary<string, string> Labels()
    {
        var labels = new Dictionary<string, string>();
        foreach (var label in _labelFile.Values.SelectMany(path => KeyValueFile.Read(path, null)).Concat(_label.Values))
        {
            var equals = label.IndexOf('=', StringComparison.Ordinal);
            labels[equals < 0 ? label : label[..equals]] = equals < 0 ? "" : label[(equals + 1)..];
        }

        return labels;
    }
}
