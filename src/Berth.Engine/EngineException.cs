namespace Berth.Engine;

/// <summary>The nine ways in which a request can fail; <c>ErrorResponses.cs</c> of the daemon maps each to a status.</summary>
public enum ErrorKind
{
    NotFound,
    InvalidParameter,
    Conflict,
    NotModified,
    Unauthorized,
    Forbidden,
    Unavailable,
    NotImplemented,
    System,
}

/// <summary>A request failed for a reason that its client is told in so many words.</summary>
public sealed class EngineException(ErrorKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    public ErrorKind Kind { get; } = kind;
}
