using Berth.Linux.Files;

namespace Berth.Engine.Containers.Creation;

/// <summary>Gives a new volume what the image has in its place.</summary>
internal static class VolumeSeed
{
    /// <summary>Copies the image's directory into the volume, if that is empty: content, owners, modes.</summary>
    /// <param name="layers">The layers below the container's own, the top first.</param>
    /// <param name="destination">The volume's place in the container.</param>
    /// <param name="volume">The volume's directory on the host.</param>
    /// <param name="isAnonymous">As Docker, a volume that nobody named is refused where the image has a file; any other's start fails.</param>
    /// <exception cref="EngineException">The image has a file in the volume's place.</exception>
    public static void Copy(IReadOnlyList<string> layers, string destination, string volume, bool isAnonymous)
    {
        if (Directory.EnumerateFileSystemEntries(volume).Any())
        {
            return;
        }

        using var root = MergedRoot.Open(layers);
        using var source = root.Directory.TryResolve(destination);
        if (source is null)
        {
            return;
        }

        if (FileStatus.Of(source).IsDirectory)
        {
            using var target = TreeDirectory.Open(volume);
            TreeCopy.Copy(source, target);
        }
        else if (isAnonymous)
        {
            throw ContainerErrors.Invalid($"cannot mount volume over existing file, file exists {destination}");
        }
    }
}
