namespace Berth.Oci.Runtime;

/// <summary>The filter of system calls (config-linux.md, "Seccomp"). Actions and operators keep libseccomp's names.</summary>
public sealed record OciSeccomp
{
    public required string DefaultAction { get; init; }

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public string? ListenerPath { get; init; }

    public string? ListenerMetadata { get; init; }

    public IReadOnlyList<OciSyscall>? Syscalls { get; init; }
}

public sealed record OciSyscall
{
    public required IReadOnlyList<string> Names { get; init; }

    public required string Action { get; init; }

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<OciSyscallArgument>? Args { get; init; }
}

public sealed record OciSyscallArgument
{
    public uint Index { get; init; }

    public ulong Value { get; init; }

    public ulong ValueTwo { get; init; }

    public required string Op { get; init; }
}
