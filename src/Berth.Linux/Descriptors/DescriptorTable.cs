using Berth.Linux.Native;

namespace Berth.Linux.Descriptors;

/// <summary>The descriptors of this process by their numbers: what a cloned child needs to sort before it executes a program.</summary>
public static class DescriptorTable
{
    /// <summary>Makes a number refer to the same open file, not close-on-exec: a standard stream.</summary>
    public static void Assign(FileDescriptor descriptor, int number)
    {
        var result = descriptor.Number == number
            ? Libc.fcntl(number, Libc.F_SETFD, 0)
            : Libc.dup2(descriptor.Number, number);
        if (result < 0)
        {
            throw LinuxException.FromLastError("dup2", $"{number}");
        }
    }

    /// <summary>Opens the same file once more under another number, close-on-exec.</summary>
    public static FileDescriptor Duplicate(FileDescriptor descriptor)
    {
        var duplicate = new FileDescriptor(Libc.fcntl(descriptor.Number, Libc.F_DUPFD_CLOEXEC, 3));
        return duplicate.IsInvalid ? throw LinuxException.FromLastError("fcntl", "F_DUPFD_CLOEXEC") : duplicate;
    }

    /// <summary>Closes every descriptor from <paramref name="first"/> on but those given, of which some may be closed.</summary>
    /// <remarks>
    /// No LINQ, and not the base library's sort: a child, and each process of a container is one, would look up their generic methods
    /// anew (a third of a millisecond).
    /// </remarks>
    public static void CloseAllBut(ReadOnlySpan<FileDescriptor> kept, int first)
    {
        while (true)
        {
            var next = int.MaxValue;
            foreach (var descriptor in kept)
            {
                if (!descriptor.IsClosed && descriptor.Number >= first)
                {
                    next = Math.Min(next, descriptor.Number);
                }
            }

            if (next > first)
            {
                CloseRange(first, next == int.MaxValue ? next : next - 1);
            }

            if (next == int.MaxValue)
            {
                return;
            }

            first = next + 1;
        }
    }

    private static void CloseRange(int first, int last)
    {
        if (Libc.close_range(Libc.SYS_close_range, (uint)first, (uint)last, 0) != 0)
        {
            throw LinuxException.FromLastError("close_range");
        }
    }
}
