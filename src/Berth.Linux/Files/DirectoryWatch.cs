using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Berth.Linux.Descriptors;
using Berth.Linux.Native;

namespace Berth.Linux.Files;

/// <summary>
/// Tells of changes of files in directories (inotify(7)): all watches of a process share one instance, of which the kernel allows a
/// user few, and one thread, which ends with the last of them.
/// </summary>
public static unsafe class DirectoryWatch
{
    private static readonly Lock _gate = new();
    private static readonly Dictionary<int, List<Action>> _watched = [];
    private static FileDescriptor? _instance;

    /// <param name="directory">Its own entries are watched, not what is below them.</param>
    /// <param name="changed">Called on the watching thread when a file was written, made or moved in; must return at once.</param>
    /// <returns>Disposed, it watches no more.</returns>
    public static IDisposable Start(string directory, Action changed)
    {
        lock (_gate)
        {
            var instance = _instance ??= Open();
            var watch = Libc.inotify_add_watch(
                instance.Number, directory, Libc.IN_MODIFY | Libc.IN_CREATE | Libc.IN_MOVED_TO | Libc.IN_ONLYDIR);
            if (watch < 0)
            {
                var error = LinuxException.FromLastError("inotify_add_watch", directory);
                CloseIfUnused();
                throw error;
            }

            // The kernel gives one directory one number, however often it is watched.
            if (!_watched.TryGetValue(watch, out var actions))
            {
                _watched.Add(watch, actions = []);
            }

            actions.Add(changed);
            return new Registration(watch, changed);
        }
    }

    private static FileDescriptor Open()
    {
        var instance = new FileDescriptor(Libc.inotify_init1(Libc.IN_CLOEXEC));
        if (instance.IsInvalid)
        {
            throw LinuxException.FromLastError("inotify_init1");
        }

        new Thread(() => Read(instance)) { IsBackground = true, Name = "inotify" }.Start();
        return instance;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The reading thread closes it")]
    private static void CloseIfUnused()
    {
        if (_watched.Count == 0)
        {
            _instance = null;
        }
    }

    /// <summary>Reads until the last watch is gone: removing one makes the kernel send an event, so that this wakes.</summary>
    private static void Read(FileDescriptor instance)
    {
        using (instance)
        {
            var buffer = new byte[4096];
            while (DescriptorStream.Read(instance, buffer, out var length) is Transfer.Done)
            {
                List<Action> called = [];
                lock (_gate)
                {
                    foreach (var watch in WatchesOf(buffer.AsSpan(0, length)))
                    {
                        if (_watched.TryGetValue(watch, out var actions))
                        {
                            called.AddRange(actions);
                        }
                    }

                    if (_instance != instance)
                    {
                        return;
                    }
                }

                called.ForEach(action => action());
            }
        }
    }

    private static HashSet<int> WatchesOf(ReadOnlySpan<byte> events)
    {
        var watches = new HashSet<int>();
        while (events.Length >= sizeof(Libc.inotify_event))
        {
            var one = MemoryMarshal.Read<Libc.inotify_event>(events);
            watches.Add(one.wd);
            events = events[(sizeof(Libc.inotify_event) + (int)one.len)..];
        }

        return watches;
    }

    private sealed class Registration(int watch, Action changed) : IDisposable
    {
        private bool _disposed;

        public void Dispose()
        {
            lock (_gate)
            {
                if (_disposed || !_watched.TryGetValue(watch, out var actions))
                {
                    return;
                }

                _disposed = true;
                actions.Remove(changed);
                if (actions.Count == 0)
                {
                    _watched.Remove(watch);
                    var instance = _instance!;
                    CloseIfUnused();
                    // Also wakes the thread; fails where the directory was removed, and then the kernel has woken it already.
                    _ = Libc.inotify_rm_watch(instance.Number, watch);
                }
            }
        }
    }
}
