using Berth.Linux.Native;

namespace Berth.Linux.Terminals;

/// <summary>Size and modes of an open terminal, or of the master side of one.</summary>
public static unsafe class Terminal
{
    /// <exception cref="LinuxException">The descriptor is no terminal (ENOTTY), or its processes are gone.</exception>
    public static void SetSize(FileDescriptor terminal, ushort rows, ushort columns)
    {
        var size = new Libc.winsize { ws_row = rows, ws_col = columns };
        if (Libc.ioctl(terminal.Number, Libc.TIOCSWINSZ, &size) != 0)
        {
            throw LinuxException.FromLastError("ioctl", "TIOCSWINSZ");
        }
    }

    public static (ushort Rows, ushort Columns) GetSize(FileDescriptor terminal)
    {
        Libc.winsize size;
        return Libc.ioctl(terminal.Number, Libc.TIOCGWINSZ, &size) == 0
            ? (size.ws_row, size.ws_col)
            : throw LinuxException.FromLastError("ioctl", "TIOCGWINSZ");
    }

    /// <summary>Passes every byte on as it is typed and printed, without echo, signals or translation (cfmakeraw(3)).</summary>
    /// <returns>The modes before, for <see cref="TerminalModes.Restore"/>.</returns>
    public static TerminalModes SetRaw(FileDescriptor terminal)
    {
        var before = TerminalModes.Of(terminal);
        var raw = before.Attributes;
        Libc.cfmakeraw(&raw);
        Set(terminal, raw);
        return before;
    }

    /// <summary>Whether "\n" is printed as "\r\n" (ONLCR).</summary>
    public static void SetOutputNewlines(FileDescriptor terminal, bool translated)
    {
        var attributes = TerminalModes.Of(terminal).Attributes;
        attributes.c_oflag = translated ? attributes.c_oflag | Libc.ONLCR : attributes.c_oflag & ~Libc.ONLCR;
        Set(terminal, attributes);
    }

    internal static void Set(FileDescriptor terminal, Libc.termios attributes)
    {
        if (Libc.tcsetattr(terminal.Number, Libc.TCSANOW, &attributes) != 0)
        {
            throw LinuxException.FromLastError("tcsetattr");
        }
    }
}
