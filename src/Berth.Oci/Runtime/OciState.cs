namespace Berth.Oci.Runtime;

/// <summary>A container's state as hooks read it and <c>state</c> prints it (runtime.md, "State").</summary>
public sealed record OciState
{
    public string OciVersion { get; init; } = "1.2.0";

    public required string Id { get; init; }

    /// <summary>creating, created, running, paused or stopped.</summary>
    public required string Status { get; init; }

    public int? Pid { get; init; }

    public required string Bundle { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
