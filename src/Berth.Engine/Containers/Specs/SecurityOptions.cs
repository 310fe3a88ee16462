namespace Berth.Engine.Containers.Specs;

/// <summary>--security-opt, read.</summary>
/// <param name="SeccompProfile">A profile's JSON text; null: the default.</param>
internal sealed record SecurityOptions(bool NoNewPrivileges, bool SeccompUnconfined, string? SeccompProfile)
{
    public static SecurityOptions Parse(IReadOnlyList<string>? options)
    {
        var parsed = new SecurityOptions(false, false, null);
        foreach (var option in options ?? [])
        {
            var separator = option.IndexOfAny(['=', ':']);
            var (name, value) = separator < 0 ? (option, "") : (option[..separator], option[(separator + 1)..]);
            parsed = (name, value) switch
            {
                ("no-new-privileges", "" or "true") => parsed with { NoNewPrivileges = true },
                ("no-new-privileges", "false") => parsed,
                ("seccomp", "unconfined") => parsed with { SeccompUnconfined = true },
                ("seccomp", "builtin") => parsed,
                ("seccomp", ['{', ..]) => parsed with { SeccompProfile = value },
                // Neither exists on every kernel; where they do not, Docker ignores them as well.
                ("apparmor" or "label", _) => parsed,
                ("systempaths", "unconfined") => parsed,
                _ => throw ContainerErrors.Invalid($"invalid --security-opt 2: \"{option}\""),
            };
        }

        return parsed;
    }
}
