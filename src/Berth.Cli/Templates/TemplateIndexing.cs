using System.Globalization;
using System.Text;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>len, index and slice.</summary>
static class TemplateIndexing
{
    public static long Length(GoValue value)
    {
        if (!value.IsValid)
        {
            throw new FormatException("reflect: call of reflect.Value.Type on zero Value");
        }

        value = value.Indirect(out var isNil);
        return isNil ? throw new FormatException("len of nil pointer") : value.Type!.Kind switch
        {
            GoKind.String => Encoding.UTF8.GetByteCount((string)value.Data!),
            GoKind.Slice or GoKind.Array => value.Items.Length,
            GoKind.Map => value.Map.Entries.Count,
            _ => throw new FormatException($"len of type {value.Type.Name}"),
        };
    }

    public static GoValue Index(GoValue[] arguments)
    {
        var item = arguments[0].Concrete();
        if (!item.IsValid)
        {
            throw new FormatException("index of untyped nil");
        }

        foreach (var argument in arguments.Skip(1))
        {
            var index = argument.Concrete();
            item = item.Indirect(out var isNil);
            if (isNil)
            {
                throw new FormatException("index of nil pointer");
            }

            item = item.Type!.Kind switch
            {
                GoKind.Slice or GoKind.Array => At(item.Items, index, item.Type.Kind),
                GoKind.String => At([.. Encoding.UTF8.GetBytes((string)item.Data!).Select(b => new GoValue(GoType.Uint8, (ulong)b))], index, GoKind.String),
                GoKind.Map => item.Map.Find(Key(index, item.Type.Key!)) is { IsValid: true } found ? found : GoValue.Zero(item.Type.Element!),
                _ => throw new FormatException($"can't index item of type {item.Type.Name}"),
            };
        }

        return item;
    }

    public static GoValue Slice(GoValue[] arguments)
    {
        var item = arguments[0].Concrete();
        if (!item.IsValid)
        {
            throw new FormatException("slice of untyped nil");
        }

        item = item.Indirect(out var isNil);
        if (isNil)
        {
            throw new FormatException("slice of nil pointer");
        }

        if (arguments.Length > 4)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"too many slice indexes: {arguments.Length - 1}"));
        }

        if (item.Type!.Kind == GoKind.String && arguments.Length == 4)
        {
            throw new FormatException("cannot 3-index slice a string");
        }

        var bytes = item.Type.Kind == GoKind.String ? Encoding.UTF8.GetBytes((string)item.Data!) : [];
        var length = item.Type.Kind switch
        {
            GoKind.String => bytes.Length,
            GoKind.Slice or GoKind.Array => item.Items.Length,
            _ => throw new FormatException($"can't slice item of type {item.Type.Name}"),
        };
        var bounds = arguments.Skip(1).Select(argument => Position(argument.Concrete(), length)).ToList();
        var start = bounds.Count > 0 ? bounds[0] : 0;
        var end = bounds.Count > 1 ? bounds[1] : length;
        if (start > end || (bounds.Count > 2 && end > bounds[2]))
        {
            throw new FormatException(start > end
                ? string.Create(CultureInfo.InvariantCulture, $"invalid slice index: {start} > {end}")
                : string.Create(CultureInfo.InvariantCulture, $"invalid slice index: {end} > {bounds[2]}"));
        }

        return item.Type.Kind == GoKind.String
            ? item with { Data = Encoding.UTF8.GetString(bytes[start..end]) }
            : item with { Data = item.Data is null ? null : item.Items[start..end] };
    }

    private static GoValue At(GoValue[] items, GoValue index, GoKind kind)
    {
        var position = Position(index, items.Length);
        return position < items.Length ? items[position]
            : throw new FormatException($"reflect: {(kind == GoKind.String ? "string" : kind == GoKind.Array ? "array" : "slice")} index out of range");
    }

    private static object? Key(GoValue index, GoType type) =>
        !index.IsValid ? type.IsNillable ? null : throw new FormatException($"value is nil; should be of type {type.Name}")
        : index.Type!.AssignableTo(type) ? index.Data
        : throw new FormatException($"value has type {index.Type.Name}; should be {type.Name}");

    private static int Position(GoValue index, int maximum)
    {
        var position = index.Data switch
        {
            long number => number,
            ulong number => (long)number,
            null when !index.IsValid => throw new FormatException("cannot index slice/array with nil"),
            _ => throw new FormatException($"cannot index slice/array with type {index.Type!.Name}"),
        };
        return position >= 0 && position <= maximum
            ? (int)position
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"index out of range: {position}"));
    }
}
