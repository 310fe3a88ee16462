using Berth.Linux.Native;

namespace Berth.Linux.Terminals;

/// <summary>Modes of a terminal as they were, to be restored.</summary>
public sealed unsafe class TerminalModes
{
    private readonly Libc.termios _attributes;

    private TerminalModes(Libc.termios attributes) => _attributes = attributes;

    internal Libc.termios Attributes => _attributes;

    public static TerminalModes Of(FileDescriptor terminal)
    {
        Libc.termios attributes;
        return Libc.tcgetattr(terminal.Number, &attributes) == 0
            ? new TerminalModes(attributes)
            : throw LinuxException.FromLastError("tcgetattr");
    }

    public void Restore(FileDescriptor terminal) => Terminal.Set(terminal, _attributes);
}
