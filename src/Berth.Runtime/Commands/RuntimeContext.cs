using Berth.Runtime.Processes;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

/// <summary>What every command is given: where the state lies, and where messages go.</summary>
internal sealed class RuntimeContext(string root, RuntimeLog log)
{
    internal const string DefaultRoot = "/run/berth/runtime";

    internal string Root { get; } = root;

    internal RuntimeLog Log { get; } = log;

    internal ContainerDirectory Directory(string id) => new(Root, id);

    /// <exception cref="StartException">There is no such container.</exception>
    internal ContainerRecord Find(string id) =>
        Directory(id).TryRead() ?? throw StartException.Of("state", $"container does not exist: {id}");
}
