namespace Berth.Runtime.State;

/// <summary>A container's state as <c>state</c> and <c>list</c> print it: the specification's, and what runc adds to it.</summary>
internal sealed record StateReport
{
    public required string OciVersion { get; init; }

    public required string Id { get; init; }

    public required int Pid { get; init; }

    public required string Status { get; init; }

    public required string Bundle { get; init; }

    public string? Rootfs { get; init; }

    public required DateTimeOffset Created { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public string Owner { get; init; } = "";

    internal static StateReport Of(ContainerDirectory directory, ContainerRecord record)
    {
        var state = ContainerStatus.State(directory, record);
        return new StateReport
        {
            OciVersion = state.OciVersion,
            Id = state.Id,
            Pid = state.Pid ?? 0,
            Status = state.Status,
            Bundle = state.Bundle,
            Rootfs = record.Rootfs,
            Created = record.Created,
            Annotations = record.Annotations,
        };
    }
}
