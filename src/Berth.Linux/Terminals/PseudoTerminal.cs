using Berth.Linux.Native;

namespace Berth.Linux.Terminals;

/// <summary>A pseudo-terminal of the devpts instance whose ptmx was opened (pts(4)).</summary>
/// <param name="Master">The side of the program that drives it.</param>
/// <param name="Slave">The side that is a process's terminal.</param>
public sealed unsafe record PseudoTerminal(FileDescriptor Master, FileDescriptor Slave) : IDisposable
{
    /// <param name="ptmx">Path of the multiplexer, such as /dev/pts/ptmx.</param>
    /// <remarks>The slave is opened from the master, never by name: what /dev/pts/N is there is a container's to say.</remarks>
    public static PseudoTerminal Open(string ptmx)
    {
        var master = new FileDescriptor(Libc.open(ptmx, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC));
        if (master.IsInvalid)
        {
            throw LinuxException.FromLastError("open", ptmx);
        }

        var unlocked = 0;
        if (Libc.ioctl(master.Number, Libc.TIOCSPTLCK, &unlocked) == 0)
        {
            var slave = new FileDescriptor(Libc.ioctl_number(master.Number, Libc.TIOCGPTPEER, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC));
            if (!slave.IsInvalid)
            {
                return new PseudoTerminal(master, slave);
            }
        }

        var error = LinuxException.FromLastError("ioctl", ptmx);
        master.Dispose();
        throw error;
    }

    public void Dispose()
    {
        Master.Dispose();
        Slave.Dispose();
    }
}
