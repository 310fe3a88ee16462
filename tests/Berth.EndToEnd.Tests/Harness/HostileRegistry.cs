using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>
/// A registry with one honest image of two layers, <see cref="Image"/>, each part of which a test replaces with what no honest
/// registry sends.
/// </summary>
public sealed class HostileRegistry : IAsyncDisposable
{
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar+gzip";

    private readonly Dictionary<string, RawAnswer> _answers = [];
    private readonly RawServer _server;

    public HostileRegistry(string address = "127.0.0.1", TestAuthority? tls = null)
    {
        _server = new RawServer(Find, address, tls);
        Reset();
    }

    public string Host => _server.Host;

    public string Image => $"{Host}/hostile/app:v1";

    public IReadOnlyList<string> Requests => _server.Requests;

    /// <summary>Asked before anything else; null: the honest answer.</summary>
    public Func<string, RawAnswer?> Decide { get; set; } = _ => null;

    /// <summary>The honest documents, to be changed and served.</summary>
    public JsonNode HonestManifest { get; private set; } = new JsonObject();

    public JsonNode HonestConfig { get; private set; } = new JsonObject();

    /// <summary>Everything as it should be.</summary>
    public void Reset()
    {
        Decide = _ => null;
        byte[][] tars = [Tar("etc/lower", "lower\n"u8.ToArray()), Tar("etc/upper", "upper\n"u8.ToArray())];
        HonestConfig = new JsonObject
        {
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["created"] = "2026-01-01T00:00:00Z",
            ["author"] = "nobody",
            ["config"] = JsonNode.Parse(
                """
                {"User":"0","Env":["PATH=/bin"],"Cmd":["true"],"Entrypoint":["/bin/true"],"Labels":{"key":"value"},"Volumes":{"/data":{}},
                 "ExposedPorts":{"80/tcp":{}},"WorkingDir":"/","StopSignal":"SIGTERM","Shell":["/bin/sh"],"OnBuild":["RUN true"],
                 "Healthcheck":{"Test":["CMD","true"],"Interval":1000000000,"Retries":3}}
                """),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. tars.Select(t => (JsonNode)DigestOf(t))]) },
            ["history"] = JsonNode.Parse("""[{"created":"2026-01-01T00:00:00Z","created_by":"lower","comment":"c"},{"created_by":"upper","empty_layer":false}]"""),
        };
        HonestManifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Manifest,
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", Encoding.UTF8.GetBytes(HonestConfig.ToJsonString())),
            ["layers"] = new JsonArray([.. tars.Select(Gzip).Select(t => Descriptor(Layer, t))]),
            ["annotations"] = new JsonObject { ["key"] = "value" },
        };
        Serve(HonestManifest, HonestConfig);
    }

    /// <summary>Serves a manifest under the tag, and a configuration that it names.</summary>
    public void Serve(JsonNode manifest, JsonNode config)
    {
        var bytes = Encoding.UTF8.GetBytes(config.ToJsonString());
        manifest["config"] = Descriptor("application/vnd.oci.image.config.v1+json", bytes);
        ServeManifest(manifest.ToJsonString());
    }

    /// <summary>Serves a document under the tag and under its digest.</summary>
    /// <returns>The digest.</returns>
    public string ServeManifest(string document, string mediaType = Manifest, string tag = "v1")
    {
        var digest = DigestOf(Encoding.UTF8.GetBytes(document));
        _answers[$"manifests/{tag}"] = _answers[$"manifests/{digest}"] = RawAnswer.Content(document, mediaType);
        return digest;
    }

    /// <summary>Serves something under the last two parts of a request's path, such as <c>manifests/v1</c>.</summary>
    public void Serve(string place, RawAnswer answer) => _answers[place] = answer;

    /// <summary>A descriptor of a blob that is served from now on.</summary>
    public JsonObject Descriptor(string mediaType, byte[] content)
    {
        _answers[$"blobs/{DigestOf(content)}"] = RawAnswer.Content(content);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = DigestOf(content), ["size"] = content.Length };
    }

    /// <summary>What is served under a blob's digest.</summary>
    public byte[] Blob(string digest) => _answers[$"blobs/{digest}"].Body;

    /// <summary>Pulls the image over the API.</summary>
    /// <param name="credentials">The content of X-Registry-Auth, before it is encoded.</param>
    /// <returns>The message of the failure; empty: there was none.</returns>
    public Task<string> PullAsync(Daemon daemon, string tag = "v1", string? credentials = null) =>
        PullWithHeaderAsync(daemon, credentials is null ? null : System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(credentials)), tag);

    /// <summary>Pulls the image over the API with X-Registry-Auth as it stands here; null: without.</summary>
    public async Task<string> PullWithHeaderAsync(Daemon daemon, string? header, string tag = "v1")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"images/create?fromImage={Host}/hostile/app&tag={tag}");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Registry-Auth", header);
        }

        using var answer = await daemon.Http.SendAsync(request);
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var last = JsonNode.Parse(lines[^1])!;
        return (string?)last["error"] ?? (string?)last["message"] ?? "";
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>An archive of one file.</summary>
    public static byte[] Tar(string name, byte[] content)
    {
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
        }

        return archive.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private RawAnswer Find(string head)
    {
        var path = head.Split(' ')[1].Split('?')[0];
        return Decide(head)
            ?? (path == "/v2/" ? RawAnswer.Content("{}") : null)
            ?? _answers.GetValueOrDefault(string.Join('/', path.Split('/')[^2..]))
            ?? RawAnswer.Status("404 Not Found");
    }
}
