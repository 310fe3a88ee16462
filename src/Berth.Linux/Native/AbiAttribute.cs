namespace Berth.Linux.Native;

/// <summary>Tells the ABI tests what a type or a member is in C, where its own name does not say it.</summary>
/// <remarks>
/// The rule without it: a class's constants are C constants of the same names, a structure is <c>struct Name</c> (or
/// <c>Name</c>, where that ends in _t) with fields of the same names, and the headers are the test's common list.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Field | AttributeTargets.Property)]
internal sealed class AbiAttribute : Attribute
{
    /// <summary>The name in C, such as <c>union bpf_attr</c> or <c>sin_addr.s_addr</c>.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Headers to compile the type with in place of the common list, separated by blanks: for the kernel's own headers that
    /// cannot be included beside the C library's.
    /// </summary>
    public string? Headers { get; init; }

    /// <summary>The kernel version that brought it, such as 6.8; older headers need not know it.</summary>
    public string? Since { get; init; }

    /// <summary>No header declares it: the kernel's documentation alone does (a file format, a shape that the kernel only describes).</summary>
    public bool Undeclared { get; init; }

    /// <summary>C's structure has more than these members; its size is not checked.</summary>
    public bool IsPart { get; init; }
}
