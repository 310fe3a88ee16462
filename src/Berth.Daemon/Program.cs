using System.Net.Sockets;
using System.Runtime.InteropServices;
using Berth.Daemon.Endpoints.System;
using Berth.Daemon.Server;
using Berth.Engine;

var log = new Log(Console.Error, LogLevel.Info, TimeProvider.System);
using var stopping = new CancellationTokenSource();

var routes = new Routes();
SystemEndpoints.Map(routes);

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
