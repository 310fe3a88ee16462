namespace Berth.Engine.Networks;

public enum NetworkModeKind
{
    /// <summary>A network of its own name, the default bridge included.</summary>
    Bridge,

    /// <summary>The host's network namespace.</summary>
    Host,

    /// <summary>A namespace with nothing but loopback.</summary>
    None,

    /// <summary>The namespace of another container.</summary>
    Container,
}

/// <summary>A parsed HostConfig.NetworkMode.</summary>
/// <remarks>The target is the network's name, or for <see cref="NetworkModeKind.Container"/> the name or id of the container.</remarks>
public readonly record struct NetworkMode(NetworkModeKind Kind, string Target);
