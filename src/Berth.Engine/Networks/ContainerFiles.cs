namespace Berth.Engine.Networks;

/// <summary>Contents of the three files about the network that are bound into a container.</summary>
public sealed record ContainerFiles(string Hosts, string Hostname, string ResolvConf);
