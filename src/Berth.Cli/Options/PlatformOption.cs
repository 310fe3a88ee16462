using System.Text.Json;

namespace Berth.Cli.Options;

/// <summary>A platform, <c>os[/arch[/variant]]</c>, where the API takes it as an object.</summary>
static class PlatformOption
{
    public static string ToJson(string text)
    {
        var parts = text.Split('/');
        var variant = parts.Length > 2 ? $",\"variant\":\"{JsonEncodedText.Encode(parts[2])}\"" : "";
        var architecture = parts.Length > 1 ? $"\"architecture\":\"{JsonEncodedText.Encode(parts[1])}\"," : "";
        return $"{{{architecture}\"os\":\"{JsonEncodedText.Encode(parts[0])}\"{variant}}}";
    }
}
