using System.Runtime.InteropServices;
using Berth.Daemon.Options;
using Berth.Daemon.Server;
using Berth.Engine;
using Berth.Engine.Containers;

namespace Berth.Daemon.Life;

/// <summary>
/// From the first lock to the last: what the daemon holds alone (data root, pid file, sockets), and the signals that end it.
/// It listens before the engine is restored, so that a client's connection need not be tried twice; the requests wait.
/// </summary>
sealed class DaemonLife : IDisposable
{
    private const UnixFileMode OthersPass =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly TimeSpan _patienceWithPredecessor = TimeSpan.FromSeconds(1);

    private readonly DaemonOptions _options;
    private readonly Log _log;
    private readonly DataRootLock _lock;
    private readonly PidFile _pidFile;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TimeSpan _shutdownTimeout;

    private DaemonLife(DaemonOptions options, Log log, DataRootLock dataRoot, PidFile pidFile)
    {
        _options = options;
        _shutdownTimeout = options.ShutdownTimeout;
        _log = log;
        _lock = dataRoot;
        _pidFile = pidFile;
    }

    /// <summary>Takes what one daemon alone may have.</summary>
    public static async Task<DaemonLife> BeginAsync(DaemonOptions options, Log log, TimeProvider time)
    {
        Directory.CreateDirectory(options.Engine.DataRoot, OthersPass);
        Directory.CreateDirectory(options.Engine.ExecRoot, OthersPass);
        var dataRoot = await DataRootLock.TakeAsync(options.Engine.DataRoot, _patienceWithPredecessor, time);
        try
        {
            OverlaySupport.Check(options.Engine.DataRoot);
            return new DaemonLife(options, log, dataRoot, PidFile.Write(options.PidFile));
        }
        catch (EngineException)
        {
            dataRoot.Dispose();
            throw;
        }
    }

    /// <summary>Serves until a signal ends the daemon. Containers go on without it.</summary>
    /// <param name="routes">The endpoints.</param>
    /// <param name="restore">Finds again what an earlier daemon left running.</param>
    /// <param name="reload">Reads daemon.json again.</param>
    public async Task RunAsync(Routes routes, Func<CancellationToken, Task> restore, Action reload)
    {
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            reload();
        });

        var sockets = OpenSockets();
        await using var server = new ApiServer(routes, _log, _ready.Task, sockets, () => _shutdownTimeout, _stopping.Token);
        await server.StartAsync(_stopping.Token);
        try
        {
            await restore(_stopping.Token);
            _ready.SetResult();
            foreach (var socket in sockets)
            {
                _log.Info("API listen", ("address", socket.Socket.LocalEndPoint));
            }

            SystemdNotice.Ready();
            var signal = await _signalled.Task;
            _log.Info("Processing signal", ("signal", signal));
            SystemdNotice.Stopping();
        }
        finally
        {
            // Where the restore failed, this is what requests that wait for it are told; otherwise it is set already.
            _ready.TrySetException(new EngineException(ErrorKind.Unavailable, "the daemon could not be started"));
            await _stopping.CancelAsync();
            using var patience = new CancellationTokenSource(_shutdownTimeout + TimeSpan.FromSeconds(1));
            await server.StopAsync(patience.Token);
        }

        _log.Info("Daemon shutdown complete; containers keep running");
    }

    /// <summary>Takes over what can change while the daemon runs.</summary>
    public void Reload(DaemonOptions options) => _shutdownTimeout = options.ShutdownTimeout;

    public void Dispose()
    {
        _pidFile.Dispose();
        _lock.Dispose();
        _stopping.Dispose();
    }

    private List<ListenSocket> OpenSockets()
    {
        var sockets = new List<ListenSocket>();
        try
        {
            foreach (var address in _options.Addresses)
            {
                sockets.AddRange(ListenSocket.Open(address, _options.Group));
            }

            return sockets;
        }
        catch
        {
            sockets.ForEach(s => s.Dispose());
            throw;
        }
    }

    /// <summary>The first signal ends the daemon in order; whoever sends another one does not want to wait.</summary>
    private void End(PosixSignalContext context) => context.Cancel = _signalled.TrySetResult(context.Signal.ToString());
}
