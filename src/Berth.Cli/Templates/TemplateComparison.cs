namespace Berth.Cli.Templates;

/// <summary>eq, lt and their kin: only basic values of one kind compare.</summary>
static class TemplateComparison
{
    public static object? Equal(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count < 2)
        {
            throw new FormatException("missing argument for comparison");
        }

        return arguments.Skip(1).Any(other => Same(arguments[0], other));
    }

    public static int Order(IReadOnlyList<object?> arguments) => (arguments[0], arguments[1]) switch
    {
        (long left, long right) => left.CompareTo(right),
        (double left, double right) => left.CompareTo(right),
        (string left, string right) => string.CompareOrdinal(left, right),
        (bool or null or TemplateObject or IReadOnlyList<object?>, _) => throw new FormatException("invalid type for comparison"),
        _ => throw new FormatException("incompatible types for comparison"),
    };

    private static bool Same(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (long a, long b) => a == b,
        (double a, double b) => a == b,
        (string a, string b) => a == b,
        (bool a, bool b) => a == b,
        (TemplateObject or IReadOnlyList<object?>, _) or (_, TemplateObject or IReadOnlyList<object?>) =>
            throw new FormatException($"non-comparable type {GoFormat.Value(left is string or long or double or bool ? right : left)}: {GoFormat.Type(left is string or long or double or bool ? right : left)}"),
        _ => throw new FormatException("incompatible types for comparison"),
    };
}
