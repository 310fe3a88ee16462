using Berth.Oci.Runtime;
using Berth.Runtime.Seccomp;

namespace Berth.Runtime.Tests.Seccomp;

public sealed class SeccompMappingTests
{
    [Fact]
    public void Unknown_calls_and_architectures_are_passed_over()
    {
        var known = Compile(new OciSyscall { Names = ["read"], Action = "SCMP_ACT_ALLOW" });
        var more = SeccompMapping.Compile(new OciSeccomp
        {
            DefaultAction = "SCMP_ACT_ERRNO",
            Architectures = ["SCMP_ARCH_S390X"],
            Syscalls = [new OciSyscall { Names = ["read", "no_such_call"], Action = "SCMP_ACT_ALLOW" }],
        }).Program.ToArray();
        Assert.Equal(known, more);
    }

    [Fact]
    public void Two_conditions_on_one_argument_are_alternatives()
    {
        OciSyscallArgument Is(ulong value) => new() { Index = 0, Value = value, Op = "SCMP_CMP_EQ" };
        var together = Compile(new OciSyscall { Names = ["personality"], Action = "SCMP_ACT_ALLOW", Args = [Is(0), Is(8)] });
        var apart = Compile(
            new OciSyscall { Names = ["personality"], Action = "SCMP_ACT_ALLOW", Args = [Is(0)] },
            new OciSyscall { Names = ["personality"], Action = "SCMP_ACT_ALLOW", Args = [Is(8)] });
        Assert.Equal(apart, together);
    }

    [Fact]
    public void Notify_asks_for_a_listener_and_may_not_be_the_default()
    {
        var rule = new OciSyscall { Names = ["mount"], Action = "SCMP_ACT_NOTIFY" };
        Assert.True(SeccompMapping.Compile(new OciSeccomp { DefaultAction = "SCMP_ACT_ALLOW", Syscalls = [rule] }).WantsListener);
        Assert.Throws<InvalidDataException>(() => SeccompMapping.Compile(new OciSeccomp { DefaultAction = "SCMP_ACT_NOTIFY" }));
        Assert.Throws<InvalidDataException>(() => Compile(rule with { Names = ["write"] }));
    }

    [Fact]
    public void Unknown_words_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => SeccompMapping.Compile(new OciSeccomp { DefaultAction = "allow" }));
        Assert.Throws<InvalidDataException>(() => SeccompMapping.Compile(new OciSeccomp { DefaultAction = "SCMP_ACT_ALLOW", Flags = ["NO_SUCH_FLAG"] }));
        var argument = new OciSyscallArgument { Op = "EQ" };
        Assert.Throws<InvalidDataException>(() => Compile(new OciSyscall { Names = ["read"], Action = "SCMP_ACT_ALLOW", Args = [argument] }));
        Assert.Throws<InvalidDataException>(() => Compile(new OciSyscall { Names = ["read"], Action = "SCMP_ACT_ALLOW", Args = [argument with { Op = "SCMP_CMP_EQ", Index = 6 }] }));
    }

    private static byte[] Compile(params OciSyscall[] syscalls) =>
        SeccompMapping.Compile(new OciSeccomp { DefaultAction = "SCMP_ACT_ERRNO", Syscalls = syscalls }).Program.ToArray();
}
