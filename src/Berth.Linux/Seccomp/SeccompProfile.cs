using System.Runtime.InteropServices;

namespace Berth.Linux.Seccomp;

/// <summary>What a filter shall do, by names. <see cref="SeccompCompiler"/> makes the program of it.</summary>
public sealed record SeccompProfile
{
    /// <summary>The architecture of this process.</summary>
    public static SeccompArchitecture NativeArchitecture { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => SeccompArchitecture.X64,
        Architecture.Arm64 => SeccompArchitecture.Arm64,
        var other => throw new PlatformNotSupportedException($"no table of system calls for {other}"),
    };

    /// <summary>For every call that no rule is about.</summary>
    public required SeccompAction DefaultAction { get; init; }

    /// <summary>Calls of any other end the process.</summary>
    public required IReadOnlyList<SeccompArchitecture> Architectures { get; init; }

    public IReadOnlyList<SeccompRule> Rules { get; init; } = [];
}

/// <param name="Syscall">The call's name; one that an architecture does not have is passed over for it.</param>
/// <param name="Action">For the calls that meet the conditions.</param>
/// <param name="Conditions">All must hold; none: every call.</param>
public sealed record SeccompRule(string Syscall, SeccompAction Action, IReadOnlyList<SeccompCondition> Conditions);

public enum SeccompComparison
{
    NotEqual,
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,

    /// <summary>The argument's bits that are in <see cref="SeccompCondition.Value"/> equal <see cref="SeccompCondition.SecondValue"/>.</summary>
    MaskedEqual,
}

/// <param name="Argument">0 to 5.</param>
/// <param name="Comparison">Unsigned.</param>
/// <param name="Value">What is compared with, or the mask.</param>
/// <param name="SecondValue">For a mask: what is compared with.</param>
public sealed record SeccompCondition(int Argument, SeccompComparison Comparison, ulong Value, ulong SecondValue = 0);
