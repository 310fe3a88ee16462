using Berth.Api.Containers;

namespace Berth.Engine.Containers.Stats;

/// <summary>
/// What a single sample is compared with. The processor times of all containers are read together, so that a client that asks for
/// hundreds of containers waits once and not for each.
/// </summary>
internal sealed class EarlierSamples(StatsSampler sampler, ContainerIndex containers, TimeProvider time)
{
    /// <summary>Docker takes two samples a second apart; the share of the processors shows in less.</summary>
    private static readonly TimeSpan _youngest = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _oldest = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private (long At, IReadOnlyDictionary<string, ContainerStats> Samples)? _last;

    /// <returns>A sample that is old enough to be compared with; null where the container has ended.</returns>
    public async Task<ContainerStats?> OfAsync(Container container, CancellationToken cancellationToken)
    {
        var (at, samples) = Take(container);
        var left = _youngest - time.GetElapsedTime(at);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, cancellationToken);
        }

        return samples.GetValueOrDefault(container.Id);
    }

    private (long At, IReadOnlyDictionary<string, ContainerStats> Samples) Take(Container container)
    {
        lock (_gate)
        {
            if (_last is not { } last || time.GetElapsedTime(last.At) > _oldest || !last.Samples.ContainsKey(container.Id))
            {
                _last = last = (time.GetTimestamp(), sampler.SampleProcessors(containers.All));
            }

            return last;
        }
    }
}
