using System.Globalization;
using Berth.Engine;

namespace Berth.Daemon.Server;

partial class ApiRequest
{
    /// <summary>The value of a query parameter; null where it is absent.</summary>
    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var all) && all.Count > 0 ? all[0] ?? "" : null;

    /// <summary>All values of a parameter that may be given several times.</summary>
    public IReadOnlyList<string> QueryAll(string name) =>
        http.Request.Query.TryGetValue(name, out var all) ? [.. all.Select(v => v ?? "")] : [];

    /// <summary>Docker's idea of truth: everything but nothing, 0, no, false and none.</summary>
    public bool QueryFlag(string name, bool otherwise = false) => Query(name) is { } value ? IsTrue(value) : otherwise;

    /// <summary>A whole number; <paramref name="otherwise"/> where it is absent or empty.</summary>
    public long QueryNumber(string name, long otherwise)
    {
        var text = Query(name);
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        return ParseNumber(text);
    }

    /// <summary>A time as seconds since the epoch, with a fraction of up to nine digits or without; null where it is absent or empty.</summary>
    public DateTimeOffset? QueryTime(string name)
    {
        var text = Query(name);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var seconds = ParseNumber(dot < 0 ? text : text[..dot]);
        var nanoseconds = dot < 0 ? 0 : ParseNumber(text[(dot + 1)..].PadRight(9, '0')[..9]);
        try
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"invalid value for \"{name}\": {text}", e);
        }
    }

    /// <summary>The filters parameter, in either of its forms.</summary>
    public Filters QueryFilters() => Filters.Parse(Query("filters"));

    private static long ParseNumber(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new EngineException(ErrorKind.InvalidParameter, $"strconv.ParseInt: parsing \"{text}\": {NumberProblem(text)}");

    /// <summary>Why a text is no number of the size that is wanted, in Go's words.</summary>
    public static string NumberProblem(string text) =>
        text.TrimStart('-', '+') is { Length: > 0 } digits && digits.All(char.IsAsciiDigit) ? "value out of range" : "invalid syntax";

    private static bool IsTrue(string value) =>
        value.Trim().ToLowerInvariant() is not ("" or "0" or "no" or "false" or "none");
}
