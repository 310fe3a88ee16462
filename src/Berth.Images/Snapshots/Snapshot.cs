using Berth.Linux.Files;

namespace Berth.Images.Snapshots;

/// <summary>The directories of a container's overlay root. Nothing is mounted here: the container mounts them in its own namespace.</summary>
public sealed record Snapshot
{
    /// <summary>In overlay's order, the top first.</summary>
    public required IReadOnlyList<string> LowerDirectories { get; init; }

    public required string UpperDirectory { get; init; }

    public required string WorkDirectory { get; init; }

    /// <summary>Makes the writable layer of a container.</summary>
    public static Snapshot Prepare(string containerDirectory, IReadOnlyList<string> lowerDirectories)
    {
        ArgumentNullException.ThrowIfNull(lowerDirectories);
        var snapshot = new Snapshot
        {
            LowerDirectories = lowerDirectories,
            UpperDirectory = Path.Combine(containerDirectory, "upper"),
            WorkDirectory = Path.Combine(containerDirectory, "work"),
        };

        // The mode of the upper directory is the mode of the container's "/".
        Directory.CreateDirectory(snapshot.UpperDirectory);
        using (var upper = HeldEntry.Open(snapshot.UpperDirectory))
        using (var top = HeldEntry.Open(lowerDirectories[0]))
        {
            upper.SetMode(top.Status().Permissions);
        }

        Directory.CreateDirectory(snapshot.WorkDirectory);
        return snapshot;
    }
}
