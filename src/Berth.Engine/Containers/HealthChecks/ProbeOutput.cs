using System.Text;

namespace Berth.Engine.Containers.HealthChecks;

/// <summary>The beginning of what a check prints; the rest is dropped.</summary>
internal sealed class ProbeOutput
{
    private const int MaxLength = 4096;

    private readonly byte[] _kept = new byte[MaxLength];
    private int _length;
    private bool _cut;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[..Math.Min(MaxLength - _length, bytes.Length)];
        taken.CopyTo(_kept.AsSpan(_length));
        _length += taken.Length;
        _cut |= taken.Length < bytes.Length;
    }

    public override string ToString() => Encoding.UTF8.GetString(_kept, 0, _length) + (_cut ? "..." : "");
}
