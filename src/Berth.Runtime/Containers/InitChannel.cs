using System.Text.Json;
using Berth.Linux;
using Berth.Linux.Sockets;
using Berth.Monitor;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Containers;

/// <summary>The words between the process that creates a container (or an exec) and the one that becomes it.</summary>
/// <remarks>
/// <code>
/// creator                                          init
///   ── Mapped ────────────────────────────────────▶  only with a new user namespace: its id maps are written
///                                                    ... mounts, devices ...
///   ◀────────────────────────────────── Prepared ──  only with hooks: prestart and createRuntime run now
///   ── HooksDone ─────────────────────────────────▶
///   ── Joined ────────────────────────────────────▶  it is in its cgroups: the cgroup namespace may be made
///                                                    ... pivot_root, user, capabilities, the program is looked up ...
///   ◀─────────────────────────────────── Console ──  only with a terminal: its master, attached
///   ◀─────────────────────────────────── Created ──
///   ── Recorded ──────────────────────────────────▶  commands find it by now: this channel ends; init listens on the start socket
///
/// starter (the monitor, or berth-runtime start)
///   ── connects to the start socket ──────────────▶
///   ◀───────────────────────────────── Executing ──  seccomp
///   ◀─────────────────────────── SeccompListener ──  only with a filter that asks: the descriptor, attached; then execve
///   ◀───────────────────────────────── (closed) ──   by execve: the program runs
/// </code>
/// In place of any answer init may send Failed{failure}, and ends. It also ends where its creator does before the last word: nobody
/// could start it any more. An exec's process closes the channel when it is ready to clone the one that executes the program.
/// </remarks>
internal sealed class InitChannel(MessageSocket socket) : IDisposable
{
    private const int MaxMessage = 16 * 1024;

    internal FileDescriptor Descriptor => socket.Descriptor;

    internal void Send(InitWord word, FileDescriptor? attached = null) => _ = socket.TrySend([(byte)word], attached);

    /// <summary>Hands on where a filter's questions come from; nothing where it asks none.</summary>
    internal void SendListener(FileDescriptor? listener)
    {
        using (listener)
        {
            if (listener is not null)
            {
                Send(InitWord.SeccompListener, listener);
            }
        }
    }

    internal void SendFailure(StartFailure failure)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(failure, MonitorJson.Default.StartFailure);
        if (text.Length >= MaxMessage)
        {
            text = JsonSerializer.SerializeToUtf8Bytes(failure with { Message = failure.Message[..1024] }, MonitorJson.Default.StartFailure);
        }

        _ = socket.TrySend([(byte)InitWord.Failed, .. text]);
    }

    /// <summary>Waits for a word.</summary>
    /// <returns>The word; Closed where the other end is gone.</returns>
    /// <exception cref="StartException">The other end failed.</exception>
    internal InitWord Receive(out FileDescriptor? attached)
    {
        Span<byte> buffer = stackalloc byte[MaxMessage];
        var length = socket.Receive(buffer, out attached);
        if (length == 0)
        {
            return InitWord.Closed;
        }

        return (InitWord)buffer[0] is InitWord.Failed
            ? throw new StartException(JsonSerializer.Deserialize(buffer[1..length], MonitorJson.Default.StartFailure)!)
            : (InitWord)buffer[0];
    }

    /// <summary>Waits for one word and takes no other.</summary>
    internal void Expect(InitWord word)
    {
        var received = Receive(out var attached);
        attached?.Dispose();
        if (received != word)
        {
            throw StartException.Of("init", $"the container's first process ended before it was {word}");
        }
    }

    /// <summary>In init: waits for one word of its creator's, which tells of no failures and attaches nothing.</summary>
    /// <remarks>Not <see cref="Expect"/>, whose buffer would be pages that a clone has to copy.</remarks>
    internal void Await(InitWord word)
    {
        byte received = 0;
        _ = socket.Receive(new Span<byte>(ref received), out _);
        if ((InitWord)received != word)
        {
            throw StartException.Of("init", $"its creator ended before it was {word}");
        }
    }

    public void Dispose() => socket.Dispose();
}

internal enum InitWord : byte
{
    /// <summary>The other end is gone.</summary>
    Closed,
    Mapped,
    Joined,
    Prepared,
    HooksDone,

    /// <summary>Carries the terminal's master.</summary>
    Console,
    Created,
    Recorded,

    /// <summary>Only seccomp and execve are left: if the channel is closed from here on, the program runs.</summary>
    Executing,

    /// <summary>Carries the descriptor that the filter's questions come from (seccomp_unotify(2)).</summary>
    SeccompListener,

    /// <summary>Followed by a <see cref="StartFailure"/> as JSON.</summary>
    Failed,
}
