using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>termios(3) and tty_ioctl(2).</summary>
internal static unsafe partial class Libc
{
    internal const nuint TIOCGWINSZ = 0x5413;
    internal const nuint TIOCSWINSZ = 0x5414;
    internal const nuint TIOCGPTPEER = 0x5441;
    internal const nuint TIOCSPTLCK = 0x40045431;
    internal const int TCSANOW = 0;
    internal const uint ONLCR = 4;

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int ioctl_number(int fd, nuint request, nint argument);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcgetattr(int fd, termios* attributes);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int tcsetattr(int fd, int actions, termios* attributes);

    [LibraryImport(Library)]
    internal static partial void cfmakeraw(termios* attributes);

    internal struct winsize
    {
        internal ushort ws_row;
        internal ushort ws_col;
        internal ushort ws_xpixel;
        internal ushort ws_ypixel;
    }

    [StructLayout(LayoutKind.Sequential, Size = 60)]
    internal struct termios
    {
        internal uint c_iflag;
        internal uint c_oflag;
        internal uint c_cflag;
        internal uint c_lflag;
    }
}
