using System.Threading.Channels;
using Berth.Engine.Containers.Creation;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers.Logs;

/// <summary>Writes a container's log to a client: the files from the oldest on, then, where asked for, what comes until the container ends.</summary>
/// <remarks>
/// Its files are open from the beginning, and a client is answered only after that: clients follow a log, wait for the end of the
/// container, remove it, and only then read what they were sent.
/// </remarks>
public sealed class LogStream : IDisposable
{
    private const int ReadSize = 128 * 1024;

    private readonly Container _container;
    private readonly LogQuery _query;
    private readonly LogFormatter _formatter;
    private readonly LogFiles _files;

    /// <summary>What tells of changes, and what waits for them; null where the log is not followed, or there is nothing to watch any more.</summary>
    private readonly IDisposable? _watch;
    private readonly Channel<bool> _changes;

    /// <summary>What was read and does not end with a whole entry yet stays at the beginning.</summary>
    private byte[] _buffer = new byte[ReadSize];
    private int _held;
    private int _file;
    private long _offset;
    private long _limit = long.MaxValue;
    private int _limitedFile = int.MaxValue;

    private LogStream(Container container, LogQuery query, bool raw, LogFiles files, IDisposable? watch, Channel<bool> changes)
    {
        _container = container;
        _query = query;
        _formatter = new LogFormatter(query, raw);
        (_files, _watch, _changes) = (files, watch, changes);
    }

    /// <param name="container">Whose log.</param>
    /// <param name="query">What of it.</param>
    /// <param name="raw">Without frames.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<LogStream> OpenAsync(Container container, LogQuery query, bool raw, CancellationToken cancellationToken)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        // Before the first byte is read, so that whatever is written after that byte wakes the writer.
        var watch = query.Follow ? TryWatch(container.Paths.Directory, () => changes.Writer.TryWrite(true)) : null;
        try
        {
            return new LogStream(container, query, raw, await LogFiles.OpenAsync(LogDrivers.PathOf(container), cancellationToken), watch, changes);
        }
        catch
        {
            watch?.Dispose();
            throw;
        }
    }

    /// <summary>Writes and flushes; ends with the log, or, where it is followed, when the container has ended and is not about to run again.</summary>
    public async Task WriteAsync(Stream client, CancellationToken cancellationToken)
    {
        if (!_query.Follow && _files.Count > 0)
        {
            // A log that is not followed is the one of this moment, however fast it grows.
            _limit = RandomAccess.GetLength(_files[^1]);
            _limitedFile = _files.Count - 1;
        }

        if (_files.Count > 0)
        {
            (_file, _offset) = Begin();
        }

        while (true)
        {
            // The log is complete when its run has ended: what this round reads after that is all.
            var isMoreToCome = _query.Follow && IsMoreToCome();
            await CopyAsync(client, cancellationToken);
            await client.FlushAsync(cancellationToken);
            if (!isMoreToCome || _formatter.IsPastEnd)
            {
                return;
            }

            await _changes.Reader.ReadAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _files.Dispose();
    }

    private (int File, long Offset) Begin()
    {
        var tail = _query.Tail is { } lines ? LogTail.Find(_files, lines) : (0, 0);
        var since = LogFormatter.FixedTime(_query.Since) is { } time ? LogTimeSearch.Find(_files, time) : (0, 0);
        return tail.CompareTo(since) > 0 ? tail : since;
    }

    /// <summary>The container runs, or will run again without a user's asking; the change of that wakes the writer.</summary>
    private bool IsMoreToCome()
    {
        var change = _container.Lifecycle.NextChange;
        if (!_container.State.IsRunning && !_container.Lifecycle.IsBeingRestarted)
        {
            return false;
        }

        _ = change.ContinueWith(_ => _changes.Writer.TryWrite(true), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }

    private async Task CopyAsync(Stream client, CancellationToken cancellationToken)
    {
        while (_file < _files.Count || await _files.TryOpenNextAsync(cancellationToken))
        {
            await CopyFileAsync(client, cancellationToken);
            if (_file == _files.Count - 1)
            {
                if (_formatter.IsPastEnd || _file == _limitedFile || !await _files.TryOpenNextAsync(cancellationToken))
                {
                    return;
                }

                // What was appended between the last read and the rotation.
                await CopyFileAsync(client, cancellationToken);
            }

            _files.Close(_file);
            (_file, _offset, _held) = (_file + 1, 0, 0);
        }
    }

    private async Task CopyFileAsync(Stream client, CancellationToken cancellationToken)
    {
        var file = _files[_file];
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

    private static IDisposable? TryWatch(string directory, Action changed)
    {
        try
        {
            return DirectoryWatch.Start(directory, changed);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            // Removed at this moment: nothing changes any more.
            return null;
        }
    }
}
