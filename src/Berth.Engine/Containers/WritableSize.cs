namespace Berth.Engine.Containers;

/// <summary>How many bytes a container has written, for those who ask with size=1.</summary>
internal static class WritableSize
{
    private static readonly EnumerationOptions _everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = true,
    };

    public static long Of(string directory) => Directory.Exists(directory)
        ? new System.IO.Enumeration.FileSystemEnumerable<long>(directory, (ref entry) => entry.IsDirectory ? 0 : entry.Length, _everything)
        {
            ShouldRecursePredicate = (ref entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        }.Sum()
        : 0;
}
