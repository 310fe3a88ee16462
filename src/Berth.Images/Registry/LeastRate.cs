namespace Berth.Images.Registry;

/// <summary>Notices a connection on which bytes come, but so few that it is as good as silent. Of one reader.</summary>
/// <param name="bytesPerSecond">What must come on average.</param>
/// <param name="window">Over this much time spent waiting.</param>
internal sealed class LeastRate(int bytesPerSecond, TimeSpan window)
{
    private TimeSpan _waited;
    private long _received;

    /// <summary>Notes what came, and how long it was waited for: what the reader did before is not the connection's fault.</summary>
    public void Add(int count, TimeSpan waited)
    {
        if (_waited >= window)
        {
            (_received, _waited) = (0, TimeSpan.Zero);
        }

        _received += count;
        _waited += waited;
    }

    /// <exception cref="TimeoutException">Too few bytes came in the window that has just ended.</exception>
    public void Check()
    {
        if (_waited >= window && _received < bytesPerSecond * _waited.TotalSeconds)
        {
            throw new TimeoutException(FormattableString.Invariant($"only {_received} bytes in {_waited.TotalSeconds:0.#} s"));
        }
    }
}
