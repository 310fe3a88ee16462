using Berth.Linux.Seccomp;
using Berth.Linux.Tests.Abi;

namespace Berth.Linux.Tests.Seccomp;

/// <summary>The table of system calls, held against the headers of each architecture that an x86-64 machine has.</summary>
public sealed class SyscallTableTests
{
    // The generic header is arm64's. That of x32 needs bit 30 from the one before it.
    [Theory]
    [InlineData(SeccompArchitecture.X64, "asm/unistd_64.h", 0u)]
    [InlineData(SeccompArchitecture.X86, "asm/unistd_32.h", 0u)]
    [InlineData(SeccompArchitecture.X32, "asm/unistd.h asm/unistd_x32.h", 0x40000000u)]
    [InlineData(SeccompArchitecture.Arm64, "asm-generic/unistd.h", 0u)]
    public async Task Numbers_are_those_of_the_headers(SeccompArchitecture architecture, string headers, uint bit)
    {
        Assert.SkipUnless(CompiledAssertions.CompilerIsPresent, "no C compiler (gcc)");
        Assert.SkipUnless(SeccompProfile.NativeArchitecture == SeccompArchitecture.X64, "the headers are those of x86-64");
        var declarations =
            from name in SyscallTable.Names
            let number = SyscallTable.Find(name, architecture)
            where number is not null
            select new AbiDeclaration(name, headers, null, $"__NR_{name}", number.Value + bit, uint.MaxValue);
        var failures = await CompiledAssertions.FailuresAsync(declarations, TestContext.Current.CancellationToken);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }
}
