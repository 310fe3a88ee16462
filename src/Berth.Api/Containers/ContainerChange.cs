namespace Berth.Api.Containers;

/// <summary>One change of a container's root against its image.</summary>
public sealed record ContainerChange
{
    public const int Modified = 0;
    public const int Added = 1;
    public const int Deleted = 2;

    public string Path { get; set; } = "";

    public int Kind { get; set; }
}
