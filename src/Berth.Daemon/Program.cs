using System.Net.Sockets;
using System.Runtime.InteropServices;
using Berth.Daemon;
using Berth.Daemon.Endpoints.System;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Events;
using Berth.Engine.Info;

var time = TimeProvider.System;
var log = new Log(Console.Error, LogLevel.Info, time);
using var stopping = new CancellationTokenSource();
var options = new EngineOptions { RuntimePath = Path.Combine(AppContext.BaseDirectory, "berth-runtime") };

var events = new EventService(time);
var info = new InfoService(
    options,
    new EngineBuild(BuildFacts.Version, BuildFacts.Commit, BuildFacts.Time),
    (ApiVersion.Newest.ToString(), ApiVersion.Oldest.ToString()),
    events,
    () => default,
    time);

var routes = new Routes();
SystemEndpoints.Map(routes, info, events, time);

await using var server = new ApiServer(
    routes, log, Task.CompletedTask, [new UnixDomainSocketEndPoint(args[0])], stopping.Token);
await server.StartAsync(stopping.Token);
log.Info("API listen", ("address", args[0]));
var ended = new TaskCompletionSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    ended.TrySetResult();
});
await ended.Task;
await stopping.CancelAsync();
await server.StopAsync(default);
return 0;
