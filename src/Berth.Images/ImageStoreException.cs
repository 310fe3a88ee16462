namespace Berth.Images;

/// <summary>What was to be stored, or what is in the store, is not what it says it is. The message is meant for the user.</summary>
public class ImageStoreException(string message, Exception? cause = null) : Exception(message, cause);
