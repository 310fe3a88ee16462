namespace Berth.Engine.Containers.Links;

/// <summary>A legacy link: the container knows another one by a further name. It is called CONTAINER/ALIAS.</summary>
public sealed record ContainerLink(string ChildId, string Alias);
