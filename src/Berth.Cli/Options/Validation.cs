using System.Globalization;
using System.Net;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>What Docker's command line itself demands of the values of flags; the rest is the daemon's to judge.</summary>
static class Validation
{
    public static string Environment(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals == 0 || text.Length == 0)
        {
            throw new FormatException($"invalid environment variable: {text}");
        }

        if (equals > 0)
        {
            return text;
        }

        return System.Environment.GetEnvironmentVariable(text) is { } value ? $"{text}={value}" : text;
    }

    public static string Label(string text) =>
        text.StartsWith('=') || text.Length == 0 ? throw new FormatException($"invalid label '{text}': empty name") : text;

    public static string Attach(string text) => text.ToLowerInvariant() switch
    {
        "stdin" or "stdout" or "stderr" => text.ToLowerInvariant(),
        _ => throw new FormatException("valid streams are STDIN, STDOUT and STDERR"),
    };

    public static string Address(string text) => IPAddress.TryParse(text.Trim(), out var address) && LooksNumeric(text)
        ? address.ToString()
        : throw new FormatException($"IP address is not correctly formatted: {text}");

    public static string ExtraHost(string text)
    {
        var split = text.IndexOfAny([':', '=']);
        if (split <= 0)
        {
            throw new FormatException($"bad format for add-host: {GoText.Quote(text)}");
        }

        var address = text[(split + 1)..];
        if (address is ['[', .., ']'])
        {
            address = address[1..^1];
        }

        return address == "host-gateway" || (IPAddress.TryParse(address, out _) && LooksNumeric(address))
            ? $"{text[..split]}:{address}"
            : throw new FormatException($"invalid IP address in add-host: {GoText.Quote(address)}");
    }

    /// <summary>A search domain; a single dot means none.</summary>
    public static string SearchDomain(string text)
    {
        var domain = text.Trim();
        if (domain == ".")
        {
            return domain;
        }

        var labels = domain.TrimEnd('.').Split('.');
        var wellFormed = domain.Length is > 0 and < 255
            && labels.All(label => label.Length is > 0 and < 64 && char.IsAsciiLetterOrDigit(label[0]) && char.IsAsciiLetterOrDigit(label[^1])
                && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-'))
            && labels.Any(label => label.Any(char.IsAsciiLetter));
        return wellFormed ? domain : throw new FormatException($"{text} is not a valid domain");
    }

    public static string Sysctl(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            throw new FormatException($"sysctl '{text}' is not allowed");
        }

        var name = text[..text.IndexOf('=', StringComparison.Ordinal)];
        string[] known =
        [
            "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
            "kernel.shm_rmid_forced",
        ];
        return known.Contains(name) || name.StartsWith("net.", StringComparison.Ordinal) || name.StartsWith("fs.mqueue.", StringComparison.Ordinal)
            ? text
            : throw new FormatException($"sysctl '{text}' is not allowed");
    }

    public static string Link(string text)
    {
        var parts = text.Split(':');
        return text.Length == 0 ? throw new FormatException("empty string specified for links")
            : parts.Length > 2 ? throw new FormatException($"bad format for links: {text}")
            : text;
    }

    public static string DeviceCgroupRule(string text)
    {
        var parts = text.Split(' ');
        var wellFormed = parts.Length == 3 && parts[0] is "a" or "b" or "c" && parts[1].Split(':') is [var major, var minor]
            && Number(major) && Number(minor) && parts[2].Length is > 0 and <= 3 && parts[2].All("rwm".Contains);
        return wellFormed ? text : throw new FormatException($"invalid device cgroup format '{text}'");

        static bool Number(string part) => part == "*" || (part.Length > 0 && part.All(char.IsAsciiDigit));
    }

    public static WeightDevice WeightDevice(string text)
    {
        var (path, weight) = DeviceValue(text);
        return ushort.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is 0 or (>= 10 and <= 1000)
            ? new WeightDevice { Path = path, Weight = value }
            : throw new FormatException($"invalid weight for device: {text}");
    }

    public static ThrottleDevice BytesDevice(string text)
    {
        var (path, rate) = DeviceValue(text);
        try
        {
            return new ThrottleDevice { Path = path, Rate = (ulong)ByteSize.Parse(rate) };
        }
        catch (FormatException)
        {
            throw new FormatException(
                $"invalid rate for device: {text}. The correct format is <device-path>:<number>[<unit>]. Number must be a positive integer. Unit is optional and can be kb, mb, or gb");
        }
    }

    public static ThrottleDevice OperationsDevice(string text)
    {
        var (path, rate) = DeviceValue(text);
        return GoNumber.TryDecimal(rate, 64, out var value)
            ? new ThrottleDevice { Path = path, Rate = value }
            : throw new FormatException($"invalid rate for device: {text}. The correct format is <device-path>:<number>. Number must be a positive integer");
    }

    private static (string Path, string Value) DeviceValue(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || colon == text.Length - 1)
        {
            throw new FormatException($"bad format: {text}");
        }

        return text.StartsWith("/dev/", StringComparison.Ordinal)
            ? (text[..colon], text[(colon + 1)..])
            : throw new FormatException($"bad format for device path: {text}");
    }

    /// <summary>.NET also reads "1" and "0x7f.1" as addresses.</summary>
    private static bool LooksNumeric(string text) => text.Contains(':', StringComparison.Ordinal) || text.Split('.').Length == 4;
}
