using Berth.Linux.Processes;

namespace Berth.Linux.Tests.Processes;

public sealed class SignalMasksTests
{
    private const int Hangup = 1;
    private const int Terminate = 15;

    [Fact]
    public void A_signal_is_lost_on_the_first_process_of_a_namespace_that_has_said_nothing_about_it()
    {
        var masks = Read("NSpid:\t4711\t1", caught: 0, blocked: 0, ignored: 0);
        Assert.True(masks.IsLostOn(Terminate));
        Assert.False((masks with { Caught = 1UL << 14 }).IsLostOn(Terminate));
        Assert.True((masks with { Caught = 1UL << 14 }).IsLostOn(Hangup));
        Assert.False((masks with { Blocked = 1UL << 14 }).IsLostOn(Terminate));
    }

    [Fact]
    public void A_signal_that_is_ignored_on_purpose_is_not_lost_and_any_other_process_dies_of_it()
    {
        Assert.False(Read("NSpid:\t4711", caught: 0, blocked: 0, ignored: 0).IsLostOn(Terminate));
        Assert.False(Read("NSpid:\t4711\t7", caught: 0, blocked: 0, ignored: 1UL << 14).IsLostOn(Terminate));
        Assert.False(Read("NSpid:\t4711\t1", caught: 0, blocked: 0, ignored: 1UL << 14).IsLostOn(Terminate));
    }

    [Fact]
    public void This_process_can_be_read_and_one_that_is_not_there_cannot()
    {
        Assert.False(SignalMasks.TryRead(Environment.ProcessId)!.Value.IsInit);
        Assert.Null(SignalMasks.TryRead(int.MaxValue));
    }

    private static SignalMasks Read(string line, ulong caught, ulong blocked, ulong ignored) =>
        SignalMasks.Parse(["Name:\tx", line, $"SigBlk:\t{blocked:x16}", $"SigIgn:\t{ignored:x16}", $"SigCgt:\t{caught:x16}"]);
}
