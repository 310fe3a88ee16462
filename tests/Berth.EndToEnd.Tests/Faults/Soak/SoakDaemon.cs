using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults.Soak;

/// <summary>A daemon that is killed with SIGKILL at random moments, and whose clients can know whether it was.</summary>
internal sealed class SoakDaemon(Daemon daemon)
{
    /// <summary>Even while it runs, odd from just before a kill until it answers again.</summary>
    private volatile int _epoch;

    public Daemon Daemon => daemon;

    public EngineApi Api { get; } = new(daemon.Http);

    public int Kills => (_epoch + 1) / 2;

    /// <summary>What a client notes before its call, for <see cref="WasKilledSince"/>.</summary>
    public int Now => _epoch & ~1;

    /// <summary>Whether a client whose call failed is to be forgiven.</summary>
    public bool WasKilledSince(int then) => _epoch > then;

    /// <summary>Kills and starts the daemon until the token is cancelled; it runs when this returns.</summary>
    public async Task KillNowAndThenAsync(Random random, TimeSpan longest, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Task.Delay(random.NextDouble() * longest, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Interlocked.Increment(ref _epoch);
            await daemon.KillAsync();
            await daemon.StartProcessAsync();
            Interlocked.Increment(ref _epoch);
        }
    }

    /// <summary>Makes a call again until it is answered, where a kill came between.</summary>
    /// <param name="call">Is told whether an earlier try of it may have been carried out.</param>
    public async Task<T> InsistAsync<T>(Func<bool, Task<T>> call)
    {
        for (var again = false; ; again = true)
        {
            var then = Now;
            try
            {
                return await call(again);
            }
            catch (ConnectionLostException) when (WasKilledSince(then))
            {
                await IsBackAsync();
            }
        }
    }

    public Task IsBackAsync() => Eventually.HoldsAsync("the daemon answers again", async () =>
    {
        try
        {
            return (await Api.GetAsync("_ping")).Status == 200;
        }
        catch (ConnectionLostException)
        {
            return false;
        }
    });
}
