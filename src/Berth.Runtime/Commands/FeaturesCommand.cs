using System.Buffers;
using System.Text.Json;
using Berth.Linux.Capabilities;
using Berth.Runtime.Bundles;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Mounts;

namespace Berth.Runtime.Commands;

internal static class FeaturesCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "features",
        Usage = "",
        Summary = "show the enabled features",
        Run = Run,
    };

    // The specification's features.md. Lists that the code has elsewhere are taken from there.
    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("ociVersionMin", "1.0.0");
            json.WriteString("ociVersionMax", "1.2.0");
            Write(json, "hooks", ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]);
            Write(json, "mountOptions", MountOptions.Names);
            json.WriteStartObject("linux");
            Write(json, "namespaces", NamespaceNames.All);
            Write(json, "capabilities", Capability.Known.Select(c => c.Name));
            WriteEnabled(json, "cgroup", "v1", "v2");
            json.WriteStartObject("seccomp");
            json.WriteBoolean("enabled", true);
            json.WriteEndObject();
            WriteEnabled(json, "apparmor");
            WriteEnabled(json, "selinux");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        StandardOutput.Write(buffer.WrittenSpan);
        StandardOutput.Write("\n");
        return 0;
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>What is listed is there; with nothing listed, the feature as a whole is not.</summary>
    private static void WriteEnabled(Utf8JsonWriter json, string name, params ReadOnlySpan<string> parts)
    {
        json.WriteStartObject(name);
        if (parts.IsEmpty)
        {
            json.WriteBoolean("enabled", false);
        }

        foreach (var part in parts)
        {
            json.WriteBoolean(part, true);
        }

        json.WriteEndObject();
    }
}
