namespace Berth.Linux.Descriptors;

/// <summary>How a read or write of a non-blocking descriptor went.</summary>
public enum Transfer
{
    /// <summary>Some bytes were moved.</summary>
    Done,

    /// <summary>None can be moved now.</summary>
    WouldBlock,

    /// <summary>None can be moved any more: end of file, or the other end is closed.</summary>
    Closed,
}
