using System.Collections;
using Berth.Linux.Files;
using Berth.Monitor;
using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Logs;

/// <summary>
/// The files of one log, open from the oldest to the current one, so that a rotation takes none of them away. A file that is open
/// here is not compressed meanwhile (.NET's shared lock on it says so); one that is compressed is unpacked when it is first asked for.
/// </summary>
internal sealed class LogFiles : IReadOnlyList<SafeFileHandle>, IDisposable
{
    /// <summary>The directory's lock is held for moments only; who has it longer was stopped, and is not waited for.</summary>
    private const int LockAttempts = 100;

    private static readonly TimeSpan _lockPause = TimeSpan.FromMilliseconds(10);

    private readonly string _path;
    private readonly List<Opened> _files = [];

    private LogFiles(string path) => _path = path;

    public int Count => _files.Count;

    private string Folder => Path.GetDirectoryName(_path)!;

    /// <summary>A file's entries.</summary>
    public SafeFileHandle this[int index] => _files[index].Plain(Path.GetDirectoryName(Folder)!);

    public static async Task<LogFiles> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var files = new LogFiles(path);
        using (await files.HoldAsync(cancellationToken))
        {
            for (var i = files.Oldest(); i >= 0; i--)
            {
                files.TryAdd(i);
            }
        }

        return files;
    }

    /// <summary>Opens the file that came after the last one, if that was rotated away.</summary>
    /// <returns>False where the last one is still the current one, or all are gone.</returns>
    public async Task<bool> TryOpenNextAsync(CancellationToken cancellationToken)
    {
        using (await HoldAsync(cancellationToken))
        {
            var name = _files.Count == 0 ? "" : OpenFile.NameOf(_files[^1].File);
            return name != _path && name is not null && TryAdd(NumberOf(name) is { } number ? number - 1 : Oldest());
        }
    }

    /// <summary>A file that was read is not read again: others may compress or remove it.</summary>
    public void Close(int index) => _files[index].Dispose();

    public IEnumerator<SafeFileHandle> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _files.ForEach(f => f.Dispose());

    /// <summary>Keeps the monitor from rotating and its helper from renaming. Null: not in time, or there is no directory any more.</summary>
    private async Task<FileLock?> HoldAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < LockAttempts && Directory.Exists(Folder); i++)
        {
            if (FileLock.TryTake(Folder, shared: true) is { } hold)
            {
                return hold;
            }

            await Task.Delay(_lockPause, cancellationToken);
        }

        return null;
    }

    /// <summary>The number of the oldest file; 0 is the current one.</summary>
    private int Oldest() => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, Path.GetFileName(_path) + ".*").Select(NumberOf).Max() ?? 0
        : 0;

    /// <returns>Null where it is no rotated file, or one that was removed.</returns>
    private int? NumberOf(string name)
    {
        var plain = name.EndsWith(LogPlan.CompressedSuffix, StringComparison.Ordinal) ? name[..^LogPlan.CompressedSuffix.Length] : name;
        return plain.StartsWith(_path + ".", StringComparison.Ordinal) && int.TryParse(plain.AsSpan(_path.Length + 1), out var number) ? number : null;
    }

    private bool TryAdd(int number)
    {
        var name = number == 0 ? _path : $"{_path}.{number}";
        return TryAdd(name, isCompressed: false) || (number > 0 && TryAdd(name + LogPlan.CompressedSuffix, isCompressed: true));
    }

    private bool TryAdd(string name, bool isCompressed)
    {
        try
        {
            _files.Add(new Opened(File.OpenHandle(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), isCompressed));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private sealed class Opened(SafeFileHandle file, bool isCompressed) : IDisposable
    {
        private SafeFileHandle? _unpacked;

        public SafeFileHandle File => file;

        public SafeFileHandle Plain(string folder) => isCompressed ? _unpacked ??= LogUnpacking.Unpack(file, folder) : file;

        public void Dispose()
        {
            file.Dispose();
            _unpacked?.Dispose();
        }
    }
}
