namespace Berth.Engine.Containers.Streams;

/// <summary>The keys that detach a client from a terminal, such as ctrl-p,ctrl-q.</summary>
public static class DetachKeys
{
    /// <summary>ctrl-p, ctrl-q.</summary>
    private static readonly byte[] _default = [16, 17];

    /// <param name="text">Keys with commas between: a letter, or ctrl- and one of a-z @ [ \ ] ^ _. Null or empty: the default.</param>
    public static byte[] Parse(string? text) =>
        string.IsNullOrEmpty(text) ? _default : [.. text.Split(',').Select(key => ParseKey(key) ?? throw ContainerErrors.Invalid($"Invalid escape keys ({text}) provided"))];

    private static byte? ParseKey(string key) => key switch
    {
        [< (char)128 and var c] => (byte)c,
        "DEL" => 127,
        ['c', 't', 'r', 'l', '-', >= 'a' and <= 'z' and var c] => (byte)(c - 'a' + 1),
        "ctrl-@" => 0,
        "ctrl-[" => 27,
        "ctrl-\\" => 28,
        "ctrl-]" => 29,
        "ctrl-^" => 30,
        "ctrl-_" => 31,
        _ => null,
    };
}
