using System.Globalization;

namespace Berth.Engine.Containers;

/// <summary>Signals by name, with or without SIG, or by number: as kill and --stop-signal take them.</summary>
public static class StopSignals
{
    public const int Kill = 9;
    public const int Term = 15;
    private const int RtMin = 34;
    private const int RtMax = 64;

    // The numbers of x86-64 and arm64; in their order.
    private static readonly string[] _names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <exception cref="EngineException">No such signal.</exception>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is >= 1 and <= RtMax ? number : throw Invalid(text);
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        name = name switch { "IOT" => "ABRT", "POLL" => "IO", "CLD" => "CHLD", _ => name };
        return Array.IndexOf(_names, name) is >= 0 and var index ? index + 1 : RealTime(name) ?? throw Invalid(text);
    }

    private static int? RealTime(string name)
    {
        var (start, sign, rest) = name switch
        {
            _ when name.StartsWith("RTMIN", StringComparison.Ordinal) => (RtMin, '+', name[5..]),
            _ when name.StartsWith("RTMAX", StringComparison.Ordinal) => (RtMax, '-', name[5..]),
            _ => (0, ' ', ""),
        };
        return start == 0 ? null
            : rest.Length == 0 ? start
            : rest[0] == sign && int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset <= RtMax - RtMin
                ? sign == '+' ? start + offset : start - offset
                : null;
    }

    private static EngineException Invalid(string text) => ContainerErrors.Invalid($"invalid signal: {text}");
}
