using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Berth.Engine.Containers;
using Berth.Oci.Runtime;

namespace Berth.Engine.Security;

/// <summary>Makes the OCI section of a seccomp profile: Docker's default one, or a user's own.</summary>
public static class SeccompProfiles
{
    private static readonly Lazy<SeccompDocument> _default = new(ReadDefault);

    /// <summary>The section of a container that asks for nothing special, as JSON; null where it has none.</summary>
    public static byte[]? Usual(DefaultSeccomp wanted) =>
        !wanted.Unconfined && Resolve(wanted.Profile, CapabilityNames.Default) is { } section
            ? JsonSerializer.SerializeToUtf8Bytes(section, OciRuntimeJson.Default.OciSeccomp)
            : null;

    /// <summary>The section for a container on this machine.</summary>
    /// <param name="profile">A profile in Docker's format; null: the default one.</param>
    /// <param name="capabilities">What the container's bounding set has; the kernel's names.</param>
    /// <returns>Null where the profile says nothing at all: no filter.</returns>
    public static OciSeccomp? Resolve(string? profile, IReadOnlyCollection<string> capabilities) =>
        Resolve(profile, capabilities, RuntimeInformation.ProcessArchitecture, Environment.OSVersion.Version);

    public static OciSeccomp? Resolve(string? profile, IReadOnlyCollection<string> capabilities, Architecture architecture, Version kernel)
    {
        var document = profile is null ? _default.Value : Parse(profile);
        if (string.IsNullOrEmpty(document.DefaultAction) && document.Syscalls is not { Count: > 0 })
        {
            return null;
        }

        var machine = Machine.Of(architecture);
        return new OciSeccomp
        {
            DefaultAction = document.DefaultAction ?? "",
            DefaultErrnoRet = document.DefaultErrnoRet,
            Architectures = Architectures(document, machine),
            Flags = document.Flags,
            ListenerPath = document.ListenerPath,
            ListenerMetadata = document.ListenerMetadata,
            Syscalls =
            [
                .. (document.Syscalls ?? []).Where(r => Counts(r, capabilities, machine, kernel)).Select(r => new OciSyscall
                {
                    Names = Names(r),
                    Action = r.Action,
                    ErrnoRet = r.ErrnoRet,
                    Args = r.Args is { Count: > 0 } ? r.Args : null,
                }),
            ],
        };
    }

    private static SeccompDocument Parse(string profile)
    {
        try
        {
            return JsonSerializer.Deserialize(profile, SeccompJson.Default.SeccompDocument) ?? throw Invalid("null is not a profile");
        }
        catch (JsonException e)
        {
            // As Go's reader says it of a text in memory.
            throw Invalid(JsonSyntax.ErrorOf(Encoding.UTF8.GetBytes(profile)) switch
            {
                null => $"a value at {e.Path} is of another type than a profile has there",
                { Message: "unexpected EOF" } => "unexpected end of JSON input",
                var error => error.Message,
            });
        }
    }

    private static SeccompDocument ReadDefault()
    {
        using var resource = typeof(SeccompProfiles).Assembly.GetManifestResourceStream("default-seccomp.json")!;
        return JsonSerializer.Deserialize(resource, SeccompJson.Default.SeccompDocument)!;
    }

    private static IReadOnlyList<string>? Architectures(SeccompDocument document, Machine machine)
    {
        if (document.Architectures is { Count: > 0 } && document.ArchMap is { Count: > 0 })
        {
            throw Invalid("both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or 'archMap'");
        }

        return (document.ArchMap ?? []).FirstOrDefault(m => m.Architecture == machine.SeccompName) is { } map
            ? [map.Architecture, .. map.SubArchitectures ?? []]
            : document.Architectures;
    }

    private static IReadOnlyList<string> Names(SeccompDocumentRule rule) => (rule.Name, rule.Names) switch
    {
        ({ Length: > 0 }, { Count: > 0 }) => throw Invalid("both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'"),
        ({ Length: > 0 } name, _) => [name],
        (_, var names) => names ?? [],
    };

    private static bool Counts(SeccompDocumentRule rule, IReadOnlyCollection<string> capabilities, Machine machine, Version kernel)
    {
        var (includes, excludes) = (rule.Includes, rule.Excludes);
        return excludes?.Arches?.Contains(machine.GoName) is not true
            && excludes?.Caps?.Any(capabilities.Contains) is not true
            && (excludes?.MinKernel is not { } above || kernel < ParseKernel(above))
            && (includes?.Arches is not { Count: > 0 } architectures || architectures.Contains(machine.GoName))
            && includes?.Caps?.All(capabilities.Contains) is not false
            && (includes?.MinKernel is not { } from || kernel >= ParseKernel(from));
    }

    private static Version ParseKernel(string text) => text.Split('.') is [var major, var minor]
        && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            ? new Version(first, second)
            : throw Invalid($"invalid kernel version: \"{text}\"");

    private static EngineException Invalid(string why) => new(ErrorKind.InvalidParameter, $"Decoding seccomp profile failed: {why}");

    /// <summary>One architecture, in the words of Go and of libseccomp.</summary>
    private sealed record Machine(string GoName, string SeccompName)
    {
        internal static Machine Of(Architecture architecture) => architecture switch
        {
            Architecture.X64 => new Machine("amd64", "SCMP_ARCH_X86_64"),
            Architecture.Arm64 => new Machine("arm64", "SCMP_ARCH_AARCH64"),
            var other => throw new EngineException(ErrorKind.NotImplemented, $"no seccomp profile for {other}"),
        };
    }
}
