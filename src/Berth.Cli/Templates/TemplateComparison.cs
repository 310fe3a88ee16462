using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>eq, lt and their kin: basic values of one kind compare, and nil with nil.</summary>
static class TemplateComparison
{
    public static bool Equal(IReadOnlyList<GoValue> arguments)
    {
        if (arguments.Count < 2)
        {
            throw new FormatException("missing argument for comparison");
        }

        var first = arguments[0].Concrete();
        foreach (var other in arguments.Skip(1))
        {
            if (Same(first, other.Concrete()))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the first is less than the second.</summary>
    public static bool Less(IReadOnlyList<GoValue> arguments)
    {
        var (left, right) = (arguments[0].Concrete(), arguments[1].Concrete());
        if (!IsBasic(left) || !IsBasic(right))
        {
            throw new FormatException("invalid type for comparison");
        }

        return (left.Data, right.Data) switch
        {
            (long a, long b) => a < b,
            (ulong a, ulong b) => a < b,
            (long a, ulong b) => a < 0 || (ulong)a < b,
            (ulong a, long b) => b >= 0 && a < (ulong)b,
            (double a, double b) => a < b,
            (string a, string b) => string.CompareOrdinal(a, b) < 0,
            (bool, bool) => throw new FormatException("invalid type for comparison"),
            _ => throw new FormatException("incompatible types for comparison"),
        };
    }

    private static bool IsBasic(GoValue value) =>
        value.Type?.Kind is GoKind.Bool or GoKind.Int or GoKind.Uint or GoKind.Float or GoKind.String;

    private static bool Same(GoValue left, GoValue right)
    {
        if (IsBasic(left) && IsBasic(right))
        {
            return (left.Data, right.Data) switch
            {
                (long a, ulong b) => a >= 0 && (ulong)a == b,
                (ulong a, long b) => b >= 0 && a == (ulong)b,
                var (a, b) when a!.GetType() == b!.GetType() => a.Equals(b),
                _ => throw new FormatException("incompatible types for comparison"),
            };
        }

        if (IsBasic(left) || IsBasic(right))
        {
            return left.IsValid && right.IsValid ? throw new FormatException("incompatible types for comparison") : false;
        }

        if (left.IsValid && right.IsValid && left.Type!.Kind != right.Type!.Kind)
        {
            throw new FormatException($"non-comparable types {GoFormat.Value(left)}: {left.Type.Name}, {right.Type.Name}: {GoFormat.Value(right)}");
        }

        var (leftNil, rightNil) = (!left.IsValid || left.IsNil, !right.IsValid || right.IsNil);
        if (leftNil || rightNil)
        {
            return leftNil == rightNil;
        }

        return right.Type!.Kind is GoKind.Slice or GoKind.Map
            ? throw new FormatException(ReferenceEquals(left.Type, right.Type)
                ? $"non-comparable type {GoFormat.Value(right)}: {right.Type.Name}"
                : $"non-comparable types {GoFormat.Value(left)}: {left.Type!.Name}, {right.Type.Name}: {GoFormat.Value(right)}")
            : ReferenceEquals(left.Type, right.Type) && Equals(left.Data, right.Data);
    }
}
