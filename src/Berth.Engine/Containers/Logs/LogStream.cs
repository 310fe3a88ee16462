using System.Threading.Channels;
using Berth.Engine.Containers.Creation;
using Berth.Linux;
using Berth.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Logs;

/// <summary>Writes a container's log to a client: the files from the oldest on, then, where asked for, what comes until the container ends.</summary>
public sealed class LogStream
{
    private const int ReadSize = 128 * 1024;

    private readonly Container _container;
    private readonly LogQuery _query;
    private readonly LogFormatter _formatter;

    /// <summary>What was read and does not end with a whole entry yet stays at the beginning.</summary>
    private byte[] _buffer = new byte[ReadSize];
    private int _held;
    private int _file;
    private long _offset;
    private long _limit = long.MaxValue;
    private int _limitedFile = int.MaxValue;

    internal LogStream(Container container, LogQuery query, bool raw)
    {
        _container = container;
        _query = query;
        _formatter = new LogFormatter(query, raw);
    }

    /// <summary>Writes and flushes; ends with the log, or, where it is followed, when the container has ended and is not about to run again.</summary>
    public async Task WriteAsync(Stream client, CancellationToken cancellationToken)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        // Before the first byte is read, so that whatever is written after that byte wakes this.
        using var watch = _query.Follow ? TryWatch(() => changes.Writer.TryWrite(true)) : null;
        using var files = await LogFiles.OpenAsync(LogDrivers.PathOf(_container), cancellationToken);
        if (!_query.Follow && files.Count > 0)
        {
            // A log that is not followed is the one of this moment, however fast it grows.
            _limit = RandomAccess.GetLength(files[^1]);
            _limitedFile = files.Count - 1;
        }

        if (files.Count > 0)
        {
            (_file, _offset) = Begin(files);
        }

        while (true)
        {
            // The log is complete when its run has ended: what this round reads after that is all.
            var isMoreToCome = _query.Follow && IsMoreToCome(changes.Writer);
            await CopyAsync(files, client, cancellationToken);
            await client.FlushAsync(cancellationToken);
            if (!isMoreToCome || _formatter.IsPastEnd)
            {
                return;
            }

            await changes.Reader.ReadAsync(cancellationToken);
        }
    }

    private (int File, long Offset) Begin(IReadOnlyList<SafeFileHandle> files)
    {
        var tail = _query.Tail is { } lines ? LogTail.Find(files, lines) : (0, 0);
        var since = LogFormatter.FixedTime(_query.Since) is { } time ? LogTimeSearch.Find(files, time) : (0, 0);
        return tail.CompareTo(since) > 0 ? tail : since;
    }

    /// <summary>The container runs, or will run again without a user's asking; the change of that wakes the writer.</summary>
    private bool IsMoreToCome(ChannelWriter<bool> changes)
    {
        var change = _container.Lifecycle.NextChange;
        if (!_container.State.IsRunning && !_container.RestartUnderWay)
        {
            return false;
        }

        _ = change.ContinueWith(_ => changes.TryWrite(true), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }

    private async Task CopyAsync(LogFiles files, Stream client, CancellationToken cancellationToken)
    {
        while (_file < files.Count || await files.TryOpenNextAsync(cancellationToken))
        {
            await CopyFileAsync(files, client, cancellationToken);
            if (_file == files.Count - 1)
            {
                if (_formatter.IsPastEnd || _file == _limitedFile || !await files.TryOpenNextAsync(cancellationToken))
                {
                    return;
                }

                // What was appended between the last read and the rotation.
                await CopyFileAsync(files, client, cancellationToken);
            }

            files.Close(_file);
            (_file, _offset, _held) = (_file + 1, 0, 0);
        }
    }

    private async Task CopyFileAsync(LogFiles files, Stream client, CancellationToken cancellationToken)
    {
        var file = files[_file];
        if (RandomAccess.GetLength(file) < _offset)
        {
            // A log of one file is emptied when it is full.
            (_offset, _held) = (0, 0);
        }

        while (!_formatter.IsPastEnd)
        {
            if (_held == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var wanted = (int)Math.Min(_buffer.Length - _held, _file == _limitedFile ? _limit - _offset : long.MaxValue);
            var length = wanted <= 0 ? 0 : await RandomAccess.ReadAsync(file, _buffer.AsMemory(_held, wanted), _offset, cancellationToken);
            if (length == 0)
            {
                return;
            }

            _offset += length;
            var read = _held + length;
            var whole = _buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
            _formatter.Add(_buffer.AsSpan(0, whole));
            _buffer.AsSpan(whole, read - whole).CopyTo(_buffer);
            _held = read - whole;
            await client.WriteAsync(_formatter.Output, cancellationToken);
            _formatter.Clear();
        }
    }

    private IDisposable? TryWatch(Action changed)
    {
        try
        {
            return DirectoryWatch.Start(_container.Paths.Directory, changed);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            // Removed at this moment: nothing changes any more.
            return null;
        }
    }
}
