using Berth.Linux.Native;
using Berth.Linux.Seccomp;

namespace Berth.Linux.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    private const uint X64 = Libc.AUDIT_ARCH_X86_64, X86 = Libc.AUDIT_ARCH_I386, Arm64 = Libc.AUDIT_ARCH_AARCH64;
    private static readonly SeccompAction _denied = SeccompAction.Fail(Errno.EPERM);
    private static readonly SeccompAction _unknown = SeccompAction.Fail(Errno.ENOSYS);

    [Fact]
    public void Each_architecture_has_its_own_numbers()
    {
        var program = SeccompCompiler.Compile(Profile(
            [SeccompArchitecture.X64, SeccompArchitecture.X86, SeccompArchitecture.X32, SeccompArchitecture.Arm64], Allow("getpid"), Allow("execve"), Allow("waitpid")));
        Assert.Equal(SeccompAction.Allow, Ask(program, X64, 39));
        Assert.Equal(SeccompAction.Allow, Ask(program, X86, 20));
        Assert.Equal(_denied, Ask(program, X86, 19));
        Assert.Equal(SeccompAction.Allow, Ask(program, X64, 0x40000000 + 520));
        Assert.Equal(_denied, Ask(program, X64, 0x40000000 + 59));
        Assert.Equal(SeccompAction.Allow, Ask(program, Arm64, 172));
        Assert.Equal(SeccompAction.KillProcess, Ask(program, 0x80000016, 39));
    }

    [Fact]
    public void An_architecture_that_is_not_listed_ends_the_process()
    {
        var program = SeccompCompiler.Compile(Profile([SeccompArchitecture.X64], Allow("getpid")));
        Assert.Equal(SeccompAction.KillProcess, Ask(program, X86, 20));
        Assert.Equal(SeccompAction.KillProcess, Ask(program, X64, 0x40000000 + 39));
        Assert.Equal(_denied, Ask(program, X64, uint.MaxValue));
    }

    [Fact]
    public void A_call_newer_than_the_profile_does_not_exist()
    {
        var rules = new[] { Allow("getpid"), new SeccompRule("clone3", _denied, []) };
        var program = SeccompCompiler.Compile(Profile([SeccompArchitecture.X64], rules));
        Assert.Equal(_denied, Ask(program, X64, 435));
        Assert.Equal(_unknown, Ask(program, X64, 436));
        var open = SeccompCompiler.Compile(Profile([SeccompArchitecture.X64], rules) with { DefaultAction = SeccompAction.Allow });
        Assert.Equal(SeccompAction.Allow, Ask(open, X64, 436));
    }

    [Theory]
    [InlineData(SeccompComparison.NotEqual)]
    [InlineData(SeccompComparison.Less)]
    [InlineData(SeccompComparison.LessOrEqual)]
    [InlineData(SeccompComparison.Equal)]
    [InlineData(SeccompComparison.GreaterOrEqual)]
    [InlineData(SeccompComparison.Greater)]
    public void Arguments_are_compared_in_all_their_bits(SeccompComparison comparison)
    {
        ulong[] values = [0, 1, 5, 0xFFFFFFFF, 0x100000000, 0x100000001, 0x500000005, 0x8000000000000000, ulong.MaxValue];
        foreach (var value in values)
        {
            var program = SeccompCompiler.Compile(Profile([SeccompArchitecture.X64], Allow("personality", new SeccompCondition(2, comparison, value))));
            foreach (var argument in values)
            {
                var holds = comparison switch
                {
                    SeccompComparison.NotEqual => argument != value,
                    SeccompComparison.Less => argument < value,
                    SeccompComparison.LessOrEqual => argument <= value,
                    SeccompComparison.Equal => argument == value,
                    SeccompComparison.GreaterOrEqual => argument >= value,
                    _ => argument > value,
                };
                Assert.Equal(holds ? SeccompAction.Allow : _denied, Ask(program, X64, 135, 0, 0, argument));
            }
        }
    }

    [Fact]
    public void A_mask_is_applied_before_the_comparison()
    {
        var program = SeccompCompiler.Compile(Profile([SeccompArchitecture.X64], Allow("clone", new SeccompCondition(0, SeccompComparison.MaskedEqual, 0x7E020000))));
        Assert.Equal(SeccompAction.Allow, Ask(program, X64, 56, 0x1D0F00));
        Assert.Equal(_denied, Ask(program, X64, 56, 0x10000000 | 17));
        Assert.Equal(SeccompAction.Allow, Ask(program, X64, 56, 0x100000000));
    }

    [Fact]
    public void Conditions_hold_together_and_rules_one_or_the_other()
    {
        var program = SeccompCompiler.Compile(Profile(
            [SeccompArchitecture.X64],
            Allow("socket", new SeccompCondition(0, SeccompComparison.Equal, 16), new SeccompCondition(2, SeccompComparison.NotEqual, 9)),
            Allow("socket", new SeccompCondition(0, SeccompComparison.Less, 12))));
        Assert.Equal(SeccompAction.Allow, Ask(program, X64, 41, 16, 3, 0));
        Assert.Equal(_denied, Ask(program, X64, 41, 16, 3, 9));
        Assert.Equal(SeccompAction.Allow, Ask(program, X64, 41, 2, 3, 9));
        Assert.Equal(_denied, Ask(program, X64, 41, 40, 3, 0));
    }

    [Fact]
    public void A_rule_without_conditions_counts_more_than_those_with()
    {
        var program = SeccompCompiler.Compile(Profile(
            [SeccompArchitecture.X64], Allow("clone", new SeccompCondition(0, SeccompComparison.Equal, 1)), new SeccompRule("clone", SeccompAction.Log, [])));
        Assert.Equal(SeccompAction.Log, Ask(program, X64, 56, 1));
        Assert.Equal(SeccompAction.Log, Ask(program, X64, 56, 2));
    }

    [Fact]
    public void On_x86_sockets_and_ipc_are_reached_through_one_call_too()
    {
        var program = SeccompCompiler.Compile(Profile([SeccompArchitecture.X86], Allow("bind"), Allow("shmget")));
        Assert.Equal(SeccompAction.Allow, Ask(program, X86, 361));
        Assert.Equal(SeccompAction.Allow, Ask(program, X86, 102, 2));
        Assert.Equal(_denied, Ask(program, X86, 102, 3));
        Assert.Equal(SeccompAction.Allow, Ask(program, X86, 117, 23));
        Assert.Equal(_denied, Ask(program, X86, 117, 24));
    }

    [Fact]
    public void The_kernel_takes_the_program()
    {
        // A thread of its own takes the filter with it when it ends.
        LinuxException? failure = null;
        var thread = new Thread(() =>
        {
            _ = Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            var program = SeccompCompiler.Compile(new SeccompProfile
            {
                DefaultAction = SeccompAction.Allow,
                Architectures = [SeccompProfile.NativeArchitecture],
                Rules = [new SeccompRule("mkdirat", SeccompAction.Fail(Errno.EXDEV), []), new SeccompRule("mkdir", SeccompAction.Fail(Errno.EXDEV), [])],
            });
            new SeccompFilter(program, SeccompFlags.None, wantsListener: false).Load();
            _ = Libc.mkdirat(Libc.AT_FDCWD, "/tmp/never-made", 0);
            failure = LinuxException.FromLastError("mkdirat");
        });
        thread.Start();
        thread.Join();
        Assert.Equal(Errno.EXDEV, failure?.Errno);
    }

    private static SeccompProfile Profile(SeccompArchitecture[] architectures, params SeccompRule[] rules) =>
        new() { DefaultAction = _denied, Architectures = architectures, Rules = rules };

    private static SeccompRule Allow(string syscall, params SeccompCondition[] conditions) => new(syscall, SeccompAction.Allow, conditions);

    private static SeccompAction Ask(byte[] program, uint architecture, uint number, params ulong[] arguments) =>
        new(FilterMachine.Run(program, architecture, number, arguments));
}
