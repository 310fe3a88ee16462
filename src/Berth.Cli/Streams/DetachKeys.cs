namespace Berth.Cli.Streams;

/// <summary>The keys that leave a terminal and let the container run on; by default Ctrl-P Ctrl-Q.</summary>
/// <param name="sequence">The bytes that the keys send.</param>
sealed class DetachKeys(byte[] sequence)
{
    private int _matched;

    /// <summary>Reads <c>ctrl-p,ctrl-q</c>: single characters, or ctrl- with a letter or one of @ [ \ ] ^ _.</summary>
    /// <exception cref="CommandException">It names no keys.</exception>
    public static DetachKeys Parse(string text)
    {
        if (text.Length == 0)
        {
            return new DetachKeys([16, 17]);
        }

        return new DetachKeys([.. text.Split(',').Select(key => key switch
        {
            [var single] => (byte)single,
            ['c' or 'C', 't' or 'T', 'r' or 'R', 'l' or 'L', '-', var letter] when char.IsAsciiLetter(letter) =>
                (byte)(char.ToLowerInvariant(letter) - 'a' + 1),
            ['c' or 'C', 't' or 'T', 'r' or 'R', 'l' or 'L', '-', var sign] when "@[\\]^_".Contains(sign, StringComparison.Ordinal) =>
                (byte)(sign == '@' ? 0 : sign - 'A' + 1),
            _ => throw new CommandException($"invalid detach keys ({text}): unknown character: '{key}'"),
        })]);
    }

    /// <summary>Passes typed bytes on, and holds back those that may be the beginning of the sequence.</summary>
    /// <returns>What may be sent, and whether the sequence is complete.</returns>
    public (byte[] Passed, bool Detached) Filter(ReadOnlySpan<byte> typed)
    {
        var passed = new List<byte>(typed.Length + sequence.Length);
        foreach (var key in typed)
        {
            if (key == sequence[_matched])
            {
                if (++_matched == sequence.Length)
                {
                    return ([.. passed], true);
                }

                continue;
            }

            passed.AddRange(sequence.AsSpan(0, _matched));
            _matched = 0;
            if (key == sequence[0])
            {
                _matched = 1;
            }
            else
            {
                passed.Add(key);
            }
        }

        return ([.. passed], false);
    }
}
