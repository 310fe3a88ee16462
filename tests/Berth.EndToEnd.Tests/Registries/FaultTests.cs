using System.Globalization;
using System.Security.Cryptography;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>A registry, and a line to it, that fail in every way; and a daemon that is killed in the middle.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const int LayerSize = 8 << 20;

    private Daemon? _daemon;
    private Registry? _registry;
    private FaultProxy? _proxy;

    private Daemon Daemon => _daemon!;

    private Client Docker => Daemon.Docker;

    private FaultProxy Proxy => _proxy!;

    private string Image => $"{Proxy.Host}/faults/app:v1";

    private IReadOnlyList<string> PartialFiles => [.. Directory.EnumerateFiles(Path.Combine(Daemon.DataRoot, "images", "partial"))];

    private IReadOnlyList<string> Blobs => [.. Directory.EnumerateFiles(Path.Combine(Daemon.DataRoot, "images", "blobs", "sha256")).Select(f => Path.GetFileName(f))];

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "beyond Docker");
        _daemon = await Daemon.StartAsync("--registry-timeout", "2");
        _registry = await Registry.StartAsync();
        _proxy = new FaultProxy(_registry.Port);

        // Put there without the proxy, and gone from the daemon.
        var seed = $"{_registry.Host}/faults/app:v1";
        using var archive = await ImageArchives.DockerArchiveAsync(seed, RandomNumberGenerator.GetBytes(LayerSize));
        (await Docker.RunAsync($"load -i {archive.Path}")).Expect(0);
        (await Docker.RunAsync($"push {seed}")).Expect(0);
        (await Docker.RunAsync($"rmi {seed}")).Expect(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }
    }

    [Fact]
    public async Task Connections_that_are_cut_are_continued_where_they_ended()
    {
        Proxy.Decide = head => IsDownload(head) ? new Fault { CutAfter = 3 << 20 } : null;
        (await Docker.RunAsync($"pull {Image}")).Expect(0);
        Assert.Equal("from the archive", (await Docker.RunAsync($"run --rm {Image}")).Expect(0).Line);
        Assert.Contains(Proxy.Downloads, d => d.Contains("Range: bytes=", StringComparison.Ordinal));
        Assert.All(RangesOf(Proxy.Downloads), ranges => Assert.Equal(ranges.Order(), ranges));
        Assert.Empty(PartialFiles);
    }

    [Fact]
    public async Task A_connection_that_stalls_is_given_up_and_opened_again()
    {
        var stalled = 0;
        Proxy.Decide = head => IsDownload(head) && Interlocked.Increment(ref stalled) <= 2 ? new Fault { StallAfter = 1 << 20 } : null;
        (await Docker.RunAsync($"pull {Image}")).Expect(0);
        Assert.Contains(Proxy.Downloads, d => d.Contains("Range: bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_trickles_is_given_up_and_opened_again()
    {
        var slow = 0;
        Proxy.Decide = head => IsDownload(head) && Interlocked.Increment(ref slow) <= 2 ? new Fault { BytesPerSecond = 20, SlowAfter = 1 << 20 } : null;
        (await Docker.RunAsync($"pull {Image}")).Expect(0);
        Assert.Contains(Proxy.Downloads, d => d.Contains("Range: bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_registry_that_only_trickles_is_given_up_with_its_reason()
    {
        Proxy.Decide = head => IsDownload(head) ? new Fault { BytesPerSecond = 20, SlowAfter = 1000 } : null;
        var pull = (await Docker.RunAsync($"pull {Image}")).Expect(1);
        Assert.Matches("download of blob sha256:[0-9a-f]{64} failed after [0-9]+ of [0-9]+ bytes: only [0-9]+ bytes in [0-9.]+ s", pull.Error);
    }

    [Fact]
    public async Task Errors_that_may_pass_are_waited_for()
    {
        var failed = 0;
        Proxy.Decide = head => head.Contains("/faults/", StringComparison.Ordinal)
            ? Interlocked.Increment(ref failed) switch
            {
                1 => Fault.Status("503 Service Unavailable"),
                3 => Fault.Status("429 Too Many Requests", "Retry-After: 1\r\n"),
                5 => Fault.Status("502 Bad Gateway"),
                _ => null,
            }
            : null;
        (await Docker.RunAsync($"pull {Image}")).Expect(0);
        Assert.True(failed >= 6, $"{failed} requests were made");
    }

    [Fact]
    public async Task A_registry_that_never_recovers_is_given_up_with_its_reason()
    {
        Proxy.Decide = head => IsDownload(head) ? new Fault { CutAfter = 1000 } : null;
        var pull = (await Docker.RunAsync($"pull {Image}")).Expect(1);
        Assert.NotEqual("", pull.Error);
        Assert.DoesNotContain("unexpected EOF\n", pull.Error[..Math.Min(16, pull.Error.Length)], StringComparison.Ordinal);
        Proxy.Decide = head => head.Contains("/manifests/", StringComparison.Ordinal) ? Fault.Status("503 Service Unavailable") : null;
        Assert.Contains("503", (await Docker.RunAsync($"pull {Image}")).Expect(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_is_not_its_digest_is_named_and_not_stored()
    {
        var before = Blobs;
        Proxy.Decide = head => IsDownload(head) ? new Fault { CorruptAt = 200_000 } : null;
        var pull = (await Docker.RunAsync($"pull {Image}")).Expect(1);
        var named = Proxy.Downloads.Select(DigestOf).Distinct().Where(d => pull.Error.Contains(d, StringComparison.Ordinal)).ToList();
        Assert.Single(named);
        Assert.Contains($"filesystem layer verification failed for digest sha256:{named[0]}", pull.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(PartialFiles, f => f.Contains(named[0], StringComparison.Ordinal));
        await Eventually.HoldsAsync("nothing more is stored than before", () => Blobs.Order().SequenceEqual(before.Order()));
        Assert.DoesNotContain("faults", (await Docker.RunAsync("images -a --digests")).Output, StringComparison.Ordinal);

        Proxy.Decide = _ => null;
        (await Docker.RunAsync($"pull {Image}")).Expect(0);
    }

    [Fact]
    public async Task A_killed_daemon_continues_by_range()
    {
        Proxy.Decide = head => IsDownload(head) ? new Fault { BytesPerSecond = 2 << 20 } : null;
        var pull = Docker.RunAsync($"pull {Image}");
        await Eventually.HoldsAsync("a part came", () => PartialFiles.Any(f => new FileInfo(f).Length > 1 << 20));
        await Daemon.KillAsync();
        Assert.NotEqual(0, (await pull).ExitCode);
        var kept = PartialFiles.Where(f => new FileInfo(f).Length is > 1 << 20 and < LayerSize).ToDictionary(f => f[^64..], f => new FileInfo(f).Length);
        Assert.NotEmpty(kept);
        var asked = Proxy.Requests.Count;
        Proxy.Decide = _ => null;
        await Daemon.StartProcessAsync();
        Assert.DoesNotContain("faults", (await Docker.RunAsync("images -a")).Output, StringComparison.Ordinal);
        (await Docker.RunAsync($"pull {Image}")).Expect(0);
        var later = Proxy.Requests.Skip(asked).Where(IsDownload).ToList();
        Assert.All(kept, part => Assert.Contains(later, head => DigestOf(head) == part.Key && head.Contains($"Range: bytes={part.Value}-", StringComparison.Ordinal)));
        Assert.Equal("from the archive", (await Docker.RunAsync($"run --rm {Image}")).Expect(0).Line);
        Assert.Empty(PartialFiles);
    }

    [Fact]
    public async Task A_damaged_part_of_a_killed_pull_does_no_harm()
    {
        Proxy.Decide = head => IsDownload(head) ? new Fault { BytesPerSecond = 2 << 20 } : null;
        var pull = Docker.RunAsync($"pull {Image}");
        await Eventually.HoldsAsync("a part came", () => PartialFiles.Any(f => new FileInfo(f).Length > 1 << 20));
        await Daemon.KillAsync();
        await pull;
        foreach (var part in PartialFiles)
        {
            await using var file = File.OpenWrite(part);
            file.Write(new byte[1000]);
        }

        Proxy.Decide = _ => null;
        await Daemon.StartProcessAsync();
        (await Docker.RunAsync($"pull {Image}")).Expect(0);
        Assert.Equal("from the archive", (await Docker.RunAsync($"run --rm {Image}")).Expect(0).Line);
    }

    [Fact]
    public async Task A_cancelled_pull_ends_and_the_next_goes_on()
    {
        Proxy.Decide = head => IsDownload(head) ? new Fault { BytesPerSecond = 1 << 20 } : null;
        using (var cancel = new CancellationTokenSource())
        {
            var pull = Daemon.Http.PostAsync($"images/create?fromImage={Proxy.Host}/faults/app&tag=v1", null, cancel.Token);
            await Eventually.HoldsAsync("a part came", () => PartialFiles.Any(f => new FileInfo(f).Length > 1 << 20));
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => pull);
        }

        Proxy.Decide = _ => null;
        (await Docker.RunAsync($"pull {Image}")).Expect(0);
        Assert.Contains(Proxy.Downloads, d => d.Contains("Range: bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pulls_of_the_same_layers_fetch_them_once()
    {
        Proxy.Decide = head => IsDownload(head) ? new Fault { BytesPerSecond = 6 << 20 } : null;
        var pulls = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? Docker : Daemon.Berth).RunAsync($"pull {Image}")));
        Assert.All(pulls, pull => pull.Expect(0));
        var layers = Proxy.Downloads.Select(DigestOf).Where(d => !IsConfig(d)).GroupBy(d => d).ToList();
        Assert.NotEmpty(layers);
        Assert.All(layers, layer => Assert.Single(layer));
    }

    [Fact]
    public async Task An_upload_that_breaks_goes_on()
    {
        var name = $"{Proxy.Host}/pushed/app:v1";
        (await Docker.RunAsync($"tag busybox {name}")).Expect(0);
        var failed = 0;
        Proxy.Decide = head => head.StartsWith("PATCH ", StringComparison.Ordinal) && Interlocked.Increment(ref failed) <= 2 ? new Fault { CutAfter = 0 }
            : head.StartsWith("POST ", StringComparison.Ordinal) && Interlocked.Increment(ref failed) <= 1 ? Fault.Status("503 Service Unavailable")
            : null;
        (await Docker.RunAsync($"push {name}")).Expect(0);
        (await Shell.RunAsync("skopeo", ["inspect", "--tls-verify=false", $"docker://{_registry!.Host}/pushed/app:v1"])).Expect(0);
    }

    [Fact]
    public async Task An_upload_that_nobody_answers_is_begun_again()
    {
        var name = $"{Proxy.Host}/silent/app:v1";
        (await Docker.RunAsync($"tag busybox {name}")).Expect(0);
        var stalled = 0;
        Proxy.Decide = head => head.StartsWith("POST ", StringComparison.Ordinal) && Interlocked.Increment(ref stalled) == 1 ? new Fault { StallAfter = 0 } : null;
        (await Docker.RunAsync($"push {name}")).Expect(0);
        Assert.True(stalled > 1);
        Proxy.Decide = head => head.Contains("/manifests/", StringComparison.Ordinal) && Interlocked.Increment(ref stalled) <= 4 ? Fault.Status("429 Too Many Requests", "Retry-After: 0\r\n") : null;
        (await Docker.RunAsync($"push {name}")).Expect(0);
    }

    [Fact]
    public async Task Memory_stays_small_while_300_MB_come()
    {
        var archive = Path.Combine(Daemon.Folder, "large.tar");
        var names = Enumerable.Range(0, 3).Select(i => $"{_registry!.Host}/large/app:v{i}").ToList();
        foreach (var name in names)
        {
            var make = "dd if=/dev/urandom of=\"$1\" bs=1M count=100 2>/dev/null && tar -C \"$(dirname \"$1\")\" -cf \"$2\" \"$(basename \"$1\")\" && rm \"$1\"";
            (await Shell.RunAsync("sh", ["-c", make, "sh", Path.Combine(Daemon.Folder, "large"), archive])).Expect(0);
            (await Docker.RunAsync("import", archive, name)).Expect(0);
            (await Docker.RunAsync($"push {name}")).Expect(0);
            (await Docker.RunAsync($"rmi {name}")).Expect(0);
        }

        File.Delete(archive);
        await Daemon.TerminateAsync();
        await Daemon.StartProcessAsync();
        foreach (var pull in await Task.WhenAll(names.Select(name => Docker.RunAsync($"pull {name}"))))
        {
            pull.Expect(0);
        }

        var peak = (await File.ReadAllLinesAsync($"/proc/{Daemon.Process.Id}/status")).Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        Assert.True(int.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) < 150_000, peak);
    }

    private static bool IsDownload(string head) =>
        head.StartsWith("GET ", StringComparison.Ordinal) && head.Contains("/blobs/sha256:", StringComparison.Ordinal);

    private static string DigestOf(string head) => head[(head.IndexOf("sha256:", StringComparison.Ordinal) + 7)..][..64];

    private static IEnumerable<List<long>> RangesOf(IEnumerable<string> heads) => heads.GroupBy(DigestOf, head =>
    {
        var at = head.IndexOf("bytes=", StringComparison.Ordinal);
        return at < 0 ? 0 : long.Parse(head[(at + 6)..head.IndexOf('-', at)], CultureInfo.InvariantCulture);
    }).Select(g => g.ToList());

    private bool IsConfig(string blob)
    {
        using var file = File.OpenRead(Path.Combine(Daemon.DataRoot, "images", "blobs", "sha256", blob));
        return file.Length < 4096 && new StreamReader(file).ReadToEnd().Contains("diff_ids", StringComparison.Ordinal);
    }
}
