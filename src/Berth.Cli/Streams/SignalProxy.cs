using Berth.Cli.Connection;
using Berth.Linux.Terminals;

namespace Berth.Cli.Streams;

/// <summary>What happens on the side while a container's streams are copied: signals and the terminal's size go to the container.</summary>
/// <remarks>It has a connection of its own, because it works from the threads that signals arrive on.</remarks>
sealed class SignalProxy : IDisposable
{
    /// <summary>As many of SIGINT and SIGTERM end this program, whatever the container makes of them.</summary>
    private const int MostEndings = 3;

    private readonly Lock _lock = new();
    private readonly Session _session;
    private readonly DaemonClient _daemon;
    private PosixSignals? _signals;
    private int _endings;

    public SignalProxy(Session session)
    {
        _session = session;
        _daemon = new DaemonClient(session.Daemon.Address, session.Time) { Version = session.Daemon.Version, Headers = session.Daemon.Headers };
    }

    /// <summary>Sends signals that this program gets to the container.</summary>
    public void Forward(string container) => _signals = PosixSignals.Forward(name =>
    {
        if (name is "INT" or "TERM" && Interlocked.Increment(ref _endings) == MostEndings)
        {
            GiveUp();
        }

        Try($"/containers/{container}/kill?signal={name}");
    });

    /// <summary>Keeps the size of a terminal in the container that of the user's.</summary>
    /// <param name="target">What has the terminal: <c>/containers/ID</c> or <c>/exec/ID</c>.</param>
    /// <param name="redraw">Have what is in it shown: programs draw it anew where its size changes.</param>
    public void FollowSize(string target, bool redraw = false)
    {
        if (redraw)
        {
            Resize(target, more: 1);
        }

        Resize(target);
        _signals = PosixSignals.OnResize(() => Resize(target));
    }

    public void Dispose()
    {
        _signals?.Dispose();
        _daemon.Dispose();
    }

    private void Resize(string target, int more = 0)
    {
        if (StandardTerminal.TrySize(StandardDescriptor.Output) is { Rows: > 0 } size)
        {
            Try($"{target}/resize?h={size.Rows + more}&w={size.Columns + more}");
        }
    }

    /// <summary>Ends this program; the container runs on.</summary>
    private void GiveUp()
    {
        _session.Error.WriteLine("\ngot 3 SIGTERM/SIGINTs, forcefully exiting");
        _session.Error.Flush();
        Environment.Exit(1);
    }

    private void Try(string target)
    {
        lock (_lock)
        {
            try
            {
                _daemon.Do("POST", target);
            }
            catch (Exception gone) when (gone is CommandException or IOException)
            {
                // The container has ended, or is about to: its exit says more than this would.
            }
        }
    }
}
