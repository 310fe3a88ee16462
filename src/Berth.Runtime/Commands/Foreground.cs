using System.Runtime.InteropServices;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Linux.Terminals;
using Berth.Monitor;

namespace Berth.Runtime.Commands;

/// <summary>Stays beside a process until it ends: passes signals on, and joins its terminal with the caller's.</summary>
internal sealed class Foreground : IDisposable
{
    private static readonly PosixSignal[] _forwarded =
    [
        PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, PosixSignal.SIGCONT,
        (PosixSignal)10, // SIGUSR1
        (PosixSignal)12, // SIGUSR2
        (PosixSignal)14, // SIGALRM
    ];

    private readonly FileDescriptor? _terminal;
    private readonly TerminalModes? _modes;
    private readonly List<PosixSignalRegistration> _registrations = [];

    internal Foreground(bool needsTerminal)
    {
        if (needsTerminal)
        {
            _terminal = OpenTerminal();
            _modes = Terminal.SetRaw(_terminal);
        }
    }

    /// <summary>The size of the caller's terminal, where one is needed.</summary>
    internal TerminalSize? Size => _terminal is null ? null : ToSize(Terminal.GetSize(_terminal));

    /// <summary>Passes the caller's signals on from here on. Only after the clone: dispatching signals starts threads, which a process that clones must not have.</summary>
    internal void Forward(ProcessHandle process)
    {
        foreach (var signal in _forwarded)
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _ = process.TrySignal((int)context.Signal > 0 ? (int)context.Signal : NumberOf(context.Signal));
            }));
        }
    }

    /// <returns>The exit code that a shell gives.</returns>
    internal int Wait(ProcessHandle process, FileDescriptor? master)
    {
        if (_terminal is not null && master is not null)
        {
            if (Size is { } size)
            {
                Terminal.SetSize(master, size.Rows, size.Columns);
            }

            // The caller's terminal translates newlines already (runc does the same; behaviour of "run" in a terminal).
            Terminal.SetOutputNewlines(master, translated: false);
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ =>
            {
                var (rows, columns) = Terminal.GetSize(_terminal);
                Terminal.SetSize(master, rows, columns);
            }));
            var (input, output) = (StandardOutput.Stream(0), StandardOutput.Stream(1));
            new TerminalCopy(input, output, master).Run();
            input.SetHandleAsInvalid();
            output.SetHandleAsInvalid();
        }

        return process.Reap().ShellCode;
    }

    public void Dispose()
    {
        _registrations.ForEach(r => r.Dispose());
        if (_terminal is not null)
        {
            _modes!.Restore(_terminal);
        }
    }

    private static TerminalSize ToSize((ushort Rows, ushort Columns) size) => new(size.Rows, size.Columns);

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => 18, // SIGCONT
    };

    // One of the standard streams, or else the terminal of the session that this process is in.
    private static FileDescriptor OpenTerminal()
    {
        for (var number = 0; number < 3; number++)
        {
            var stream = StandardOutput.Stream(number);
            try
            {
                _ = Terminal.GetSize(stream);
                return stream;
            }
            catch (LinuxException)
            {
                stream.SetHandleAsInvalid();
            }
        }

        return OpenFile.ReadWrite("/dev/tty");
    }
}
