using System.Security.Cryptography;
using Berth.Engine.Events;
using Berth.Linux.Files;

namespace Berth.Engine.Volumes;

/// <summary>Volumes as plain directories: <c>volumes/NAME/_data</c> below the data root.</summary>
public sealed class VolumeService(EngineOptions options, EventService events)
{
    private readonly string _directory = Path.Combine(options.DataRoot, "volumes");

    private const int AnonymousLength = 64;

    /// <summary>A name for a volume that is given none: 64 hexadecimal digits.</summary>
    public static string NewAnonymousName() => RandomNumberGenerator.GetHexString(AnonymousLength, lowercase: true);

    public static bool IsAnonymous(string name) => name.Length == AnonymousLength && name.All(char.IsAsciiHexDigitLower);

    /// <summary>The directory that is mounted.</summary>
    public string DataOf(string name) => Path.Combine(_directory, name, "_data");

    /// <summary>Makes the volume where there is none of this name.</summary>
    /// <returns>Whether it was made.</returns>
    public bool Create(string name)
    {
        var data = DataOf(name);
        if (Directory.Exists(data))
        {
            return false;
        }

        // What a container leaves in a volume, set-uid programs too, is for containers that mount it.
        PrivateDirectory.Make(_directory);
        PrivateDirectory.Make(Path.GetDirectoryName(data)!);
        Directory.CreateDirectory(data);
        Publish("create", name);
        return true;
    }

    /// <summary>The names of all volumes.</summary>
    public IReadOnlyList<string> Names() => Directory.Exists(_directory)
        ? [.. Directory.EnumerateDirectories(_directory).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>When the volume was made.</summary>
    public DateTimeOffset CreatedAt(string name) => Directory.GetLastWriteTimeUtc(Path.Combine(_directory, name));

    /// <summary>Removes the volume with all that is in it.</summary>
    public void Remove(string name)
    {
        TreeRemoval.Remove(Path.Combine(_directory, name));
        Publish("destroy", name);
    }

    /// <summary>Tells that a container has the volume.</summary>
    public void TellMounted(string name, string containerId, string destination, bool readOnly, string propagation) => Publish(
        "mount",
        name,
        ("container", containerId),
        ("destination", destination),
        ("read/write", readOnly ? "false" : "true"),
        ("propagation", propagation));

    /// <summary>Tells that a container has the volume no more.</summary>
    public void TellUnmounted(string name, string containerId) => Publish("unmount", name, ("container", containerId));

    private void Publish(string action, string name, params ReadOnlySpan<(string Key, string Value)> facts)
    {
        var attributes = new Dictionary<string, string> { ["driver"] = "local" };
        foreach (var (key, value) in facts)
        {
            attributes[key] = value;
        }

        events.Publish("volume", action, name, attributes);
    }
}
