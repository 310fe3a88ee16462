namespace Berth.Archives.Tar;

/// <summary>The archive is malformed, cut off, or of a kind that is not read. Says so as Go's archive/tar does, which Docker's users know.</summary>
public sealed class TarException(string message, Exception? cause = null) : ArchiveException($"archive/tar: {message}", cause);
