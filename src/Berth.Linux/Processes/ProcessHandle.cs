using Berth.Linux.Events;
using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>A process held by a pidfd: it names this process and no other, also after its number was given anew (pidfd_open(2)).</summary>
public sealed class ProcessHandle : IDisposable
{
    public ProcessHandle(int id, FileDescriptor descriptor)
    {
        Id = id;
        Descriptor = descriptor;
    }

    public int Id { get; }

    /// <summary>The pidfd: readable when the process has ended.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The process has ended, whether it was reaped or not.</summary>
    public bool HasEnded
    {
        get
        {
            using var queue = new EventQueue();
            queue.Add(Descriptor, 0, ReadyEvents.Readable);
            return queue.Wait(0) && queue.TryTake(out _, out _);
        }
    }

    /// <returns>Null where there is no such process.</returns>
    public static ProcessHandle? TryOpen(int id)
    {
        var descriptor = new FileDescriptor(Libc.pidfd_open(Libc.SYS_pidfd_open, id, 0));
        if (!descriptor.IsInvalid)
        {
            return new ProcessHandle(id, descriptor);
        }

        var error = LinuxException.FromLastError("pidfd_open", $"{id}");
        return error.Errno is Errno.ESRCH ? null : throw error;
    }

    /// <summary>Sends a signal; 0 only asks whether the process is there.</summary>
    /// <returns>False where the process has ended and was reaped.</returns>
    public unsafe bool TrySignal(int signal)
    {
        if (Libc.pidfd_send_signal(Libc.SYS_pidfd_send_signal, Descriptor.Number, signal, null, 0) == 0)
        {
            return true;
        }

        var error = LinuxException.FromLastError("pidfd_send_signal", $"{signal} to {Id}");
        return error.Errno is Errno.ESRCH ? false : throw error;
    }

    /// <summary>Sends a signal to the process group that this process leads, as long as it was not reaped: until then its number is nobody else's.</summary>
    /// <returns>False where there is no such group.</returns>
    public bool TrySignalGroup(int signal) => TrySignal(0) && Libc.kill(-Id, signal) == 0;

    /// <summary>Reaps this child if it has ended; never waits.</summary>
    /// <returns>Null where it runs on.</returns>
    public unsafe ExitStatus? TryReap()
    {
        Libc.siginfo_t info = default;
        if (Libc.waitid(Libc.P_PIDFD, Descriptor.Number, &info, Libc.WEXITED | Libc.WNOHANG) != 0)
        {
            throw LinuxException.FromLastError("waitid", $"{Id}");
        }

        return info.si_pid == 0 ? null : new ExitStatus(info.si_status, info.si_code != Libc.CLD_EXITED);
    }

    /// <summary>Waits for this child's end and reaps it.</summary>
    public unsafe ExitStatus Reap()
    {
        Libc.siginfo_t info = default;
        while (Libc.waitid(Libc.P_PIDFD, Descriptor.Number, &info, Libc.WEXITED) != 0)
        {
            var error = LinuxException.FromLastError("waitid", $"{Id}");
            if (error.Errno is not Errno.EINTR)
            {
                throw error;
            }
        }

        return new ExitStatus(info.si_status, info.si_code != Libc.CLD_EXITED);
    }

    public void Dispose() => Descriptor.Dispose();
}
