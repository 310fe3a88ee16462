namespace Berth.Cli.Templates.Types;

/// <summary>A function or a method with the types of its parameters, which decide what a template may give it.</summary>
/// <param name="Parameters">Their types; null stands for a value of any type, as it is.</param>
/// <param name="IsVariadic">The last parameter stands for any number.</param>
/// <param name="Call">Fails with <see cref="FormatException"/>, which the evaluator places.</param>
sealed record GoFunction(IReadOnlyList<GoType?> Parameters, bool IsVariadic, Func<GoValue[], GoValue> Call)
{
    public static GoFunction Getter(Func<GoValue> get) => new([], IsVariadic: false, _ => get());
}
