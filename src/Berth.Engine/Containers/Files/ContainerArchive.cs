using System.IO.Pipelines;
using System.Text;
using Berth.Api.Containers;
using Berth.Archives;
using Berth.Archives.Streams;
using Berth.Archives.Tar;
using Berth.Archives.Trees;
using Berth.Linux.Files;

namespace Berth.Engine.Containers.Files;

/// <summary>What is at a path of a container, ready to be written as an archive.</summary>
public sealed class ContainerArchive : IDisposable
{
    /// <summary>What a running container's kernel makes up there is no content: copying "/" leaves it out.</summary>
    private static readonly HashSet<string> _kernelDirectories = ["dev", "proc", "sys"];

    private readonly ContainerRoot _root;
    private readonly ContainerPath _path;
    private readonly bool _isDirectory;

    internal ContainerArchive(ContainerRoot root, ContainerPath path, string container)
    {
        _root = root;
        _path = path;
        using var found = path.Find(root.Directory, container);
        _isDirectory = FileStatus.Of(found).IsDirectory;
        Stat = path.Describe(root.Directory, found);
    }

    /// <summary>What is there.</summary>
    public ContainerPathStat Stat { get; }

    /// <summary>Writes the archive; a client that is slow is waited for on a thread of its own.</summary>
    public Task WriteAsync(PipeWriter pipe, CancellationToken cancellationToken) => OwnThread.Run(() =>
    {
        using var stream = new PipeWriteStream(pipe, cancellationToken);
        var tar = new TarWriter(stream);
        Add(new TreeArchiver(tar, overlay: false, cancellationToken));
        tar.Finish();
        stream.Flush();
    });

    public void Dispose() => _root.Dispose();

    private void Add(TreeArchiver archiver)
    {
        if (_isDirectory)
        {
            using var directory = _root.Directory.TryOpenDirectory(_path.Text) ?? throw Gone();
            using var root = _root.Directory.TryOpenDirectory("/") ?? throw Gone();
            var closed = directory.Status().Identity == root.Status().Identity ? _kernelDirectories : null;
            archiver.AddDirectory(directory, Encoding.UTF8.GetBytes(_path.Base), closed);
            return;
        }

        var slash = _path.Clean.LastIndexOf('/');
        using var parent = _root.Directory.TryOpenDirectory(_path.Clean[..(slash + 1)]) ?? throw Gone();
        archiver.Add(parent, Encoding.UTF8.GetBytes(_path.Clean[(slash + 1)..]), Encoding.UTF8.GetBytes(_path.Base));
    }

    private ArchiveException Gone() => new($"{_path.Given} is gone");
}
