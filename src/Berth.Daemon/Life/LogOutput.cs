namespace Berth.Daemon.Life;

/// <summary>Where the daemon's own log goes.</summary>
static class LogOutput
{
    /// <param name="path">A file to append to; null: standard error.</param>
    public static StreamWriter Open(string? path)
    {
        if (path is null)
        {
            return new StreamWriter(Console.OpenStandardError());
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
    }
}
