using System.Text;

namespace Berth.Cli.Commands.Containers;

/// <summary>The file of <c>--cidfile</c>: made before the container, and removed again where none came of it.</summary>
sealed class ContainerIdFile : IDisposable
{
    private readonly FileStream _file;
    private bool _written;

    private ContainerIdFile(FileStream file) => _file = file;

    /// <returns>Null where none was asked for.</returns>
    /// <exception cref="CommandException">It exists, or cannot be made.</exception>
    public static ContainerIdFile? Create(string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        if (File.Exists(path))
        {
            throw new CommandException($"container ID file found, make sure the other container isn't running or delete {path}");
        }

        try
        {
            return new ContainerIdFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
        }
        catch (DirectoryNotFoundException)
        {
            throw new CommandException($"failed to create the container ID file: open {path}: no such file or directory");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandException($"failed to create the container ID file: open {path}: permission denied");
        }
    }

    public void Write(string id)
    {
        _file.Write(Encoding.ASCII.GetBytes(id));
        _written = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_written)
        {
            File.Delete(_file.Name);
        }
    }
}
