using Berth.Engine;

namespace Berth.Daemon.Life;

/// <summary>
/// Keeps every other daemon away from a data root, as two would overwrite each other's records. The kernel gives the lock back
/// when its holder ends in whatever way, so that it is never stale.
/// </summary>
sealed class DataRootLock : IDisposable
{
    private readonly FileStream _file;

    private DataRootLock(FileStream file) => _file = file;

    public static DataRootLock Take(string dataRoot)
    {
        var path = Path.Combine(dataRoot, "berthd.lock");
        try
        {
            return new DataRootLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new EngineException(ErrorKind.Conflict, $"another berthd is running on {dataRoot}", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
