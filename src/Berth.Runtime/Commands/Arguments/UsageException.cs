namespace Berth.Runtime.Commands.Arguments;

/// <summary>A command line is not what the command takes.</summary>
internal sealed class UsageException(string message) : Exception(message);
