using System.Runtime.CompilerServices;
using Berth.Api.Containers;
using Berth.Engine.Containers.Stats;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private StatsSampler? _sampler;
    private EarlierSamples? _earlier;

    /// <summary>What a container uses: once, or every second until the token is cancelled or the container is gone.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="stream">Every second.</param>
    /// <param name="oneShot">One sample, compared with none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<ContainerStats> Stats(string nameOrId, bool stream, bool oneShot, CancellationToken cancellationToken)
    {
        // Found here and not at the first sample, so that an error is the request's answer.
        var container = Get(nameOrId);
        return Sample(container, stream, oneShot, cancellationToken);
    }

    private async IAsyncEnumerable<ContainerStats> Sample(
        Container container, bool stream, bool oneShot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sampler = _sampler ??= new StatsSampler(_options, _time);
        if (!stream)
        {
            // Docker's clients compare two samples.
            var earlier = oneShot || !container.State.HasProcess
                ? null
                : await (_earlier ??= new EarlierSamples(sampler, _index, _time)).OfAsync(container, cancellationToken);
            var only = sampler.Sample(container);
            yield return earlier is null ? only : After(earlier, only);
            yield break;
        }

        var last = sampler.Sample(container);

        using var timer = new PeriodicTimer(_interval, _time);
        yield return last;
        while (await timer.WaitForNextTickAsync(cancellationToken) && !container.Lifecycle.Removed.IsCompleted)
        {
            last = After(last, sampler.Sample(container));
            yield return last;
        }
    }

    private static ContainerStats After(ContainerStats before, ContainerStats now) =>
        now with { PreviousCpu = before.Cpu, PreviousRead = before.Read };
}
