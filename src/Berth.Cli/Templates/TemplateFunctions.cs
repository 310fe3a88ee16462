using System.Globalization;
using System.Text;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>The functions of Go's text/template and those that Docker adds.</summary>
static class TemplateFunctions
{
    private static readonly GoType _string = GoType.String;
    private static readonly GoType _int = GoType.Int;

    /// <summary>For values.</summary>
    public static Dictionary<string, GoFunction> ForValues { get; } = new()
    {
        // The evaluator stops at the argument that decides; the last one is what is left.
        ["and"] = Variadic([null, null], static arguments => arguments[^1]),
        ["or"] = Variadic([null, null], static arguments => arguments[^1]),
        ["not"] = Fixed([null], static arguments => GoValue.Of(!Truth(arguments[0]))),
        ["len"] = Fixed([null], static arguments => GoValue.Of(TemplateIndexing.Length(arguments[0]))),
        ["index"] = Variadic([null, null], TemplateIndexing.Index),
        ["slice"] = Variadic([null, null], TemplateIndexing.Slice),
        ["print"] = Variadic([GoType.Any], static arguments => GoValue.Of(GoFormat.Print(arguments))),
        ["printf"] = Variadic([_string, GoType.Any], static arguments => GoValue.Of(GoFormat.Printf(Text(arguments[0]), arguments[1..]))),
        ["println"] = Variadic([GoType.Any], static arguments => GoValue.Of(GoFormat.PrintLine(arguments))),
        ["html"] = Variadic([GoType.Any], static arguments => GoValue.Of(Html(Printed(arguments)))),
        ["js"] = Variadic([GoType.Any], static arguments => GoValue.Of(JavaScript(Printed(arguments)))),
        ["urlquery"] = Variadic([GoType.Any], static arguments => GoValue.Of(Uri.EscapeDataString(Printed(arguments)).Replace("%20", "+", StringComparison.Ordinal))),
        // The evaluator refuses it, since no value is a function.
        ["call"] = Variadic([null, null], static arguments => arguments[0]),
        ["eq"] = Variadic([null, null], static arguments => GoValue.Of(TemplateComparison.Equal(arguments))),
        ["ne"] = Fixed([null, null], static arguments => GoValue.Of(!TemplateComparison.Equal(arguments))),
        ["lt"] = Fixed([null, null], static arguments => GoValue.Of(TemplateComparison.Less(arguments))),
        ["le"] = Fixed([null, null], static arguments => GoValue.Of(TemplateComparison.Less(arguments) || TemplateComparison.Equal(arguments))),
        ["gt"] = Fixed([null, null], static arguments => GoValue.Of(!TemplateComparison.Less(arguments) && !TemplateComparison.Equal(arguments))),
        ["ge"] = Fixed([null, null], static arguments => GoValue.Of(!TemplateComparison.Less(arguments))),
        ["json"] = Fixed([GoType.Any], static arguments => GoValue.Of(GoJson.Of(arguments[0]))),
        ["split"] = Fixed([_string, _string], static arguments => GoValue.Of(Split(Text(arguments[0]), Text(arguments[1])))),
        ["join"] = Fixed([GoType.Strings, _string], static arguments => GoValue.Of(string.Join(Text(arguments[1]), arguments[0].Items.Select(Text)))),
        ["title"] = Fixed([_string], static arguments => GoValue.Of(Title(Text(arguments[0])))),
        ["lower"] = Fixed([_string], static arguments => GoValue.Of(Text(arguments[0]).ToLowerInvariant())),
        ["upper"] = Fixed([_string], static arguments => GoValue.Of(Text(arguments[0]).ToUpperInvariant())),
        ["pad"] = Fixed([_string, _int, _int], static arguments => GoValue.Of(Pad(Text(arguments[0]), Number(arguments[1]), Number(arguments[2])))),
        ["truncate"] = Fixed([_string, _int], static arguments => GoValue.Of(Truncate(Text(arguments[0]), Number(arguments[1])))),
    };

    /// <summary>For the header line of a table: what changes a value leaves a column's title alone.</summary>
    public static Dictionary<string, GoFunction> ForHeaders { get; } = new(ForValues)
    {
        ["json"] = Fixed([_string], static arguments => arguments[0]),
        ["split"] = Fixed([_string, _string], static arguments => arguments[0]),
        ["join"] = Fixed([_string, _string], static arguments => arguments[0]),
        ["title"] = Fixed([_string], static arguments => arguments[0]),
        ["lower"] = Fixed([_string], static arguments => arguments[0]),
        ["upper"] = Fixed([_string], static arguments => arguments[0]),
        ["truncate"] = Fixed([_string, _int], static arguments => arguments[0]),
    };

    public static bool Truth(GoValue value)
    {
        value = value.Concrete();
        return value.IsValid && value.Type!.Kind switch
        {
            GoKind.Bool => (bool)value.Data!,
            GoKind.Int => (long)value.Data! != 0,
            GoKind.Uint => (ulong)value.Data! != 0,
            GoKind.Float => (double)value.Data! != 0,
            GoKind.String => ((string)value.Data!).Length > 0,
            GoKind.Slice or GoKind.Array => value.Items.Length > 0,
            GoKind.Map => value.Map.Entries.Count > 0,
            GoKind.Struct => true,
            _ => value.Data is not null,
        };
    }

    private static GoFunction Fixed(IReadOnlyList<GoType?> parameters, Func<GoValue[], GoValue> call) => new(parameters, IsVariadic: false, call);

    private static GoFunction Variadic(IReadOnlyList<GoType?> parameters, Func<GoValue[], GoValue> call) => new(parameters, IsVariadic: true, call);

    private static string Text(GoValue value) => (string)value.Data!;

    private static int Number(GoValue value) => (int)(long)value.Data!;

    /// <summary>As an action prints each of them.</summary>
    private static string Printed(GoValue[] arguments) => GoFormat.Print([.. arguments.Select(argument => argument.Concrete() switch
    {
        { IsValid: false } => GoValue.Of("<no value>"),
        { Type.Kind: GoKind.Pointer } pointer => pointer.Indirect(out _),
        var value => value,
    })]);

    /// <summary>Go's strings.Split: by characters where the separator is empty.</summary>
    private static IEnumerable<string> Split(string text, string separator) => separator.Length == 0
        ? text.EnumerateRunes().Select(rune => rune.ToString())
        : text.Split(separator);

    private static string Title(string text) => string.Create(text.Length, text, static (result, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            var starts = i == 0 || !(char.IsLetterOrDigit(source[i - 1]) || source[i - 1] == '_');
            result[i] = starts ? char.ToUpperInvariant(source[i]) : source[i];
        }
    });

    private static string Pad(string text, int before, int after) =>
        text.Length == 0 ? text : new string(' ', before) + text + new string(' ', after);

    private static string Truncate(string text, int length) => text.Length < length ? text : text[..length];

    private static string Html(string text) => new StringBuilder(text)
        .Replace("&", "&amp;").Replace("\"", "&#34;").Replace("'", "&#39;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\0", "\uFFFD")
        .ToString();

    private static string JavaScript(string text)
    {
        var result = new StringBuilder();
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => result.Append("\\\\"),
                '\'' => result.Append("\\'"),
                '"' => result.Append("\\\""),
                '<' or '>' or '&' or '=' or < ' ' => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }
}
