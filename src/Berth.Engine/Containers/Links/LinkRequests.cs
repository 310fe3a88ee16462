using Berth.Api.Containers;

namespace Berth.Engine.Containers.Links;

/// <summary>What --link asks for: NAME, or NAME:ALIAS; inspect's own form, /NAME:/CONTAINER/ALIAS, too.</summary>
internal static class LinkRequests
{
    /// <param name="host">With the links as the user wrote them.</param>
    /// <param name="find">Finds a container by name or id.</param>
    public static IReadOnlyList<ContainerLink> Resolve(HostConfig host, Func<string, Container> find)
    {
        if (host.Links is null or [])
        {
            return [];
        }

        return host.NetworkMode == NamespaceMode.Host
            ? throw ContainerErrors.Invalid("conflicting options: host type networking can't be used with links. This would result in undefined behavior")
            : [.. host.Links.Select(text => Resolve(text, find)).GroupBy(link => link.Alias).Select(same => same.Last())];
    }

    private static ContainerLink Resolve(string text, Func<string, Container> find)
    {
        var (name, alias) = text.Split(':') switch
        {
            [{ Length: > 0 } only] => (only, only),
            [{ Length: > 0 } first, { Length: > 0 } second] => (first, second),
            _ => throw ContainerErrors.Invalid($"bad format for links: {text}"),
        };
        var child = FindChild(name, find);
        if (child.HostConfig.NetworkMode == NamespaceMode.Host)
        {
            throw ContainerErrors.Invalid("conflicting options: host type networking can't be used with links. This would result in undefined behavior");
        }

        alias = alias[(alias.LastIndexOf('/') + 1)..];
        return alias.Length > 0 && !alias.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '=' or ':')
            ? new ContainerLink(child.Id, alias)
            : throw ContainerErrors.Invalid($"bad format for links: {text}");
    }

    /// <summary>Through those that only share another's network, to the one that has it.</summary>
    private static Container FindChild(string name, Func<string, Container> find)
    {
        try
        {
            var child = find(name);
            for (var depth = 0; NamespaceMode.ContainerOf(child.HostConfig.NetworkMode) is { } other && depth < 100; depth++)
            {
                child = find(other);
            }

            return child;
        }
        catch (EngineException e) when (e.Kind == ErrorKind.NotFound)
        {
            // As "not found" a client would take it for the image.
            throw ContainerErrors.Invalid($"could not get container for {name}: {e.Message}");
        }
    }
}
