namespace Berth.Engine.Containers.Streams;

/// <summary>Looks for the detach keys in what a client types, and holds back a beginning of them until it is known to be none.</summary>
internal sealed class DetachScanner(byte[] keys)
{
    private int _matched;

    /// <summary>Takes what was typed.</summary>
    /// <param name="typed">The bytes as they came.</param>
    /// <param name="passed">Receives those that are for the process; at most as many as typed and held back before.</param>
    /// <returns>True where the keys are complete: the client detaches.</returns>
    public bool Scan(ReadOnlySpan<byte> typed, List<byte> passed)
    {
        foreach (var key in typed)
        {
            if (key == keys[_matched])
            {
                if (++_matched == keys.Length)
                {
                    _matched = 0;
                    return true;
                }

                continue;
            }

            passed.AddRange(keys.AsSpan(0, _matched));
            _matched = key == keys[0] ? 1 : 0;
            if (_matched == 0)
            {
                passed.Add(key);
            }
        }

        return false;
    }
}
