using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Berth.Cli.Connection;

namespace Berth.Cli.Configuration;

/// <summary>A daemon's address by a name, as <c>docker context create</c> stores it.</summary>
/// <param name="Host">Empty: the local daemon.</param>
/// <param name="Tls">The certificates that are stored with it; null where there are none.</param>
sealed record DaemonContext(string Host, TlsFiles? Tls)
{
    /// <summary>The context that stands for no context.</summary>
    public const string Default = "default";

    /// <exception cref="CommandException">There is no context of that name, or none that leads to a daemon.</exception>
    public static DaemonContext Load(string directory, string name)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var path = Path.Combine(directory, "contexts", "meta", hash, "meta.json");
        JsonElement content;
        try
        {
            content = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unresolved(name, $"context not found: open {path}: no such file or directory");
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw Unresolved(name, $"parsing {path}: {unreadable.Message}");
        }

        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty("Endpoints", out var endpoints)
            || !endpoints.TryGetProperty("docker", out var endpoint))
        {
            throw new CommandException("Failed to initialize: unable to resolve docker endpoint: no docker endpoint configured in context");
        }

        var certificates = Path.Combine(directory, "contexts", "tls", hash, "docker");
        var unverified = endpoint.Flag("SkipTLSVerify");
        return new DaemonContext(endpoint.Text("Host"), Directory.Exists(certificates) || unverified
            ? new TlsFiles(Path.Combine(certificates, "ca.pem"), Path.Combine(certificates, "cert.pem"), Path.Combine(certificates, "key.pem"), !unverified)
            : null);
    }

    private static CommandException Unresolved(string name, string reason) =>
        new($"Failed to initialize: unable to resolve docker endpoint: context \"{name}\": {reason}");
}
