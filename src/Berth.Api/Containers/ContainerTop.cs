namespace Berth.Api.Containers;

/// <summary>The processes of a container: a title for each column, and a line for each process.</summary>
public sealed record ContainerTop
{
    public IReadOnlyList<IReadOnlyList<string>> Processes { get; set; } = [];

    public IReadOnlyList<string> Titles { get; set; } = [];
}
