using Berth.Linux.Files;

namespace Berth.Engine.Containers.Creation;

/// <summary>Gives a new volume what the image has in its place.</summary>
internal static class VolumeSeed
{
    /// <summary>Copies the image's directory into the volume, if that is empty: content, owners, modes.</summary>
    /// <param name="layers">The layers below the container's own, the top first.</param>
    /// <param name="destination">The volume's place in the container.</param>
    /// <param name="volume">The volume's directory on the host.</param>
    public static void Copy(IReadOnlyList<string> layers, string destination, string volume)
    {
        if (Directory.EnumerateFileSystemEntries(volume).Any())
        {
            return;
        }

        using var root = MergedRoot.Open(layers);
        using var source = root.Directory.TryResolve(destination);
        if (source is not null && FileStatus.Of(source).IsDirectory)
        {
            using var target = TreeDirectory.Open(volume);
            TreeCopy.Copy(source, target);
        }
    }
}
