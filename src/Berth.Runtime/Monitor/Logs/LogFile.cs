using System.Globalization;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Monitor;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>The log on disk: the current file and those before it, PATH.1 (the youngest) and on, compressed ones as PATH.1.gz.</summary>
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

    /// <summary>Told once, when the first entries were lost.</summary>
    internal Action? OnLost { get; set; }

    /// <summary>How many bytes still go into the current file before it is full.</summary>
    internal long Room => _plan.MaxSize > 0 ? _plan.MaxSize - _file.Length : long.MaxValue;

    internal bool IsEmpty => _file.Length == 0;

    /// <summary>Appends whole entries. A full disk loses them, as with Docker, and not the container.</summary>
    internal void Append(ReadOnlySpan<byte> entries)
    {
        if (!_file.TryAppend(entries))
        {
            var onLost = OnLost;
            OnLost = null;
            onLost?.Invoke();
        }
    }

    /// <summary>
    /// Starts a new current file. With one file to keep there is no place for the old entries: they go. Where the file system
    /// refuses, the log goes on in the old file: that is better than losing it.
    /// </summary>
    internal void Rotate()
    {
        if (_plan.MaxFiles < 2)
        {
            _file.Cut(0);
            return;
        }

        try
        {
            using (var hold = FileLock.TryTake(Path.GetDirectoryName(_plan.Path)!))
            {
                if (hold is null)
                {
                    // Somebody opens or renames files of the log at this moment. Tried again with the next entry.
                    return;
                }

                Remove(_plan.MaxFiles - 1);
                for (var i = _plan.MaxFiles - 1; i > 1; i--)
                {
                    Shift(i - 1);
                }

                File.Move(_plan.Path, NameOf(1), overwrite: true);
                var next = AppendFile.Open(_plan.Path, Mode);
                _file.Dispose();
                _file = next;
            }

            if (_plan.Compress)
            {
                LogCompression.Start(_plan);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            // Tried again with the next entry.
        }
    }

    private string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{_plan.Path}.{number}");

    private void Remove(int number)
    {
        File.Delete(NameOf(number));
        File.Delete(NameOf(number) + LogPlan.CompressedSuffix);
    }

    /// <summary>Gives a file the next number, which is free. Where it is there in both forms its compression was cut off after it was complete.</summary>
    private void Shift(int number)
    {
        var (name, next) = (NameOf(number), NameOf(number + 1));
        if (File.Exists(name))
        {
            File.Delete(name + LogPlan.CompressedSuffix);
            File.Move(name, next);
        }
        else if (File.Exists(name + LogPlan.CompressedSuffix))
        {
            File.Move(name + LogPlan.CompressedSuffix, next + LogPlan.CompressedSuffix);
        }
    }

    public void Dispose() => _file.Dispose();
}
