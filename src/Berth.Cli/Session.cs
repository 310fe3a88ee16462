using Berth.Cli.CommandLine;
using Berth.Cli.Configuration;
using Berth.Cli.Connection;
using Berth.Linux.Terminals;

namespace Berth.Cli;

/// <summary>What a command works with: the daemon, the standard streams, the clock.</summary>
sealed class Session(CommandEntry entry, string invokedAs, GlobalFlags flags, TimeProvider time) : IDisposable
{
    private DaemonAddress? _address;
    private ClientConfiguration? _config;
    private DaemonClient? _daemon;

    public CommandEntry Entry { get; } = entry;

    /// <summary>The command's name as the user wrote it, such as <c>run</c> or <c>container run</c>.</summary>
    public string InvokedAs { get; } = invokedAs;

    public GlobalFlags Flags { get; } = flags;

    public TimeProvider Time { get; } = time;

    public OutputWriter Out { get; } = new(new StandardStream(StandardDescriptor.Output));

    public OutputWriter Error { get; } = new(new StandardStream(StandardDescriptor.Error));

    public Stream In { get; } = new StandardStream(StandardDescriptor.Input);

    /// <summary>Connects at the first request.</summary>
    public DaemonClient Daemon => _daemon ??= new DaemonClient(Address, Time) { Headers = CustomHeaders.Read() ?? [.. Config.Headers] };

    public ClientConfiguration Config => _config ??= ClientConfiguration.Load(Flags.Config.Value, Warn);

    /// <exception cref="CommandException">Flags, variables and config.json name no daemon, or two.</exception>
    public DaemonAddress Address => _address ??= DaemonAddress.Choose(Flags, () => Config.CurrentContext);

    /// <summary>The keys that the command line names, or else config.json.</summary>
    public string DetachKeys(Flag<string> flag) => flag.Value.Length > 0 ? flag.Value : Config.DetachKeys;

    /// <summary>Writes a line to standard error, after what was written to standard output.</summary>
    public void Warn(string line)
    {
        Out.Flush();
        Error.WriteLine(line);
        Error.Flush();
    }

    public void Dispose()
    {
        Out.Flush();
        _daemon?.Dispose();
    }
}
