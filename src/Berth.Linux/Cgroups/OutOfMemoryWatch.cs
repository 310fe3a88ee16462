using System.Globalization;
using Berth.Linux.Events;
using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

/// <summary>Tells of it when memory runs out in a cgroup: a descriptor to wait for, which holds nothing else in memory.</summary>
/// <remarks>
/// v1 has an eventfd for it (cgroup-v1/memory.rst, "OOM Control"); it is also signalled when the cgroup goes, so that it is to be closed
/// before. On v2 memory.events itself becomes urgent to poll at each change of one of its counters.
/// </remarks>
public sealed unsafe class OutOfMemoryWatch : IDisposable
{
    private const int Line = 512;

    private readonly bool _isUnified;
    private long _kills;

    private OutOfMemoryWatch(FileDescriptor descriptor, bool isUnified)
    {
        (Descriptor, _isUnified) = (descriptor, isUnified);
        if (isUnified)
        {
            _kills = ReadKills();
        }
    }

    public FileDescriptor Descriptor { get; }

    /// <summary>What the descriptor is to be waited for.</summary>
    public ReadyEvents Interest => _isUnified ? ReadyEvents.Urgent : ReadyEvents.Readable;

    /// <summary>Takes what has happened since the last call; until then the descriptor stays ready.</summary>
    /// <returns>False where it was nothing of this kind.</returns>
    public bool TryTake()
    {
        if (!_isUnified)
        {
            ulong count = 0;
            return Libc.read(Descriptor.Number, &count, sizeof(ulong)) == sizeof(ulong) && count > 0;
        }

        var before = _kills;
        _kills = ReadKills();
        return _kills > before;
    }

    public void Dispose() => Descriptor.Dispose();

    internal static OutOfMemoryWatch? TryOpen(CgroupDirectory directory) =>
        directory.Hierarchy.IsUnified ? TryOpenUnified(directory) : TryOpenLegacy(directory);

    private static OutOfMemoryWatch? TryOpenUnified(CgroupDirectory directory)
    {
        var file = directory.OpenFile("memory.events", Libc.O_RDONLY);
        return file.IsInvalid ? null : new OutOfMemoryWatch(file, isUnified: true);
    }

    private static OutOfMemoryWatch? TryOpenLegacy(CgroupDirectory directory)
    {
        using var control = directory.OpenFile("memory.oom_control", Libc.O_RDONLY);
        var events = new FileDescriptor(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK));
        if (!control.IsInvalid && !events.IsInvalid
            && directory.TryWrite("cgroup.event_control", string.Create(CultureInfo.InvariantCulture, $"{events.Number} {control.Number}")) is null)
        {
            return new OutOfMemoryWatch(events, isUnified: false);
        }

        events.Dispose();
        return null;
    }

    /// <summary>Reading is also what makes the file quiet again.</summary>
    private long ReadKills()
    {
        var buffer = stackalloc byte[Line];
        var length = Libc.pread(Descriptor.Number, buffer, Line, 0);
        var text = new ReadOnlySpan<byte>(buffer, (int)Math.Max(length, 0));
        var at = text.IndexOf("oom_kill "u8);
        if (at < 0)
        {
            return _kills;
        }

        var kills = 0L;
        foreach (var digit in text[(at + "oom_kill ".Length)..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            kills = (kills * 10) + digit - '0';
        }

        return kills;
    }
}
