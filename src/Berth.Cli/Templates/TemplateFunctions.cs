using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Berth.Cli.Templates;

/// <summary>A function of templates. It fails with <see cref="FormatException"/>, which the evaluator places.</summary>
delegate object? TemplateFunction(IReadOnlyList<object?> arguments);

/// <summary>The functions of Go's text/template and those that Docker adds.</summary>
static class TemplateFunctions
{
    /// <summary>For values.</summary>
    public static Dictionary<string, TemplateFunction> ForValues { get; } = new()
    {
        // "and" and "or" are evaluated by TemplateEvaluator, which stops at the argument that decides.
        ["and"] = static arguments => arguments[^1],
        ["or"] = static arguments => arguments[^1],
        ["not"] = static arguments => !Truth(One(arguments)),
        ["len"] = static arguments => Length(One(arguments)),
        ["index"] = Index,
        ["slice"] = Slice,
        ["print"] = GoFormat.Print,
        ["printf"] = static arguments => GoFormat.Printf(Text(arguments, 0), [.. arguments.Skip(1)]),
        ["println"] = static arguments => string.Join(' ', arguments.Select(GoFormat.Value)) + "\n",
        ["html"] = static arguments => Html(GoFormat.Print(arguments)),
        ["js"] = static arguments => JavaScript(GoFormat.Print(arguments)),
        ["urlquery"] = static arguments => Uri.EscapeDataString(GoFormat.Print(arguments)).Replace("%20", "+", StringComparison.Ordinal),
        ["eq"] = TemplateComparison.Equal,
        ["ne"] = static arguments => !(bool)TemplateComparison.Equal(Exactly(arguments, 2))!,
        ["lt"] = static arguments => TemplateComparison.Order(Exactly(arguments, 2)) < 0,
        ["le"] = static arguments => TemplateComparison.Order(Exactly(arguments, 2)) <= 0,
        ["gt"] = static arguments => TemplateComparison.Order(Exactly(arguments, 2)) > 0,
        ["ge"] = static arguments => TemplateComparison.Order(Exactly(arguments, 2)) >= 0,
        ["json"] = static arguments => Json(One(arguments)),
        ["split"] = static arguments => Split(Text(Exactly(arguments, 2), 0), Text(arguments, 1)),
        ["join"] = static arguments => Exactly(arguments, 2)[0] is IReadOnlyList<object?> list
            ? string.Join(Text(arguments, 1), list.Select(GoFormat.Value))
            : throw WrongType("[]string", arguments[0]),
        ["title"] = static arguments => Title(Text(Exactly(arguments, 1), 0)),
        ["lower"] = static arguments => Text(Exactly(arguments, 1), 0).ToLowerInvariant(),
        ["upper"] = static arguments => Text(Exactly(arguments, 1), 0).ToUpperInvariant(),
        ["pad"] = static arguments => Pad(Text(Exactly(arguments, 3), 0), Number(arguments, 1), Number(arguments, 2)),
        ["truncate"] = static arguments => Truncate(Text(Exactly(arguments, 2), 0), Number(arguments, 1)),
    };

    /// <summary>For the header line of a table: what changes a value leaves a column's title alone.</summary>
    public static Dictionary<string, TemplateFunction> ForHeaders { get; } = new(ForValues)
    {
        ["json"] = static arguments => arguments[0],
        ["split"] = static arguments => arguments[0],
        ["join"] = static arguments => arguments[0],
        ["title"] = static arguments => arguments[0],
        ["lower"] = static arguments => arguments[0],
        ["upper"] = static arguments => arguments[0],
        ["truncate"] = static arguments => arguments[0],
    };

    public static bool Truth(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        TemplateObject { IsMap: true } map => map.Entries.Count > 0,
        _ => true,
    };

    public static string Json(object? value)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, JsonText.Compact))
        {
            JsonText.Write(writer, value);
        }

        return Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    private static object? One(IReadOnlyList<object?> arguments) => Exactly(arguments, 1)[0];

    private static IReadOnlyList<object?> Exactly(IReadOnlyList<object?> arguments, int count) => arguments.Count == count
        ? arguments
        : throw new WrongCountException(string.Create(CultureInfo.InvariantCulture, $"want {count} got {arguments.Count}"));

    private static string Text(IReadOnlyList<object?> arguments, int index) => index < arguments.Count
        ? arguments[index] as string ?? throw WrongType("string", arguments[index])
        : throw new WrongCountException(string.Create(CultureInfo.InvariantCulture, $"want at least {index + 1} got {arguments.Count}"));

    private static int Number(IReadOnlyList<object?> arguments, int index) =>
        arguments[index] is long number ? (int)number : throw WrongType("int", arguments[index]);

    private static WrongTypeException WrongType(string expected, object? value) =>
        new($"wrong type for value; expected {expected}; got {GoFormat.Type(value)}");

    private static long Length(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        IReadOnlyList<object?> list => list.Count,
        TemplateObject { IsMap: true } map => map.Entries.Count,
        null => throw new FormatException("len of nil pointer"),
        _ => throw new FormatException($"len of type {GoFormat.Type(value)}"),
    };

    private static object? Index(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count == 0)
        {
            throw new WrongCountException("want at least 1 got 0");
        }

        var item = arguments[0];
        foreach (var key in arguments.Skip(1))
        {
            item = item switch
            {
                null => throw new FormatException("index of untyped nil"),
                IReadOnlyList<object?> list => list[Position(key, list.Count - 1)],
                string text => (long)Encoding.UTF8.GetBytes(text)[Position(key, Encoding.UTF8.GetByteCount(text) - 1)],
                TemplateObject { IsMap: true } map => key is string name
                    ? (map.Entries.FirstOrDefault(entry => entry.Key == name).Value)
                    : throw new FormatException($"value has type {GoFormat.Type(key)}; should be string"),
                _ => throw new FormatException($"can't index item of type {GoFormat.Type(item)}"),
            };
        }

        return item;
    }

    private static object? Slice(IReadOnlyList<object?> arguments)
    {
        var item = arguments.Count > 0 ? arguments[0] : null;
        if (arguments.Count > 3 && item is string)
        {
            throw new FormatException("cannot 3-index slice a string");
        }

        var length = item switch
        {
            string text => text.Length,
            IReadOnlyList<object?> list => list.Count,
            null => throw new FormatException("slice of untyped nil"),
            _ => throw new FormatException($"can't slice item of type {GoFormat.Type(item)}"),
        };
        var start = arguments.Count > 1 ? Position(arguments[1], length) : 0;
        var end = arguments.Count > 2 ? Position(arguments[2], length) : length;
        if (start > end)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"invalid slice index: {start} > {end}"));
        }

        return item switch
        {
            string text => text[start..end],
            IReadOnlyList<object?> list => (object)list.Skip(start).Take(end - start).ToList(),
            _ => item,
        };
    }

    private static int Position(object? key, int maximum) => key switch
    {
        long position when position >= 0 && position <= maximum => (int)position,
        long position => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"index out of range: {position}")),
        null => throw new FormatException("cannot index slice/array with nil"),
        _ => throw new FormatException($"cannot index slice/array with type {GoFormat.Type(key)}"),
    };

    /// <summary>Go's strings.Split: by characters where the separator is empty.</summary>
    private static List<object?> Split(string text, string separator) => separator.Length == 0
        ? [.. text.EnumerateRunes().Select(rune => rune.ToString())]
        : [.. text.Split(separator)];

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

/// <summary>A function was called with an argument of the wrong type.</summary>
sealed class WrongTypeException(string message) : Exception(message);

/// <summary>A function was called with the wrong number of arguments.</summary>
sealed class WrongCountException(string message) : Exception(message);
