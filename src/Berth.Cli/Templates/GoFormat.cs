using System.Globalization;
using System.Text;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Templates;

/// <summary>Values as Go's fmt prints them.</summary>
static class GoFormat
{
    /// <summary>%v.</summary>
    public static string Value(object? value) => value switch
    {
        null => "<nil>",
        bool flag => flag ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Float(number),
        string text => text,
        IReadOnlyList<object?> list => $"[{string.Join(' ', list.Select(Value))}]",
        TemplateObject { IsMap: true } map => $"map[{string.Join(' ', map.Entries.Select(entry => $"{entry.Key}:{Value(entry.Value)}"))}]",
        _ => value.ToString() ?? "",
    };

    public static string Type(object? value) => value switch
    {
        null => "<nil>",
        bool => "bool",
        long => "int",
        double => "float64",
        string => "string",
        IReadOnlyList<object?> => "[]interface {}",
        TemplateObject known => known.GoType,
        _ => "interface {}",
    };

    /// <summary>fmt.Sprint: a space between operands where neither is a string.</summary>
    public static string Print(IReadOnlyList<object?> values)
    {
        var result = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            result.Append(i > 0 && values[i] is not string && values[i - 1] is not string ? " " : "").Append(Value(values[i]));
        }

        return result.ToString();
    }

    /// <summary>fmt.Sprintf.</summary>
    public static string Printf(string format, IReadOnlyList<object?> arguments)
    {
        var result = new StringBuilder();
        var used = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }

            var directive = Directive.Read(format, ref i, arguments, ref used);
            if (directive is null)
            {
                result.Append("%!(NOVERB)");
                break;
            }

            if (directive.Verb == '%')
            {
                result.Append('%');
            }
            else if (used >= arguments.Count)
            {
                result.Append("%!").Append(directive.Verb).Append("(MISSING)");
            }
            else
            {
                result.Append(directive.Apply(arguments[used++]));
            }
        }

        if (used < arguments.Count)
        {
            result.Append("%!(EXTRA ")
                .AppendJoin(", ", arguments.Skip(used).Select(extra => extra is null ? "<nil>" : $"{Type(extra)}={Value(extra)}"))
                .Append(')');
        }

        return result.ToString();
    }

    private static string Float(double number, char verb = 'g', int? precision = null)
    {
        if (double.IsNaN(number) || double.IsInfinity(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
        }

        var exponent = number == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(number)));
        return verb switch
        {
            'f' or 'F' => number.ToString($"F{precision ?? 6}", CultureInfo.InvariantCulture),
            'e' or 'E' => Exponent(number.ToString($"{verb}{precision ?? 6}", CultureInfo.InvariantCulture)),
            // %v and %g are shortest; %v turns to an exponent at 21 digits.
            _ when exponent is >= -4 and < 21 => number.ToString(precision is { } p ? $"G{p}" : "0.#################", CultureInfo.InvariantCulture),
            _ => Exponent(number.ToString("0.################e+00", CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>Go writes at least two digits of exponent, .NET three.</summary>
    private static string Exponent(string text)
    {
        var mark = text.LastIndexOfAny(['e', 'E']);
        var digits = text[(mark + 2)..].TrimStart('0').PadLeft(2, '0');
        return text[..(mark + 2)] + digits;
    }

    /// <summary>One % directive: flags, width, precision and verb.</summary>
    private sealed record Directive(string Flags, int Width, int? Precision, char Verb)
    {
        public static Directive? Read(string format, ref int i, IReadOnlyList<object?> arguments, ref int used)
        {
            var start = ++i;
            while (i < format.Length && "+-# 0".Contains(format[i], StringComparison.Ordinal))
            {
                i++;
            }

            var flags = format[start..i];
            var width = Number(format, ref i, arguments, ref used) ?? 0;
            if (width < 0)
            {
                flags += "-";
                width = -width;
            }

            int? precision = null;
            if (i < format.Length && format[i] == '.')
            {
                i++;
                precision = Number(format, ref i, arguments, ref used) ?? 0;
            }

            return i < format.Length ? new Directive(flags, width, precision, format[i]) : null;
        }

        public string Apply(object? value)
        {
            var text = Convert(value);
            if (Width <= text.Length)
            {
                return text;
            }

            if (Flags.Contains('-', StringComparison.Ordinal))
            {
                return text.PadRight(Width);
            }

            if (!Flags.Contains('0', StringComparison.Ordinal) || value is not (long or double))
            {
                return text.PadLeft(Width);
            }

            var sign = text is ['+' or '-', ..] ? 1 : 0;
            return text[..sign] + text[sign..].PadLeft(Width - sign, '0');
        }

        private string Convert(object? value) => (Verb, value) switch
        {
            ('v' or 's', IReadOnlyList<object?> or TemplateObject) => Value(value),
            ('v', string text) => Flags.Contains('#', StringComparison.Ordinal) ? GoText.Quote(text) : Cut(text),
            ('v', long number) => Signed(number, Value(number)),
            ('v', _) => Value(value),
            ('T', _) => Type(value),
            ('t', bool) => Value(value),
            ('s', string text) => Cut(text),
            ('q', string text) => GoText.Quote(Cut(text)),
            ('x', string text) => System.Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
            ('X', string text) => System.Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
            ('d', long number) => Signed(number, Value(number)),
            ('c', long number) => Rune.IsValid((int)number) ? new Rune((int)number).ToString() : "\uFFFD",
            ('q', long number) => Rune.IsValid((int)number) ? $"'{new Rune((int)number)}'" : "'\uFFFD'",
            ('U', long number) => string.Create(CultureInfo.InvariantCulture, $"U+{number:X4}"),
            ('x', long number) => Radix(number, 16, "0x"),
            ('X', long number) => Radix(number, 16, "0X").ToUpperInvariant(),
            ('o', long number) => Radix(number, 8, "0"),
            ('b', long number) => Radix(number, 2, "0b"),
            ('e' or 'E' or 'f' or 'F' or 'g' or 'G', double number) => Signed(number < 0 ? -1 : 1, Float(number, Verb, Precision)),
            ('d' or 's' or 'q', IReadOnlyList<object?> list) => $"[{string.Join(' ', list.Select(Convert))}]",
            (_, null) => $"%!{Verb}(<nil>)",
            _ => $"%!{Verb}({Type(value)}={Value(value)})",
        };

        private string Cut(string text) => Precision is { } length && length < text.Length ? text[..length] : text;

        private string Signed(long number, string text) => number < 0 ? text
            : Flags.Contains('+', StringComparison.Ordinal) ? "+" + text
            : Flags.Contains(' ', StringComparison.Ordinal) ? " " + text
            : text;

        private string Radix(long number, int radix, string prefix)
        {
            var digits = radix == 16 ? Math.Abs(number).ToString("x", CultureInfo.InvariantCulture) : System.Convert.ToString(Math.Abs(number), radix);
            return (number < 0 ? "-" : "") + (Flags.Contains('#', StringComparison.Ordinal) ? prefix : "") + digits;
        }

        private static int? Number(string format, ref int i, IReadOnlyList<object?> arguments, ref int used)
        {
            if (i < format.Length && format[i] == '*')
            {
                i++;
                return used < arguments.Count && arguments[used++] is long given ? (int)given : null;
            }

            var start = i;
            while (i < format.Length && char.IsAsciiDigit(format[i]))
            {
                i++;
            }

            return i > start && int.TryParse(format.AsSpan(start, i - start), CultureInfo.InvariantCulture, out var number) ? number : null;
        }
    }
}
