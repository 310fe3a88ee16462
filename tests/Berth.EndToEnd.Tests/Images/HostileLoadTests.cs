using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

/// <summary>
/// Archives that lie in every way. Each is refused with a message, as Docker does it in the reply's stream, or loaded without harm:
/// nothing outside of the store is touched, nothing stays, and the daemon needs little memory for it.
/// </summary>
public sealed class HostileLoadTests : IAsyncLifetime
{
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private const string Index = "application/vnd.oci.image.index.v1+json";
    private const long MemoryMax = 150_000;

    private readonly List<string> _before = [];
    private Daemon? _daemon;
    private string _outside = "";

    private Daemon Daemon => _daemon!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "it looks into Berth's store");
        _daemon = await Daemon.StartAsync();
        _outside = Directory.CreateTempSubdirectory("berth-outside-").FullName;
        await File.WriteAllTextAsync(Path.Combine(_outside, "victim"), "untouched");
        _before.AddRange(Stored());
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            var process = $"/proc/{Daemon.Process.Id}";
            var peak = (await File.ReadAllLinesAsync($"{process}/status")).Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            var native = !(await File.ReadAllTextAsync($"{process}/maps")).Contains("libcoreclr.so", StringComparison.Ordinal);
            await Daemon.DisposeAsync();
            Assert.True(!native || long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) < MemoryMax, peak);
            Directory.Delete(_outside, recursive: true);
        }
    }

    [Fact]
    public async Task Nothing_in_a_layer_reaches_out_of_it()
    {
        var up = string.Concat(Enumerable.Repeat("../", 20));
        string[] targets = [_outside, up + _outside[1..], "/proc/self/root" + _outside, "/proc/1/cwd", "..", up];
        foreach (var target in targets)
        {
            var way = target == ".." || target == up || target == "/proc/1/cwd" ? "way" + _outside : "way";

            // The link and what goes through it in one layer, and in two that are unpacked beside each other.
            await HarmlessAsync(HostileArchive.ImageOf(new HostileArchive().Link("way", target).File($"{way}/made", "x").File($"{way}/victim", "x").ToArray()));
            await HarmlessAsync(HostileArchive.ImageOf(
                new HostileArchive().Link("way", target).ToArray(),
                new HostileArchive().File($"{way}/made", "x").File($"{way}/victim", "x").File($"{way}/.wh.victim", "").File($"{way}/.wh..wh..opq", "").ToArray(),
                new HostileArchive().Entry('5', "way").File($"{way}/victim", "x").Link("way", target).ToArray()));

            // A link to a link, a hard link through one and to one, a file in a link's place.
            await HarmlessAsync(HostileArchive.ImageOf(new HostileArchive().Link("a", target).Link("b", "a").File("b/victim", "x").ToArray()));
            await HarmlessAsync(HostileArchive.ImageOf(
                new HostileArchive().Link("way", target).Entry('1', "hard", link: $"{way}/victim").File("hard", "x").ToArray()));
            await HarmlessAsync(HostileArchive.ImageOf(new HostileArchive().Link("l", $"{target}/victim").Entry('1', "hard", link: "l").File("hard", "x").File("l", "x").ToArray()));
        }

        foreach (var name in (string[])[_outside + "/made", _outside + "/victim", up + "made", "..", "a/../../made", "/", "", ".", "./.", "//" + _outside + "//made", "\u0001", "a/\u0000/b"])
        {
            await HarmlessAsync(HostileArchive.ImageOf(new HostileArchive().File(name, "x").ToArray()));
            await HarmlessAsync(HostileArchive.ImageOf(new HostileArchive().Entry('5', name).Entry('1', "l", link: name).Link(name, "/").ToArray()));
            await HarmlessAsync(HostileArchive.ImageOf(new HostileArchive().Entry('1', name, link: _outside + "/victim").ToArray()));

            // The same names in the outer archive.
            await HarmlessAsync(new HostileArchive().File(name, "x").Link("manifest.json", name).ToArray());
        }
    }

    [Fact]
    public async Task Links_in_the_outer_archive_lead_to_its_own_files_only()
    {
        foreach (var target in (string[])["/etc/passwd", "../../../../etc/passwd", "manifest.json", "other", _outside + "/victim"])
        {
            await RefusedAsync(new HostileArchive().Link("manifest.json", target).Link("other", "manifest.json").ToArray());
            await RefusedAsync(new HostileArchive().Link("config.json", target)
                .File("manifest.json", """[{"Config":"config.json","RepoTags":["hostile:v1"],"Layers":[]}]""").ToArray());
            await RefusedAsync(new HostileArchive().Entry('1', "0/layer.tar", link: target).File("config.json", """{"rootfs":{"diff_ids":[]}}""")
                .File("manifest.json", """[{"Config":"config.json","Layers":["0/layer.tar"]}]""").ToArray());
        }
    }

    [Fact]
    public async Task What_grows_when_it_is_read_stays_off_the_memory()
    {
        var zeros = new byte[200 << 20];
        var bomb = HostileArchive.Gzip(zeros);
        await RefusedAsync(bomb);
        await RefusedAsync(HostileArchive.Gzip(bomb));
        await RefusedAsync((await Shell.RunAsync("zstd", ["-c", "--ultra", "-22", "--long=31"], zeros[..(64 << 20)])).Expect(0).OutputBytes);

        // As a layer: whatever it holds, it is not what the image says.
        await RefusedAsync(HostileArchive.ImageOf([bomb], [$"\"sha256:{HostileArchive.Hex(bomb)}\""]));

        // Documents without an end, behind an honest compression.
        var spaces = Enumerable.Repeat((byte)' ', 64 << 20).ToArray();
        await RefusedAsync(HostileArchive.Gzip(new HostileArchive().Entry('0', "manifest.json", spaces).ToArray()));
        await RefusedAsync(HostileArchive.Gzip(new HostileArchive().Entry('0', "index.json", spaces).ToArray()));
        await RefusedAsync(new HostileArchive().File("manifest.json", new string('[', 1 << 20)).ToArray());
        await RefusedAsync(new HostileArchive().File("manifest.json", $"[{string.Join(',', Enumerable.Repeat("{}", 1 << 20))}]").ToArray());
        await RefusedAsync(HostileArchive.ImageOf([], [.. Enumerable.Repeat($"\"sha256:{HostileArchive.Hex([])}\"", 50_000)]));

        // More files than any image has.
        var many = new HostileArchive();
        for (var i = 0; i < 120_000; i++)
        {
            many.Link(string.Create(CultureInfo.InvariantCulture, $"{i}"), "x");
        }

        await RefusedAsync(many.ToArray());
    }

    [Fact]
    public async Task Headers_that_promise_gigabytes_are_refused()
    {
        foreach (var type in "xgLKSD0127")
        {
            foreach (var size in (long[])[1L << 32, (1L << 33) - 1, 2 << 20])
            {
                await RefusedAsync(new HostileArchive().Entry(type, "header", new byte[1000], size: size).ToArray());
                await RefusedAsync(HostileArchive.ImageOf(new HostileArchive().Entry(type, "header", new byte[1000], size: size).ToArray()), type is '1' or '2');
            }
        }

        foreach (var record in (string[])["9999999999 path=x\n", "-5 path=x\n", "11 path=x", "18 size=-1000000\n", "30 GNU.sparse.realsize=-5\n", "25 size=99999999999999999\n", "6 =x\n", "99 path=x\n"])
        {
            await RefusedAsync(new HostileArchive().Entry('x', "pax", Encoding.ASCII.GetBytes(record)).File("manifest.json", "[]").ToArray(), mayLoad: true);
            await RefusedAsync(HostileArchive.ImageOf(new HostileArchive().Entry('x', "pax", Encoding.ASCII.GetBytes(record)).File("f", "x").ToArray()), mayLoad: true);
        }
    }

    [Fact]
    public async Task Documents_that_contradict_themselves_are_refused()
    {
        var layer = new HostileArchive().File("f", "x").ToArray();
        var diffId = $"\"sha256:{HostileArchive.Hex(layer)}\"";
        foreach (var document in (string[])["", "null", "7", "{}", "[null]", "[[]]", """[{"Config":null}]""", """[{"Config":"manifest.json","Layers":[null]}]""", """[{"Config":"manifest.json"}]""", """[{"Config":"..","RepoTags":null}]""", "[{\"Config\":\"\\ud800\"}]"])
        {
            await RefusedAsync(new HostileArchive().File("manifest.json", document).ToArray());
        }

        foreach (var names in (string[])["null", "7", "\"\"", "\"a\"", "\"../../x:y\"", "\"A:v\"", $"\"a@sha256:{HostileArchive.Hex([])}\"", "\"a:b:c\"", "\"a:../../b\""])
        {
            await RefusedAsync(new HostileArchive().File("config.json", """{"rootfs":{"diff_ids":[]}}""")
                .File("manifest.json", $$"""[{"Config":"config.json","RepoTags":[{{names}}],"Layers":[]}]""").ToArray());
        }

        foreach (var diffIds in (string[][])[["null"], ["7"], ["\"\""], ["\"sha256:\""], ["\"sha256:../../../etc\""], [$"\"sha256:{HostileArchive.Hex([])}\""], [diffId, diffId], [], [$"\"sha512:{HostileArchive.Hex(layer)}\""]])
        {
            await RefusedAsync(HostileArchive.ImageOf([layer], diffIds));
        }

        foreach (var rest in (string[])[",\"history\":7", ",\"config\":[]", ",\"config\":{\"Env\":[7]}", ",\"config\":{\"Cmd\":[{}]}", ",\"config\":{\"Entrypoint\":7}"])
        {
            await RefusedAsync(HostileArchive.ImageOf([layer], [diffId], rest));
        }

        // What Docker takes, too; an image that can be listed, inspected and removed.
        foreach (var rest in (string[])["", ",\"history\":null", ",\"history\":[null]", ",\"config\":{\"Env\":[null],\"Cmd\":[null]}", ",\"config\":null", ",\"config\":{\"Env\":null,\"Labels\":null,\"Volumes\":null}", ",\"created\":\"never\"", ",\"created\":null"])
        {
            await HarmlessAsync(HostileArchive.ImageOf([layer], [diffId], rest));
        }
    }

    [Fact]
    public async Task Layouts_are_what_their_digests_say()
    {
        const string Empty = """{"schemaVersion":2,"manifests":[]}""";
        var other = HostileArchive.Hex("other"u8.ToArray());
        var config = """{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""";
        var configHex = HostileArchive.Hex(Encoding.UTF8.GetBytes(config));
        var honest = $$"""{"schemaVersion":2,"mediaType":"{{Manifest}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:{{configHex}}","size":{{config.Length}}},"layers":[]}""";

        // Wrong digests of every document; an index that lists itself; cycles and nulls.
        await RefusedAsync(HostileArchive.LayoutOf(Manifest, $"sha256:{other}", ($"blobs/sha256/{other}", honest), ($"blobs/sha256/{configHex}", config)));
        await RefusedAsync(LayoutOf(honest.Replace(configHex, other, StringComparison.Ordinal), ($"blobs/sha256/{other}", config)));
        await RefusedAsync(HostileArchive.LayoutOf(Index, $"sha256:{other}", ($"blobs/sha256/{other}", $$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{Index}}","digest":"sha256:{{other}}","size":1}]}""")));
        foreach (var document in (string[])["", "null", "[]", "{}", Empty, """{"manifests":[null]}""", """{"manifests":null}""", """{"config":null,"layers":null}""", """{"config":{},"layers":[null]}""", honest.Replace("\"layers\":[]", "\"layers\":[null]", StringComparison.Ordinal)])
        {
            await RefusedAsync(LayoutOf(document));
            await RefusedAsync(new HostileArchive().File("oci-layout", "{}").File("index.json", document).ToArray(), mayLoad: document is Empty or """{"manifests":null}""" or "{}" || document.StartsWith("{\"config", StringComparison.Ordinal) || document.Contains("layers", StringComparison.Ordinal));
        }

        // A document that can be read as both must not be taken for one by this engine and for the other by the next.
        var both = honest.Insert(1, $$""" "manifests":[{"mediaType":"{{Manifest}}","digest":"sha256:{{other}}","size":7}],""");
        await RefusedAsync(LayoutOf(both, ($"blobs/sha256/{configHex}", config)));
        await RefusedAsync(LayoutOf(both, Index, ($"blobs/sha256/{configHex}", config)));

        foreach (var digest in (string[])["", "sha256:", "sha256:../../../../etc/passwd", "../../x:y", "md5:00", $"sha256:{other.ToUpperInvariant()}", $"sha256:{other}/../x"])
        {
            await RefusedAsync(HostileArchive.LayoutOf(Manifest, digest, ($"blobs/sha256/{other}", honest)));
        }

        await HarmlessAsync(LayoutOf(honest, ($"blobs/sha256/{configHex}", config)));
    }

    [Fact]
    public async Task Archives_of_old_Dockers_name_their_layers_as_they_like()
    {
        var layer = new HostileArchive().File("f", "x").ToArray();
        foreach (var id in (string[])["../../../../etc", "/etc", "a/b/c", "..", ""])
        {
            var archive = new HostileArchive().File($"{id}/json", $$$"""{"id":"{{{id}}}","config":{}}""").Entry('0', $"{id}/layer.tar", layer);
            await RefusedAsync(archive.File("repositories", $$$"""{"hostile":{"v1":"{{{id}}}"}}""").ToArray(), mayLoad: true);
        }

        await RefusedAsync(new HostileArchive().File("a/json", """{"id":"a","parent":"b"}""").File("b/json", """{"id":"b","parent":"a"}""").Entry('0', "a/layer.tar", layer)
            .Entry('0', "b/layer.tar", layer).File("repositories", """{"hostile":{"v1":"a"}}""").ToArray());
        foreach (var repositories in (string[])["null", "[]", """{"a":null}""", """{"a":{"v1":null}}""", """{"../x":{"v1":"a"}}""", """{"a":{"../x":"a"}}"""])
        {
            await RefusedAsync(new HostileArchive().File("a/json", """{"id":"a"}""").Entry('0', "a/layer.tar", layer).File("repositories", repositories).ToArray(), mayLoad: repositories.Contains("null}", StringComparison.Ordinal));
        }
    }

    private static byte[] LayoutOf(string document, params (string Path, string Content)[] files) => LayoutOf(document, Manifest, files);

    private static byte[] LayoutOf(string document, string mediaType, params (string Path, string Content)[] files)
    {
        var hex = HostileArchive.Hex(Encoding.UTF8.GetBytes(document));
        return HostileArchive.LayoutOf(mediaType, $"sha256:{hex}", [($"blobs/sha256/{hex}", document), .. files]);
    }

    /// <summary>Refused or not: it must do no harm.</summary>
    private Task HarmlessAsync(byte[] archive) => RefusedAsync(archive, mayLoad: true);

    private async Task RefusedAsync(byte[] archive, bool mayLoad = false)
    {
        using var body = new ByteArrayContent(archive);
        using var answer = await Daemon.Http.PostAsync("images/load", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {text}");
        var error = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (string?)JsonNode.Parse(l)!["error"]).FirstOrDefault(e => e is not null);
        Assert.True(error is null ? mayLoad : error.Length > 0, $"{error ?? "loaded"}: {text}\n{Encoding.UTF8.GetString(archive.AsSpan(0, Math.Min(archive.Length, 4096))).Replace("\0", "", StringComparison.Ordinal)}");
        Assert.DoesNotContain("Exception", error ?? "", StringComparison.Ordinal);
        Assert.False(Daemon.Process.HasExited);
        if (error is null)
        {
            foreach (var id in JsonNode.Parse(await Daemon.Http.GetStringAsync("images/json"))!.AsArray()
                .Where(i => !i!["RepoTags"]!.AsArray().Any(t => (string)t! == "busybox:latest")).Select(i => (string)i!["Id"]!).ToList())
            {
                await Daemon.Http.GetStringAsync($"images/{id}/json");
                await Daemon.Http.GetStringAsync($"images/{id}/history");
                using var removed = await Daemon.Http.DeleteAsync($"images/{id}?force=1");
                Assert.True(removed.IsSuccessStatusCode);
            }
        }

        await Eventually.HoldsAsync("nothing of it is left", () => _before.SequenceEqual(Stored()));
        Assert.Equal("untouched", await File.ReadAllTextAsync(Path.Combine(_outside, "victim")));
        Assert.Single(Directory.EnumerateFileSystemEntries(_outside));
    }

    private IEnumerable<string> Stored() =>
        new[] { "images/blobs", "images/tmp", "images/partial", "layers/tmp" }
            .SelectMany(d => Directory.EnumerateFileSystemEntries(Path.Combine(Daemon.DataRoot, d), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Daemon.DataRoot, "layers")))
            .Order(StringComparer.Ordinal);
}
