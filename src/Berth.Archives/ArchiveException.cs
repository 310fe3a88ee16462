namespace Berth.Archives;

/// <summary>An archive is not what it should be, or cannot be unpacked where it is to go. The message is meant for the user.</summary>
public class ArchiveException(string message, Exception? cause = null) : Exception(message, cause);
