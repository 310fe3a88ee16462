using System.Globalization;

namespace Berth.Cli.CommandLine;

/// <summary>Numbers and booleans as Go's strconv reads them, with its errors: scripts match these texts.</summary>
static class GoNumber
{
    public static bool Bool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw Invalid("ParseBool", text),
    };

    /// <summary>A signed number of at most <paramref name="bits"/> bits; 0x, 0o, 0b and 0 prefixes name the base, and underscores may group the digits.</summary>
    public static long Int(string text, int bits)
    {
        var (negative, value) = Parse("ParseInt", text, signed: true);
        var limit = UInt128.One << (bits - 1);
        return value < limit || (negative && value == limit)
            ? unchecked(negative ? -(long)value : (long)value)
            : throw OutOfRange("ParseInt", text);
    }

    public static ulong Unsigned(string text, int bits)
    {
        var (_, value) = Parse("ParseUint", text, signed: false);
        return value < UInt128.One << bits ? (ulong)value : throw OutOfRange("ParseUint", text);
    }

    /// <summary>A decimal number without prefixes, as Go's ParseUint(text, 10, bits) takes it.</summary>
    public static bool TryDecimal(ReadOnlySpan<char> text, int bits, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && (bits == 64 || value >> bits == 0);

    public static FormatException Invalid(string function, string text) =>
        new($"strconv.{function}: parsing {GoText.Quote(text)}: invalid syntax");

    public static FormatException OutOfRange(string function, string text) =>
        new($"strconv.{function}: parsing {GoText.Quote(text)}: value out of range");

    /// <summary>The sign and the digits; what does not fit stays too large.</summary>
    private static (bool Negative, UInt128 Value) Parse(string function, string text, bool signed)
    {
        var digits = text.AsSpan();
        var negative = false;
        if (signed && digits is ['+' or '-', ..])
        {
            negative = digits[0] == '-';
            digits = digits[1..];
        }

        var radix = 10;
        if (digits is ['0', _, ..])
        {
            (radix, var prefix) = char.ToLowerInvariant(digits[1]) switch
            {
                'x' => (16, 2),
                'o' => (8, 2),
                'b' => (2, 2),
                _ => (8, 1),
            };
            digits = digits[prefix..];
        }

        var value = UInt128.Zero;
        var any = false;
        foreach (var c in digits)
        {
            if (c == '_')
            {
                continue;
            }

            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                throw Invalid(function, text);
            }

            value = value > ulong.MaxValue ? UInt128.MaxValue : value * (uint)radix + (uint)digit;
            any = true;
        }

        return any ? (negative, value) : throw Invalid(function, text);
    }
}
