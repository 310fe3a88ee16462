namespace Berth.Linux.Tests.Abi;

/// <summary>
/// Everything that Berth.Linux declares of the kernel's interface (the Native namespace, and types elsewhere that carry
/// <see cref="Native.AbiAttribute"/>), held against the system's headers.
/// </summary>
public sealed class AbiTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_constant_size_and_offset_is_what_the_headers_say()
    {
        Assert.SkipUnless(CompiledAssertions.CompilerIsPresent, "no C compiler (gcc)");
        var failures = await CompiledAssertions.FailuresAsync(AbiDeclaration.All(), _cancellation);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public async Task A_wrong_value_and_an_unknown_name_are_both_found()
    {
        Assert.SkipUnless(CompiledAssertions.CompilerIsPresent, "no C compiler (gcc)");
        AbiDeclaration Declare(string expression, ulong value) => new("Test", CommonHeaders.List, null, expression, value, uint.MaxValue);
        var failures = await CompiledAssertions.FailuresAsync(
            [Declare("O_CLOEXEC", 0x80000), Declare("O_DIRECTORY", 1), Declare("O_NO_SUCH_FLAG", 1), Declare("AT_FDCWD", unchecked((uint)-100))], _cancellation);
        Assert.Collection(
            failures,
            f => Assert.Contains("O_DIRECTORY is not 1", f, StringComparison.Ordinal),
            f => Assert.Contains("undeclared", f, StringComparison.Ordinal));
    }

    [Fact]
    public void Declarations_are_found()
    {
        var names = AbiDeclaration.All().Select(d => d.Owner).ToList();
        Assert.Contains("Errno.ENOENT", names);
    }
}
