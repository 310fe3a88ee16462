using System.Globalization;
using System.Text;
using Berth.Cli.CommandLine;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>One % directive of Go's fmt: flags, width, precision and verb.</summary>
sealed record FormatDirective(string Flags, int Width, int? Precision, char Verb)
{
    /// <summary>Go prints where a nested pointer points to; the same number each time serves as well.</summary>
    private const string SomeAddress = "0xc000000000";

    private bool GoSyntax => Verb == 'v' && Flags.Contains('#', StringComparison.Ordinal);

    /// <param name="format">The text of which it is part.</param>
    /// <param name="i">Where the % stands; afterwards the verb.</param>
    /// <param name="arguments">A width or a precision may be one of them.</param>
    /// <param name="used">The next of them; -1 where the format names one that is not there.</param>
    /// <param name="reordered">The format names arguments by their place.</param>
    public static FormatDirective? Read(string format, ref int i, IReadOnlyList<GoValue> arguments, ref int used, ref bool reordered)
    {
        var start = ++i;
        while (i < format.Length && "+-# 0".Contains(format[i], StringComparison.Ordinal))
        {
            i++;
        }

        var flags = format[start..i];
        Place(format, ref i, arguments, ref used, ref reordered);
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
            Place(format, ref i, arguments, ref used, ref reordered);
            precision = Number(format, ref i, arguments, ref used) ?? 0;
        }

        Place(format, ref i, arguments, ref used, ref reordered);
        return i < format.Length ? new FormatDirective(flags, width, precision, format[i]) : null;
    }

    public string Apply(GoValue value) =>
        !value.IsValid ? Pad(Verb is 'v' or 'T' ? "<nil>" : $"%!{Verb}(<nil>)", numeric: false)
        : Verb == 'T' ? Pad(value.Type!.Name, numeric: false)
        : Print(value, depth: 0);

    private string Print(GoValue value, int depth)
    {
        if (!GoSyntax && Verb is 'v' or 's' or 'q' or 'x' or 'X' && GoMethods.Text(value) is { } said)
        {
            return Leaf(GoValue.Of(said));
        }

        switch (value.Type!.Kind)
        {
            case GoKind.Interface:
                return value.Data is null
                    ? GoSyntax ? $"{value.Type.Name}(nil)" : "<nil>"
                    : Print(value.Pointee, depth + 1);
            case GoKind.Pointer when value.Data is null:
                return GoSyntax ? $"({value.Type.Name})(nil)" : Pad(Verb is 'v' or 's' ? Verb == 's' ? $"%!s({value.Type.Name}=<nil>)" : "<nil>" : $"%!{Verb}({value.Type.Name}=<nil>)", numeric: false);
            case GoKind.Pointer when depth == 0 && value.Type.Element!.Kind is GoKind.Struct or GoKind.Slice or GoKind.Array or GoKind.Map:
                return "&" + Print(value.Pointee, depth + 1);
            case GoKind.Pointer:
                return GoSyntax ? $"({value.Type.Name})({SomeAddress})" : SomeAddress;
            case GoKind.Struct:
                return Structure(value, depth);
            case GoKind.Map:
                return GoSyntax
                    ? value.Data is null ? $"{value.Type.Name}(nil)" : $"{value.Type.Name}{{{string.Join(", ", Entries(value, depth))}}}"
                    : $"map[{string.Join(' ', Entries(value, depth))}]";
            case GoKind.Slice when Verb is 's' or 'q' or 'x' or 'X' && value.Type.Element == GoType.Uint8:
                return Leaf(GoValue.Of(Encoding.UTF8.GetString([.. value.Items.Select(item => (byte)(ulong)item.Data!)])));
            case GoKind.Slice or GoKind.Array:
                var items = value.Items.Select(item => Print(item, depth + 1));
                return GoSyntax
                    ? value.IsNil ? $"{value.Type.Name}(nil)" : $"{value.Type.Name}{{{string.Join(", ", items)}}}"
                    : $"[{string.Join(' ', items)}]";
            default:
                return Leaf(value);
        }
    }

    private IEnumerable<string> Entries(GoValue map, int depth) =>
        map.Map.Entries.Select(entry => $"{Print(entry.Key, depth + 1)}:{Print(entry.Value, depth + 1)}");

    private string Structure(GoValue value, int depth)
    {
        if (value.Data is not GoStructure structure)
        {
            return value.Type!.Name + "{}";
        }

        var named = GoSyntax || (Verb == 'v' && Flags.Contains('+', StringComparison.Ordinal));
        var fields = value.Type!.Fields.Select((field, i) => (named ? field.Name + ":" : "") + Print(structure[i], depth + 1));
        return GoSyntax ? $"{value.Type.Name}{{{string.Join(", ", fields)}}}" : $"{{{string.Join(' ', fields)}}}";
    }

    private string Leaf(GoValue value)
    {
        var numeric = value.Type!.Kind is GoKind.Int or GoKind.Uint or GoKind.Float;
        return Pad(Convert(value), numeric);
    }

    private string Pad(string text, bool numeric)
    {
        var length = text.EnumerateRunes().Count();
        if (Width <= length)
        {
            return text;
        }

        if (Flags.Contains('-', StringComparison.Ordinal))
        {
            return text + new string(' ', Width - length);
        }

        if (!Flags.Contains('0', StringComparison.Ordinal) || !numeric)
        {
            return new string(' ', Width - length) + text;
        }

        var sign = text is ['+' or '-', ..] ? 1 : 0;
        return text[..sign] + text[sign..].PadLeft(Width - sign, '0');
    }

    private string Convert(GoValue value) => (Verb, value.Data) switch
    {
        ('v', string text) => GoSyntax ? GoText.Quote(text) : Cut(text),
        ('v' or 't', bool flag) => flag ? "true" : "false",
        ('v' or 'd', long number) => Signed(number < 0, number.ToString(CultureInfo.InvariantCulture)),
        ('v', ulong number) when GoSyntax => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}"),
        ('v' or 'd', ulong number) => Signed(false, number.ToString(CultureInfo.InvariantCulture)),
        ('v', double number) => Signed(number < 0, GoFormat.Float(number)),
        ('s', string text) => Cut(text),
        ('q', string text) => GoText.Quote(Cut(text)),
        ('x', string text) => System.Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        ('X', string text) => System.Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
        ('c', long or ulong) => Character(value),
        ('q', long or ulong) => $"'{Character(value)}'",
        ('U', long or ulong) => string.Create(CultureInfo.InvariantCulture, $"U+{Magnitude(value):X4}"),
        ('x', long or ulong) => Radix(value, 16, "0x"),
        ('X', long or ulong) => Radix(value, 16, "0X").ToUpperInvariant(),
        ('o', long or ulong) => Radix(value, 8, "0"),
        ('b', long or ulong) => Radix(value, 2, "0b"),
        ('e' or 'E' or 'f' or 'F' or 'g' or 'G', double number) => Signed(number < 0, GoFormat.Float(number, Verb, Precision)),
        _ => $"%!{Verb}({value.Type!.Name}={GoFormat.Value(value)})",
    };

    private static ulong Magnitude(GoValue value) => value.Data is long number ? (ulong)Math.Abs((decimal)number) : (ulong)value.Data!;

    private static string Character(GoValue value) => Magnitude(value) is <= int.MaxValue and var code && Rune.IsValid((int)code) ? new Rune((int)code).ToString() : "\uFFFD";

    private string Cut(string text)
    {
        if (Precision is not { } length || text.Length <= length)
        {
            return text;
        }

        return string.Concat(text.EnumerateRunes().Take(length).Select(rune => rune.ToString()));
    }

    private string Signed(bool negative, string text) => negative || Verb == 'v' ? text
        : Flags.Contains('+', StringComparison.Ordinal) ? "+" + text
        : Flags.Contains(' ', StringComparison.Ordinal) ? " " + text
        : text;

    private string Radix(GoValue value, int radix, string prefix)
    {
        var number = Magnitude(value);
        var digits = radix == 16 ? number.ToString("x", CultureInfo.InvariantCulture) : System.Convert.ToString((long)number, radix);
        return (value.Data is < 0L ? "-" : "") + (Flags.Contains('#', StringComparison.Ordinal) ? prefix : "") + digits;
    }

    /// <summary>[n]: the argument by its place, from 1.</summary>
    private static void Place(string format, ref int i, IReadOnlyList<GoValue> arguments, ref int used, ref bool reordered)
    {
        if (i >= format.Length || format[i] != '[')
        {
            return;
        }

        reordered = true;
        var end = format.IndexOf(']', i);
        used = end > 0 && int.TryParse(format.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            && place >= 1 && place <= arguments.Count
            ? place - 1
            : -1;
        i = end < 0 ? i + 1 : end + 1;
    }

    private static int? Number(string format, ref int i, IReadOnlyList<GoValue> arguments, ref int used)
    {
        if (i < format.Length && format[i] == '*')
        {
            i++;
            return used >= 0 && used < arguments.Count && arguments[used++].Concrete().Data is long given ? (int)given : null;
        }

        var start = i;
        while (i < format.Length && char.IsAsciiDigit(format[i]))
        {
            i++;
        }

        return i > start && int.TryParse(format.AsSpan(start, i - start), CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
