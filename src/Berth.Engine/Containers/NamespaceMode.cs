namespace Berth.Engine.Containers;

/// <summary>Modes of namespaces, as HostConfig spells them.</summary>
internal static class NamespaceMode
{
    public const string Host = "host";
    public const string ContainerPrefix = "container:";

    /// <summary>The container whose namespace is to be shared; null where the mode is another.</summary>
    public static string? ContainerOf(string mode) =>
        mode.StartsWith(ContainerPrefix, StringComparison.Ordinal) ? mode[ContainerPrefix.Length..] : null;
}
