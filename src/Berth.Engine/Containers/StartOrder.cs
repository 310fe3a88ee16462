namespace Berth.Engine.Containers;

/// <summary>In which order containers are started after a start of the daemon: after those that they need.</summary>
internal static class StartOrder
{
    /// <param name="containers">Those to start.</param>
    /// <param name="find">Finds a container by name or id.</param>
    /// <returns>Rounds: each needs only what is in those before it, or is not to be started. Those that need each other are last, together.</returns>
    public static IEnumerable<IReadOnlyList<Container>> Of(IReadOnlyCollection<Container> containers, Func<string, Container> find)
    {
        var left = containers.ToDictionary(c => c.Id);
        var needs = containers.ToDictionary(c => c.Id, c => Needs(c, find));
        while (left.Count > 0)
        {
            List<Container> ready = [.. left.Values.Where(c => !needs[c.Id].Any(left.ContainsKey))];
            ready = ready.Count > 0 ? ready : [.. left.Values];
            ready.ForEach(c => left.Remove(c.Id));
            yield return ready;
        }
    }

    /// <summary>Links, shared namespaces and --volumes-from.</summary>
    private static List<string> Needs(Container container, Func<string, Container> find)
    {
        var host = container.HostConfig;
        var names = new[] { host.NetworkMode, host.PidMode, host.IpcMode }.Select(NamespaceMode.ContainerOf).OfType<string>()
            .Concat((host.VolumesFrom ?? []).Select(v => v.Split(':')[0]));
        return [.. names.Select(name => IdOf(name, find)).OfType<string>(), .. (container.Record.Links ?? []).Select(l => l.ChildId)];
    }

    private static string? IdOf(string name, Func<string, Container> find)
    {
        try
        {
            return find(name).Id;
        }
        catch (EngineException)
        {
            // Gone: the start will say so.
            return null;
        }
    }
}
