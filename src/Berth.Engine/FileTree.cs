namespace Berth.Engine;

/// <summary>Directories with what users put into them.</summary>
internal static class FileTree
{
    /// <summary>Removes a directory with all that is in it; links in it are not followed. Does nothing where it is not there.</summary>
    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone is what was asked for.
        }
    }
}
