using System.Runtime.InteropServices;

namespace Berth.Daemon.Life;

/// <summary>
/// SIGHUP, by which a user says that daemon.json has changed. From the program's first moment on none is lost: one that comes before
/// the daemon can read its configuration again is kept until then, and of several at once the last reading is the newest.
/// </summary>
sealed class Hangup : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration _registration;
    private Action? _reload;
    private bool _isWaiting;

    public Hangup() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
    {
        // Not the end of this process, as it would be otherwise.
        signal.Cancel = true;
        Take();
    });

    /// <summary>From here on each one is answered, and one that came before is now.</summary>
    public void Serve(Action reload)
    {
        lock (_gate)
        {
            _reload = reload;
            if (_isWaiting)
            {
                reload();
            }
        }
    }

    public void Dispose() => _registration.Dispose();

    private void Take()
    {
        // One after the other: whoever read the file first must not be the last to say what it holds.
        lock (_gate)
        {
            if (_reload is null)
            {
                _isWaiting = true;
            }
            else
            {
                _reload();
            }
        }
    }
}
