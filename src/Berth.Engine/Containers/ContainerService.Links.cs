using System.Text;
using Berth.Engine.Containers.Links;
using Berth.Engine.Networks;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>No container needs a longer one; what is longer was not written by us.</summary>
    private const int MaxHosts = 1 << 20;

    /// <summary>Removes a link, named CONTAINER/ALIAS; both containers stay.</summary>
    public async Task RemoveLinkAsync(string name, CancellationToken cancellationToken)
    {
        var at = name.Trim('/').LastIndexOf('/');
        if (at < 0)
        {
            _index.Get(name);
            throw new EngineException(ErrorKind.Conflict, "Conflict, cannot remove the default link name of the container");
        }

        var (parent, alias) = (Get(name.Trim('/')[..at]), name.Trim('/')[(at + 1)..]);
        await parent.Operation.WaitAsync(cancellationToken);
        try
        {
            var link = parent.Record.Links?.FirstOrDefault(l => l.Alias == alias) ?? throw ContainerErrors.NoSuchContainer(name);
            parent.Change(
                r => r with { Links = [.. r.Links!.Where(l => l.Alias != alias)] },
                r => ContainerRecordStore.Write(parent, r, durable: true));
            if (_index.TryGetById(link.ChildId) is { } child && parent.Run is not null)
            {
                RewriteHosts(parent, HostNames(link, child), address: null);
            }
        }
        finally
        {
            parent.Operation.Release();
        }
    }

    /// <summary>Its links to containers that are still there.</summary>
    private IEnumerable<(ContainerLink Link, Container Child)> LinksOf(Container container) =>
        (container.Record.Links ?? []).Select(link => (link, _index.TryGetById(link.ChildId)!)).Where(l => l.Item2 is not null);

    /// <summary>As inspect shows them: /CHILD:/CONTAINER/ALIAS.</summary>
    private List<string>? LinkTexts(Container container) =>
        LinksOf(container).Select(l => $"/{l.Child.Name}:{LinkName(container, l.Link)}").ToList() is { Count: > 0 } texts ? texts : null;

    /// <summary>The containers that know others by further names, by the others' ids.</summary>
    private ILookup<string, string> FurtherNames() =>
        (from parent in _index.All from link in parent.Record.Links ?? [] select (link.ChildId, Name: LinkName(parent, link)))
        .ToLookup(l => l.ChildId, l => l.Name);

    /// <summary>Variables of the containers that it is linked to.</summary>
    internal IReadOnlyList<string> LinkEnvironmentOf(Container container) =>
        container.Record.Links is null or [] || !IsOnDefaultBridge(container)
            ? []
            : [.. LinksOf(container).Where(l => AddressOf(l.Child).Length > 0).SelectMany(l => LinkEnvironment.Of(
                LinkName(container, l.Link), l.Link.Alias, AddressOf(l.Child), l.Child.Config.ExposedPorts?.Keys ?? [], l.Child.Config.Env ?? []))];

    /// <summary>Lines of its /etc/hosts, as extra hosts: names, a colon, the address.</summary>
    private string[] LinkHosts(Container container) =>
        IsOnDefaultBridge(container) ? [.. LinksOf(container).Select(l => $"{HostNames(l.Link, l.Child)}:{AddressOf(l.Child)}")] : [];

    /// <summary>Refuses a start while one that it is linked to does not run.</summary>
    private void CheckLinks(Container container)
    {
        foreach (var (link, child) in IsOnDefaultBridge(container) ? LinksOf(container) : [])
        {
            if (AddressOf(child).Length == 0)
            {
                throw new EngineException(
                    ErrorKind.Conflict, $"Cannot link to a non running container: /{child.Name} AS {LinkName(container, link)}");
            }
        }
    }

    /// <summary>A container has a new address: those that are linked to it learn it.</summary>
    private void UpdateParents(Container child)
    {
        foreach (var parent in _index.All)
        {
            foreach (var link in parent.Record.Links ?? [])
            {
                if (link.ChildId == child.Id && parent.Run is not null && IsOnDefaultBridge(parent))
                {
                    RewriteHosts(parent, HostNames(link, child), AddressOf(child));
                }
            }
        }
    }

    private static void RewriteHosts(Container container, string names, string? address)
    {
        var file = new FileInfo(container.Paths.Hosts);
        if (file is not { Exists: true, Length: < MaxHosts })
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var line in File.ReadAllText(file.FullName).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.EndsWith($"\t{names}", StringComparison.Ordinal))
            {
                text.Append(line).Append('\n');
            }
            else if (address is not null)
            {
                text.Append(address).Append('\t').Append(names).Append('\n');
            }
        }

        Overwrite(file.FullName, text.ToString());
    }

    private static string LinkName(Container parent, ContainerLink link) => $"/{parent.Name}/{link.Alias}";

    private static string HostNames(ContainerLink link, Container child) =>
        link.Alias == child.Name ? $"{link.Alias} {child.Config.Hostname}" : $"{link.Alias} {child.Config.Hostname} {child.Name}";

    /// <summary>Links are the default network's; elsewhere names are found in another way.</summary>
    private bool IsOnDefaultBridge(Container container) =>
        container.HostConfig.NetworkMode is "bridge" or "default" && !container.Config.NetworkDisabled
        && _networks.ResolveMode(container.HostConfig.NetworkMode).Kind == NetworkModeKind.Bridge;

    /// <summary>Empty where it does not run.</summary>
    private static string AddressOf(Container container) =>
        container.Run?.Network?.Networks.Values.Select(n => n.IPAddress).FirstOrDefault(a => a.Length > 0) ?? "";
}
