using Berth.Archives.Tar;
using Berth.Linux;

namespace Berth.Archives.Trees;

/// <summary>Extended attributes of an entry.</summary>
public static class TreeAttributes
{
    public delegate Errno TrySet(ReadOnlySpan<byte> attribute, ReadOnlySpan<byte> value);

    /// <summary>Sets what the file system takes; as in Docker, what it does not support is left out.</summary>
    public static void Apply(TarEntry entry, TrySet set)
    {
        foreach (var (name, value) in entry.Attributes)
        {
            // overlayfs's own words: from an archive they could redirect names or merge what is not this layer's to merge.
            if (name.AsSpan().StartsWith("trusted.overlay."u8) || name.AsSpan().StartsWith("user.overlay."u8))
            {
                continue;
            }

            var error = set(name, value);
            if (error is not (Errno.None or Errno.EOPNOTSUPP or Errno.EPERM))
            {
                throw new LinuxException("setxattr", error, System.Text.Encoding.UTF8.GetString(name));
            }
        }
    }
}
