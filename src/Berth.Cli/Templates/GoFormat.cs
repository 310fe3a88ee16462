using System.Globalization;
using System.Text;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>Values as Go's fmt prints them.</summary>
static class GoFormat
{
    private static readonly FormatDirective _plain = new("", 0, null, 'v');

    /// <summary>%v.</summary>
    public static string Value(GoValue value) => value.Data switch
    {
        // What nearly every action of a template prints.
        string text when value.Type!.Kind == GoKind.String => text,
        _ => _plain.Apply(value),
    };

    public static string Type(GoValue value) => value.Concrete().Type?.Name ?? "<nil>";

    /// <summary>fmt.Sprint: a space between operands where neither is a string.</summary>
    public static string Print(IReadOnlyList<GoValue> values)
    {
        var result = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            result.Append(i > 0 && !IsString(values[i]) && !IsString(values[i - 1]) ? " " : "").Append(Value(values[i].Concrete()));
        }

        return result.ToString();
    }

    /// <summary>fmt.Sprintln.</summary>
    public static string PrintLine(IReadOnlyList<GoValue> values) => string.Join(' ', values.Select(value => Value(value.Concrete()))) + "\n";

    /// <summary>fmt.Sprintf.</summary>
    public static string Printf(string format, IReadOnlyList<GoValue> arguments)
    {
        var result = new StringBuilder();
        var used = 0;
        var reordered = false;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }

            var directive = FormatDirective.Read(format, ref i, arguments, ref used, ref reordered);
            if (directive is null)
            {
                result.Append("%!(NOVERB)");
                break;
            }

            if (directive.Verb == '%')
            {
                result.Append('%');
            }
            else if (used < 0)
            {
                result.Append("%!").Append(directive.Verb).Append("(BADINDEX)");
                used = arguments.Count;
            }
            else if (used >= arguments.Count)
            {
                result.Append("%!").Append(directive.Verb).Append("(MISSING)");
            }
            else
            {
                result.Append(directive.Apply(arguments[used++].Concrete()));
            }
        }

        if (used < arguments.Count && !reordered)
        {
            result.Append("%!(EXTRA ")
                .AppendJoin(", ", arguments.Skip(used).Select(extra => extra.Concrete() is { IsValid: true } value ? $"{Type(value)}={Value(value)}" : "<nil>"))
                .Append(')');
        }

        return result.ToString();
    }

    /// <summary>Go's shortest form of a float, %v: with an exponent below 1e-4 and from 1e21.</summary>
    public static string Float(double number, char verb = 'v', int? precision = null)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
        }

        switch (verb)
        {
            case 'f' or 'F':
                return number.ToString($"F{precision ?? 6}", CultureInfo.InvariantCulture);
            case 'e' or 'E':
                return Exponent(number.ToString($"{verb}{precision ?? 6}", CultureInfo.InvariantCulture));
        }

        // The digits that tell the number from its neighbours, one of them before the point.
        var text = number.ToString(precision is { } p ? $"E{Math.Max(p, 1) - 1}" : "E16", CultureInfo.InvariantCulture);
        for (var digits = 0; precision is null && digits < 16; digits++)
        {
            var shorter = number.ToString($"E{digits}", CultureInfo.InvariantCulture);
            if (double.Parse(shorter, CultureInfo.InvariantCulture) == number)
            {
                text = shorter;
                break;
            }
        }

        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var sign = text[0] == '-' ? "-" : "";
        var figures = text[sign.Length..mark].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        figures = figures.Length == 0 ? "0" : figures;
        if (exponent < -4 || exponent >= (precision is { } given ? Math.Max(given, figures.Length) : 21))
        {
            return Exponent(sign + figures[0] + (figures.Length > 1 ? "." + figures[1..] : "") + (verb == 'G' ? "E" : "e") + text[(mark + 1)..]);
        }

        return sign + (exponent < 0 ? "0." + new string('0', -exponent - 1) + figures
            : figures.Length <= exponent + 1 ? figures.PadRight(exponent + 1, '0')
            : figures[..(exponent + 1)] + "." + figures[(exponent + 1)..]);
    }

    /// <summary>Go writes at least two digits of exponent, .NET three.</summary>
    private static string Exponent(string text)
    {
        var mark = text.LastIndexOfAny(['e', 'E']);
        return text[..(mark + 2)] + text[(mark + 2)..].TrimStart('0').PadLeft(2, '0');
    }

    private static bool IsString(GoValue value) => value.Concrete() is { Type.Kind: GoKind.String };
}
