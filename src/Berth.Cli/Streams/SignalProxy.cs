using Berth.Cli.Connection;

namespace Berth.Cli.Streams;

/// <summary>What happens on the side while a container's streams are copied: signals and the terminal's size go to the container.</summary>
/// <remarks>It has a connection of its own, because it works from the threads that signals arrive on.</remarks>
sealed class SignalProxy : IDisposable
{
    private readonly Lock _lock = new();
    private readonly DaemonClient _daemon;
    private PosixSignals? _signals;

    public SignalProxy(Session session) => _daemon = new DaemonClient(session.Daemon.Address, session.Time) { Version = session.Daemon.Version, Headers = session.Daemon.Headers };

    /// <summary>Sends signals that this program gets to the container.</summary>
    public void Forward(string container) => _signals = PosixSignals.Forward(name => Try($"/containers/{container}/kill?signal={name}"));

    /// <summary>Keeps the size of a terminal in the container that of the user's.</summary>
    /// <param name="target">What has the terminal: <c>/containers/ID</c> or <c>/exec/ID</c>.</param>
    public void FollowSize(string target)
    {
        Resize(target);
        _signals = PosixSignals.OnResize(() => Resize(target));
    }

    public void Dispose()
    {
        _signals?.Dispose();
        _daemon.Dispose();
    }

    private void Resize(string target)
    {
        if (Linux.Terminals.StandardTerminal.TrySize(Linux.Terminals.StandardDescriptor.Output) is { Rows: > 0 } size)
        {
            Try($"{target}/resize?h={size.Rows}&w={size.Columns}");
        }
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
