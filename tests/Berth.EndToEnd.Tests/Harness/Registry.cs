using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>Debian's docker-registry, started by a test with an empty store.</summary>
public sealed class Registry : IAsyncDisposable
{
    /// <summary>A user whom <see cref="PasswordAccess"/> lets in.</summary>
    public const string User = "harbour";
    public const string Password = "secret";

    // bcrypt of the password; htpasswd would make such a line.
    private const string PasswordLine = User + ":$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private readonly string _folder;
    private readonly Process _process;

    private Registry(string folder, Process process, string host)
    {
        _folder = folder;
        _process = process;
        Host = host;
    }

    /// <summary>How the registry is called in names of images.</summary>
    public string Host { get; }

    public int Port => int.Parse(Host[(Host.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);

    /// <param name="address">Where it listens.</param>
    /// <param name="tls">Its certificate; null: it speaks plain HTTP.</param>
    /// <param name="auth">A section of its configuration; empty: everybody is served.</param>
    /// <param name="clients">Serves those only who have a certificate of its authority.</param>
    public static async Task<Registry> StartAsync(string address = "127.0.0.1", TestAuthority? tls = null, string auth = "", bool clients = false)
    {
        var folder = Directory.CreateTempSubdirectory("berth-registry-").FullName;
        var host = $"{address}:{Ports.Free()}";
        await File.WriteAllTextAsync(Path.Combine(folder, "htpasswd"), PasswordLine);
        var certificate = tls is null ? "" : $"\n  tls: {{certificate: {tls.CertificateFile}, key: {tls.KeyFile}{(clients ? $", clientcas: [{tls.AuthorityFile}]" : "")}}}";
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config.yml"),
            $"""
            version: 0.1
            log: {"{"}level: warn, accesslog: {"{"}disabled: true{"}"}{"}"}
            storage: {"{"}filesystem: {"{"}rootdirectory: {folder}/store{"}"}, delete: {"{"}enabled: true{"}"}{"}"}
            http:
              addr: {host}{certificate}
            {auth.Replace("FOLDER", folder, StringComparison.Ordinal)}
            """);
        var start = new ProcessStartInfo("/bin/sh");
        foreach (var word in (string[])["-c", "exec docker-registry serve \"$1/config.yml\" >\"$1/log\" 2>&1", "sh", folder])
        {
            start.ArgumentList.Add(word);
        }

        var registry = new Registry(folder, Process.Start(start)!, host);
        await Eventually.HoldsAsync("the registry listens", async () =>
        {
            Assert.False(registry._process.HasExited, "the registry ended at its start");
            try
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync(address, registry.Port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return registry;
    }

    /// <summary>The part of a configuration that asks for <see cref="User"/> and <see cref="Password"/>.</summary>
    public static string PasswordAccess => "auth: {htpasswd: {realm: test, path: FOLDER/htpasswd}}";

    /// <summary>Puts an archive into the registry with skopeo, which is not under test.</summary>
    public async Task SeedAsync(ImageArchive archive, string name, params string[] options) => (await Shell.RunAsync(
        "skopeo",
        ["copy", "--insecure-policy", "--dest-tls-verify=false", .. options, $"docker-archive:{archive.Path}", $"docker://{Host}/{name}"])).Expect(0);

    /// <summary>Puts a manifest there that no honest client would.</summary>
    public async Task<string> PutManifestAsync(string repository, string reference, string mediaType, string content)
    {
        using var http = new HttpClient();
        using var body = new StringContent(content) { Headers = { ContentType = new(mediaType) } };
        using var answer = await http.PutAsync($"http://{Host}/v2/{repository}/manifests/{reference}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.GetValues("Docker-Content-Digest").Single();
    }

    public async Task<string> GetManifestAsync(string repository, string reference)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("Accept", "application/vnd.docker.distribution.manifest.v2+json");
        http.DefaultRequestHeaders.Add("Accept", "application/vnd.oci.image.manifest.v1+json");
        return await http.GetStringAsync($"http://{Host}/v2/{repository}/manifests/{reference}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
