using System.Runtime.InteropServices;
using Berth.Linux.Processes;

namespace Berth.Cli.Streams;

/// <summary>Signals that this program takes for itself while the object lives.</summary>
sealed class PosixSignals : IDisposable
{
    /// <summary>x86-64's and arm64's numbers (asm-generic/signal.h), of the signals that can be forwarded; SIGCHLD, SIGPIPE and SIGURG are our own.</summary>
    private static readonly (int Number, string Name)[] _forwarded =
    [
        (1, "HUP"), (2, "INT"), (3, "QUIT"), (10, "USR1"), (12, "USR2"), (14, "ALRM"), (15, "TERM"), (18, "CONT"), (20, "TSTP"),
        (21, "TTIN"), (22, "TTOU"), (28, "WINCH"), (29, "IO"), (30, "PWR"),
    ];

    private readonly List<PosixSignalRegistration> _registrations = [];

    private PosixSignals()
    {
    }

    /// <summary>Sends every signal on in place of dying of it. That holds also for what this program was started to ignore, as a shell's background job is.</summary>
    public static PosixSignals Forward(Action<string> send)
    {
        // The base library leaves alone what is ignored, which it finds out for several signals at its first registration.
        ProcessControl.HeedIgnored([.. _forwarded.Select(signal => signal.Number)]);
        var signals = new PosixSignals();
        foreach (var (number, name) in _forwarded)
        {
            signals._registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, context =>
            {
                context.Cancel = true;
                send(name);
            }));
        }

        return signals;
    }

    /// <summary>Does something first where this program is told to end, and lets it end.</summary>
    public static PosixSignals OnTermination(Action first)
    {
        var signals = new PosixSignals();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            signals._registrations.Add(PosixSignalRegistration.Create(signal, _ => first()));
        }

        return signals;
    }

    /// <summary>Follows the size of the terminal.</summary>
    public static PosixSignals OnResize(Action resized)
    {
        var signals = new PosixSignals();
        signals._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => resized()));
        return signals;
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
