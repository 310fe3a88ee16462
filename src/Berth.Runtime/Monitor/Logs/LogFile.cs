using Berth.Linux;
using Berth.Linux.Files;
using Berth.Monitor;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>The log on disk: the current file and those before it, PATH.1 (the youngest) and on.</summary>
internal sealed class LogFile : IDisposable
{
    private const uint Mode = 0b110_100_000;

    private readonly LogPlan _plan;
    private AppendFile _file;

    internal LogFile(LogPlan plan)
    {
        _plan = plan;
        _file = AppendFile.Open(plan.Path, Mode);
    }

    /// <summary>How many bytes still go into the current file before it is full.</summary>
    internal long Room => _plan.MaxSize > 0 ? _plan.MaxSize - _file.Length : long.MaxValue;

    internal bool IsEmpty => _file.Length == 0;

    /// <summary>Appends whole entries. A full disk loses them, as with Docker, and not the container.</summary>
    internal void Append(ReadOnlySpan<byte> entries) => _file.TryAppend(entries);

    /// <summary>
    /// Starts a new current file. With one file to keep there is no place for the old entries: they go. Where the file system
    /// refuses, the log goes on in the old file: that is better than losing it.
    /// </summary>
    internal void Rotate()
    {
        if (_plan.MaxFiles < 2)
        {
            _file.Clear();
            return;
        }

        try
        {
            for (var i = _plan.MaxFiles - 1; i > 1; i--)
            {
                if (File.Exists($"{_plan.Path}.{i - 1}"))
                {
                    File.Move($"{_plan.Path}.{i - 1}", $"{_plan.Path}.{i}", overwrite: true);
                }
            }

            File.Move(_plan.Path, $"{_plan.Path}.1", overwrite: true);
            var next = AppendFile.Open(_plan.Path, Mode);
            _file.Dispose();
            _file = next;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            // Tried again with the next entry.
        }
    }

    public void Dispose() => _file.Dispose();
}
