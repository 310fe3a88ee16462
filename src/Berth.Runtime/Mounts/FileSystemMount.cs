using Berth.Linux;
using Berth.Linux.Mounts;

namespace Berth.Runtime.Mounts;

/// <summary>Makes a file system from options as they stand in a specification.</summary>
internal static class FileSystemMount
{
    internal static DetachedMount Make(string type, string? source, IReadOnlyList<string> data, MountAttributes attributes)
    {
        try
        {
            return Make(type, source, data, attributes, leaveOut: null);
        }
        catch (LinuxException e) when (type == "devpts" && e.Errno is Errno.EINVAL && data.Any(IsGroup))
        {
            // The group that terminals belong to (5, by custom) may not exist in the container's user namespace.
            return Make(type, source, data, attributes, IsGroup);
        }
    }

    private static bool IsGroup(string option) => option.StartsWith("gid=", StringComparison.Ordinal);

    private static DetachedMount Make(string type, string? source, IReadOnlyList<string> data, MountAttributes attributes, Predicate<string>? leaveOut)
    {
        using var fileSystem = FileSystem.Open(type);
        fileSystem.Set("source", string.IsNullOrEmpty(source) ? type : source);
        foreach (var option in data)
        {
            if (leaveOut?.Invoke(option) ?? false)
            {
                continue;
            }

            var separator = option.IndexOf('=', StringComparison.Ordinal);
            if (separator < 0)
            {
                fileSystem.Set(option);
            }
            else
            {
                fileSystem.Set(option[..separator], option[(separator + 1)..]);
            }
        }

        return fileSystem.Mount(attributes);
    }
}
