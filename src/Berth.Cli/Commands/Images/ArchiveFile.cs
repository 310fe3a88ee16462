namespace Berth.Cli.Commands.Images;

/// <summary>An archive that a command line names.</summary>
static class ArchiveFile
{
    /// <exception cref="CommandException">It cannot be read; the message is Go's.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"open {path}: no such file or directory");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandException(Directory.Exists(path) ? $"read {path}: is a directory" : $"open {path}: permission denied");
        }
    }
}
