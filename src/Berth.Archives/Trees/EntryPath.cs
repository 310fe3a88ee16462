using System.Text;

namespace Berth.Archives.Trees;

/// <summary>The name of an entry as directories and a last component, without ".", ".." and doubled slashes.</summary>
public readonly struct EntryPath
{
    private EntryPath(byte[] directory, byte[] name)
    {
        Directory = directory;
        Name = name;
    }

    /// <summary>The path of the containing directory, components separated by one slash; empty for the root.</summary>
    public byte[] Directory { get; }

    /// <summary>The last component; empty for the root itself.</summary>
    public byte[] Name { get; }

    public bool IsRoot => Name.Length == 0;

    /// <summary>Cleans a name by its text alone, as Docker does; the file system is asked later, with links kept inside the root.</summary>
    /// <exception cref="ArchiveException">The name climbs out of the root.</exception>
    public static EntryPath Parse(ReadOnlySpan<byte> name)
    {
        var components = new List<Range>();
        foreach (var part in name.Split((byte)'/'))
        {
            var component = name[part];
            if (component.IsEmpty || component.SequenceEqual("."u8))
            {
                continue;
            }

            if (!component.SequenceEqual(".."u8))
            {
                components.Add(part);
            }
            else if (components.Count > 0)
            {
                components.RemoveAt(components.Count - 1);
            }
            else
            {
                throw new ArchiveException($"invalid archive: \"{Encoding.UTF8.GetString(name)}\" is outside of the layer");
            }
        }

        if (components.Count == 0)
        {
            return new EntryPath([], []);
        }

        var directory = new List<byte>(name.Length);
        foreach (var part in components.SkipLast(1))
        {
            if (directory.Count > 0)
            {
                directory.Add((byte)'/');
            }

            directory.AddRange(name[part]);
        }

        return new EntryPath([.. directory], name[components[^1]].ToArray());
    }
}
