using Berth.Engine;

namespace Berth.Daemon.Life;

/// <summary>
/// Keeps every other daemon away from a data root, as two would overwrite each other's records. The kernel gives the lock back
/// when its holder ends in whatever way, so that it is never stale.
/// </summary>
sealed class DataRootLock : IDisposable
{
    private static readonly FileStreamOptions _options = new()
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    private readonly FileStream _file;

    private DataRootLock(FileStream file) => _file = file;

    /// <summary>
    /// Takes the lock. One that is held is waited for a little: a daemon that is ending keeps it until the last, and its
    /// successor may be there already.
    /// </summary>
    public static async Task<DataRootLock> TakeAsync(string dataRoot, TimeSpan patience, TimeProvider time)
    {
        var path = Path.Combine(dataRoot, "berthd.lock");
        for (var waited = TimeSpan.Zero; ; waited += _pause)
        {
            try
            {
                return new DataRootLock(new FileStream(path, _options));
            }
            catch (IOException e) when (File.Exists(path))
            {
                if (waited >= patience)
                {
                    throw new EngineException(ErrorKind.Conflict, $"another berthd is running on {dataRoot}", e);
                }
            }

            await Task.Delay(_pause, time);
        }
    }

    public void Dispose() => _file.Dispose();
}
