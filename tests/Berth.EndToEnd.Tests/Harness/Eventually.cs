namespace Berth.EndToEnd.Tests.Harness;

/// <summary>Waits for what must become true, instead of sleeping for as long as it usually takes.</summary>
public static class Eventually
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(20);

    public static Task HoldsAsync(string what, Func<bool> condition, TimeSpan? limit = null) =>
        HoldsAsync(what, () => Task.FromResult(condition()), limit);

    public static async Task HoldsAsync(string what, Func<Task<bool>> condition, TimeSpan? limit = null)
    {
        var end = TimeProvider.System.GetUtcNow() + (limit ?? TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"in time: {what}");
            await Task.Delay(_interval, TestContext.Current.CancellationToken);
        }
    }
}
