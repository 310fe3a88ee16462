using Berth.Linux.Native;

namespace Berth.Linux.Terminals;

/// <summary>A terminal that passes every key on unseen, until it is disposed and is what it was before.</summary>
public sealed unsafe class RawTerminal : IDisposable
{
    private readonly StandardDescriptor _descriptor;
    private readonly Libc.termios _before;
    private int _restored;

    private RawTerminal(StandardDescriptor descriptor, Libc.termios before)
    {
        _descriptor = descriptor;
        _before = before;
    }

    /// <returns>Null where the descriptor is no terminal.</returns>
    public static RawTerminal? TryEnter(StandardDescriptor descriptor)
    {
        Libc.termios attributes;
        if (Libc.tcgetattr((int)descriptor, &attributes) != 0)
        {
            return null;
        }

        var before = attributes;
        Libc.cfmakeraw(&attributes);
        return Libc.tcsetattr((int)descriptor, Libc.TCSANOW, &attributes) == 0
            ? new RawTerminal(descriptor, before)
            : throw LinuxException.FromLastError("tcsetattr", descriptor.ToString());
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _restored, 1) == 0)
        {
            var before = _before;
            _ = Libc.tcsetattr((int)_descriptor, Libc.TCSANOW, &before);
        }
    }
}
