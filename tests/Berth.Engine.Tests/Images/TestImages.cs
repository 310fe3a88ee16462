using System.Formats.Tar;
using System.Text;
using Berth.Engine.Events;
using Berth.Engine.Images;
using Berth.Oci;

namespace Berth.Engine.Tests.Images;

/// <summary>An image service on a data root of its own.</summary>
internal sealed class TestImages : IDisposable
{
    private readonly Log _log = new(TextWriter.Null, LogLevel.Error, TimeProvider.System);
    private readonly string _root = Directory.CreateTempSubdirectory("berth-engine-images-").FullName;

    public TestImages()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        Events = new EventService(Path.Combine(_root, "events"), TimeProvider.System, _log);
        Service = Open();
    }

    public ImageService Service { get; private set; }

    public EventService Events { get; }

    public string DataRoot => _root;

    /// <summary>What a daemon that starts now finds.</summary>
    public ImageService Open() =>
        new(new EngineOptions { DataRoot = _root, RuntimePath = "/none" }, Events, new DeferredWrites(TimeProvider.System, _log), TimeProvider.System, _log);

    public void Restart() => Service = Open();

    public async Task<Digest> ImportAsync(string? name, string content, params string[] changes)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "file")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        }

        archive.Position = 0;
        var reference = name is null ? null : ImageService.ParseTarget(name, "");
        return await Service.ImportAsync(archive, new ImportOptions(reference, changes, "test", null), TestContext.Current.CancellationToken);
    }

    public IReadOnlyList<string> Blobs() =>
        [.. Directory.EnumerateFiles(Path.Combine(_root, "images/blobs/sha256")).Select(f => Path.GetFileName(f))];

    public IReadOnlyList<string> Layers() =>
        [.. Directory.EnumerateDirectories(Path.Combine(_root, "layers")).Select(f => Path.GetFileName(f)).Where(f => f.Length == 64)];

    public void Dispose() => Linux.Files.TreeRemoval.Remove(_root);
}
