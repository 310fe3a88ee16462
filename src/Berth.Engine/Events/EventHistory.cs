using System.Text.Json;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Events;

/// <summary>
/// The events of the past on disk: segments of a directory, the oldest of which go when the others hold enough. What was written
/// outlives the daemon, however it ends; a power failure may cost the last seconds.
/// </summary>
internal sealed class EventHistory : IDisposable
{
    /// <summary>How many events are kept at least.</summary>
    public const int Kept = 100_000;

    private const int SegmentLength = 4096;

    private readonly string _directory;
    private readonly LinkedList<EventSegment> _segments = new();

    /// <summary>Opens what is there and goes on with its last segment, so that their number grows with the events and not with the starts.</summary>
    public EventHistory(string directory)
    {
        _directory = directory;
        PrivateDirectory.Make(directory);
        var next = 0L;
        foreach (var (path, first) in EventSegment.Find(directory))
        {
            var segment = EventSegment.Open(path, first);
            if (segment.Count == 0)
            {
                segment.Delete();
                segment.Dispose();
                continue;
            }

            Add(segment);
            next = first + segment.Count;
        }

        try
        {
            if (_segments.Last is { Value: { Count: < SegmentLength } last })
            {
                last.Resume();
                return;
            }

            Add(EventSegment.Create(directory, next));
        }
        catch (Exception e) when (e is LinuxException or IOException)
        {
            // The disk is full. The next event tries again to begin a segment.
            Add(EventSegment.Missing(next));
        }
    }

    /// <summary>Where the next event will be.</summary>
    public (EventSegment Segment, long Offset) End => (_segments.Last!.Value, _segments.Last.Value.Length);

    /// <summary>The oldest segment that may have events of this time or later.</summary>
    public EventSegment From(DateTimeOffset since)
    {
        var node = _segments.Last!;
        while (node.Previous is { } previous && !IsBefore(node.Value, since))
        {
            node = previous;
        }

        return node.Value;
    }

    /// <returns>False where the disk does not take it.</returns>
    public bool TryAppend(EngineEvent happened)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(happened, EventJson.Default.EngineEvent), (byte)'\n'];
        if (_segments.Last!.Value is { IsMissing: true } or { Count: >= SegmentLength } && !TryRotate())
        {
            return false;
        }

        return _segments.Last.Value.TryAppend(line);
    }

    /// <summary>Ends the writing; readers may still be at it.</summary>
    public void Dispose() => _segments.Last!.Value.Complete();

    private static bool IsBefore(EventSegment segment, DateTimeOffset since) =>
        segment.Read(0).Select(e => (DateTimeOffset?)e.Event.Time).FirstOrDefault() < since;

    private bool TryRotate()
    {
        var last = _segments.Last!.Value;
        try
        {
            Add(EventSegment.Create(_directory, last.First + last.Count));
        }
        catch (Exception e) when (e is LinuxException or IOException)
        {
            return false;
        }

        last.Complete();
        while (_segments.First!.Next!.Value is { } second && last.First + last.Count - second.First >= Kept)
        {
            _segments.First.Value.Delete();
            _segments.RemoveFirst();
        }

        return true;
    }

    private void Add(EventSegment segment)
    {
        if (_segments.Last is { } last)
        {
            last.Value.Next = segment;
        }

        _segments.AddLast(segment);
    }
}
