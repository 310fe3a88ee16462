using System.Text.Json;

namespace Berth.Cli.Tests.CommandLine;

/// <summary>What the docker command line 28.2.2 takes: flags as name, shorthand, type and default.</summary>
static class DockerReference
{
    public static JsonElement Commands { get; } = Read();

    private static JsonElement Read()
    {
        using var stream = typeof(DockerReference).Assembly.GetManifestResourceStream("docker-28.2.2.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
