using Berth.Linux.Native;

namespace Berth.Linux.Terminals;

/// <summary>What a standard descriptor is, where it is a terminal.</summary>
public static unsafe class StandardTerminal
{
    public static bool Is(StandardDescriptor descriptor)
    {
        Libc.termios attributes;
        return Libc.tcgetattr((int)descriptor, &attributes) == 0;
    }

    /// <returns>Null where the descriptor is no terminal.</returns>
    public static (int Rows, int Columns)? TrySize(StandardDescriptor descriptor)
    {
        Libc.winsize size;
        return Libc.ioctl((int)descriptor, Libc.TIOCGWINSZ, &size) == 0 ? (size.ws_row, size.ws_col) : null;
    }
}
