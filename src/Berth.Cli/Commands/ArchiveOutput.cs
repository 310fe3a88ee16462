using Berth.Linux.Files;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands;

/// <summary>Where an archive goes that a command fetches: standard output, or a file that appears only when it is complete.</summary>
sealed class ArchiveOutput : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly string? _path;
    private readonly string? _temporary;
    private readonly Stream _stream;

    private ArchiveOutput(string? path, string? temporary, Stream stream) => (_path, _temporary, _stream) = (path, temporary, stream);

    /// <param name="path">Empty: standard output, unless that is a terminal.</param>
    /// <param name="complaint">What failures begin with.</param>
    public static ArchiveOutput Open(string path, string complaint = "")
    {
        if (path.Length == 0)
        {
            return StandardTerminal.Is(StandardDescriptor.Output)
                ? throw new CommandException("cowardly refusing to save to a terminal. Use the -o flag or redirect")
                : new ArchiveOutput(null, null, new StandardStream(StandardDescriptor.Output));
        }

        var full = Path.GetFullPath(path);
        var directory = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(full)) ?? "/";
        if (!Directory.Exists(directory))
        {
            throw new CommandException($"{complaint}invalid output path: stat {directory}: no such file or directory");
        }

        if (Directory.Exists(full))
        {
            throw new CommandException($"{complaint}rename .tmp-{Path.GetFileName(path)} {path}: file exists");
        }

        if (FileStatus.TryOf(full) is { IsRegular: false })
        {
            // A device or a pipe is written to as it is.
            return FileStatus.TryOf(full) is { IsBlockDevice: true } or { IsCharacterDevice: true }
                ? throw new CommandException($"{complaint}invalid output path: \"{path}\" must be a directory or a regular file: got a device")
                : new ArchiveOutput(null, null, new FileStream(full, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        }

        var temporary = Path.Combine(directory, $".tmp-{Path.GetFileName(full)}{Path.GetRandomFileName()}");
        return new ArchiveOutput(full, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0));
    }

    /// <summary>Takes the archive to its end.</summary>
    public void Receive(Stream archive)
    {
        if (_temporary is null)
        {
            archive.CopyTo(_stream, BufferSize);
        }
        else
        {
            ReceiveSparsely(archive);
        }

        _stream.Dispose();
        if (_temporary is not null)
        {
            File.Move(_temporary, _path!, overwrite: true);
        }
    }

    // What is a hole in an image's file is zeros in the archive, and a hole in the archive's file again.
    private void ReceiveSparsely(Stream archive)
    {
        var buffer = new byte[BufferSize];
        while (archive.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is > 0 and var count)
        {
            for (var at = 0; at < count;)
            {
                (var start, var end) = SparseContent.NextPart(buffer.AsSpan(0, count), at);
                _stream.Seek(start - at, SeekOrigin.Current);
                _stream.Write(buffer.AsSpan(start..end));
                at = end;
            }
        }

        if (_stream.Length < _stream.Position)
        {
            _stream.SetLength(_stream.Position);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }
}
