using Berth.Daemon;
using Berth.Daemon.Endpoints.Containers;
using Berth.Daemon.Endpoints.Execs;
using Berth.Daemon.Endpoints.Images;
using Berth.Daemon.Endpoints.Networks;
using Berth.Daemon.Endpoints.Registry;
using Berth.Daemon.Endpoints.System;
using Berth.Daemon.Endpoints.Volumes;
using Berth.Daemon.Life;
using Berth.Daemon.Options;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Containers;
using Berth.Engine.Containers.Logs;
using Berth.Engine.Events;
using Berth.Engine.Execs;
using Berth.Engine.Images;
using Berth.Engine.Info;
using Berth.Engine.Monitors;
using Berth.Engine.Networks;
using Berth.Engine.Security;
using Berth.Engine.Volumes;
using Berth.Linux.Processes;

// First of all, as it is a small process of its own.
if (args is [SyslogRelay.Command, .. var server])
{
    return await SyslogRelay.RunAsync(server);
}

using var hangup = new Hangup();

// What is made has the mode that it is given, whoever starts the daemon: a container's user reads its /etc/hosts.
ProcessControl.SetUmask(0b000_010_010);
var flags = new OptionValues();
DaemonOptions options;
try
{
    flags = FlagParser.Parse(args);
    if (flags.Flag("help") == true)
    {
        Console.Out.Write(HelpPage.Text());
        return 0;
    }

    if (flags.Flag("version") == true)
    {
        Console.Out.WriteLine($"Berth version {BuildFacts.Version}, build {BuildFacts.Commit}");
        return 0;
    }

    options = DaemonOptions.Resolve(flags);
    if (flags.Flag("validate") == true)
    {
        Console.Error.WriteLine("configuration OK");
        foreach (var warning in options.Warnings)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        return 0;
    }

    if (!Environment.IsPrivilegedProcess)
    {
        throw new OptionException("berthd must be started by root: it makes namespaces, mounts, cgroups and network links for containers");
    }
}
catch (OptionException e)
{
    // Whoever started it in the background has no other place to look.
    await using var errors = LogOutput.Open(flags.Text("log-file"));
    errors.WriteLine(e.Message);
    return 1;
}

var time = TimeProvider.System;
await using var output = LogOutput.Open(options.LogFile);
var log = new Log(output, options.LogLevel, time) { Json = options.JsonLog };
try
{
    using var life = await DaemonLife.BeginAsync(options, log, time);
    foreach (var warning in options.Warnings)
    {
        log.Warning(warning);
    }

    using var writes = new DeferredWrites(time, log);
    using var events = new EventService(Path.Combine(options.Engine.DataRoot, "events"), time, log);
    using var images = new ImageService(options.Engine, events, writes, time, log);
    await using var networks = new NetworkService(
        options.Engine, events, time, writes, (what, error) => log.Warning("network: " + what, ("error", error.Message)));
    var volumes = new VolumeService(options.Engine, events);
    using var monitors = new MonitorProcesses(options.Engine.RuntimePath, () => SeccompProfiles.Usual(options.Engine.Seccomp), time);
    using var containers = new ContainerService(options.Engine, events, images, networks, volumes, monitors, writes, time, log);
    var execs = new ExecService(containers, events, time, log);
    var info = new InfoService(
        options.Engine,
        new EngineBuild(BuildFacts.Version, BuildFacts.Commit, BuildFacts.Time),
        (ApiVersion.Newest.ToString(), ApiVersion.Oldest.ToString()),
        events,
        () => containers.Count() with { Images = images.Count },
        time,
        writes);

    var routes = new Routes();
    SystemEndpoints.Map(routes, info, new DiskUsageService(images, containers, volumes), events);
    ContainerEndpoints.Map(routes, containers);
    VolumeEndpoints.Map(routes, containers);
    ExecEndpoints.Map(routes, execs);
    NetworkEndpoints.Map(routes, networks);
    ImageEndpoints.Map(routes, images);
    RegistryEndpoints.Map(routes, images);

    await life.RunAsync(
        routes,
        restore: async token =>
        {
            await containers.RestoreAsync(token);

            // Nobody waits for these, and the daemon should answer soon.
            _ = Task.Run(() => DaemonMemory.WatchAsync(time, token), token);
            _ = Task.Run(() => images.CollectAtStartAsync(token), token).ContinueWith(
                failed => log.Warning("images: nothing was collected", ("error", failed.Exception?.InnerException?.Message)),
                token, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        },
        hangup,
        reload: () => OptionReload.Run(flags, log, info, images, events, life));
    images.SyncPending();
    writes.Retry();
    return 0;
}
catch (Exception e)
{
    log.Fatal("failed to start daemon: " + e.Message, ("error", e is EngineException ? null : e));
    return 1;
}
