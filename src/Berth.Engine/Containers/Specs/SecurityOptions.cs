namespace Berth.Engine.Containers.Specs;

/// <summary>--security-opt, read.</summary>
/// <param name="NoNewPrivileges">Null: nothing was said.</param>
/// <param name="Seccomp">A profile's JSON text, or one of the words builtin and unconfined; null: nothing was said.</param>
/// <param name="WritableCgroups">Null: as the container's privileges have it.</param>
internal sealed record SecurityOptions(bool? NoNewPrivileges, string? Seccomp, bool? WritableCgroups)
{
    /// <exception cref="EngineException">One of them is not known, or has a value that it cannot have.</exception>
    public static SecurityOptions Parse(IReadOnlyList<string>? options)
    {
        var parsed = new SecurityOptions(null, null, null);
        foreach (var option in options ?? [])
        {
            var separator = option.Contains('=', StringComparison.Ordinal) ? '=' : ':';
            var at = option.IndexOf(separator, StringComparison.Ordinal);
            var (name, value) = at < 0 ? (option, "") : (option[..at], option[(at + 1)..]);
            parsed = (name, at >= 0) switch
            {
                ("no-new-privileges", false) => parsed with { NoNewPrivileges = true },
                ("no-new-privileges", true) => parsed with { NoNewPrivileges = Truth(value, option) },
                ("writable-cgroups", false) => parsed with { WritableCgroups = true },
                ("writable-cgroups", true) => parsed with { WritableCgroups = Truth(value, option) },
                ("seccomp", true) => parsed with { Seccomp = value.Length > 0 ? value : null },
                // Neither exists on every kernel; where they do not, Docker ignores them as well.
                ("apparmor" or "label", true) or ("disable", false) => parsed,
                // Docker's command line says it in other fields; some clients send it.
                ("systempaths", true) when value == "unconfined" => parsed,
                (_, true) => throw Refusal(2, option),
                _ => throw Refusal(1, option),
            };
        }

        return parsed;
    }

    private static bool Truth(string value, string option) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw Refusal(2, option),
    };

    private static EngineException Refusal(int kind, string option) => ContainerErrors.Invalid($"invalid --security-opt {kind}: \"{option}\"");
}
