using Berth.Images.Registry;

namespace Berth.Images.Tests.Registry;

public sealed class TransferSlotsTests
{
    [Fact]
    public async Task The_limit_may_change_while_some_wait()
    {
        var limit = 1;
        var slots = new TransferSlots(() => limit);
        Assert.True(slots.TryEnter());
        Assert.False(slots.TryEnter());
        using var giveUp = new CancellationTokenSource();
        var first = slots.EnterAsync(giveUp.Token);
        var second = slots.EnterAsync(CancellationToken.None);
        var third = slots.EnterAsync(CancellationToken.None);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);

        limit = 2;
        slots.Leave();
        await second;
        await third;
        Assert.False(slots.TryEnter());

        limit = 1;
        slots.Leave();
        Assert.False(slots.TryEnter());
        slots.Leave();
        Assert.True(slots.TryEnter());
    }
}
