using System.Globalization;
using System.IO.Compression;
using Berth.Linux.Events;
using Berth.Linux.Files;
using Berth.Linux.Processes;
using Berth.Monitor;
using Berth.Runtime.Processes;
using Microsoft.Win32.SafeHandles;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>
/// Compresses the rotated files of a log in a process of its own, nobody's child, that may outlive the monitor. Whoever renames,
/// removes or opens files of a log holds the lock of their directory for that moment (<see cref="FileLock"/>): the monitor that
/// rotates, the daemon that reads, and this.
/// </summary>
/// <remarks>A file has its compressed name only once that is complete; killed in between, the file is there twice, and readers take the plain one.</remarks>
internal sealed class LogCompression : IDisposable
{
    private const int BlockSize = 64 * 1024;

    /// <summary>A file that somebody reads stays as it is; tried so often, with this pause, and again after the next rotation.</summary>
    private const int Attempts = 50;
    private const int PauseMilliseconds = 100;

    private readonly LogPlan _plan;
    private readonly string _directory;
    private readonly string _part;
    private readonly EventQueue _nothing = new();

    private LogCompression(LogPlan plan) => (_plan, _directory, _part) = (plan, Path.GetDirectoryName(plan.Path)!, plan.Path + ".part");

    /// <summary>Starts it; where one of this log is at work already, that does what there is.</summary>
    /// <exception cref="Berth.Linux.LinuxException">No process can be made.</exception>
    internal static void Start(LogPlan plan) => DetachedProcess.Start(() => Work(plan));

    public void Dispose() => _nothing.Dispose();

    private static void Work(LogPlan plan)
    {
        const uint batch = 3; // SCHED_BATCH
        const int idle = 3;
        const int lastNice = 19;
        ProcessControl.SetName("berth-log-gzip");
        Scheduling.Set(new SchedulingPolicy(batch, Flags: 0, lastNice, Priority: 0, Runtime: 0, Deadline: 0, Period: 0));
        Scheduling.SetIoPriority(idle, 0);
        using var compression = new LogCompression(plan);
        while (compression.TryCompressOne())
        {
        }
    }

    /// <returns>False where nothing is left to do, or somebody else does it.</returns>
    private bool TryCompressOne()
    {
        if (Try(Begin) is not { } job)
        {
            return false;
        }

        using (job)
        {
            Compress(job.Plain, job.Part);
            job.Part.Flush(flushToDisk: true);
            if (Try(() => Name(job)) is not null)
            {
                return true;
            }

            File.Delete(_part);
            return false;
        }
    }

    private static void Compress(SafeFileHandle plain, FileStream part)
    {
        using var compressed = new GZipStream(part, CompressionLevel.Fastest, leaveOpen: true);
        var block = new byte[BlockSize];
        for (var offset = 0L; RandomAccess.Read(plain, block, offset) is > 0 and var length; offset += length)
        {
            compressed.Write(block, 0, length);
        }
    }

    /// <summary>Does a step with the directory's lock; again, after a pause, while somebody reads the file.</summary>
    /// <returns>Null where the step has nothing to do, or could not be done in all this time.</returns>
    private T? Try<T>(Func<(T? Result, bool IsBusy)> step)
        where T : class
    {
        for (var i = 0; i < Attempts && Directory.Exists(_directory); i++)
        {
            using (var hold = FileLock.TryTake(_directory))
            {
                if (hold is not null && step() is { IsBusy: false } done)
                {
                    return done.Result;
                }
            }

            _nothing.Wait(PauseMilliseconds);
        }

        return null;
    }

    /// <summary>
    /// Takes the oldest file that is still plain, unless somebody reads it. Whoever has the unfinished file does all the work: it
    /// goes together with the finding that nothing is left, so that a file that is rotated after that is another's.
    /// </summary>
    private (Job? Job, bool IsBusy) Begin()
    {
        FileStream part;
        try
        {
            part = new FileStream(_part, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            });
        }
        catch (IOException)
        {
            return (null, false);
        }

        for (var i = _plan.MaxFiles - 1; i > 0; i--)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{_plan.Path}.{i}");
            if (!File.Exists(name))
            {
                continue;
            }

            var plain = File.OpenHandle(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (FileLock.TryChange(plain, shared: false) && FileLock.TryChange(plain, shared: true))
            {
                part.SetLength(0);
                return (new Job(plain, part), false);
            }

            plain.Dispose();
            GiveUp(part);
            return (null, true);
        }

        GiveUp(part);
        return (null, false);
    }

    private void GiveUp(FileStream part)
    {
        File.Delete(_part);
        part.Dispose();
    }

    /// <summary>Puts the compressed file in the place of the plain one, wherever that was rotated to, unless somebody reads it.</summary>
    private (string? Name, bool IsBusy) Name(Job job)
    {
        var name = OpenFile.NameOf(job.Plain);
        if (name is null || !File.Exists(name))
        {
            // Rotated away meanwhile; there may be others.
            File.Delete(_part);
            return (_part, false);
        }

        if (!FileLock.TryChange(job.Plain, shared: false))
        {
            return (null, true);
        }

        // It was this process's alone while it was unfinished. As the log's file it is its readers', too.
        _ = FileLock.TryChange(job.Part.SafeFileHandle, shared: true);
        File.Move(_part, name + LogPlan.CompressedSuffix, overwrite: true);
        File.Delete(name);
        return (name, false);
    }

    private sealed record Job(SafeFileHandle Plain, FileStream Part) : IDisposable
    {
        public void Dispose()
        {
            Plain.Dispose();
            Part.Dispose();
        }
    }
}
