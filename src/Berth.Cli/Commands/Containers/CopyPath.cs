namespace Berth.Cli.Commands.Containers;

/// <summary>What paths of a copy mean: a slash or "/." at the end says that it is a directory, and "/." that its content is meant.</summary>
static class CopyPath
{
    /// <summary>An absolute local path, with what it ends in.</summary>
    public static string Local(string path)
    {
        var full = Clean(Path.GetFullPath(path));
        return NamesContent(path) ? full == "/" ? "/." : full + "/." : path.EndsWith('/') && full != "/" ? full + "/" : full;
    }

    public static bool NamesContent(string path) => path is "." || path.EndsWith("/.", StringComparison.Ordinal);

    public static bool NamesDirectory(string path) => path.EndsWith('/') || NamesContent(path);

    /// <summary>The directory that a path lies in, and its last component; "." of a path to a directory's content.</summary>
    public static (string Directory, string Name) Split(string path)
    {
        var clean = Clean(Path.GetFullPath(path, "/"));
        return NamesContent(path) ? (clean, ".")
            : clean == "/" ? ("/", "/")
            : (Path.GetDirectoryName(clean)!, Path.GetFileName(clean));
    }

    private static string Clean(string full) => full == "/" ? full : Path.TrimEndingDirectorySeparator(full);
}
