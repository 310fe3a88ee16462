using System.Globalization;
using Berth.Engine;

namespace Berth.Daemon.Life;

/// <summary>The file that tells the daemon's process id, for service scripts.</summary>
sealed class PidFile : IDisposable
{
    private readonly string _path;

    private PidFile(string path) => _path = path;

    /// <summary>Writes the file; one that a daemon left behind when it was killed is replaced.</summary>
    public static PidFile Write(string path)
    {
        if (RunningDaemon(path) is { } pid)
        {
            throw new EngineException(
                ErrorKind.Conflict,
                $"ensure berthd is not running or delete {path}: process with PID {pid} is still running");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new PidFile(path);
    }

    public void Dispose() => File.Delete(_path);

    /// <summary>The daemon that wrote the file, if it still runs; an id that another program got since does not count.</summary>
    private static int? RunningDaemon(string path)
    {
        if (!File.Exists(path)
            || !int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            || pid == Environment.ProcessId)
        {
            return null;
        }

        var process = $"/proc/{pid}";
        try
        {
            // One that was killed and that nobody has reaped yet has no command line any more.
            return Directory.Exists(process) && File.ReadAllText($"{process}/comm").TrimEnd() == "berthd" && File.ReadAllBytes($"{process}/cmdline").Length > 0 ? pid : null;
        }
        catch (IOException)
        {
            // It ended just now.
            return null;
        }
    }
}
