using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>Registries that lie in every way. None may crash the daemon, fill its memory or leave anything in its store.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    private static readonly string _other = HostileRegistry.DigestOf("other"u8.ToArray());

    private readonly List<string> _before = [];
    private Daemon? _daemon;
    private HostileRegistry? _registry;

    private Daemon Daemon => _daemon!;

    private HostileRegistry Registry => _registry!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "beyond Docker");
        _daemon = await Daemon.StartAsync("--registry-timeout", "2", "--max-download-attempts", "2");
        _registry = new HostileRegistry();
        _before.AddRange(Stored());
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            var peak = (await File.ReadAllLinesAsync($"/proc/{Daemon.Process.Id}/status")).Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            await Daemon.DisposeAsync();
            Assert.True(int.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) < 150_000, peak);
        }

        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_image_is_taken_as_long_as_it_is_honest()
    {
        Assert.Equal("", await PullAsync());
        (await Daemon.Docker.RunAsync($"rmi {Registry.Image}")).Expect(0);
    }

    [Fact]
    public async Task Manifests_are_what_their_digests_and_media_types_say()
    {
        var honest = Registry.HonestManifest.ToJsonString();
        Registry.Serve("manifests/v1", RawAnswer.Content(honest, HostileRegistry.Manifest, $"Docker-Content-Digest: {_other}\r\n"));
        await RefusedAsync($"manifest verification failed for digest {_other}");

        var entry = new JsonObject { ["mediaType"] = HostileRegistry.Manifest, ["digest"] = _other, ["size"] = 7 };
        var both = Registry.HonestManifest.DeepClone();
        both["manifests"] = new JsonArray(entry);
        Registry.ServeManifest(both.ToJsonString());
        await RefusedAsync("it is an index and a manifest at once");
        Registry.ServeManifest(both.ToJsonString(), HostileRegistry.Index);
        await RefusedAsync("it is an index and a manifest at once");
        Registry.ServeManifest(honest.Insert(1, "\"Layers\":[],"));
        await RefusedAsync("it says the same thing twice");
        foreach (var broken in new[] { "", "null", "[]", "{", "7", "{}", "{\"config\":", new string('[', 100_000), "{\"\\ud800\":1}", "{\"schemaVersion\":1}" })
        {
            Registry.ServeManifest(broken);
            await RefusedAsync("manifest ");
        }

        Registry.Serve("manifests/v1", RawAnswer.Content([0x7B, 0xFF, 0xFE, 0x22, 0x7D], HostileRegistry.Manifest));
        await RefusedAsync("invalid manifest");
    }

    [Fact]
    public async Task Indexes_do_not_lead_in_circles()
    {
        string Index(string digest, long size) =>
            $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{HostileRegistry.Index}}","digest":"{{digest}}","size":{{size}},"platform":{"os":"linux","architecture":"amd64"} }]}""";

        // A document cannot hold its own digest: to make a circle, the registry must lie about one.
        Registry.Serve($"manifests/{_other}", RawAnswer.Content(Index(_other, 7), HostileRegistry.Index));
        Registry.ServeManifest(Index(_other, 7), HostileRegistry.Index);
        await RefusedAsync($"manifest verification failed for digest {_other}");

        var document = Registry.HonestManifest.ToJsonString();
        var digest = Registry.ServeManifest(document);
        for (var depth = 0; depth < 6; depth++)
        {
            document = Index(digest, document.Length);
            digest = Registry.ServeManifest(document, HostileRegistry.Index);
        }

        await RefusedAsync("nests indexes too deeply");

        document = Registry.HonestManifest.ToJsonString();
        digest = Registry.ServeManifest(document);
        Registry.ServeManifest(Index(digest, document.Length + 1), HostileRegistry.Index);
        await RefusedAsync($"manifest verification failed for digest {digest}: it has {document.Length} bytes");
    }

    [Fact]
    public async Task A_null_or_nothing_anywhere_in_a_manifest_is_refused_or_harmless() =>
        await WithNullsAsync(Registry.HonestManifest, manifest => Registry.ServeManifest(manifest.ToJsonString()));

    [Fact]
    public async Task A_null_or_nothing_anywhere_in_a_configuration_is_refused_or_harmless() =>
        await WithNullsAsync(Registry.HonestConfig, config => Registry.Serve(Registry.HonestManifest, config));

    [Fact]
    public async Task A_null_or_nothing_anywhere_in_an_index_is_refused_or_harmless()
    {
        var document = Registry.HonestManifest.ToJsonString();
        var digest = Registry.ServeManifest(document);
        var index = JsonNode.Parse(
            $$"""
            {"schemaVersion":2,"mediaType":"{{HostileRegistry.Index}}","annotations":{"key":"value"},"manifests":[
             {"mediaType":"{{HostileRegistry.Manifest}}","digest":"{{digest}}","size":{{document.Length}},"annotations":{"key":"value"},
              "platform":{"os":"linux","architecture":"amd64","variant":"","os.features":["x"]} }]}
            """)!;
        await WithNullsAsync(index, changed => Registry.ServeManifest(changed.ToJsonString(), HostileRegistry.Index));
    }

    [Fact]
    public async Task Digests_and_sizes_that_cannot_be_are_refused()
    {
        foreach (var digest in new[] { "sha256:../../../../etc/passwd", $"sha256:{new string('a', 63)}/", "md5:" + new string('a', 32), "sha256:" + new string('A', 64), "sha256:", "x", "" })
        {
            await ChangedAsync(m => m["layers"]![0]!["digest"] = digest, "not a valid document");
            await ChangedAsync(m => m["config"]!["digest"] = digest, "not a valid document");
        }

        await ChangedAsync(m => m["layers"]![0]!["digest"] = "sha512:" + new string('a', 128), "no valid size or digest");
        await ChangedAsync(m => m["layers"]![0]!["size"] = -1, "no valid size or digest");
        await ChangedAsync(m => m["layers"]![0]!["size"] = long.MaxValue, "no space left on device");
        await ChangedAsync(m => m["layers"]![0]!["size"] = 1e30, "not a valid document");
        await ChangedAsync(m => m["config"]!["size"] = -1, "too large for a document");
        await ChangedAsync(m => m["config"]!["size"] = 5 << 20, "too large for a document");
        await ChangedAsync(m => m["config"]!["size"] = 5, "verification failed for blob");
        var size = (int)Registry.HonestManifest["layers"]![0]!["size"]!;
        await ChangedAsync(m => m["layers"]![0]!["size"] = size + 1, $"has {size} bytes on the registry");
        await ChangedAsync(m => m["layers"]![0]!["size"] = size - 1, $"has {size} bytes on the registry");

        // The same without Content-Length, so that only the bytes themselves tell.
        var digestOfLayer = (string)Registry.HonestManifest["layers"]![0]!["digest"]!;
        var body = Registry.Blob(digestOfLayer);
        Registry.Serve($"blobs/{digestOfLayer}", new RawAnswer("HTTP/1.1 200 OK\r\nConnection: close", body));
        await ChangedAsync(m => m["layers"]![0]!["size"] = size + 1, $"download of blob {digestOfLayer} failed after {size} of {size + 1} bytes");
        await ChangedAsync(m => m["layers"]![0]!["size"] = size - 1, $"filesystem layer verification failed for digest {digestOfLayer}");
    }

    [Fact]
    public async Task Blobs_that_are_not_their_digests_are_named()
    {
        foreach (var descriptor in new[] { Registry.HonestManifest["config"]!, Registry.HonestManifest["layers"]![0]!, Registry.HonestManifest["layers"]![1]! })
        {
            var digest = (string)descriptor["digest"]!;
            var honest = Registry.Blob(digest);
            var wrong = honest.ToArray();
            wrong[^1] ^= 0x55;
            Registry.Serve($"blobs/{digest}", RawAnswer.Content(wrong));
            await RefusedAsync($"{digest}: the registry sent {HostileRegistry.DigestOf(wrong)}");
            Registry.Serve($"blobs/{digest}", RawAnswer.WithoutEnd("text/plain", new byte[64 << 10]));
            await RefusedAsync(digest);
            Registry.Serve($"blobs/{digest}", RawAnswer.Content(honest));
        }
    }

    [Fact]
    public async Task Configurations_that_are_none_are_refused()
    {
        foreach (var text in new[] { "", "no JSON", "null", "[]", "\"text\"", "{\"rootfs\":[]}", "{\"rootfs\":{\"diff_ids\":[\"sha256:../x\"]}}", new string('{', 100_000) })
        {
            await ConfigAsync(text, "not a valid document");
        }

        await ConfigAsync("{\"os\":\"windows\"}", "cannot be used on this platform");
        await ConfigAsync("{}", "layers length mismatch: expected 0, got 2");
        var ids = Registry.HonestConfig["rootfs"]!["diff_ids"]!.AsArray().Select(d => (string)d!).ToList();
        var three = string.Join(',', ids.Append(ids[0]).Select(d => $"\"{d}\""));
        await ConfigAsync("{\"rootfs\":{\"diff_ids\":[" + three + "]}}", "layers length mismatch: expected 3, got 2");
        await ConfigAsync("{\"rootfs\":{\"diff_ids\":[\"" + ids[0] + "\",\"" + _other + "\"]}}", "invalid diffID");

        async Task ConfigAsync(string text, string expected)
        {
            var manifest = Registry.HonestManifest.DeepClone();
            manifest["config"] = Registry.Descriptor("application/vnd.oci.image.config.v1+json", Encoding.UTF8.GetBytes(text));
            Registry.ServeManifest(manifest.ToJsonString());
            await RefusedAsync(expected);
        }
    }

    [Fact]
    public async Task Layers_that_blow_up_leave_nothing()
    {
        const int Size = 256 << 20;
        var zeros = HostileRegistry.Tar("etc/bomb", new byte[Size]);
        var cases = new (string Type, byte[] Content, string Expected)[]
        {
            (HostileRegistry.Layer, HostileRegistry.Gzip(zeros), "invalid diffID"),
            (HostileRegistry.Layer, HostileRegistry.Gzip(zeros[..(Size / 2)]), "failed to register layer"),
            (HostileRegistry.Layer, HostileRegistry.Gzip(zeros)[..^1000], "failed to register layer"),
            (HostileRegistry.Layer, HostileRegistry.Gzip(new byte[Size]), "invalid diffID"),
            (HostileRegistry.Layer, [0x1F, 0x8B, 8, 0, 1, 2, 3], "failed to register layer"),
            ("application/vnd.oci.image.layer.v1.tar+zstd", await ZstdAsync(zeros, "-3"), "invalid diffID"),
            ("application/vnd.oci.image.layer.v1.tar+zstd", await ZstdAsync(zeros, "--ultra", "-22", "--long=27", "--no-content-size"), "too much memory"),
        };
        foreach (var (type, content, expected) in cases)
        {
            var manifest = Registry.HonestManifest.DeepClone();
            manifest["layers"]![1] = Registry.Descriptor(type, content);
            Registry.ServeManifest(manifest.ToJsonString());
            await RefusedAsync(expected);
        }
    }

    [Fact]
    public async Task Answers_without_end_are_given_up()
    {
        Registry.Serve("manifests/v1", RawAnswer.WithoutEnd(HostileRegistry.Manifest, Encoding.ASCII.GetBytes("{\"layers\":[" + new string(' ', 1 << 20))));
        await RefusedAsync("is longer than");
        Registry.Decide = _ => RawAnswer.WithoutEnd("application/json", new byte[1 << 20]) with { Head = "HTTP/1.1 500 Internal Server Error\r\nConnection: close" };
        await RefusedAsync("500 Internal Server Error");
        Registry.Decide = head => head.Contains("/v2/ ", StringComparison.Ordinal) ? null
            : RawAnswer.Status("200 OK", [.. Enumerable.Range(0, 10_000).Select(i => $"X-Header-{i}: {new string('x', 100)}")]);
        await RefusedAsync("header");
        Registry.Decide = head => head.Contains("tags/list", StringComparison.Ordinal)
            ? RawAnswer.Content("{\"tags\":[" + string.Join(',', Enumerable.Repeat("\"../not a tag\"", 5000)) + "]}", "application/json", $"Link: <{head.Split(' ')[1].Split('?')[0]}?n={Guid.NewGuid()}>; rel=\"next\"\r\n")
            : null;
        await RefusedAsync("has more than", tag: "");
        Registry.Decide = _ => new RawAnswer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", "ffffffffffffffffffff\r\n"u8.ToArray());
        await RefusedAsync("");
        Registry.Decide = _ => new RawAnswer("no HTTP at all", []);
        await RefusedAsync("");
    }

    [Fact]
    public async Task Messages_of_a_registry_reach_a_terminal_without_control_characters()
    {
        var text = JsonValue.Create("\u001b]0;owned\u0007" + new string('x', 50_000)).ToJsonString();
        Registry.Decide = head => head.Contains("/manifests/", StringComparison.Ordinal)
            ? RawAnswer.Content($"{{\"errors\":[{{\"code\":\"MANIFEST_UNKNOWN\",\"message\":{text}}}]}}") with { Head = "HTTP/1.1 404 Not Found\r\nConnection: close" }
            : null;
        var error = await RefusedAsync("manifest unknown:  ]0;owned xxx");
        Assert.DoesNotContain('\u001b', error);
        Assert.True(error.Length < 2000);
    }

    [Fact]
    public async Task More_patience_than_there_is_counts_as_a_refusal()
    {
        Registry.Decide = head => head.Contains("/manifests/", StringComparison.Ordinal) ? RawAnswer.Status("429 Too Many Requests", "Retry-After: 31536000") : null;
        await RefusedAsync("429 Too Many Requests");
        Registry.Decide = head => head.Contains("/blobs/", StringComparison.Ordinal) ? RawAnswer.Status("503 Busy", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT") : null;
        await RefusedAsync("503 Busy");
        Registry.Decide = _ => RawAnswer.Status("429 Too Many Requests", "Retry-After: 99999999999999999999");
        await RefusedAsync("429 Too Many Requests");
    }

    // Replaces each value by null, and takes it away, one at a time. What is taken nevertheless must be shown, listed and removed like any image.
    private async Task WithNullsAsync(JsonNode document, Action<JsonNode> serve)
    {
        foreach (var (path, remove) in PathsOf(document, []).SelectMany(path => new[] { (path, false), (path, true) }))
        {
            var changed = document.DeepClone();
            var parent = path[..^1].Aggregate(changed, (node, step) => step is int index ? node[index]! : node[(string)step]!);
            switch (path[^1])
            {
                case int index when remove:
                    parent.AsArray().RemoveAt(index);
                    break;
                case int index:
                    parent[index] = null;
                    break;
                case string name when remove:
                    parent.AsObject().Remove(name);
                    break;
                case string name:
                    parent[name] = null;
                    break;
            }

            Registry.Reset();
            serve(changed);
            var error = await PullAsync();
            if (error.Length > 0)
            {
                await NothingIsStoredAsync();
                continue;
            }

            foreach (var words in new[] { "inspect", "history", "create --name nulls", "rm nulls", "inspect", "rmi -f" })
            {
                var line = words == "rm nulls" ? words : $"{words} {Registry.Image}";
                (await Daemon.Docker.RunAsync(line)).Expect(0);
            }

            (await Daemon.Docker.RunAsync("images -a")).Expect(0);
        }
    }

    private static IEnumerable<object[]> PathsOf(JsonNode? node, object[] path)
    {
        var below = node switch
        {
            JsonObject members => members.SelectMany(m => PathsOf(m.Value, [.. path, m.Key])),
            JsonArray items => items.SelectMany((item, i) => PathsOf(item, [.. path, i])),
            _ => [],
        };
        return path.Length == 0 ? below : below.Prepend(path);
    }

    private async Task ChangedAsync(Action<JsonNode> change, string expected)
    {
        var manifest = Registry.HonestManifest.DeepClone();
        change(manifest);
        Registry.ServeManifest(manifest.ToJsonString());
        await RefusedAsync(expected);
    }

    private async Task<string> RefusedAsync(string expected, string tag = "v1")
    {
        var error = await PullAsync(tag);
        Assert.NotEqual("", error);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        await NothingIsStoredAsync();
        return error;
    }

    private async Task NothingIsStoredAsync()
    {
        await Eventually.HoldsAsync("nothing more is stored than before", () => Stored().SequenceEqual(_before));
        Assert.DoesNotContain("hostile", (await Daemon.Docker.RunAsync("images -a --digests")).Expect(0).Output, StringComparison.Ordinal);
        foreach (var part in Directory.EnumerateFiles(Path.Combine(Daemon.DataRoot, "images", "partial")))
        {
            File.Delete(part);
        }
    }

    private Task<string> PullAsync(string tag = "v1") => Registry.PullAsync(Daemon, tag);

    // Names of blobs and layers, and of files being written. Verified parts of an image wait for the next attempt, and are no part of it.
    private List<string> Stored() =>
    [
        .. new[] { "images/blobs/sha256", "images/tmp", "layers", "layers/tmp" }
            .Select(f => Path.Combine(Daemon.DataRoot, f))
            .SelectMany(f => Directory.EnumerateFileSystemEntries(f, "*", new EnumerationOptions { RecurseSubdirectories = f.EndsWith("tmp", StringComparison.Ordinal) }))
            .Order(StringComparer.Ordinal),
    ];

    private static async Task<byte[]> ZstdAsync(byte[] content, params string[] options) =>
        (await Shell.RunAsync("zstd", ["-c", .. options], content)).Expect(0).OutputBytes;
}
