using System.Text.Json;
using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary>A platform, <c>os[/arch[/variant]]</c>, where the API takes it as an object.</summary>
static class PlatformOption
{
    /// <summary><c>--platform</c> of the commands that get images, whose default the environment sets.</summary>
    public static Flag<string> Declare(FlagSet flags) => flags.String(
        "platform", null, "Set platform if server is multi-platform capable", Environment.GetEnvironmentVariable("DOCKER_DEFAULT_PLATFORM") ?? "");

    public static string ToJson(string text)
    {
        var parts = text.Split('/');
        var variant = parts.Length > 2 ? $",\"variant\":\"{JsonEncodedText.Encode(parts[2])}\"" : "";
        var architecture = parts.Length > 1 ? $"\"architecture\":\"{JsonEncodedText.Encode(parts[1])}\"," : "";
        return $"{{{architecture}\"os\":\"{JsonEncodedText.Encode(parts[0])}\"{variant}}}";
    }
}
