using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Berth.Linux.Native;

namespace Berth.Linux.Tests.Abi;

/// <summary>
/// One fact that the assembly states about the kernel's interface, as a C expression and the value that it must have. The mask is
/// the bits that the C# type has; C may hold the same constant in a wider or signed type.
/// </summary>
internal sealed record AbiDeclaration(string Owner, string Headers, string? Since, string Expression, ulong Value, ulong Mask)
{
    internal static IEnumerable<AbiDeclaration> All() =>
        from type in typeof(LinuxException).Assembly.GetTypes()
        where type.Namespace == typeof(AbiAttribute).Namespace || type.GetCustomAttribute<AbiAttribute>() is not null
        where type != typeof(AbiAttribute) && !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.Contains('<', StringComparison.Ordinal)
        where type.GetCustomAttribute<AbiAttribute>() is not { Undeclared: true }
        from declaration in type.IsEnum ? Members(type) : type.IsValueType ? Members(type).Concat(Layout(type)) : Members(type)
        select declaration;

    private static IEnumerable<AbiDeclaration> Members(Type type)
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(Statics).Where(f => (type.IsEnum || !f.IsPrivate) && !f.Name.Contains('<', StringComparison.Ordinal)))
        {
            if (Number(field.IsLiteral ? field.GetRawConstantValue() : field.GetValue(null)) is { } number)
            {
                yield return Constant(type, field, number);
            }
        }

        // Values that differ between architectures are properties.
        foreach (var property in type.GetProperties(Statics).Where(p => p.GetMethod is { IsPrivate: false }))
        {
            if (Number(property.GetValue(null)) is { } number)
            {
                yield return Constant(type, property, number);
            }
        }
    }

    private static AbiDeclaration Constant(Type type, MemberInfo member, (ulong Value, ulong Mask) number)
    {
        var (own, owner) = (member.GetCustomAttribute<AbiAttribute>(), type.GetCustomAttribute<AbiAttribute>());
        return new AbiDeclaration(
            $"{type.Name}.{member.Name}", own?.Headers ?? owner?.Headers ?? CommonHeaders.List, own?.Since ?? owner?.Since,
            own is { Undeclared: true } || (own?.Name is null && IsOurs(member.Name)) ? "" : own?.Name ?? member.Name, number.Value, number.Mask);
    }

    // C's constants are spelled NAME, SYS_name or name; a NameLikeThis is our own.
    private static bool IsOurs(string name) => char.IsUpper(name[0]) && name.Length > 1 && char.IsLower(name[1]);

    private static IEnumerable<AbiDeclaration> Layout(Type type)
    {
        var owner = type.GetCustomAttribute<AbiAttribute>();
        var headers = owner?.Headers ?? CommonHeaders.List;
        var name = owner?.Name ?? (type.Name.EndsWith("_t", StringComparison.Ordinal) ? type.Name : $"struct {type.Name}");
        yield return new AbiDeclaration(type.Name, headers, owner?.Since, owner is { IsPart: true } ? "" : $"sizeof({name})", (ulong)SizeOf(type), ulong.MaxValue);
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            var own = field.GetCustomAttribute<AbiAttribute>();
            yield return new AbiDeclaration(
                $"{type.Name}.{field.Name}", headers, own?.Since ?? owner?.Since,
                own is { Undeclared: true } ? "" : $"offsetof({name}, {own?.Name ?? field.Name})", (ulong)OffsetOf(type, field), ulong.MaxValue);
        }
    }

    private static (ulong Value, ulong Mask)? Number(object? value) => value switch
    {
        byte or sbyte or short or ushort or int or uint =>
            (unchecked((ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture)) & uint.MaxValue, uint.MaxValue),
        long or ulong => (value is long l ? unchecked((ulong)l) : (ulong)value, ulong.MaxValue),
        nint n => (unchecked((ulong)n), ulong.MaxValue),
        nuint n => (n, ulong.MaxValue),
        Enum e => Number(Convert.ChangeType(e, Enum.GetUnderlyingType(e.GetType()), CultureInfo.InvariantCulture)),
        _ => null,
    };

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    // Marshal.OffsetOf tells the marshalled layout, which is not what the kernel gets. This is the managed one: the address of
    // the field less the address of its structure.
    private static long OffsetOf(Type type, FieldInfo field)
    {
        var method = new DynamicMethod("offset", typeof(long), [], typeof(AbiDeclaration).Module, skipVisibility: true);
        var il = method.GetILGenerator();
        var local = il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<long>>()();
    }
}
