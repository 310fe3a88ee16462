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
        return new StreamWriter(new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,

            // What a full disk does not take is lost, and not written twice when there is room again.
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }));
    }
}
