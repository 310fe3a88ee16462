using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Logs;

/// <summary>The files of one log, open from the oldest to the current one, so that a rotation takes none of them away.</summary>
internal sealed class LogFiles : IDisposable
{
    private readonly string _path;
    private readonly List<SafeFileHandle> _files = [];

    private LogFiles(string path) => _path = path;

    public IReadOnlyList<SafeFileHandle> All => _files;

    public static LogFiles Open(string path)
    {
        var files = new LogFiles(path);
        var rotated = 0;
        while (File.Exists(Rotated(path, rotated + 1)))
        {
            rotated++;
        }

        for (var i = rotated; i >= 0; i--)
        {
            files.TryAdd(Rotated(path, i));
        }

        return files;
    }

    /// <summary>Opens the file that came after the last one, if that was rotated away.</summary>
    /// <returns>False where the last one is still the current one, or all are gone.</returns>
    public bool TryOpenNext()
    {
        if (_files.Count == 0)
        {
            return TryAdd(_path);
        }

        // The kernel knows what an open file is called now, whatever it was called when it was opened.
        var name = File.ResolveLinkTarget($"/proc/self/fd/{_files[^1].DangerousGetHandle()}", returnFinalTarget: false)?.FullName;
        if (name == _path || name is null)
        {
            return false;
        }

        var number = name.StartsWith(_path + ".", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(_path.Length + 1), out var rotated)
            ? rotated - 1
            : 0;
        return TryAdd(Rotated(_path, number));
    }

    public void Dispose() => _files.ForEach(f => f.Dispose());

    private static string Rotated(string path, int number) => number == 0 ? path : $"{path}.{number}";

    private bool TryAdd(string path)
    {
        try
        {
            _files.Add(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }
}
