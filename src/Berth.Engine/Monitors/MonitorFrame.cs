using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>A frame as it came from a monitor, valid until the next read of its connection.</summary>
/// <param name="Kind">What the payload is.</param>
/// <param name="Bytes">Header and payload: for output just what Docker's multiplexed streams carry.</param>
public readonly record struct MonitorFrame(FrameKind Kind, ReadOnlyMemory<byte> Bytes)
{
    public ReadOnlyMemory<byte> Payload => Bytes[FrameHeader.Size..];
}
