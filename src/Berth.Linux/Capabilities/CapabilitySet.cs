namespace Berth.Linux.Capabilities;

/// <summary>A set of capabilities, as the kernel has it: bit N is capability number N.</summary>
public readonly record struct CapabilitySet(ulong Bits)
{
    public static CapabilitySet Empty { get; }

    /// <summary>Every capability that has a name here. The running kernel may know fewer or more.</summary>
    public static CapabilitySet Known { get; } = Of(Capability.Known);

    public static CapabilitySet Of(IEnumerable<Capability> capabilities) =>
        capabilities.Aggregate(Empty, (set, capability) => set.With(capability));

    public bool Contains(Capability capability) => (Bits >> capability.Number & 1) != 0;

    public CapabilitySet With(Capability capability) => new(Bits | 1UL << capability.Number);

    public CapabilitySet With(CapabilitySet other) => new(Bits | other.Bits);

    public CapabilitySet Intersect(CapabilitySet other) => new(Bits & other.Bits);

    /// <summary>The members that have a name here, by number.</summary>
    public IEnumerable<Capability> Members()
    {
        var bits = Bits;
        return Capability.Known.Where(c => (bits >> c.Number & 1) != 0);
    }
}
