using Berth.Api.Containers;

namespace Berth.Engine.Containers;

/// <summary>The program that a container runs, and its arguments: the entrypoint with the command behind it.</summary>
internal static class CommandLine
{
    public static (string Path, IReadOnlyList<string> Arguments) Of(ContainerConfig config)
    {
        IReadOnlyList<string> all = [.. config.Entrypoint ?? [], .. config.Cmd ?? []];

        // Only of a damaged container it is not known.
        return (all.Count > 0 ? all[0] : "", [.. all.Skip(1)]);
    }

    /// <summary>As the list of containers shows it: arguments with spaces in quotes.</summary>
    public static string Text(ContainerConfig config)
    {
        var (path, arguments) = Of(config);
        return string.Join(' ', [path, .. arguments.Select(a => a.Contains(' ', StringComparison.Ordinal) ? $"'{a}'" : a)]);
    }
}
