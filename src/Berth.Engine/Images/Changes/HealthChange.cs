using System.Globalization;
using Berth.Engine.Containers;
using Berth.Oci.Images;

namespace Berth.Engine.Images.Changes;

/// <summary>A HEALTHCHECK: its flags, then NONE, or CMD and a command.</summary>
internal static class HealthChange
{
    private const long Least = 1_000_000;

    public static OciHealthcheck Parse(string text)
    {
        var health = new OciHealthcheck();
        while (text.StartsWith("--", StringComparison.Ordinal))
        {
            var end = text.AsSpan().IndexOfAny(' ', '\t');
            var flag = end < 0 ? text : text[..end];
            text = end < 0 ? "" : text[end..].TrimStart();
            health = WithFlag(health, flag);
        }

        var (type, rest) = text.Split((char[])[' ', '\t'], 2) is [var first, var second] ? (first, second.Trim()) : (text, "");
        return type.ToUpperInvariant() switch
        {
            "" => throw ImageErrors.Invalid("HEALTHCHECK requires at least one argument"),
            "NONE" when rest.Length > 0 => throw ImageErrors.Invalid("HEALTHCHECK NONE takes no arguments"),
            "NONE" => new OciHealthcheck { Test = ["NONE"] },
            "CMD" when rest.Length == 0 => throw ImageErrors.Invalid("Missing command after HEALTHCHECK CMD"),
            "CMD" => health with { Test = ConfigChanges.TryList(rest) is { } list ? ["CMD", .. list] : ["CMD-SHELL", rest] },
            var other => throw ImageErrors.Invalid($"Unknown type \"{other}\" in HEALTHCHECK (try CMD)"),
        };
    }

    private static OciHealthcheck WithFlag(OciHealthcheck health, string flag)
    {
        var (name, value) = flag.Split('=', 2) is [var left, var right] ? (left, right) : (flag, null);
        return name switch
        {
            not ("--interval" or "--timeout" or "--start-period" or "--start-interval" or "--retries") => throw ImageErrors.Invalid($"unknown flag: {name}"),
            _ when value is null => throw ImageErrors.Invalid($"missing a value on flag: {name}"),
            "--interval" => health with { Interval = Span("interval", value) },
            "--timeout" => health with { Timeout = Span("timeout", value) },
            "--start-period" => health with { StartPeriod = Span("start-period", value) },
            "--start-interval" => health with { StartInterval = Span("start-interval", value) },
            _ => health with { Retries = Retries(value) },
        };
    }

    private static long Span(string name, string text)
    {
        if (text is "" or "0")
        {
            return 0;
        }

        var negative = text.StartsWith('-');
        if (!GoDuration.TryParse(text.TrimStart('-', '+'), out var span))
        {
            throw ImageErrors.Invalid($"time: invalid duration \"{text}\"");
        }

        var nanoseconds = (negative ? -1 : 1) * (long)span.TotalNanoseconds;
        return nanoseconds is 0 or >= Least ? nanoseconds : throw ImageErrors.Invalid($"Interval \"{name}\" cannot be less than 1ms");
    }

    private static int Retries(string text) =>
        text.Length == 0 ? 0
        : !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? throw ImageErrors.Invalid($"strconv.ParseInt: parsing \"{text}\": invalid syntax")
        : number < 0 ? throw ImageErrors.Invalid($"--retries cannot be negative ({number})")
        : number;
}
