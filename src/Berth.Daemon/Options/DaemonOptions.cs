using System.Net;
using Berth.Daemon.Life;
using Berth.Engine;
using Berth.Engine.Networks;
using Berth.Engine.Security;
using Berth.Images.Registry;

namespace Berth.Daemon.Options;

/// <summary>What flags and daemon.json say, resolved.</summary>
sealed record DaemonOptions
{
    private const string DefaultGroup = "berth";

    /// <summary>A negative timeout is none; timers take no more than some weeks.</summary>
    private static readonly TimeSpan _endless = TimeSpan.FromDays(10);

    public required EngineOptions Engine { get; init; }

    public required IReadOnlyList<ListenAddress> Addresses { get; init; }

    /// <summary>Owner group of Unix sockets; null: none is wanted, or nobody named one and the usual one does not exist.</summary>
    public required string? Group { get; init; }

    public required string PidFile { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>Where the log goes; null: stderr.</summary>
    public string? LogFile { get; init; }

    /// <summary>Whether each line of the log is a JSON object.</summary>
    public bool JsonLog { get; init; }

    public required string ConfigPath { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>What the user should be told of, though it keeps nothing from working.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Reads daemon.json, which the flags name, and resolves both.</summary>
    /// <exception cref="OptionException">They cannot be followed.</exception>
    public static DaemonOptions Resolve(OptionValues flags)
    {
        var file = flags.Text("config-file") ?? DaemonOptionTable.DefaultConfigFile;
        var values = flags.Join(ConfigFile.Read(file, mustExist: flags.Has("config-file"), flags));
        var tls = Tls(values);
        var warnings = IgnoredOptions.Warnings(values).ToList();
        // A service manager that holds the socket already means it to be served, whatever its unit's command says.
        var addresses = values.List("host") is { Count: > 0 } hosts ? hosts
            : ListenSocket.InheritedCount() > 0 ? [ListenAddress.Inherited]
            : [$"unix://{ListenAddress.DefaultSocket}"];
        var listen = addresses.Select(a => ListenAddress.Parse(a, tls)).ToList();
        var open = listen.Where(a => a.IsTcp && tls is not { VerifyClients: true }).Select(a => a.Text).ToList();
        if (open.Count > 0 && values.Flag("tls") != false && values.Flag("tlsverify") != false)
        {
            throw new OptionException(
                $"{open[0]} without TLS client certificates would give root on this machine to everyone who can reach it: "
                + "use --tlsverify, or say --tls=false (encrypted without certificates: --tls --tlsverify=false)");
        }

        return new DaemonOptions
        {
            Engine = Resolve(values, open),
            Addresses = listen,
            Group = values.Text("group") is { } group
                ? group.Length > 0 ? group : null
                : UserGroup.TryFind(DefaultGroup) is null ? null : DefaultGroup,
            PidFile = Path.GetFullPath(values.Text("pidfile") ?? "/run/berth/berthd.pid"),
            LogLevel = Level(values),
            LogFile = values.Text("log-file"),
            ConfigPath = file,
            JsonLog = values.Text("log-format") == "json",
            ShutdownTimeout = values.Number("shutdown-timeout") is < 0 ? _endless : TimeSpan.FromSeconds(values.Number("shutdown-timeout") ?? 15),
            Warnings =
            [
                .. warnings,
                .. values.Flag("live-restore") == false
                    ? ["live-restore=false is not followed: containers keep running while the daemon is away"]
                    : Array.Empty<string>(),
                .. ProxyVariables.Warnings(values, Environment.GetEnvironmentVariable),
                .. open.Select(a => $"the API is open to everyone who can reach {a}"),
            ],
        };
    }

    private static EngineOptions Resolve(OptionValues values, IReadOnlyList<string> openAddresses)
    {
        var defaults = new EngineOptions { RuntimePath = Path.Combine(AppContext.BaseDirectory, "berth-runtime"), ProgramCommand = ProgramCommand() };
        var bridge = values.Text("bridge");
        var bridgeAddress = values.Text("bip");
        if (bridgeAddress is not null && bridge == "none")
        {
            throw new OptionException("you specified --bip for a network that is disabled with --bridge none");
        }

        var range = values.Text("fixed-cidr") is { Length: > 0 } cidr ? AddressPoolText.Network(cidr) : null;
        var gateway = values.Text("default-gateway") is { Length: > 0 } given ? IPAddress.Parse(given) : null;
        CheckWithin(bridgeAddress, range, gateway);
        return defaults with
        {
            BridgeRange = range,
            DefaultGateway = gateway,
            SubnetPools = [.. values.List("default-address-pool").Select(AddressPoolText.Parse)],
            InterContainerTraffic = values.Flag("icc") ?? defaults.InterContainerTraffic,
            Masquerade = values.Flag("ip-masq") ?? defaults.Masquerade,
            ForwardPackets = values.Flag("ip-forward") ?? defaults.ForwardPackets,
            HostGateways = values.List("host-gateway-ip"),
            DefaultShmSize = values.Text("default-shm-size") is { } size ? ByteCount.TryParse(size)!.Value : defaults.DefaultShmSize,
            DefaultIpcMode = values.Text("default-ipc-mode") ?? defaults.DefaultIpcMode,
            DefaultCgroupNamespace = values.Text("default-cgroupns-mode") ?? defaults.DefaultCgroupNamespace,
            NoNewPrivileges = values.Flag("no-new-privileges") == true,
            Init = values.Flag("init") == true,
            Seccomp = Seccomp(values.Text("seccomp-profile")),
            DataRoot = Path.GetFullPath(values.Text("data-root") ?? defaults.DataRoot),
            ExecRoot = Path.GetFullPath(values.Text("exec-root") ?? defaults.ExecRoot),
            Bridge = string.IsNullOrEmpty(bridge) ? defaults.Bridge : bridge,
            BridgeAddress = bridgeAddress is "" ? null : bridgeAddress,
            Mtu = values.Number("mtu") is { } mtu and > 0 ? mtu : defaults.Mtu,
            DefaultPublishAddress = values.Text("ip") ?? defaults.DefaultPublishAddress,
            DefaultLogDriver = values.Text("log-driver") ?? defaults.DefaultLogDriver,
            DefaultLogOptions = values.Map("log-opt"),
            Dns = values.List("dns"),
            DnsSearch = values.List("dns-search"),
            DnsOptions = values.List("dns-opt"),
            CgroupParent = values.Text("cgroup-parent") is { Length: > 0 } parent ? "/" + parent.Trim('/') : defaults.CgroupParent,
            Debug = Level(values) == LogLevel.Debug,
            Labels = values.List("label"),
            Registries = Registries(values, defaults.Registries),
            DefaultUlimits = values.List("default-ulimit").Select(Ulimit.Parse).ToDictionary(u => u.Name, u => (u.Soft, u.Hard)),
            OpenAddresses = openAddresses,
        };
    }

    /// <summary>What lies outside the bridge's subnet cannot be reached from it.</summary>
    private static void CheckWithin(string? bridgeAddress, IPNetwork? range, IPAddress? gateway)
    {
        if (bridgeAddress is not { Length: > 0 } || BridgeAddressText.Parse(bridgeAddress) is not (var address, var length))
        {
            return;
        }

        var subnet = BridgeAddressText.Around(address, length);
        if (range is { } part && (part.PrefixLength < length || !subnet.Contains(part.BaseAddress)))
        {
            throw new OptionException($"fixed-cidr {part} is no part of the default bridge's subnet {subnet} (bip)");
        }

        if (gateway is not null && !subnet.Contains(gateway))
        {
            throw new OptionException($"default-gateway {gateway} is not in the default bridge's subnet {subnet} (bip)");
        }
    }

    /// <summary>Reads a profile now: a container must not find out that there is none.</summary>
    private static DefaultSeccomp Seccomp(string? path)
    {
        switch (path)
        {
            case null or "" or "builtin":
                return DefaultSeccomp.Builtin;
            case "unconfined":
                return DefaultSeccomp.None;
        }

        try
        {
            var profile = new DefaultSeccomp(path, File.ReadAllText(path), Unconfined: false);
            SeccompProfiles.Usual(profile);
            return profile;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionException($"opening seccomp profile ({path}) failed: {(File.Exists(path) ? e.Message : $"open {path}: no such file or directory")}");
        }
        catch (EngineException e)
        {
            throw new OptionException($"seccomp-profile {path}: {e.Message}");
        }
    }

    /// <summary>Asked at start: the kernel's name of a program's file is another one when that was replaced.</summary>
    private static string[] ProgramCommand()
    {
        var program = Environment.ProcessPath!;
        var first = Environment.GetCommandLineArgs()[0];
        return first.EndsWith(".dll", StringComparison.Ordinal) ? [program, Path.GetFullPath(first)] : [program];
    }

    private static RegistrySettings Registries(OptionValues values, RegistrySettings defaults) => defaults with
    {
        InsecureRegistries = values.List("insecure-registry"),
        HubMirrors = values.List("registry-mirror"),
        Proxies = ProxyVariables.Resolve(values, Environment.GetEnvironmentVariable),
        Rules = [.. values.List("registry").Select(RegistryRuleText.Parse)],
        SilenceMax = values.Number("registry-timeout") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : defaults.SilenceMax,
        Attempts = values.Number("max-download-attempts") is { } attempts and > 0 ? attempts : defaults.Attempts,
        ParallelDownloads = values.Number("max-concurrent-downloads") is { } downloads and > 0 ? downloads : defaults.ParallelDownloads,
        ParallelUploads = values.Number("max-concurrent-uploads") is { } uploads and > 0 ? uploads : defaults.ParallelUploads,
    };

    private static LogLevel Level(OptionValues values)
    {
        if (values.Flag("debug") == true)
        {
            return LogLevel.Debug;
        }

        return values.Text("log-level") switch
        {
            "debug" or "trace" => LogLevel.Debug,
            null or "" or "info" => LogLevel.Info,
            "warn" or "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            "fatal" or "panic" => LogLevel.Fatal,
            var other => throw new OptionException($"unable to parse logging level: {other}"),
        };
    }

    private static TlsOptions? Tls(OptionValues values)
    {
        var verify = values.Flag("tlsverify") == true;
        if (!verify && values.Flag("tls") != true)
        {
            return null;
        }

        return new TlsOptions(
            values.Text("tlscert") ?? "/etc/berth/cert.pem",
            values.Text("tlskey") ?? "/etc/berth/key.pem",
            verify ? values.Text("tlscacert") ?? "/etc/berth/ca.pem" : null);
    }
}
