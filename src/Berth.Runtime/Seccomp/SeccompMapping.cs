using Berth.Linux.Seccomp;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Seccomp;

/// <summary>A bundle's seccomp section (config-linux.md, "Seccomp") as a filter that can be loaded.</summary>
public static class SeccompMapping
{
    private const uint EPERM = 1;

    /// <exception cref="InvalidDataException">A name of an action, operator or flag is unknown. Unknown system calls and architectures are passed over: a profile is written for many kernels.</exception>
    public static SeccompFilter Compile(OciSeccomp seccomp)
    {
        var defaultAction = Action(seccomp.DefaultAction, seccomp.DefaultErrnoRet);
        if (defaultAction == SeccompAction.Notify)
        {
            // The process could not even send the listener to whoever shall answer.
            throw new InvalidDataException("SCMP_ACT_NOTIFY cannot be used as default action");
        }

        var rules = (seccomp.Syscalls ?? []).SelectMany(Rules).ToList();
        if (rules.Exists(r => r is { Syscall: "write", Action: var action } && action == SeccompAction.Notify))
        {
            throw new InvalidDataException("SCMP_ACT_NOTIFY cannot be used for the write syscall");
        }

        var profile = new SeccompProfile
        {
            DefaultAction = defaultAction,
            Architectures = [.. (seccomp.Architectures ?? []).Select(Architecture).OfType<SeccompArchitecture>().Append(SeccompProfile.NativeArchitecture).Distinct()],
            Rules = rules,
        };
        var flags = (seccomp.Flags ?? []).Aggregate(SeccompFlags.None, (all, flag) => all | Flag(flag));
        return new SeccompFilter(SeccompCompiler.Compile(profile), flags, rules.Exists(r => r.Action == SeccompAction.Notify));
    }

    private static IEnumerable<SeccompRule> Rules(OciSyscall syscall)
    {
        var action = Action(syscall.Action, syscall.ErrnoRet);
        var conditions = (syscall.Args ?? []).Select(Condition).ToList();
        // Conditions must hold together, but two about the same argument are alternatives: what libseccomp cannot say in one rule
        // runc takes as several, and profiles count on it.
        var sets = conditions.DistinctBy(c => c.Argument).Count() == conditions.Count
            ? [conditions]
            : conditions.Select(c => new List<SeccompCondition> { c }).ToList();
        return from name in syscall.Names from set in sets select new SeccompRule(name, action, set);
    }

    private static SeccompCondition Condition(OciSyscallArgument argument) => argument.Index > 5
        ? throw new InvalidDataException($"a system call has no argument {argument.Index}")
        : new SeccompCondition((int)argument.Index, Comparison(argument.Op), argument.Value, argument.ValueTwo);

    private static SeccompAction Action(string action, uint? value) => action switch
    {
        "SCMP_ACT_ALLOW" => SeccompAction.Allow,
        "SCMP_ACT_ERRNO" => SeccompAction.Fail(value ?? EPERM),
        "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => SeccompAction.KillThread,
        "SCMP_ACT_KILL_PROCESS" => SeccompAction.KillProcess,
        "SCMP_ACT_TRAP" => SeccompAction.Trap,
        "SCMP_ACT_TRACE" => SeccompAction.Trace(value ?? EPERM),
        "SCMP_ACT_LOG" => SeccompAction.Log,
        "SCMP_ACT_NOTIFY" => SeccompAction.Notify,
        _ => throw new InvalidDataException($"string {action} is not a valid action for seccomp"),
    };

    private static SeccompComparison Comparison(string op) => op switch
    {
        "SCMP_CMP_NE" => SeccompComparison.NotEqual,
        "SCMP_CMP_LT" => SeccompComparison.Less,
        "SCMP_CMP_LE" => SeccompComparison.LessOrEqual,
        "SCMP_CMP_EQ" => SeccompComparison.Equal,
        "SCMP_CMP_GE" => SeccompComparison.GreaterOrEqual,
        "SCMP_CMP_GT" => SeccompComparison.Greater,
        "SCMP_CMP_MASKED_EQ" => SeccompComparison.MaskedEqual,
        _ => throw new InvalidDataException($"string {op} is not a valid operator for seccomp"),
    };

    private static SeccompArchitecture? Architecture(string architecture) => architecture switch
    {
        "SCMP_ARCH_X86_64" => SeccompArchitecture.X64,
        "SCMP_ARCH_X86" => SeccompArchitecture.X86,
        "SCMP_ARCH_X32" => SeccompArchitecture.X32,
        "SCMP_ARCH_AARCH64" => SeccompArchitecture.Arm64,
        _ => null,
    };

    private static SeccompFlags Flag(string flag) => flag switch
    {
        "SECCOMP_FILTER_FLAG_TSYNC" => SeccompFlags.AllThreads,
        "SECCOMP_FILTER_FLAG_LOG" => SeccompFlags.Log,
        "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => SeccompFlags.AllowSpeculation,
        "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => SeccompFlags.WaitKillable,
        _ => throw new InvalidDataException($"seccomp flag {flag} is not known"),
    };
}
