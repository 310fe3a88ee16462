using Berth.Api.Containers;

namespace Berth.Engine.Containers;

/// <summary>How to make an image of a container.</summary>
/// <param name="Repository">The image's name; empty: none.</param>
/// <param name="Tag">Empty: latest.</param>
/// <param name="Changes">Dockerfile instructions for the configuration, one a line.</param>
/// <param name="Pause">Freeze the container meanwhile.</param>
/// <param name="Config">A configuration that goes before the container's; null: none.</param>
public sealed record CommitOptions(
    string Repository, string Tag, string Comment, string Author, IReadOnlyList<string> Changes, bool Pause, ContainerConfig? Config);
