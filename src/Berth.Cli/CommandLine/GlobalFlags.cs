namespace Berth.Cli.CommandLine;

/// <summary>The flags that stand before the command's name.</summary>
sealed class GlobalFlags
{
    public GlobalFlags(string configDirectory)
    {
        var tls = Environment.GetEnvironmentVariable("DOCKER_CERT_PATH") is { Length: > 0 } path ? path : configDirectory;
        Config = Flags.String("config", null, "Location of client config files", configDirectory);
        Context = Flags.String("context", 'c', "Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set with \"docker context use\")");
        Debug = Flags.Bool("debug", 'D', "Enable debug mode");
        Host = Flags.List("host", 'H', "Daemon socket to connect to");
        LogLevel = Flags.String("log-level", 'l', "Set the logging level (\"debug\", \"info\", \"warn\", \"error\", \"fatal\")", "info");
        Tls = Flags.Bool("tls", null, "Use TLS; implied by --tlsverify");
        TlsCaCert = Flags.String("tlscacert", null, "Trust certs signed only by this CA", Path.Combine(tls, "ca.pem"));
        TlsCert = Flags.String("tlscert", null, "Path to TLS certificate file", Path.Combine(tls, "cert.pem"));
        TlsKey = Flags.String("tlskey", null, "Path to TLS key file", Path.Combine(tls, "key.pem"));
        TlsVerify = Flags.Bool("tlsverify", null, "Use TLS and verify the remote");
        Version = Flags.Bool("version", 'v', "Print version information and quit");
    }

    /// <summary>Not interspersed: the first word is the command's name, and what follows it belongs to the command.</summary>
    public FlagSet Flags { get; } = new() { Interspersed = false };

    public Flag<string> Config { get; }

    public Flag<string> Context { get; }

    public Flag<bool> Debug { get; }

    public ListFlag<string> Host { get; }

    public Flag<string> LogLevel { get; }

    public Flag<bool> Tls { get; }

    public Flag<string> TlsCaCert { get; }

    public Flag<string> TlsCert { get; }

    public Flag<string> TlsKey { get; }

    public Flag<bool> TlsVerify { get; }

    public Flag<bool> Version { get; }

    /// <summary>Berth's client logs nothing, but a level that is none is a mistake.</summary>
    /// <exception cref="CommandException">There is no such level.</exception>
    public void CheckLogLevel()
    {
        if (LogLevel.IsSet && LogLevel.Value.ToLowerInvariant() is not ("panic" or "fatal" or "error" or "warn" or "warning" or "info" or "debug" or "trace"))
        {
            throw new CommandException($"Unable to parse logging level: {LogLevel.Value}");
        }
    }
}
