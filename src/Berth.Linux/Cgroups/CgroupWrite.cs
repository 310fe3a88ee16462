namespace Berth.Linux.Cgroups;

/// <summary>A value for a file of the cgroup that has the controller.</summary>
/// <param name="Controller">Such as memory.</param>
/// <param name="File">The file, or two of them with a bar between: whichever the kernel has, the first one first.</param>
/// <param name="Value">What is written.</param>
internal sealed record CgroupWrite(string Controller, string File, string Value)
{
    /// <summary>What the second file takes, where that is not the same.</summary>
    internal string? SecondValue { get; init; }

    /// <summary>
    /// Two values of which the kernel checks each against the other: where this one is refused as invalid, that one goes first.
    /// </summary>
    internal CgroupWrite? Partner { get; init; }

    /// <summary>Nothing is lost where the kernel has no such file.</summary>
    internal bool IsOptional { get; init; }
}
