using System.Diagnostics;
using Berth.Linux.Events;

namespace Berth.Runtime.Monitor;

/// <summary>
/// Lets output gather for a moment where a process writes much of it in small pieces. Each piece would otherwise be read, logged and
/// sent for itself, and wake every process on its way to the client: those then compete with the one that writes.
/// </summary>
internal sealed class OutputPacing
{
    /// <summary>What seldom writes is read at once, as is what wrote less than this many small pieces in a row.</summary>
    private const int Row = 16;

    private const int SmallPiece = 16 * 1024;

    /// <summary>Less than a pipe takes to fill at the speed that small pieces come in, and than anybody sees.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMicroseconds(300);

    /// <summary>Pieces that are further apart are no row.</summary>
    private static readonly TimeSpan _gap = TimeSpan.FromMilliseconds(2);

    private long _time;
    private int _count;
    private int _inRow;

    /// <summary>Before a read: waits where the one before brought little.</summary>
    internal void Await()
    {
        if (_inRow >= Row && _count <= SmallPiece)
        {
            ShortSleep.For(_pause);
        }
    }

    /// <summary>After a read of this many bytes.</summary>
    internal void Note(int count)
    {
        var now = Stopwatch.GetTimestamp();
        _inRow = Stopwatch.GetElapsedTime(_time, now) > _gap ? 0 : count <= SmallPiece ? _inRow + 1 : _inRow;
        (_time, _count) = (now, count);
    }
}
