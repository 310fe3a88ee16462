using System.Diagnostics.CodeAnalysis;

namespace Berth.Engine.Containers;

/// <summary>All containers, found by id, by the beginning of an id, and by name. A name is taken before its container exists.</summary>
public sealed class ContainerIndex
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Container> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _idByName = new(StringComparer.Ordinal);

    public IReadOnlyList<Container> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _byId.Values];
            }
        }
    }

    /// <summary>Takes a name for an id.</summary>
    /// <returns>The id that has it; <paramref name="id"/> itself where it was free.</returns>
    public string TakeName(string name, string id)
    {
        lock (_gate)
        {
            return _idByName.TryAdd(name, id) ? id : _idByName[name];
        }
    }

    public void ReleaseName(string name, string id)
    {
        lock (_gate)
        {
            if (_idByName.TryGetValue(name, out var holder) && holder == id)
            {
                _idByName.Remove(name);
            }
        }
    }

    public void Add(Container container)
    {
        lock (_gate)
        {
            _byId.Add(container.Id, container);
        }
    }

    /// <summary>Forgets the container; its name is free.</summary>
    public void Remove(Container container)
    {
        lock (_gate)
        {
            _byId.Remove(container.Id);
            ReleaseName(container.Name, container.Id);
        }
    }

    /// <returns>Null where there is none of this complete id.</returns>
    public Container? TryGetById(string id)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <summary>Finds by complete id, then by name, then by a link's name (CONTAINER/ALIAS), then by the beginning of an id.</summary>
    public Container Get(string nameOrId)
    {
        lock (_gate)
        {
            var name = nameOrId.TrimStart('/');
            if (_byId.TryGetValue(nameOrId, out var container) || TryGetByName(name, out container) || TryGetByLink(name, out container))
            {
                return container;
            }

            return nameOrId.Length == 0 ? throw ContainerErrors.NoSuchContainer(nameOrId) : GetByPrefix(nameOrId);
        }
    }

    private Container GetByPrefix(string prefix)
    {
        Container? found = null;
        foreach (var candidate in _byId.Values.Where(c => c.Id.StartsWith(prefix, StringComparison.Ordinal)))
        {
            found = found is null ? candidate : throw ContainerErrors.AmbiguousPrefix(prefix);
        }

        return found ?? throw ContainerErrors.NoSuchContainer(prefix);
    }

    private bool TryGetByName(string name, [NotNullWhen(true)] out Container? container)
    {
        container = null;
        return _idByName.TryGetValue(name, out var id) && _byId.TryGetValue(id, out container);
    }

    private bool TryGetByLink(string name, [NotNullWhen(true)] out Container? container)
    {
        container = null;
        return name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
            && TryGetByName(name[..slash], out var parent)
            && parent.Record.Links?.FirstOrDefault(l => l.Alias == name[(slash + 1)..]) is { } link
            && _byId.TryGetValue(link.ChildId, out container);
    }
}
