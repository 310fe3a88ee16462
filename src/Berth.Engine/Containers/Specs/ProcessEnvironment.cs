using Berth.Api.Containers;

namespace Berth.Engine.Containers.Specs;

/// <summary>The environment of a container's processes. HOME is the runtime's to add: it is in the image's passwd.</summary>
internal static class ProcessEnvironment
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <param name="config">The container's.</param>
    /// <param name="hostname">As it calls itself.</param>
    /// <param name="links">Variables of the containers that it is linked to.</param>
    public static IReadOnlyList<string> Of(ContainerConfig config, string hostname, IReadOnlyList<string> links)
    {
        List<string> defaults = [DefaultPath, $"HOSTNAME={hostname}"];
        if (config.Tty)
        {
            defaults.Add("TERM=xterm");
        }

        return Override([.. defaults, .. links], config.Env);
    }

    /// <summary>Later entries replace earlier ones in their place; one without = removes the variable.</summary>
    public static IReadOnlyList<string> Override(IEnumerable<string> defaults, IReadOnlyList<string>? overrides)
    {
        var entries = new List<string?>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in defaults.Concat(overrides ?? []))
        {
            var name = entry.Split('=', 2)[0];
            if (!entry.Contains('=', StringComparison.Ordinal))
            {
                if (places.Remove(name, out var removed))
                {
                    entries[removed] = null;
                }
            }
            else if (places.TryGetValue(name, out var place))
            {
                entries[place] = entry;
            }
            else
            {
                places[name] = entries.Count;
                entries.Add(entry);
            }
        }

        return [.. entries.OfType<string>()];
    }
}
