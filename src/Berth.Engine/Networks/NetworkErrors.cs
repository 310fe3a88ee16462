namespace Berth.Engine.Networks;

/// <summary>Failures of networks, spelled as Docker spells them.</summary>
public static class NetworkErrors
{
    public static EngineException NotFound(string network) => new(ErrorKind.NotFound, $"network {network} not found");

    /// <summary>A feature that a later version brings.</summary>
    public static EngineException NotImplemented(string what) => new(ErrorKind.NotImplemented, $"{what} is not implemented");
}
